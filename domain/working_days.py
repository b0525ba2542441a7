"""Norwegian working days: Monday to Friday, the public holidays apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
SATURDAY = 5
# Month and day.
_FIXED = frozenset({(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)})
# Counted from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday.
_AROUND_EASTER = frozenset({-3, -2, 1, 39, 50})


def is_working_day(day: date) -> bool:
    """Tell whether offices are open on a day. Christmas Eve and the like count as working days, as they do by law."""
    moved = (day - easter_sunday(day.year)).days
    return day.weekday() < SATURDAY and (day.month, day.day) not in _FIXED and moved not in _AROUND_EASTER


def working_days_after(moment: datetime, days: int) -> datetime:
    """Tell when so many working days have passed since a moment: the same hour in Oslo, on a working day."""
    local = moment.astimezone(OSLO)
    while days > 0:
        local += timedelta(days=1)
        days -= is_working_day(local.date())
    return local.astimezone(moment.tzinfo)


def easter_sunday(year: int) -> date:
    """Compute Easter Sunday in the Gregorian calendar, by the method that Nature printed in 1876."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    correction = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
