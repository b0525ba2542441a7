"""A month of a large chain of shops is proved in seconds, in as little memory as a small one."""

from __future__ import annotations

import asyncio
import tracemalloc

import psycopg
import pytest

from database.log_reading import reading
from domain.cards.jose import SigningKey
from domain.cards.log_audit import Tampering
from tests.api.long_logs import CHAIN, write_log
from tests.bench.proving import proved

ROWS = 1_000_000
# Of which most is for a handful of rows that are fetched at a time.
MEGABYTES = 24
SECONDS = 120
CHANGE = "update check_log set terminal = 'x' where check_id = (select check_id from check_log_link where sequence = 3)"

pytestmark = pytest.mark.soak


async def test_a_million_rows_are_proved_in_seconds_and_little_memory(fresh_database: str) -> None:
    """Also where the third of them was changed and all others have to be gone through to say how."""
    key = SigningKey.generate("soak")
    await asyncio.to_thread(write_log, fresh_database, ROWS, key)
    took = await asyncio.to_thread(proved, fresh_database, {key.kid: key.public})
    print(f"a million rows of the log proved in {took:.1f} s")  # noqa: T201 - a figure to look at
    with psycopg.connect(fresh_database) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(CHANGE)
    tracemalloc.start()
    with reading(fresh_database) as log:
        found = await asyncio.to_thread(log.audit, CHAIN, {key.kid: key.public})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found is not None
    assert (Tampering.CHANGED, 3) == (found.what, found.sequence)
    assert took < SECONDS
    assert most < MEGABYTES * 1_000_000
