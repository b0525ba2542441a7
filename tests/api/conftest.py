"""What the API's tests stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from api.counter import Counter
from tests.api.counting import SetClock, calling, counter_at


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
