"""How long a task has been with us: a pure function over intervals.

The clock runs in opening hours only, and stands while the customer has the ball or the register is down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.desk.calendar import after_working, worked_between


class PauseReason(StrEnum):
    """Why the clock stands."""

    CUSTOMER = "customer"
    REGISTER_DOWN = "register-down"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stands. Without an end it lasts until somebody ends it."""

    since: datetime
    until: datetime | None = None

    def stands_at(self, moment: datetime) -> bool:
        """Tell whether the clock stands at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


def time_spent(opened: datetime, pauses: Sequence[Pause], now: datetime) -> timedelta:
    """Count the opening hours since a task was opened, pauses apart. Pauses may overlap and come in any order."""
    return sum((worked_between(start, min(end or now, now)) for start, end in _running(opened, pauses) if start < now), timedelta(0))


def falls_due(opened: datetime, allowed: timedelta, pauses: Sequence[Pause]) -> datetime | None:
    """Tell when the allowed opening hours will have been spent, or None while a pause without an end is in the way."""
    left = allowed
    for start, end in _running(opened, pauses):
        if end is None:
            return after_working(start, left)
        worked = worked_between(start, end)
        if worked >= left:
            return after_working(start, left)
        left -= worked
    return None


def ended_by(pauses: Sequence[Pause], now: datetime) -> tuple[Pause, ...]:
    """Give the pauses as they would be if whatever stands the clock were over now."""
    return tuple(replace(pause, until=min(pause.until or now, max(now, pause.since))) for pause in pauses)


def _running(opened: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime | None]]:
    """Find the times between the pauses; only the last may be without an end."""
    start = opened
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if pause.since > start:
            yield start, pause.since
        if pause.until is None:
            return
        start = max(start, pause.until)
    yield start, None


class Urgency(StrEnum):
    """How a task stands to its due time, from no hurry to shame."""

    PAUSED = "paused"
    ON_TIME = "on-time"
    SOON = "soon"
    OVERDUE = "overdue"


def urgency(due: datetime | None, now: datetime, soon: timedelta) -> Urgency:
    """Tell how urgent a task is; `soon` is how many opening hours before its due time it becomes so."""
    if due is None:
        return Urgency.PAUSED
    if now >= due:
        return Urgency.OVERDUE
    return Urgency.SOON if worked_between(now, due) <= soon else Urgency.ON_TIME
