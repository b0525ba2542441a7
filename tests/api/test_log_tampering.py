"""Whatever a superuser does to the log of checks, an auditor with public keys alone finds and names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import psycopg
import pytest

from api.housekeeping import chain_everything
from database.check_log import CheckLogs
from database.log_reading import LogReader
from domain.cards.check_log import Chain
from domain.cards.claims import Mode
from domain.cards.jose import PublicKeys, from_jwks
from tests.api.log_tampering import WAYS, Intruder, audited
from tests.api.tills import Till

ROWS, BATCH = 36, 6
FEW, MANY = 200, 10_000


@pytest.fixture
async def kept(till: Till) -> Sequence[str]:
    """The heads that a company has fetched while it checked cards, the newest among them."""
    heads: list[str] = []
    for nth in range(ROWS):
        assert 200 == (await till.ask(await till.show(mode=Mode.AGE), "venue_entry_18")).status_code
        till.clock.pass_by(timedelta(seconds=2))
        if nth % BATCH == BATCH - 1:
            await chain_everything(till.counter)
            heads += [head.signed for head in await CheckLogs(till.counter.pool).heads(till.merchant.number)]
    return heads


@pytest.mark.parametrize("times", [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.soak)])
async def test_every_tampering_by_a_superuser_is_named(till: Till, kept: Sequence[str], times: int) -> None:
    """By its row; or, where every link was made anew, by the stretch between two heads that the company has kept."""
    chain = Chain(till.merchant.number, "2026-11")
    # What anybody gets from the API; nothing of ours is needed beside it.
    keys = from_jwks((await till.http.get("/.well-known/receipt-keys.json")).json())

    unnamed, done = await asyncio.to_thread(tampered_with, till.counter.pool.conninfo, chain, keys, kept, times)  # type: ignore[arg-type]  # a text

    assert [] == unnamed
    assert done == set(WAYS)


def tampered_with(database: str, chain: Chain, keys: PublicKeys, kept: Sequence[str], times: int) -> tuple[Sequence[object], set[str]]:
    """Tamper so many times, each time with the log as it was; what was not named, and what was tried."""
    random, unnamed, done = Random(310279323), [], set()  # noqa: S311 - nothing here is secret
    with psycopg.connect(database) as connection:
        log = list(LogReader(connection).entries(chain))
        them = Intruder(connection, chain, log, random)
        assert audited(them, keys, kept) is None
        for _ in range(times):
            way = random.choice(sorted(WAYS))
            with them.at_work():
                expected = WAYS[way](them)
                finding = audited(them, keys, kept)
            done.add(way)
            unnamed += [] if expected.by(finding) else [(way, expected, finding)]
        assert audited(them, keys, kept) is None
    return unnamed, done
