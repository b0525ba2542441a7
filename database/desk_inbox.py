"""The inbox of the support desk: what waits, in order, a page at a time, and where a customer stands in it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import aliased

from database.desk_claims import queued
from database.staff_tables import StaffMemberRow
from database.tables import Company
from database.task_tables import Task
from database.tasks import SEARCHED_AS
from domain.desk.clock import Urgency, urgency
from domain.desk.expectation import LOOKED_BACK, Expectation, expectation
from domain.desk.kinds import PACES, TaskKind
from domain.desk.priority import Pressing, Score, score, unranked
from domain.rulings import TaskOutcome

PAGE = 50
# A customer's expectation is read from so many tasks at most, the newest.
MOST_LOOKED_AT = 5000
_WORDS = re.compile(r"\w+")


class Shelf(StrEnum):
    """Which tasks are looked at. `open` are all that are not decided, `closed` all that are, the newest first."""

    QUEUE = "queue"
    MINE = "mine"
    OVERDUE = "overdue"
    HELD = "held"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One task in the list. `holder` is who is at it now, while their lease lasts; `due_at` is None while the clock stands."""

    id: UUID
    kind: TaskKind
    organisation_number: str
    company_name: str | None
    opened_at: datetime
    due_at: datetime | None
    urgency: Urgency
    score: Score
    holder: UUID | None
    holder_name: str | None
    waiting_since: datetime | None
    held_until: datetime | None
    hold_reason: str | None
    closed_at: datetime | None
    outcome: TaskOutcome | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the list, and the cursor that leads to the next one; None on the last."""

    rows: Sequence[InboxRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """Reads the inbox for one person here."""

    engine: AsyncEngine
    staff: UUID

    async def page(
        self, shelf: Shelf, now: datetime, *, kinds: Collection[TaskKind] = (), search: str = "", after: str | None = None
    ) -> InboxPage:
        """Read a page of a shelf, the most pressing first. A cursor that cannot be read begins at the beginning.

        `search` are words of a company's name, each may be begun only, or its number; with it closed tasks are found too.
        """
        conditions = [_on(Shelf.OPEN if search and shelf is Shelf.QUEUE else shelf, self.staff, now)]
        conditions += [Task.kind.in_(kinds)] if kinds else []
        conditions += [_found_by(search)] if search else []
        backwards = shelf is Shelf.CLOSED
        at = Task.closed_at if backwards else Task.rank_at
        cursor = _cursor(after)
        if cursor is not None:
            here, there = tuple_(at, Task.id), tuple_(literal(cursor[0]), literal(cursor[1]))
            conditions.append(here < there if backwards else here > there)
        order = (at.desc(), Task.id.desc()) if backwards else (at, Task.id)
        async with self.engine.connect() as connection:
            rows = (await connection.execute(_listed().where(*conditions).order_by(*order).limit(PAGE + 1))).all()
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        return InboxPage([_row(row, now) for row in rows[:PAGE]], _written(last, backwards=backwards) if last else None)

    async def counts(self, now: datetime, *, kinds: Sequence[TaskKind] = ()) -> Mapping[Shelf, int]:
        """Count the open tasks of every shelf, of some kinds or of all."""
        shelves = [shelf for shelf in Shelf if shelf is not Shelf.CLOSED]
        query = select(*(func.count().filter(_on(shelf, self.staff, now)).label(shelf.value) for shelf in shelves))
        async with self.engine.connect() as connection:
            chosen = (Task.closed_at.is_(None), Task.kind.in_(kinds) if kinds else true())
            row = (await connection.execute(query.where(*chosen))).one()
        return dict(zip(shelves, row, strict=True))

    async def counts_by_kind(self, now: datetime) -> Mapping[TaskKind, int]:
        """Count what waits in the queue, kind by kind."""
        query = select(Task.kind, func.count()).where(queued(now)).group_by(Task.kind)
        async with self.engine.connect() as connection:
            return {TaskKind(kind): count for kind, count in await connection.execute(query)}


async def expect(engine: AsyncEngine, signup: UUID, now: datetime) -> Expectation | None:
    """Tell a customer where they stand in the queue and how long it usually takes; None when nobody has to look at their signup."""
    mine = aliased(Task)
    before = tuple_(Task.rank_at, Task.id) < tuple_(mine.rank_at, mine.id)
    ahead = select(func.count()).where(Task.closed_at.is_(None), Task.waiting_since.is_(None), Task.kind == mine.kind, before)
    query = select(mine.kind, ahead.scalar_subquery().label("ahead")).where(mine.signup_id == signup, mine.closed_at.is_(None))
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        of_kind = (Task.kind == row.kind, Task.decided_by.is_not(None), Task.closed_at > now - LOOKED_BACK, Task.took_seconds.is_not(None))
        took = await connection.scalars(
            select(func.coalesce(Task.took_seconds, 0)).where(*of_kind).order_by(Task.closed_at.desc()).limit(MOST_LOOKED_AT)
        )
        return expectation(row.ahead + 1, [timedelta(seconds=seconds) for seconds in took])


def _on(shelf: Shelf, staff: UUID, now: datetime) -> ColumnElement[bool]:
    is_open = Task.closed_at.is_(None)
    held = and_(is_open, Task.held_until > now)
    return {
        Shelf.QUEUE: queued(now),
        Shelf.MINE: and_(is_open, Task.claimed_by == staff, Task.lease_until > now),
        Shelf.OVERDUE: and_(is_open, Task.due_at <= now),
        Shelf.HELD: held,
        Shelf.WAITING: and_(is_open, Task.waiting_since.is_not(None)),
        Shelf.OPEN: is_open,
        Shelf.CLOSED: Task.closed_at.is_not(None),
    }[shelf]


def _found_by(typed: str) -> ColumnElement[bool]:
    """Find tasks by the words of the company's name, each of which may be unfinished, or by its number in groups or not."""
    digits = re.sub(r"\s", "", typed)
    words = [digits] if digits.isdecimal() else _WORDS.findall(typed)
    asked = " & ".join(f"{word}:*" for word in words[:8])
    return Task.search.op("@@")(func.to_tsquery(SEARCHED_AS, asked)) if asked else or_(False)  # noqa: FBT003 - nothing is found


