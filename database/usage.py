"""How much a company checks: counts, never the checks themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.card_tables import Place
from database.check_log_tables import CheckLog
from database.tables import Profile
from domain.ids import ProfileId

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place of a company, by its name now."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many cards were checked at a place for a purpose on a day in Oslo, whatever came of it."""

    day: date
    place_id: UUID
    purpose: str
    checks: int


@dataclass(frozen=True, slots=True)
class Usage:
    """A company's checks over some days. Test persons do not count."""

    places: Sequence[PlaceName]
    counts: Sequence[DayCount]


async def usage_of(engine: AsyncEngine, profile: ProfileId, first: date, last: date) -> Usage:
    """Count the checks of a customer's company from the first day to the last, both included."""
    number = select(Profile.organisation_number).where(Profile.id == profile).scalar_subquery()
    day = cast(func.timezone(OSLO.key, CheckLog.at), Date).label("day")
    counts = (
        select(day, CheckLog.place_id, CheckLog.purpose, func.count().label("checks"))
        .where(CheckLog.organisation_number == number, ~CheckLog.sandbox)
        .where(CheckLog.at >= _midnight(first), CheckLog.at < _midnight(last + timedelta(days=1)))
        .group_by(day, CheckLog.place_id, CheckLog.purpose)
        .order_by(day, CheckLog.place_id, CheckLog.purpose)
    )
    places = select(Place.id, Place.name).where(Place.organisation_number == number).order_by(Place.name)
    async with engine.connect() as connection:
        return Usage(
            [PlaceName(row.id, row.name) for row in await connection.execute(places)],
            [DayCount(row.day, row.place_id, row.purpose, row.checks) for row in await connection.execute(counts)],
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, OSLO)
