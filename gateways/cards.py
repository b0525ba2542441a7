"""The issuer of the cards: which keys it signs with, and whether a card and the person behind it are alive."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ValidationError

from domain.cards.jose import PublicKeys, from_jwks
from domain.clock import Clock
from gateways.http import AsyncClient, HTTPError

# Somebody stands at a till while we ask.
PATIENCE = timedelta(seconds=2)
LARGEST_ANSWER = 64 * 1024
KEYS_LIVE = timedelta(hours=1)
# Long before that, so that nobody at a till ever waits for them.
KEYS_RENEWED_EVERY = timedelta(minutes=5)
# Whoever makes up key ids is not to make us ask each time.
FRESH_KEYS_EVERY = timedelta(seconds=1)
# So many times in a row, and for so long nobody else is made to wait for nothing.
FAILURES_TO_GIVE_UP = 3
REST = timedelta(seconds=5)
OK = 200


class IssuerUnavailable(Exception):
    """The issuer gave no answer that we can rely on."""


class CardState(StrEnum):
    """How the issuer says a card is."""

    ALIVE = "alive"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    # It has made no such card, or of somebody who is no more.
    UNKNOWN = "unknown"


class _Status(BaseModel):
    status: CardState


@dataclass(slots=True)
class CardIssuer:
    """Asks the issuer. Every method raises IssuerUnavailable, at once after some failures in a row, until it has had a rest."""

    client: AsyncClient
    url: str
    clock: Clock
    _keys: PublicKeys = field(default_factory=dict)
    _keys_since: datetime | None = None
    _renewal: asyncio.Task[None] | None = None
    _failures: int = 0
    _resting_until: datetime | None = None

    async def state(self, card_id: UUID) -> CardState:
        """Say how a card is, now."""
        try:
            return _Status.model_validate_json(await self._fetch(f"/cards/{card_id}/status")).status
        except ValidationError:
            raise self._failed("its answer cannot be read") from None

    async def keys(self, *, fresh: bool = False) -> PublicKeys:
        """The public keys of everything it has signed, by `kid`. Kept for an hour, and longer while it does not answer."""
        if self._are_older_than(FRESH_KEYS_EVERY if fresh else KEYS_LIVE):
            await self._renewed()
        return self._keys

    async def keep_fresh(self) -> None:
        """Have the keys at hand before anybody asks for them; to be called now and then."""
        if self._are_older_than(KEYS_RENEWED_EVERY):
            await self._renewed()

    def _are_older_than(self, age: timedelta) -> bool:
        return self._keys_since is None or self.clock.now() - self._keys_since >= age

    async def _renewed(self) -> None:
        """However many want them at once, they are fetched once. Whoever goes away meanwhile takes them from nobody."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())
        await asyncio.shield(self._renewal)

    async def _renew(self) -> None:
        try:
            self._keys = from_jwks(json.loads(await self._fetch("/jwks")))
            self._keys_since = self.clock.now()
        except IssuerUnavailable:
            if not self._keys:
                raise
        except ValueError:
            raise self._failed("its keys cannot be read") from None

    async def _fetch(self, path: str) -> bytes:
        if self._resting_until and self.clock.now() < self._resting_until:
            raise IssuerUnavailable("it has just failed several times")
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                answer = await self.client.get(f"{self.url}{path}", headers={"Accept": "application/json"})
        except (HTTPError, TimeoutError):
            raise self._failed("no answer") from None
        if answer.status_code != OK or len(answer.content) > LARGEST_ANSWER:
            raise self._failed(f"answered {answer.status_code}")
        self._failures, self._resting_until = 0, None
        return answer.content

    def _failed(self, why: str) -> IssuerUnavailable:
        self._failures += 1
        if self._failures >= FAILURES_TO_GIVE_UP:
            self._resting_until = self.clock.now() + REST
        return IssuerUnavailable(f"the card issuer: {why}")
