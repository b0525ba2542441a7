"""What the API's tests stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from api.counter import Counter
from domain.cards.jose import SigningKey
from tests.api.cardholders import Holder, issuing
from tests.api.counting import SetClock, calling, counter_at
from tests.api.merchants import Merchant, open_shop
from tests.api.tills import PURPOSES, Till


@pytest.fixture
def clock() -> SetClock:
    """The counter's clock."""
    return SetClock()


@pytest.fixture
async def counter(fresh_database: str, clock: SetClock) -> AsyncIterator[Counter]:
    """A counter over a database of its own."""
    async with counter_at(fresh_database, clock) as counter:
        yield counter


@pytest.fixture
async def http(counter: Counter) -> AsyncIterator[httpx2.AsyncClient]:
    """A program that calls the counter."""
    async with calling(counter) as http:
        yield http


@pytest.fixture(scope="session")
def issuer() -> SigningKey:
    """What cards are signed with."""
    return SigningKey.generate("issuer-1")


@pytest.fixture(scope="session")
async def issuer_site(issuer: SigningKey) -> AsyncIterator[str]:
    """Where the issuer says so, for the whole run."""
    async with issuing(issuer) as url:
        yield url


@pytest.fixture
async def till(counter: Counter, clock: SetClock, issuer: SigningKey, issuer_site: str) -> AsyncIterator[Till]:
    """A till in a shop that may check cards, before a customer with a card."""
    counter, merchant, holder = replace(counter, card_issuer=issuer_site), Merchant(), Holder(counter.pool)
    await open_shop(counter.pool, merchant, PURPOSES)
    await holder.get_card(issuer)
    async with calling(counter) as http:
        yield Till(http, counter, clock, merchant, holder)
