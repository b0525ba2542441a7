"""Telling clients that a session is over (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import httpx2
from joserfc import jwt

from stand_ins.openid_provider.client import Client
from stand_ins.openid_provider.tokens import ALG, Claims, Keys, subject
from stand_ins.people import Persona

LIVES_FOR = 120
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is logged in to a client, under this name."""

    client_id: str
    persona: Persona
    sid: str | None


@dataclass(slots=True)
class Sessions:
    """Who is logged in where, in memory."""

    _going_on: list[Session] = field(default_factory=list)

    def begin(self, client_id: str, persona: Persona, sid: str) -> None:
        """Somebody has logged in."""
        self._going_on.append(Session(client_id, persona, sid))

    def end(self, persona: Persona, *, at_once: bool) -> list[Session]:
        """Whatever somebody has open is over. With `at_once`, each client hears of it in one word, which names no session."""
        over = [session for session in self._going_on if session.persona == persona]
        self._going_on = [session for session in self._going_on if session.persona != persona]
        told = dict.fromkeys(session.client_id for session in over)
        return [Session(client_id, persona, None) for client_id in told] if at_once else over


async def tell(clients: Mapping[str, Client], over: Iterable[Session], issuer: str, keys: Keys, now: float) -> list[int]:
    """Tell every client that wants to know, and say what each answered."""
    answers = []
    async with httpx2.AsyncClient() as http:
        for session in over:
            address = clients[session.client_id].registration.logout_uri
            if address:
                token = signed(logout_claims(issuer, session, now), keys)
                answers.append((await http.post(address, data={"logout_token": token})).status_code)
    return answers


def logout_claims(issuer: str, session: Session, now: float) -> Claims:
    """What a proper logout token says."""
    return {
        "iss": issuer,
        "aud": session.client_id,
        "sub": subject(session.client_id, session.persona),
        "iat": int(now),
        "exp": int(now) + LIVES_FOR,
        "jti": secrets.token_urlsafe(16),
        "events": {EVENT: {}},
        **({"sid": session.sid} if session.sid else {}),
    }


def signed(claims: Claims, keys: Keys) -> str:
    """The logout token."""
    return jwt.encode({"alg": ALG, "typ": "logout+jwt", "kid": keys.current.kid}, claims, keys.current, algorithms=[ALG])
