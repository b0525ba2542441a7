"""The desk's opening hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.desk.calendar import OSLO, WORKING_DAY, after_working, is_working_day, worked_between

moments = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is drawn
works = st.timedeltas(timedelta(0), 20 * WORKING_DAY)


def oslo(*parts: int) -> datetime:
    """A moment by the clock on the wall."""
    return datetime(*parts, tzinfo=OSLO)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 2),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2027, 5, 17),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ],
)
def test_nobody_is_at_the_desk_on_holidays_and_weekends(day: date) -> None:
    """Easter moves, the seventeenth of May does not."""
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 4, 1), date(2026, 11, 23)])
def test_the_day_before_a_holiday_is_a_working_day(day: date) -> None:
    """Christmas Eve is one by law, whatever people hope."""
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (oslo(2026, 11, 23, 10), 2, oslo(2026, 11, 25, 10)),
        (oslo(2026, 11, 20, 15), 2, oslo(2026, 11, 24, 15)),
        (oslo(2026, 11, 22, 12), 2, oslo(2026, 11, 24, 16)),
        (oslo(2026, 11, 23, 23), 1, oslo(2026, 11, 24, 16)),
        # Over Easter: Wednesday, then Tuesday.
        (oslo(2026, 4, 1, 12), 1, oslo(2026, 4, 7, 12)),
        # Over the night when summer time begins, and the one when it ends.
        (oslo(2026, 3, 27, 12), 1, oslo(2026, 3, 30, 12)),
        (oslo(2026, 10, 23, 12), 1, oslo(2026, 10, 26, 12)),
    ],
)
def test_working_days_go_from_hour_to_hour(start: datetime, days: int, end: datetime) -> None:
    """Two working days after ten on Monday it is ten on Wednesday, whatever the clocks did at night."""
    assert end == after_working(start, days * WORKING_DAY)


@given(moments, works)
def test_what_has_passed_is_what_was_waited_for(start: datetime, work: timedelta) -> None:
    """Counting hours and waiting for them are two sides of one thing."""
    assert work == worked_between(start, after_working(start, work))


@given(moments, works, works)
def test_waiting_twice_is_waiting_for_the_sum(start: datetime, one: timedelta, other: timedelta) -> None:
    """Nobody wins an hour by asking in between."""
    assert after_working(start, one + other) == after_working(after_working(start, one), other)


@given(moments, moments, moments)
def test_hours_add_up(one: datetime, other: datetime, third: datetime) -> None:
    """A time is as long as its parts."""
    first, middle, last = sorted((one, other, third))

    assert worked_between(first, last) == worked_between(first, middle) + worked_between(middle, last)


@given(moments, st.integers(0, 400))
def test_a_day_has_eight_hours_or_none(moment: datetime, days: int) -> None:
    """Even the one on which the clocks are changed, from midnight to midnight in Oslo."""
    day = moment.astimezone(OSLO).date() + timedelta(days=days)
    midnight, next_midnight = (datetime(each.year, each.month, each.day, tzinfo=OSLO) for each in (day, day + timedelta(days=1)))

    assert worked_between(midnight, next_midnight) == (WORKING_DAY if is_working_day(day) else timedelta(0))


@given(moments, moments)
def test_time_that_runs_backwards_counts_nothing(one: datetime, other: datetime) -> None:
    """Clocks of two machines may differ by a little."""
    earlier, later = sorted((one, other))

    assert timedelta(0) == worked_between(later, earlier) or earlier == later
