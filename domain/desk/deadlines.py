"""What happens when time runs out. Nothing is ever decided by it: people are reminded, then others are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.desk.calendar import after_working
from domain.desk.clock import Pause, ended_by, falls_due
from domain.desk.kinds import Pace

# A pause may be ended early by somebody, and no process is told; so while one lasts it is looked at this often at most.
MOST_OFTEN = timedelta(minutes=15)


class Deadline(StrEnum):
    """What time brings about.

    Before it is due its holder is reminded; when it is due it goes back to the top of the queue and the leads are told; at twice
    the time the sales rep and the customer are told. The customer is reminded of a question twice; then the task is laid aside.
    """

    REMIND_HOLDER = "remind-holder"
    DUE = "due"
    TWICE_DUE = "twice-due"
    REMIND_CUSTOMER = "remind-customer"
    REMIND_CUSTOMER_AGAIN = "remind-customer-again"
    LAY_ASIDE = "lay-aside"


# These begin anew with every question.
OF_CUSTOMER = frozenset({Deadline.REMIND_CUSTOMER, Deadline.REMIND_CUSTOMER_AGAIN, Deadline.LAY_ASIDE})


@dataclass(frozen=True, slots=True)
class TaskTimes:
    """When a task was opened, when its clock stood, and since when a question to the customer has no answer."""

    opened_at: datetime
    pauses: tuple[Pause, ...]
    pace: Pace
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What is reached and not yet done, in order, and how long nobody need look again; None when time brings nothing more."""

    reached: tuple[Deadline, ...]
    wait: timedelta | None


def look(times: TaskTimes, done: Sequence[Deadline], now: datetime) -> Look:
    """Look at the deadlines of a task."""
    moments = [(moment, deadline) for moment, deadline in schedule(times) if deadline not in done]
    reached = tuple(deadline for moment, deadline in moments if moment <= now)
    if times.asked_at is None and any(pause.stands_at(now) for pause in times.pauses):
        released = replace(times, pauses=ended_by(times.pauses, now))
        to_come = [max(moment, now + MOST_OFTEN) for moment, deadline in schedule(released) if deadline not in (*done, *reached)]
    else:
        to_come = [moment for moment, _ in moments if moment > now]
    return Look(reached, min(to_come) - now if to_come else None)


def schedule(times: TaskTimes) -> Sequence[tuple[datetime, Deadline]]:
    """List what time will bring if nobody does anything, the earliest first."""
    return sorted(_of_customer(times.asked_at, times.pace) if times.asked_at else _of_desk(times))


def _of_customer(asked: datetime, pace: Pace) -> Iterator[tuple[datetime, Deadline]]:
    if pace.customer_reminded is not None:
        first, second = pace.customer_reminded
        yield after_working(asked, first), Deadline.REMIND_CUSTOMER
        yield after_working(asked, second), Deadline.REMIND_CUSTOMER_AGAIN
    if pace.laid_aside is not None:
        yield after_working(asked, pace.laid_aside), Deadline.LAY_ASIDE


def _of_desk(times: TaskTimes) -> Iterator[tuple[datetime, Deadline]]:
    allowed, before = times.pace.allowed, times.pace.reminded_before
    if allowed is None:
        return
    for spent, deadline in ((allowed - before, Deadline.REMIND_HOLDER), (allowed, Deadline.DUE), (2 * allowed, Deadline.TWICE_DUE)):
        moment = falls_due(times.opened_at, spent, times.pauses)
        if moment is not None:
            yield moment, deadline
