"""The issuer's endpoints: signs cards for people who have logged in with their eID, and says which cards are alive."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stand_ins.card_issuer.people import claims, holder
from stand_ins.card_issuer.signing import ALG, Issued, sign
from stand_ins.openid_provider.tokens import Keys

NO_STORE = {"cache-control": "no-store"}
A_PASSPORT_LASTS = timedelta(days=3652)


class State(StrEnum):
    """How a card is: the document behind it, and the person's eID."""

    ALIVE = "alive"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    # Of a person who is dead, or whom nobody has heard of.
    UNKNOWN = "unknown"


class NoCard(Exception):
    """Somebody gets no card. Says why, in a word."""


@dataclass(slots=True)
class Book:
    """What the issuer remembers, in a file if it has one: its keys and how each card is. No claim of any card."""

    file: Path | None = None
    keys: Keys = field(default_factory=Keys)
    cards: dict[str, State] = field(default_factory=dict)

    @classmethod
    def opened(cls, file: Path | None) -> Book:
        """Go on where the file ends, or begin."""
        if file is None or not file.exists():
            return cls(file)
        kept = json.loads(file.read_text("utf-8"))
        keys = Keys([ECKey.import_key(key) for key in kept["keys"]])
        return cls(file, keys, {card: State(state) for card, state in kept["cards"].items()})

    def keep(self) -> None:
        """Write everything down, wholly or not at all."""
        if self.file is None:
            return
        new = self.file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps({"keys": [key.as_dict(private=True) for key in self.keys.published], "cards": self.cards}), "utf-8")
        new.replace(self.file)


@dataclass(slots=True)
class Issuer:
    """One issuer. It believes the ID tokens that the eIDs' broker has made for the holder's app."""

    url: str
    eid_issuer: str
    app_client_id: str
    book: Book = field(default_factory=Book)
    faces: Sequence[Path] = ()
    clock: Callable[[], float] = time.time
    # What the next card is to be, for tests: when its document expires, which claims are left out.
    next_expires_on: date | None = None
    next_without: tuple[str, ...] = ()

    def routes(self) -> list[Route]:
        """What the outside world sees."""
        return [
            Route("/jwks", self.jwks),
            Route("/cards", self.issue, methods=["POST"]),
            Route("/cards/{card_id}/status", self.status),
        ]

    async def jwks(self, _: Request) -> Response:
        """The keys that cards are signed with: as long as one of theirs is alive, each is published."""
        return JSONResponse(self.book.keys.jwks())

    async def issue(self, request: Request) -> Response:
        """`{"id_token", "device_key"}` to a card whose `cnf` is that key; the token's nonce must be the key's thumbprint (RFC 7638)."""
        asked = await request.json()
        try:
            device_key = ECKey.import_key(asked["device_key"])
            told = await self._told(asked["id_token"])
            issued = self._issued(told, device_key)
        except (NoCard, JoseError, ValueError, KeyError, TypeError) as error:
            return JSONResponse({"error": str(error) if isinstance(error, NoCard) else "invalid_request"}, 400, NO_STORE)
        self.book.cards[issued.card_id] = State.ALIVE
        self.book.keep()
        answer = {
            "card_id": issued.card_id,
            "issuer_jws": issued.jws,
            "disclosures": issued.disclosures,
            "expires_on": issued.expires_on.isoformat(),
        }
        return JSONResponse(answer, 201, NO_STORE)

    async def status(self, request: Request) -> Response:
        """How a card is, now. A card that was never made is `unknown` too."""
        return JSONResponse({"status": self.book.cards.get(request.path_params["card_id"], State.UNKNOWN)}, headers=NO_STORE)

    def _issued(self, told: Mapping[str, Any], device_key: ECKey) -> Issued:
        if told.get("nonce") != device_key.thumbprint():
            raise NoCard("not_the_key_of_this_login")
        who = holder(self.app_client_id, str(told.get("sub")))
        if who is None:
            raise NoCard("no_norwegian_document")
        expires_on = self.next_expires_on or datetime.fromtimestamp(self.clock(), UTC).date() + A_PASSPORT_LASTS
        read = {name: value for name, value in claims(who, self.faces).items() if name not in self.next_without}
        self.next_expires_on, self.next_without = None, ()
        made = (self.url, int(self.clock()), self.book.keys.current)
        return sign(str(uuid4()), read, device_key.as_dict(private=False), expires_on, made)

    async def _told(self, id_token: str) -> Mapping[str, Any]:
        async with httpx2.AsyncClient() as http:
            keys = (await http.get(f"{self.eid_issuer}/jwks")).json()
        told = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=[ALG]).claims
        if told.get("iss") != self.eid_issuer or told.get("aud") != self.app_client_id or told.get("exp", 0) < self.clock():
            raise NoCard("invalid_id_token")
        return told
