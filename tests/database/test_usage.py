"""Usage, counted from the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from database.check_log_tables import CheckLog
from database.connection import build_engine
from database.usage import HourOfChecks, checks_by_hour

COMPANY, ANOTHER = "310279323", "310279331"
BAR, SHOP = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def log(connection: AsyncConnection, at: datetime, place: UUID = SHOP, **changed: object) -> None:
    """Write one check into the log."""
    row: dict[str, object] = {
        "check_id": uuid4(),
        "organisation_number": COMPANY,
        "client_id": "till",
        "place_id": place,
        "terminal_id": uuid4(),
        "shop": "Baren" if place == BAR else "Butikken",
        "terminal": "kasse-1",
        "purpose": "alcohol_20",
        "outcome": "ok",
        "released": ["age_over_20"],
        "sandbox": False,
        "at": at,
        "leaf_hash": bytes(32),
    }
    await connection.execute(insert(CheckLog).values(**(row | changed)))


async def test_checks_are_counted_by_place_purpose_and_hour(fresh_database: str) -> None:
    """Nothing finer: with the minute a customer could be picked out. The sandbox and other companies are not in it."""
    engine = build_engine(fresh_database, program="tests")
    async with engine.begin() as connection:
        for at in (NOON, NOON + timedelta(minutes=59, seconds=59.999)):
            await log(connection, at)
        await log(connection, NOON, outcome="card_expired", released=[])
        await log(connection, NOON, purpose="tobacco_18")
        await log(connection, NOON, BAR)
        await log(connection, NOON + timedelta(hours=1))
        await log(connection, NOON, sandbox=True)
        await log(connection, NOON, organisation_number=ANOTHER)
        await log(connection, NOON - timedelta(microseconds=1))
        await log(connection, NOON + timedelta(hours=2))

        counted = await checks_by_hour(connection, COMPANY, NOON, NOON + timedelta(hours=2))
        in_the_sandbox = await checks_by_hour(connection, COMPANY, NOON, NOON + timedelta(hours=2), sandbox=True)
    await engine.dispose()

    assert [
        HourOfChecks(BAR, "Baren", "alcohol_20", NOON, 1, 0),
        HourOfChecks(SHOP, "Butikken", "alcohol_20", NOON, 3, 1),
        HourOfChecks(SHOP, "Butikken", "tobacco_18", NOON, 1, 0),
        HourOfChecks(SHOP, "Butikken", "alcohol_20", NOON + timedelta(hours=1), 1, 0),
    ] == counted
    assert [HourOfChecks(SHOP, "Butikken", "alcohol_20", NOON, 1, 0)] == in_the_sandbox