def _listed() -> Select[Task, str | None, str | None]:
    return (
        select(Task, Company.name.label("company"), StaffMemberRow.name.label("colleague"))
        .join(Company, Company.organisation_number == Task.organisation_number, isouter=True)
        .join(StaffMemberRow, StaffMemberRow.id == Task.claimed_by, isouter=True)
    )


def _row(row: Row[Task, str | None, str | None], now: datetime) -> InboxRow:
    kind = TaskKind(row.kind)
    held = row.claimed_by is not None and row.lease_until > now
    return InboxRow(
        id=row.id,
        kind=kind,
        organisation_number=row.organisation_number,
        company_name=row.company,
        opened_at=row.opened_at,
        due_at=row.due_at,
        urgency=urgency(row.due_at, now, PACES[kind].reminded_before),
        score=score_of(row.rank_at, row.pressing, now),
        holder=row.claimed_by if held else None,
        holder_name=row.colleague if held else None,
        waiting_since=row.waiting_since,
        held_until=row.held_until if row.held_until is not None and row.held_until > now else None,
        hold_reason=row.hold_reason if row.held_until is not None and row.held_until > now else None,
        closed_at=row.closed_at,
        outcome=TaskOutcome(row.outcome) if row.outcome else None,
    )


def score_of(rank_at: datetime, pressing: Sequence[str], now: datetime) -> Score:
    """Take a task's rank apart again into the parts it was made of."""
    why = frozenset(map(Pressing, pressing))
    return score(unranked(rank_at, why), why, now)


def _written(row: Row[Task, str | None, str | None], *, backwards: bool) -> str:
    at: datetime = row.closed_at if backwards else row.rank_at
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{row.id}".encode()).decode()


def _cursor(typed: str | None) -> tuple[datetime, UUID] | None:
    try:
        at, _, task = base64.urlsafe_b64decode((typed or "").encode()).decode().partition("|")
        return datetime.fromisoformat(at), UUID(task)
    except (binascii.Error, ValueError):
        return None
