"""Who is at a task: exclusively, and for as long as they are really at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from domain.refusals import Refusal
from domain.words import _

# Renewed while the task's page is open; so long after it was closed does a task stay with whoever claimed it.
LEASE = timedelta(minutes=15)
# What comes back with the customer's answer waits longer for whoever asked.
LEASE_FOR_ANSWER = timedelta(hours=2)
LONGEST_HOLD = timedelta(days=14)


class TaskDeed(StrEnum):
    """What is done with a task at the desk, as its timeline tells it."""

    CLAIMED = "claimed"
    RELEASED = "released"
    GIVEN = "given"
    HELD = "held"
    RESUMED = "resumed"
    RETURNED = "returned"
    ROLE_LOST = "role-lost"
    LOGGED_OUT = "logged-out"


class TaskIsTaken(Refusal):
    """A colleague is at it."""

    code = "task-is-taken"
    words = _("A colleague is working on this just now. Take another one, or ask them to release it.")


class NotYourTask(Refusal):
    """Only whoever has claimed a task releases it, lays it aside or gives it on; a lead may too."""

    code = "not-your-task"
    words = _("This task is not yours any more: your claim has run out, or somebody else has it. Claim it again first.")


class NotInSupport(Refusal):
    """Whoever is given a task must be able to open it."""

    code = "not-in-support"
    words = _("A task can only be given to somebody in support.")


class HoldNeedsTime(Refusal):
    """Nothing is laid aside for ever."""

    code = "hold-needs-time"
    words = _("Say until when this is laid aside: later than now, and at most 14 days ahead.")


def refuse_hold(until: datetime, now: datetime) -> None:
    """Raise HoldNeedsTime unless a task may be laid aside until then."""
    if not now < until <= now + LONGEST_HOLD:
        raise HoldNeedsTime
