"""What is there before the first customer comes."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from demo.seeds import sow
from demo.shops import secrets_in, write_tills
from domain.api_access import credential_hash


async def test_sowing_twice_changes_nothing(fresh_database: str) -> None:
    """Every start of the demo sows."""
    await sow(fresh_database)
    async with await psycopg.AsyncConnection.connect(fresh_database) as connection:
        await connection.execute("update sales_rep set active = false where name = 'Mikkel Eira'")

    await sow(fresh_database)

    async with await psycopg.AsyncConnection.connect(fresh_database) as connection:
        reps = await (await connection.execute("select count(*), count(*) filter (where active) from sales_rep")).fetchone()
    assert reps == (4, 3)


async def test_companies_are_there_to_check_cards_from_the_first_day(fresh_database: str, tmp_path: Path) -> None:
    """With agreements, tills and programs whose secrets the tills know; and with a past to look at, sown once."""
    write_tills(tmp_path / "tills.json")
    secrets = secrets_in(tmp_path / "tills.json")
    await sow(fresh_database, secrets, "http://localhost:8010")
    await sow(fresh_database, secrets, "http://localhost:8010")

    async with await psycopg.AsyncConnection.connect(fresh_database) as connection:
        counted = [await count_of(connection, table) for table in ("agreement", "place", "terminal", "api_client", "membership")]
        programs = await (await connection.execute("select client_id, secret_hash from api_client")).fetchall()
        past, waiting = await count_of(connection, "check_log"), await count_of(connection, "check_log_queue")
    assert [3, 4, 6, 6, 1] == counted
    assert {client: credential_hash(secret) for client, secret in secrets.items()} == dict(programs)
    assert past == waiting
    assert past > 1000


def test_secrets_that_were_made_stay(tmp_path: Path) -> None:
    """Whoever copied one yesterday can use it today."""
    write_tills(tmp_path / "tills.json")
    first = secrets_in(tmp_path / "tills.json")
    write_tills(tmp_path / "tills.json")

    assert first == secrets_in(tmp_path / "tills.json")
    assert 0o600 == (tmp_path / "tills.json").stat().st_mode & 0o777


async def count_of(connection: psycopg.AsyncConnection[tuple[object, ...]], table: str) -> int:
    """Count the rows of a table."""
    row = await (await connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table)))).fetchone()
    return int(str(row[0])) if row else 0
