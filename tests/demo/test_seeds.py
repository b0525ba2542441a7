"""What is there before the first customer comes."""

from __future__ import annotations

import psycopg

from demo.seeds import sow


async def test_sowing_twice_changes_nothing(fresh_database: str) -> None:
    """Every start of the demo sows."""
    await sow(fresh_database)
    async with await psycopg.AsyncConnection.connect(fresh_database) as connection:
        await connection.execute("update sales_rep set active = false where name = 'Mikkel Eira'")

    await sow(fresh_database)

    async with await psycopg.AsyncConnection.connect(fresh_database) as connection:
        reps = await (await connection.execute("select count(*), count(*) filter (where active) from sales_rep")).fetchone()
    assert reps == (4, 3)
