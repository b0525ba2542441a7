"""A counter to stand at in the tests, and how to reach it as programs do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2

from api.app import build_api
from api.counter import Counter
from api.receipt_keys import ReceiptKeys
from database.connection import build_pool
from demo.postgres import Postgres
from domain.cards.jose import SigningKey
from domain.clock import Clock
from gateways.http import outbound_client

PUBLIC_URL = "https://skranke.example"


@dataclass(slots=True)
class SetClock:
    """A clock that a test sets."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))

    def now(self) -> datetime:
        """Tell the time that was set."""
        return self.at

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.at += time


@asynccontextmanager
async def counter_at(database_url: str, clock: Clock, nowhere: str = "http://127.0.0.1:1") -> AsyncIterator[Counter]:
    """A counter over this database; nobody answers for the issuer of cards and the eID."""
    async with build_pool(database_url, program="tests") as pool, outbound_client("tests@skranke.example") as http:
        yield Counter(
            pool=pool,
            wall_clock=clock,
            http=http,
            public_url=PUBLIC_URL,
            receipt_keys=ReceiptKeys((SigningKey.generate("old"), SigningKey.generate("new"))),
            card_issuer=nowhere,
            eid_issuer=nowhere,
            app_client_id="skranke-app",
            pseudonym_key=bytes(32),
            sandbox_key=bytes(32),
        )


@asynccontextmanager
async def counter_for_all(postgres: Postgres, template: str, name: str) -> AsyncIterator[Counter]:
    """A counter over a database that many tests share, each of which leaves it as it was or does not mind."""
    await postgres.create_database(name, template=template)
    async with counter_at(postgres.url(name), SetClock()) as counter:
        yield counter
    await postgres.drop_database(name)


@asynccontextmanager
async def calling(counter: Counter, address: str = "192.0.2.7") -> AsyncIterator[httpx2.AsyncClient]:
    """A program that calls the counter from this address."""
    transport = httpx2.ASGITransport(app=build_api(counter), client=(address, 50000), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        yield http
