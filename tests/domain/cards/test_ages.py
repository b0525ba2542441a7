"""How old somebody is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards.ages import age_on, is_at_least, oslo_date

LEAP = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 11, 3), date(2026, 11, 2), 17),
        (date(2008, 11, 3), date(2026, 11, 3), 18),
        (LEAP, date(2026, 2, 28), 17),
        (LEAP, date(2026, 3, 1), 18),
        (LEAP, date(2028, 2, 28), 19),
        (LEAP, date(2028, 2, 29), 20),
        (date(2008, 2, 28), date(2026, 2, 28), 18),
        (date(2008, 3, 1), date(2026, 2, 28), 17),
        (date(2000, 2, 29), date(2100, 2, 28), 99),
        (date(2000, 2, 29), date(2100, 3, 1), 100),
        (date(2026, 11, 3), date(2026, 11, 3), 0),
        (date(2026, 11, 4), date(2026, 11, 3), -1),
    ],
)
def test_an_age_is_counted_in_birthdays(birth: date, day: date, age: int) -> None:
    """In common years 29 February is counted as 1 March, and 2100 is a common year."""
    assert age == age_on(birth, day)


@given(st.dates(max_value=date(2500, 1, 1)), st.dates(max_value=date(2500, 1, 1)), st.integers(1, 120))
def test_nobody_grows_younger(birth: date, day: date, years: int) -> None:
    """From one day to the next the age stays or grows by one, and the limit agrees with the number."""
    assert age_on(birth, day + timedelta(days=1)) - age_on(birth, day) in {0, 1}
    assert is_at_least(years, birth, day) == (age_on(birth, day) >= years)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 2, 22, 59, 59, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2026, 11, 2, 23, 0, tzinfo=UTC), date(2026, 11, 3)),
        (datetime(2026, 7, 2, 21, 59, 59, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 2, 22, 0, tzinfo=UTC), date(2026, 7, 3)),
    ],
)
def test_a_birthday_begins_at_midnight_in_norway(now: datetime, day: date) -> None:
    """In winter one hour before the world's clock, in summer two."""
    assert day == oslo_date(now)


def test_a_moment_without_a_zone_is_none() -> None:
    """It would be off by an hour or two, on the one evening that matters."""
    with pytest.raises(ValueError, match="time zone"):
        oslo_date(datetime(2026, 11, 2, 23, 0))  # noqa: DTZ001 - that is the point
