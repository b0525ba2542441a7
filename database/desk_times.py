"""The clock of a task as the database keeps it: its pauses, and its due time and rank that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from database.desk_tables import TaskPause
from database.task_tables import Task
from domain.desk.clock import Pause, PauseReason, ended_by, falls_due, time_spent
from domain.desk.kinds import PACES, TaskKind
from domain.desk.priority import Pressing, rank

# Where nobody is in a hurry, a task is ranked as if it were due when it was opened.
NO_HURRY = timedelta(0)


@dataclass(frozen=True, slots=True)
class TaskClock:
    """What a task's clock is read from."""

    kind: TaskKind
    opened_at: datetime
    pauses: tuple[Pause, ...]

    def due(self) -> datetime | None:
        """Tell when the task is due, or None while its clock stands."""
        allowed = PACES[self.kind].allowed
        return falls_due(self.opened_at, allowed, self.pauses) if allowed is not None else None

    def rank(self, pressing: frozenset[Pressing], now: datetime) -> datetime:
        """Give its place in the queue, as if whatever stands the clock were over now."""
        allowed = PACES[self.kind].allowed or NO_HURRY
        return rank(falls_due(self.opened_at, allowed, ended_by(self.pauses, now)) or now, pressing)

    def spent(self, now: datetime) -> timedelta:
        """Count the opening hours it has been with us."""
        return time_spent(self.opened_at, self.pauses, now)

    def in_time(self, now: datetime) -> bool:
        """Tell whether a decision now is in time."""
        allowed = PACES[self.kind].allowed
        return allowed is None or self.spent(now) <= allowed


async def read_clock(connection: AsyncConnection, task: UUID) -> TaskClock:
    """Read a task's clock, and let nobody else move it until this transaction ends."""
    row = (await connection.execute(select(Task.kind, Task.opened_at).where(Task.id == task).with_for_update())).one()
    pauses = await connection.execute(select(TaskPause.since, TaskPause.until).where(TaskPause.task_id == task))
    return TaskClock(TaskKind(row.kind), row.opened_at, tuple(Pause(pause.since, pause.until) for pause in pauses))


async def reckon(connection: AsyncConnection, task: UUID, now: datetime) -> None:
    """Work the due time and the rank out anew, after a pause has begun or ended or something has become pressing."""
    clock = await read_clock(connection, task)
    named = await connection.scalar(select(Task.pressing).where(Task.id == task)) or []
    pressing = frozenset(map(Pressing, named))
    await connection.execute(update(Task).where(Task.id == task).values(due_at=clock.due(), rank_at=clock.rank(pressing, now)))


async def press(connection: AsyncConnection, task: UUID, why: Pressing, now: datetime) -> None:
    """Make a task more pressing; a second time changes nothing."""
    news = ~Task.pressing.contains([why.value])
    await connection.execute(update(Task).where(Task.id == task, news).values(pressing=func.array_append(Task.pressing, why.value)))
    await reckon(connection, task, now)


async def begin_pause(connection: AsyncConnection, id_: UUID, task: UUID, reason: PauseReason, pause: Pause) -> None:
    """Stop the clock; under the same id a second time changes nothing. It is for the caller to reckon anew."""
    row = {"id": id_, "task_id": task, "reason": reason, "since": pause.since, "until": pause.until}
    await connection.execute(insert(TaskPause).values(row).on_conflict_do_nothing())


async def end_pauses(connection: AsyncConnection, task: UUID, at: datetime, reason: PauseReason | None = None) -> None:
    """Let the clock run again from now on, whatever it stood for or for this reason only. It is for the caller to reckon anew."""
    lasting = or_(TaskPause.until.is_(None), TaskPause.until > at)
    pauses = update(TaskPause).where(TaskPause.task_id == task, lasting)
    if reason is not None:
        pauses = pauses.where(TaskPause.reason == reason)
    await connection.execute(pauses.values(until=func.greatest(TaskPause.since, at)))
