"""How old somebody is, as Norwegian law counts."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def oslo_date(now: datetime) -> date:
    """Tell which day it is in Norway, where a birthday begins at local midnight. Takes an aware moment."""
    if now.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return now.astimezone(OSLO).date()


def age_on(birth: date, day: date) -> int:
    """Count whole years of age. Whoever was born on 29 February has their birthday on 1 March in common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_at_least(years: int, birth: date, day: date) -> bool:
    """Tell whether somebody has turned so many years by this day."""
    return age_on(birth, day) >= years
