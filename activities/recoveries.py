"""What moving a membership to another eID needs from the world: our own ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from temporalio import activity

from domain.clock import Clock
from domain.desk.calendar import WORKING_DAY, after_working
from domain.ids import RecoveryId
from domain.members.recoveries import EXPIRES, SUPPORT_AFTER, RecoveryStands, RecoveryStart, RecoveryTimes, RecoveryWord


@dataclass(frozen=True, slots=True)
class RecoveryOpening:
    """Take this draft up; the step is kept under this id."""

    start: RecoveryStart
    step: UUID


class RecoveryLedger(Protocol):
    """Where it is written down. Writing anything a second time changes nothing."""

    async def open(self, start: RecoveryStart, step: UUID, at: datetime) -> RecoveryStands:
        """Take the draft up and find whose membership it is about. Raises the Refusal when it may not be asked."""

    async def times(self, recovery: RecoveryId) -> RecoveryTimes:
        """Tell when what happened."""

    async def hear(self, word: RecoveryWord, at: datetime) -> RecoveryStands:
        """Write down what was said, and move the membership when that is decided; tells where it stands. Raises the Refusal."""


@dataclass(frozen=True, slots=True)
class Recovering:
    """The steps that are written down."""

    ledger: RecoveryLedger
    clock: Clock

    @activity.defn
    async def open_recovery(self, opening: RecoveryOpening) -> RecoveryStands:
        """Write down that somebody asks for a membership."""
        return await self.ledger.open(opening.start, opening.step, self.clock.now())

    @activity.defn
    async def time_to_answer(self, recovery: RecoveryId) -> timedelta:
        """Tell how long the old address may still confirm, or, once it has, the administrators may answer by themselves."""
        times = await self.ledger.times(recovery)
        due = after_working(times.confirmed_at, SUPPORT_AFTER * WORKING_DAY) if times.confirmed_at else times.asked_at + EXPIRES
        return max(due - self.clock.now(), timedelta(0))

    @activity.defn
    async def hear_recovery(self, word: RecoveryWord) -> RecoveryStands:
        """Write down what somebody said, or that nobody said anything in time."""
        return await self.ledger.hear(word, self.clock.now())
