"""How much a company's places check, counted from its log: never finer than an hour, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from database.card_tables import Place
from database.check_log_tables import CheckLog


@dataclass(frozen=True, slots=True)
class HourOfChecks:
    """So many checks at one place for one purpose in the hour that began then. `refused` are those of them that told nothing."""

    place_id: UUID
    shop: str
    purpose: str
    hour: datetime
    checks: int
    refused: int


async def checks_by_hour(
    connection: AsyncConnection, organisation_number: str, since: datetime, until: datetime, *, sandbox: bool = False
) -> Sequence[HourOfChecks]:
    """Count a company's checks from `since` to before `until`, by place, purpose and hour, oldest first.

    A place goes by the name that it has now. The sandbox is counted by itself.
    """
    hour = func.date_trunc("hour", CheckLog.at).label("hour")
    rows = await connection.execute(
        select(
            CheckLog.place_id,
            func.coalesce(Place.name, func.max(CheckLog.shop)).label("shop"),
            CheckLog.purpose,
            hour,
            func.count().label("checks"),
            func.count().filter(CheckLog.outcome != "ok").label("refused"),
        )
        .outerjoin(Place, (Place.organisation_number == CheckLog.organisation_number) & (Place.id == CheckLog.place_id))
        .where(CheckLog.organisation_number == organisation_number, CheckLog.at >= since, CheckLog.at < until, CheckLog.sandbox == sandbox)
        .group_by(CheckLog.place_id, Place.name, CheckLog.purpose, hour)
        .order_by(hour, CheckLog.place_id, CheckLog.purpose)
    )
    return [HourOfChecks(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's own name for it
