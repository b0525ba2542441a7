"""What a server does by itself, beside answering."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from api.counter import Counter
from api.housekeeping import keep_house
from tests.api.merchants import all_of
from tests.api.tills import Till

SOON = 10


@contextlib.asynccontextmanager
async def kept(counter: Counter) -> AsyncIterator[asyncio.Task[None]]:
    """A house that is kept as long as the test goes on."""
    keeping = asyncio.create_task(keep_house(counter))
    try:
        yield keeping
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def test_a_server_chains_what_it_logs(till: Till) -> None:
    """Nobody has to ask for it, and a head is there within seconds."""
    async with kept(till.counter), asyncio.timeout(SOON):
        await till.ask(await till.show())
        while not await all_of(till.counter.pool, "select from check_log_head"):  # noqa: ASYNC110 - another program would look too
            await asyncio.sleep(0.05)

    heads = (await till.http.get("/v1/check-log/heads", headers=till.merchant.headers)).json()["heads"]
    assert [1] == [head["checks"] for head in heads]


async def test_a_database_that_is_down_stops_nothing(till: Till) -> None:
    """The house is kept again as soon as there is a database."""
    nowhere = replace(till.counter, pool=type(till.counter.pool)("postgresql://nobody@127.0.0.1:1/nothing", open=False))
    async with kept(nowhere) as keeping:
        await asyncio.sleep(1.5)

        assert not keeping.done()
