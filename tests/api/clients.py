"""Clients for the tests of the token endpoint: what is registered of them, and what they sign."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2
from joserfc.jwk import ECKey, OctKey, OKPKey
from joserfc.jws import JWSRegistry

from api.counter import Pool
from api.credentials import ASSERTION_TYPE
from database.api_clients import ApiClient, ApiClients
from domain.api_access import credential_hash, new_client_secret
from tests.api.counting import PUBLIC_URL
from tests.api.merchants import BEGAN, insert

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COMPANY = "310279323"
GRANT = {"grant_type": "client_credentials"}

Key = ECKey | OKPKey | OctKey


@dataclass(slots=True)
class Integrator:
    """Somebody with a client: its id, its secret and its keys."""

    client_id: str = field(default_factory=lambda: f"client-{secrets.token_hex(4)}")
    secret: str = field(default_factory=new_client_secret)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "key-1"}))
    edwards: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519", {"kid": "key-2"}))

    def registered(self, **changed: object) -> ApiClient:
        """What we know of it."""
        told: dict[str, object] = {
            "client_id": self.client_id,
            "company": COMPANY,
            "name": "till",
            "sandbox": False,
            "created_at": BEGAN,
            "secret_hash": credential_hash(self.secret),
            "jwks": {"keys": [self.key.as_dict(private=False), self.edwards.as_dict(private=False)]},
        }
        return ApiClient(**(told | changed))  # type: ignore[arg-type]  # a test may say anything

    def claims(self, **changed: object) -> dict[str, object]:
        """What a good assertion says, and what is changed in it; None leaves a claim out."""
        seconds = int(NOW.timestamp())
        good: dict[str, object] = {"iss": self.client_id, "sub": self.client_id, "aud": PUBLIC_URL, "iat": seconds, "exp": seconds + 60}
        good |= {"jti": secrets.token_urlsafe(16)} | changed
        return {name: value for name, value in good.items() if value is not None}

    def assertion(self, header: dict[str, object] | None = None, key: Key | None = None, **changed: object) -> str:
        """A good assertion, and what is changed in it."""
        return signed({"alg": "ES256", "kid": "key-1"} | (header or {}), self.claims(**changed), key or self.key)


def encoded(*parts: object) -> str:
    """Parts of a JWS, each as bytes or as what becomes JSON."""
    texts = (part if isinstance(part, bytes) else json.dumps(part).encode() for part in parts)
    return ".".join(base64.urlsafe_b64encode(text).rstrip(b"=").decode() for text in texts)


def signed(header: dict[str, object], claims: object, key: Key) -> str:
    """Sign claims under whatever header, without asking whether that makes sense."""
    message, algorithm = encoded(header, claims), str(header["alg"])
    signature = JWSRegistry(algorithms=[algorithm]).get_alg(algorithm).sign(message.encode(), key)
    return f"{message}.{encoded(signature)}"


def by_signature(assertion: str, **more: str) -> dict[str, str]:
    """A form that proves who sends it by a signature."""
    return GRANT | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion} | more


async def register(pool: Pool, *clients: ApiClient) -> None:
    """Register clients, and the company that they belong to."""
    company = {"organisation_number": COMPANY, "name": "FJELLBRYGG AS", "form_code": "AS", "form": "Aksjeselskap", "address_lines": []}
    await insert(pool, "company", **company, postcode="", city="", country="", fetched_at=BEGAN)
    for client in clients:
        await ApiClients(pool).keep(client)


async def ask(http: httpx2.AsyncClient, form: dict[str, str], **more: object) -> httpx2.Response:
    """Ask for a token."""
    return await http.post("/oauth2/token", data=form, **more)  # type: ignore[arg-type]  # whatever a test wants to send
