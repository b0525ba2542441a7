"""`python -m demo.seeds`: the few things that are there before the first customer comes."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from database.connection import build_engine
from database.tables import SalesRep
from settings import CommonSettings

# Derived ids, so that sowing twice changes nothing.
SEEDS = UUID("7d1f3a52-6c0e-5b8a-9c55-3f1f0a8f4a11")
SALES_REPS = {
    "Astrid Solheim": "+47 21 00 00 01",
    "Mikkel Eira": "+47 21 00 00 02",
    "Yasmin Haddad": "+47 21 00 00 03",
    "Torbjørn Lie": "+47 21 00 00 04",
}


def sales_reps() -> list[dict[str, object]]:
    """List the people who get the new companies in turn."""
    return [
        {"id": uuid5(SEEDS, name), "name": name, "email": f"{_before_at(name)}@skranke.example", "phone": phone, "active": True}
        for name, phone in SALES_REPS.items()
    ]


async def sow(url: str) -> None:
    """Add to the database what is missing; what is there stays as it is."""
    engine = build_engine(url, program="skranke-seeds")
    try:
        async with engine.begin() as connection:
            await connection.execute(insert(SalesRep).values(sales_reps()).on_conflict_do_nothing())
    finally:
        await engine.dispose()


def _before_at(name: str) -> str:
    return name.lower().replace("ø", "o").replace(" ", ".")


if __name__ == "__main__":
    asyncio.run(sow(CommonSettings().database_url))
