"""Norwegian working days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.working_days import easter_sunday, is_working_day, working_days_after


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22)]
)
def test_easter_is_when_the_church_says(year: int, month: int, day: int) -> None:
    """The latest and the earliest that there can be among them."""
    assert date(year, month, day) == easter_sunday(year)


@pytest.mark.parametrize(
    "day", ["2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2027-05-17", "2026-05-25", "2026-12-25"]
)
def test_nobody_is_at_work_on_a_holiday(day: str) -> None:
    """All of them fall on what would otherwise be a working day."""
    assert date.fromisoformat(day).isoweekday() < 6
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("asked", "days", "reached"),
    [
        ("2026-11-23T12:00", 2, "2026-11-25T12:00"),
        ("2026-11-20T12:00", 2, "2026-11-24T12:00"),
        ("2026-11-22T12:00", 5, "2026-11-27T12:00"),
        ("2026-04-01T12:00", 2, "2026-04-08T12:00"),
        ("2026-12-23T23:30", 1, "2026-12-27T23:30"),
    ],
)
def test_weekends_and_holidays_do_not_count(asked: str, days: int, reached: str) -> None:
    """Whoever asks on the Wednesday before Easter is not forgotten on Good Friday; a day begins in Oslo, not in Greenwich."""
    assert datetime.fromisoformat(reached).replace(tzinfo=UTC) == working_days_after(
        datetime.fromisoformat(asked).replace(tzinfo=UTC), days
    )
