"""What time brings about."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.desk.calendar import OSLO, WORKING_DAY
from domain.desk.clock import Pause
from domain.desk.deadlines import MOST_OFTEN, Deadline, Look, TaskTimes, look, schedule
from domain.desk.kinds import PACES, UNHURRIED, TaskKind

OPENED = datetime(2026, 11, 23, 10, tzinfo=OSLO)
PACE = PACES[TaskKind.EMPLOYMENT]
PLAIN = TaskTimes(OPENED, (), PACE)


def at(day: int, hour: int) -> datetime:
    """A moment in that week, or the following."""
    return datetime(2026, 11, 1, hour, tzinfo=OSLO) + timedelta(days=day - 1)


def test_the_desk_is_reminded_then_others_are_told() -> None:
    """Half a working day before, in time, and at twice the time."""
    expected = [(at(24, 14), Deadline.REMIND_HOLDER), (at(25, 10), Deadline.DUE), (at(27, 10), Deadline.TWICE_DUE)]

    assert expected == schedule(PLAIN)


def test_the_customer_is_reminded_twice_and_then_it_rests() -> None:
    """After two, five and fifteen working days; the desk's own deadlines stand meanwhile."""
    asked = TaskTimes(OPENED, (Pause(OPENED),), PACE, asked_at=OPENED)
    expected = [
        (at(25, 10), Deadline.REMIND_CUSTOMER),
        (at(30, 10), Deadline.REMIND_CUSTOMER_AGAIN),
        (datetime(2026, 12, 14, 10, tzinfo=OSLO), Deadline.LAY_ASIDE),
    ]

    assert expected == schedule(asked)


def test_what_is_done_is_not_done_again() -> None:
    """A process asks after every word and every timer."""
    seen = look(PLAIN, [Deadline.REMIND_HOLDER], at(25, 10))

    assert Look((Deadline.DUE,), timedelta(days=2)) == seen


def test_after_the_last_nobody_need_look_again() -> None:
    """Nothing is ever decided by silence, so there is nothing left to wait for."""
    assert look(PLAIN, [], at(30, 10)) == Look((Deadline.REMIND_HOLDER, Deadline.DUE, Deadline.TWICE_DUE), None)


def test_while_a_hold_lasts_it_is_looked_at_as_if_it_ended_now() -> None:
    """Nobody tells a process that a hold was ended early, and it must not sleep through the deadline then."""
    held = TaskTimes(OPENED, (Pause(at(24, 13), at(30, 10)),), PACE)

    assert look(held, [], at(24, 13)).wait == timedelta(hours=1)
    assert look(held, [], at(25, 13)).wait == timedelta(hours=1)
    nearly_due = TaskTimes(OPENED, (Pause(at(24, 14) - timedelta(minutes=1), at(30, 10)),), PACE)
    assert look(nearly_due, [], at(24, 15)).wait == MOST_OFTEN


@pytest.mark.parametrize("asked_at", [None, OPENED])
def test_where_nobody_is_in_a_hurry_time_brings_nothing(asked_at: datetime | None) -> None:
    """A kind without a pace has no deadlines."""
    assert look(TaskTimes(OPENED, (), UNHURRIED[TaskKind.EMPLOYMENT], asked_at), [], OPENED + 40 * WORKING_DAY) == Look((), None)
