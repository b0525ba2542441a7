"""The app's login with eID: it asks, a person answers at the provider, and it hears who that was."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx2

from stand_ins.phone.idk1 import b64

NORWEGIAN = "urn:grn:authn:no:bankid"


class LoginFailed(Exception):
    """Nobody was logged in."""


@dataclass(frozen=True, slots=True)
class Login:
    """A client without a secret (RFC 8252): PKCE ties its answer to its question."""

    issuer: str
    client_id: str = "skranke-app"
    redirect_uri: str = "example.idcard:/login"
    acr: str = field(default=NORWEGIAN)

    async def id_token(self, http: httpx2.AsyncClient, persona: str, nonce: str) -> str:
        """Log somebody in. Raises LoginFailed."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        question = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": b64(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "acr_values": self.acr,
            "login_hint": f"persona:{persona}",
        }
        pushed = _answer(await http.post(f"{self.issuer}/par", data=question))
        asked = {"client_id": self.client_id, "request_uri": pushed["request_uri"]}
        back = await http.get(f"{self.issuer}/authorize", params=asked, follow_redirects=False)
        brought = parse_qs(urlsplit(back.headers.get("location", "")).query)
        if brought.get("state") != [state] or brought.get("iss") != [self.issuer] or "code" not in brought:
            raise LoginFailed("no code")
        form = {
            "grant_type": "authorization_code",
            "code": brought["code"][0],
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
            "client_id": self.client_id,
        }
        return _answer(await http.post(f"{self.issuer}/token", data=form))["id_token"]


def _answer(response: httpx2.Response) -> dict[str, str]:
    if response.is_error:
        raise LoginFailed(f"{response.status_code} {response.text[:200]}")
    said: dict[str, str] = response.json()
    return said
