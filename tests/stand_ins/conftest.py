"""The stand-ins on real ports, each for as long as one module of tests."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.types import ASGIApp

from stand_ins.brreg import brreg_app
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.serving import served

REDIRECT_URI = "http://127.0.0.1:8000/login/callback"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
async def brreg_site() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the register, which lives as long as the module."""
    async with served(brreg_app) as url, httpx2.AsyncClient(base_url=url) as client:
        yield client


@pytest.fixture
async def brreg(brreg_site: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """The register as it was on the first day."""
    yield brreg_site
    await brreg_site.post("/_control/reset")


@dataclass(slots=True)
class Visitor:
    """A client of the provider together with its browser; every step can be bent."""

    site: httpx2.AsyncClient
    provider: Provider
    key: ECKey
    offset: float = 0.0
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def now(self) -> float:
        """The time as the provider sees it."""
        return time.time() + self.offset

    def assertion(self, **changes: Any) -> dict[str, str]:  # noqa: ANN401 - claims may be of any wrong type
        """The client's proof of who it is, with some claims bent."""
        claims = {"iss": "portal", "sub": "portal", "aud": self.provider.issuer, "exp": int(self.now()) + 60, "jti": secrets.token_hex(8)}
        signed = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims | changes, self.key, algorithms=["ES256"])
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}

    async def push(self, proof: dict[str, str] | None = None, /, **changes: str) -> httpx2.Response:
        """Push a request that is in order but for the changes."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        request = {
            "client_id": "portal",
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": "openid profile",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "acr_values": "urn:grn:authn:no:bankid",
            "login_hint": "persona:ingrid",
        }
        return await self.site.post("/par", data=request | changes | (proof or self.assertion()))

    async def arrive(self, pushed: httpx2.Response) -> httpx2.Response:
        """Visit the provider with a pushed request."""
        return await self.site.get("/authorize", params={"client_id": "portal", "request_uri": pushed.json()["request_uri"]})

    async def code(self, **changes: str) -> str:
        """A login up to the code."""
        return redirected(await self.arrive(await self.push(**changes)))["code"]

    async def exchange(self, code: str, proof: dict[str, str] | None = None, /, **changes: str) -> httpx2.Response:
        """Hand in a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": self.verifier}
        return await self.site.post("/token", data=form | changes | (proof or self.assertion()))

    async def id_token(self, **changes: str) -> str:
        """A login up to the ID token, as it came."""
        answer = await self.exchange(await self.code(**changes))
        return str(answer.json()["id_token"])

    async def claims(self, **changes: str) -> dict[str, Any]:
        """A login up to the claims, with the signature checked."""
        key = self.provider.keys.current
        return jwt.decode(await self.id_token(**changes), key, algorithms=["ES256"]).claims


def redirected(answer: httpx2.Response) -> dict[str, str]:
    """Where the browser was sent, as the query of the client's redirect URI."""
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"{REDIRECT_URI}?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token, whoever signed it."""
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    return header, claims


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A client that is registered with a provider of its own, on localhost."""
    key = ECKey.generate_key("P-256", parameters={"kid": "portal-1"})
    registration = Registration("portal", {"keys": [key.as_dict(private=False)]}, (REDIRECT_URI,))
    made: list[Provider] = []

    def build(issuer: str) -> ASGIApp:
        made.append(provider_for(issuer, registration))
        return provider_app(made[0])

    async with served(build, host="localhost") as url, httpx2.AsyncClient(base_url=url) as client:
        visitor = Visitor(client, made[0], key)
        made[0].clock = visitor.now
        yield visitor
