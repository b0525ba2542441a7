"""Holders of cards for the tests: the eIDs' broker, the issuer, the portal's API on ports, and phones that speak to all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
from starlette.types import ASGIApp

from api.app import build_api
from api.counter import Counter
from domain.cards.holder_log import LogEntry, seal_entry
from stand_ins.card_issuer import Issuer, card_issuer_app
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.phone.app import Phone, Shown
from stand_ins.phone.eid import Login
from stand_ins.phone.wallet import Wallet
from stand_ins.serving import served
from tests.api.counting import counter_at
from tests.api.merchants import all_of, insert

APP = "skranke-app"
BACK = "example.idcard:/login"


@dataclass(slots=True)
class ShiftedClock:
    """The real time, and what a test adds to it."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self.ahead

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.ahead += time


@dataclass(slots=True)
class World:
    """Everybody whom a phone has to do with."""

    counter: Counter
    clock: ShiftedClock
    portal: str
    provider: Provider
    issuer: Issuer
    http: httpx2.AsyncClient
    another_portal: str = ""
    login: Login = field(init=False)

    def __post_init__(self) -> None:
        self.login = Login(self.provider.issuer, APP, BACK)

    def phone(self, wallet: Wallet | None = None, portal: str | None = None) -> Phone:
        """A phone without a card, or one with somebody's."""
        return Phone(self.http, portal or self.portal, self.issuer.url, self.login, wallet or Wallet.new())

    async def phone_of(self, persona: str) -> Phone:
        """A phone that has somebody's card."""
        phone = self.phone()
        await phone.enrol(persona)
        return phone

    async def control(self, path: str, body: Mapping[str, object], method: str = "POST") -> None:
        """Make the issuer do something."""
        answer = await self.http.request(method, f"{self.issuer.url}/_control/{path}", json=body)
        assert answer.status_code == 200, answer.text

    async def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Read the portal's database."""
        return list(await all_of(self.counter.pool, query, *arguments))

    async def scanned(self, shown: Shown, shop: str = "Fjellbrygg Torggata") -> LogEntry:
        """Do to the database what a till's check does at its end."""
        entry = LogEntry(shop, "alcohol_20", ("age_over_20", "portrait"), "47", self.clock.now().replace(microsecond=0))
        [(key, mailbox)] = await self.rows(
            "select holder_public_key, mailbox_id from card join presentation using (card_id) where ref_hash = %s", shown.ref_hash
        )
        sealed = seal_entry(entry, key)
        await insert(
            self.counter.pool, "holder_log_inbox", entry_id=uuid4(), mailbox_id=mailbox, sealed=sealed, day=self.clock.now().date()
        )
        await self.rows(
            "update presentation set used_at = %s, used_by = 'till', check_id = %s, sealed_entry = %s where ref_hash = %s returning 1",
            self.clock.now(),
            uuid4(),
            sealed,
            shown.ref_hash,
        )
        return entry


@asynccontextmanager
async def world(database_url: str, counters: int = 1) -> AsyncIterator[World]:
    """Everybody on ports of their own, and as many servers over one database as there are counters."""
    clock, providers, issuers = ShiftedClock(), list[Provider](), list[Issuer]()

    def provide(url: str) -> ASGIApp:
        providers.append(provider_for(url, Registration(APP, None, (BACK,)), Registration("another-app", None, (BACK,))))
        return provider_app(providers[0])

    def issue(url: str) -> ASGIApp:
        issuers.append(Issuer(url, providers[0].issuer, APP))
        return card_issuer_app(issuers[0])

    async with AsyncExitStack() as open_things:
        eid_issuer = await open_things.enter_async_context(served(provide, host="localhost"))
        card_issuer = await open_things.enter_async_context(served(issue))
        opened, portals = list[Counter](), list[str]()
        for _ in range(counters):
            counter = await open_things.enter_async_context(counter_at(database_url, clock))
            opened.append(replace(counter, eid_issuer=eid_issuer, card_issuer=card_issuer))
            portals.append(await open_things.enter_async_context(served(lambda _, counter=opened[-1]: build_api(counter))))
        http = await open_things.enter_async_context(httpx2.AsyncClient())
        yield World(opened[0], clock, portals[0], providers[0], issuers[0], http, portals[-1])
