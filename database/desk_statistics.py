"""How the desk does: what was opened and decided, how long it took, how much was in time, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Date, case, func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.expression import SQLColumnExpression

from database.task_tables import Task
from domain.desk.kinds import TaskKind
from domain.rulings import TaskOutcome

# Weeks begin on Monday, in Oslo.
_OSLO = "Europe/Oslo"

WeekOfKind: TypeAlias = tuple[date, TaskKind]
Why: TypeAlias = tuple[TaskOutcome, str]


@dataclass(frozen=True, slots=True)
class Week:
    """One kind of task in one week, named by its Monday. Times are opening hours; None where nothing was decided."""

    monday: date
    kind: TaskKind
    opened: int
    decided: int
    approved: int
    on_time: int
    half: timedelta | None
    nine_tenths: timedelta | None

    @property
    def share_on_time(self) -> float | None:
        """The share that was decided in time, of one; None where nothing was decided."""
        return self.on_time / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class OpenAge:
    """How many open tasks of a kind are how old: up to so many days, since the last limit."""

    kind: TaskKind
    days: int | None
    count: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How often something was decided, and why. A reason that nobody gave is empty."""

    kind: TaskKind
    outcome: TaskOutcome
    reason: str
    count: int


AGES = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class DeskStatistics:
    """Reads how the desk does, between two moments."""

    engine: AsyncEngine

    async def weeks(self, since: datetime, until: datetime) -> Sequence[Week]:
        """Tell week by week and kind by kind what was opened and decided, the oldest first."""
        opened, closed = _monday(Task.opened_at), _monday(Task.closed_at)
        came = select(opened.label("monday"), Task.kind, func.count().label("opened"))
        came = came.where(Task.opened_at >= since, Task.opened_at < until).group_by("monday", Task.kind)
        took = func.coalesce(Task.took_seconds, 0)
        went = select(
            closed.label("monday"),
            Task.kind,
            func.count().label("decided"),
            func.count().filter(Task.outcome == TaskOutcome.APPROVED).label("approved"),
            func.count().filter(Task.on_time.is_(True)).label("on_time"),
            func.percentile_disc(0.5).within_group(took).label("half"),
            func.percentile_disc(0.9).within_group(took).label("nine_tenths"),
        )
        decided = (Task.decided_by.is_not(None), Task.closed_at >= since, Task.closed_at < until)
        went = went.where(*decided).group_by("monday", Task.kind)
        async with self.engine.connect() as connection:
            ins = {(row[0], row[1]): row[2] for row in await connection.execute(came)}
            outs = {(row[0], row[1]): row for row in await connection.execute(went)}
        return [
            Week(monday, TaskKind(kind), ins.get((monday, kind), 0), *_decided(outs.get((monday, kind))))
            for monday, kind in sorted(ins.keys() | outs.keys())
        ]

    async def weekly_reasons(self, since: datetime, until: datetime) -> Mapping[WeekOfKind, Mapping[Why, int]]:
        """Count week by week and kind by kind why things were decided as they were."""
        monday = _monday(Task.closed_at)
        query = select(monday, Task.kind, Task.outcome, func.coalesce(Task.reason, ""), func.count()).where(
            Task.decided_by.is_not(None), Task.closed_at >= since, Task.closed_at < until
        )
        counted: dict[WeekOfKind, dict[Why, int]] = {}
        async with self.engine.connect() as connection:
            for week, kind, outcome, why, count in await connection.execute(query.group_by(monday, Task.kind, Task.outcome, Task.reason)):
                if outcome is not None:
                    counted.setdefault((week, TaskKind(kind)), {})[TaskOutcome(outcome), why] = count
        return counted

    async def ages(self, now: datetime) -> Sequence[OpenAge]:
        """Count the open tasks by how many days old they are; the last group has no limit."""
        groups = [(Task.opened_at > now - timedelta(days=days), days) for days in AGES]
        group = case(*groups, else_=None)
        query = select(Task.kind, group.label("days"), func.count().label("count")).where(Task.closed_at.is_(None))
        async with self.engine.connect() as connection:
            rows = await connection.execute(query.group_by(Task.kind, "days").order_by(Task.kind, "days"))
            return [OpenAge(TaskKind(row[0]), row[1], row[2]) for row in rows]

    async def reasons(self, since: datetime, until: datetime) -> Sequence[ReasonCount]:
        """Count why things were decided as they were, the most frequent first."""
        reason, count = func.coalesce(Task.reason, ""), func.count()
        query = select(Task.kind, Task.outcome, reason, count).where(
            Task.decided_by.is_not(None), Task.closed_at >= since, Task.closed_at < until
        )
        async with self.engine.connect() as connection:
            rows = await connection.execute(query.group_by(Task.kind, Task.outcome, reason).order_by(count.desc(), reason))
            return [ReasonCount(TaskKind(kind), TaskOutcome(outcome), why, number) for kind, outcome, why, number in rows if outcome]


def _monday(moment: SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None]) -> ColumnElement[date]:
    return func.date_trunc("week", func.timezone(_OSLO, moment)).cast(Date)


def _decided(row: Sequence[int] | None) -> tuple[int, int, int, timedelta | None, timedelta | None]:
    if row is None:
        return 0, 0, 0, None, None
    _, _, decided, approved, on_time, half, nine_tenths = row
    return decided, approved, on_time, timedelta(seconds=half), timedelta(seconds=nine_tenths)
