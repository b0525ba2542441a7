"""When the desk is open: Monday to Friday from 8 to 16 in Oslo, Norway's public holidays apart.

The clocks are changed on a Sunday night, so a working day always lasts eight hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
OPENS, CLOSES = time(8), time(16)
WORKING_DAY = timedelta(hours=8)
_SATURDAY = 5
_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Tell whether the desk is open on a day. Christmas Eve and the like are working days, as they are by law."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(day.year)


def worked_between(start: datetime, end: datetime) -> timedelta:
    """Count the opening hours between two moments; none when the second is not later."""
    worked, day, last = timedelta(0), start.astimezone(OSLO).date(), end.astimezone(OSLO).date()
    while day <= last:
        if is_working_day(day):
            opens, closes = _hours(day)
            worked += max(timedelta(0), min(end, closes) - max(start, opens))
        day += _DAY
    return worked


def after_working(start: datetime, work: timedelta) -> datetime:
    """Tell when so many opening hours have passed since a moment, in UTC. No hours have passed at that very moment."""
    left, day = work, start.astimezone(OSLO).date()
    while left > timedelta(0):
        if is_working_day(day):
            opens, closes = _hours(day)
            begins = max(start, opens)
            if begins + left <= closes:
                return begins + left
            left -= max(timedelta(0), closes - begins)
        day += _DAY
    return start.astimezone(UTC)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year))


def _hours(day: date) -> tuple[datetime, datetime]:
    opens, closes = (datetime.combine(day, hour, OSLO).astimezone(UTC) for hour in (OPENS, CLOSES))
    return opens, closes
