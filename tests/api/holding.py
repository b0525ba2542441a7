"""Holders of cards for the tests: the eIDs' broker, the issuer, the portal's API on ports, and phones that speak to all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from starlette.types import ASGIApp

from api.app import build_api
from api.counter import Counter
from stand_ins.card_issuer import Issuer, card_issuer_app
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.phone.app import Phone, Shown
from stand_ins.phone.eid import Login
from stand_ins.phone.wallet import Wallet
from stand_ins.serving import served
from tests.api.counting import counter_at
from tests.api.merchants import Merchant, all_of, open_shop

APP = "skranke-app"
BACK = "example.idcard:/login"
PURPOSES = ("alcohol_20", "parcel_pickup", "pharmacy_pickup")


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
    another_portal: str
    merchant: Merchant = field(default_factory=Merchant)
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

    async def open_a_shop(self) -> None:
        """Let a merchant have an agreement, a shop and a till, whose token lives."""
        await open_shop(self.counter.pool, self.merchant, PURPOSES)
        await self.rows("update access_token set expires_at = %s returning 1", self.clock.now() + timedelta(days=1))

    async def scan(self, shown: Shown, purpose: str = "alcohol_20", *, portal: str | None = None) -> Mapping[str, Any]:
        """Let the merchant's till check what a phone shows."""
        body = {"qr": shown.text, "purpose": purpose, "terminal": {"id": self.merchant.till}}
        answer = await self.http.post(f"{portal or self.portal}/v1/checks", json=body, headers=self.merchant.headers)
        told: Mapping[str, Any] = answer.json()
        return told


def serving(counter: Counter) -> Callable[[str], ASGIApp]:
    """The API at a counter, whatever its address."""
    return lambda _: build_api(counter)


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
            portals.append(await open_things.enter_async_context(served(serving(opened[-1]))))
        http = await open_things.enter_async_context(httpx2.AsyncClient())
        yield World(opened[0], clock, portals[0], providers[0], issuers[0], http, portals[-1])
