"""What is asked of the cards' issuer, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from domain.cards.jose import SigningKey, to_jwks
from gateways.cards import KEYS_LIVE, KEYS_RENEWED_EVERY, CardIssuer, IssuerUnavailable
from gateways.http import outbound_client
from stand_ins.serving import served
from tests.api.counting import SetClock

TILLS, MINUTE = 100, timedelta(minutes=1)


@dataclass
class Site:
    """An issuer on the network that counts how often it was asked for its keys."""

    signing: SigningKey = field(default_factory=lambda: SigningKey.generate("one"))
    ill: bool = False
    asked: int = 0

    async def jwks(self, _: Request) -> JSONResponse:
        """Give the keys, after a moment."""
        self.asked += 1
        await asyncio.sleep(0.05)
        return JSONResponse({} if self.ill else to_jwks([self.signing]), status_code=503 if self.ill else 200)


@pytest.fixture
def site() -> Site:
    """It is well."""
    return Site()


@pytest.fixture
def clock() -> SetClock:
    """Noon."""
    return SetClock()


@pytest.fixture
async def issuer(site: Site, clock: SetClock) -> AsyncIterator[CardIssuer]:
    """Ours, which has not asked yet."""
    async with served(lambda _: Starlette(routes=[Route("/jwks", site.jwks)])) as url, outbound_client("test@skranke.example") as http:
        yield CardIssuer(http, url, clock)


async def test_many_who_want_the_keys_at_once_ask_once(issuer: CardIssuer, site: Site) -> None:
    """The first morning's customers come all at the same time; whoever goes away meanwhile takes nothing from the others."""
    waiting = [asyncio.create_task(issuer.keys()) for _ in range(TILLS)]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    got = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(got[0], asyncio.CancelledError)
    assert [{"one"}] * (TILLS - 1) == [set(keys) for keys in got[1:] if isinstance(keys, dict)]
    assert 1 == site.asked


async def test_the_keys_are_renewed_before_anybody_would_wait_for_them(issuer: CardIssuer, site: Site, clock: SetClock) -> None:
    """And an issuer that does not answer takes nothing away that we have."""
    for minutes in (0, 1, 5, 6, 10):
        clock.at = SetClock().at + minutes * MINUTE
        await issuer.keep_fresh()
    assert KEYS_RENEWED_EVERY == 5 * MINUTE
    assert 3 == site.asked
    site.ill = True
    clock.pass_by(KEYS_LIVE + MINUTE)
    await issuer.keep_fresh()

    assert {"one"} == set(await issuer.keys())


async def test_without_any_keys_everybody_is_told(issuer: CardIssuer, site: Site) -> None:
    """Nothing can be verified then."""
    site.ill = True
    got = await asyncio.gather(*(issuer.keys() for _ in range(TILLS)), return_exceptions=True)

    assert {IssuerUnavailable} == {type(each) for each in got}
    assert 1 == site.asked
