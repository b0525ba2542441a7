"""What a till is told when something of ours is down: that nothing is known, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command

from api.counter import Counter
from database.log_reading import reading
from demo.postgres import Postgres
from domain.cards.claims import Mode
from domain.cards.jose import SigningKey
from tests.api.cardholders import Holder
from tests.api.counting import SetClock, calling, counter_at
from tests.api.merchants import Merchant, all_of, open_shop
from tests.api.tills import PURPOSES, Till
from tests.database.test_tables import alembic_for

KILLS, CUSTOMERS = 3, 40


@pytest.fixture
async def own_postgres(tmp_path: Path) -> AsyncIterator[Postgres]:
    """A PostgreSQL that a test may kill, and that keeps what it has promised to keep."""
    server = Postgres(tmp_path / "postgres", ["kept"])
    try:
        await server.start()
        command.upgrade(alembic_for(server.url("kept")), "head")
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def open_again(counter: Counter, issuer: SigningKey, site: str, clock: SetClock) -> AsyncIterator[Till]:
    """Open a shop with a till and a customer."""
    holder, merchant = Holder(counter.pool), Merchant()
    await open_shop(counter.pool, merchant, PURPOSES)
    await holder.get_card(issuer)
    async with calling(replace(counter, card_issuer=site)) as http:
        yield Till(http, counter, clock, merchant, holder)


async def test_a_database_that_is_killed_in_the_middle_makes_nobody_older(
    own_postgres: Postgres, clock: SetClock, issuer: SigningKey, issuer_site: str
) -> None:
    """Every answer that told something is in the log; every other one is 503 with a time to try again, and tells nothing."""
    told, kinds = [], set()
    for _ in range(KILLS):
        async with counter_at(own_postgres.url("kept"), clock) as counter, open_again(counter, issuer, issuer_site, clock) as till:
            codes = [await till.show(mode=Mode.AGE) for _ in range(CUSTOMERS)]
            asking = [asyncio.create_task(till.ask(code, "venue_entry_18")) for code in codes]
            await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
            await own_postgres.kill()
            answers = await asyncio.gather(*asking)
        kinds |= {(answer.status_code, answer.json().get("code")) for answer in answers}
        assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 503)
        told += [answer.json()["check_id"] for answer in answers if answer.status_code == 200]
        await own_postgres.start()

    assert {(200, None), (503, "unavailable")} == kinds
    async with counter_at(own_postgres.url("kept"), clock) as counter:
        logged = {str(check_id) for (check_id,) in await all_of(counter.pool, "select check_id from check_log")}
        assert set(told) <= logged
        assert [(len(logged),)] == await all_of(counter.pool, "select count(*) from holder_log_inbox")
    with reading(own_postgres.url("kept")) as log:
        assert [] == list(log.strangers())


async def test_without_a_database_nothing_is_known(till: Till) -> None:
    """And the answer comes within a second or two."""
    async with calling(till.counter) as http, asyncio.timeout(5):
        await till.counter.pool.close()
        answer = await replace(till, http=http).ask("IDK1")

    assert (503, "unavailable") == (answer.status_code, answer.json()["code"])
    assert "Retry-After" in answer.headers


async def test_without_the_issuers_keys_no_code_is_spent(till: Till) -> None:
    """What could not be verified would be spent for nothing."""
    code = await till.show()
    async with calling(replace(till.counter, card_issuer="http://127.0.0.1:1")) as http:
        answer = await replace(till, http=http).ask(code)

    assert (503, "unavailable") == (answer.status_code, answer.json()["code"])
    assert await till.is_unspent(code)
