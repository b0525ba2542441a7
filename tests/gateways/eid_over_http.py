"""The eIDs' broker over HTTP, and a client that is registered with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc.jwk import ECKey
from starlette.types import ASGIApp

from domain.clock import Clock
from gateways.clock import SystemClock
from gateways.eid import Eid, Return
from gateways.http import AsyncClient
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.serving import served

REDIRECT_URI = "http://127.0.0.1:8000/login/callback"


@dataclass(frozen=True, slots=True)
class Broker:
    """A provider on a port, and the key by which it knows its client."""

    provider: Provider
    key: ECKey

    def client(self, http: AsyncClient, clock: Clock | None = None) -> Eid:
        """Our side of it."""
        key = json.dumps(self.key.as_dict(private=True))
        return Eid(http, clock or SystemClock(), issuer=self.provider.issuer, client_id="skranke", key=key, redirect_uri=REDIRECT_URI)


@asynccontextmanager
async def broker() -> AsyncIterator[Broker]:
    """A broker for as long as it is wanted."""
    key = ECKey.generate_key("P-256", parameters={"kid": "skranke-1"})
    registration = Registration("skranke", {"keys": [key.as_dict(private=False)]}, (REDIRECT_URI,))
    made: list[Provider] = []

    def build(issuer: str) -> ASGIApp:
        made.append(provider_for(issuer, registration))
        return provider_app(made[0])

    async with served(build, host="localhost"):
        yield Broker(made[0], key)


async def at_the_provider(url: str, **decision: str) -> str:
    """Go to the provider as a browser, decide on its page where it shows one, and say where it sends the browser back to."""
    async with httpx2.AsyncClient() as browser:
        answer = await browser.get(url)
        if not answer.headers["location"].startswith(REDIRECT_URI):
            answer = await browser.post(httpx2.URL(url).join(answer.headers["location"]), data=decision)
    return str(answer.headers["location"])


def brought_back(url: str) -> tuple[str, Return]:
    """The state, and everything else that a browser brings back."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return query["state"], Return(query.get("code"), query.get("error"), query.get("iss"))
