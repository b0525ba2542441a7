"""Everything that the page of one task shows, apart from what is fetched fresh from the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_inbox import score_of
from database.desk_tables import AppealRow, ReversalRow, TaskEvent, TaskNote, TaskTick
from database.desk_ties import ties_of
from database.staff_tables import StaffMemberRow
from database.stage_log import read_process
from database.tables import EmailAddress, Signup
from database.task_tables import Task
from database.tasks import same_matter
from domain.desk.calendar import OSLO
from domain.desk.checks import Check, Earlier
from domain.desk.claims import TaskDeed
from domain.desk.fairness import Bond, bond
from domain.desk.priority import Score
from domain.desk.reasons import ReversalReason
from domain.staff import StaffMember
from domain.stages import LogEntry, Stage

MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class Note:
    """What a colleague has written down."""

    by_name: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """A check that a colleague has looked at."""

    check: Check
    by_name: str
    ticked_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What was done with the task at the desk; for `given` the name is whom it was given to."""

    what: TaskDeed
    at: datetime
    by_name: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class ReversalView:
    """A decision that a lead has turned round."""

    by_name: str
    reason: ReversalReason
    from_stage: Stage
    to_stage: Stage
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task's file. `holder` is who is at it now; `bond` says why the reader must not decide; `stands` is what a reversal turns.

    `appeal` is what the customer said when they asked for another look.
    """

    email: str | None = field(repr=False)
    score: Score
    due_at: datetime | None
    holder: UUID | None
    holder_name: str | None
    lease_until: datetime | None
    waiting_since: datetime | None
    held_until: datetime | None
    hold_reason: str | None
    not_for: UUID | None
    bond: Bond | None
    notes: Sequence[Note]
    ticks: Sequence[Tick]
    events: Sequence[Event]
    log: Sequence[LogEntry]
    stands: Stage
    earlier: Sequence[Earlier] = field(repr=False)
    appeal: str | None = field(repr=False)
    reversals: Sequence[ReversalView]


@dataclass(frozen=True, slots=True)
class TaskFiles:
    """Reads the files of tasks, and writes in their margins."""

    engine: AsyncEngine

    async def read(self, task: UUID, reader: StaffMember, now: datetime) -> TaskFile:
        """Read a task's file as this person sees it. Raises NoSuchTask."""
        async with self.engine.connect() as connection:
            ties, not_for = await ties_of(connection, task)
            holder = StaffMemberRow.id == Task.claimed_by
            current = (EmailAddress.user_id == Signup.user_id) & EmailAddress.replaced_at.is_(None)
            query = (
                select(Task, Signup.user_id, EmailAddress.address, StaffMemberRow.name.label("colleague"))
                .join(Signup, Signup.id == Task.signup_id)
                .join(EmailAddress, current, isouter=True)
                .join(StaffMemberRow, holder, isouter=True)
                .where(Task.id == task)
            )
            row = (await connection.execute(query)).one()
            log = await read_process(connection, row.signup_id)
            held = row.claimed_by is not None and row.lease_until > now
            return TaskFile(
                email=row.address,
                score=score_of(row.rank_at, row.pressing, now),
                due_at=row.due_at,
                holder=row.claimed_by if held else None,
                holder_name=row.colleague if held else None,
                lease_until=row.lease_until if held else None,
                waiting_since=row.waiting_since,
                held_until=row.held_until,
                hold_reason=row.hold_reason,
                not_for=not_for,
                bond=bond(reader, ties),
                notes=await _notes(connection, task),
                ticks=await _ticks(connection, task),
                events=await _events(connection, task),
                log=log,
                stands=log[-1].stage,
                earlier=await _earlier(connection, row.signup_id, row.user_id, row.organisation_number),
                appeal=await _appeal(connection, row.signup_id),
                reversals=await _reversals(connection, row.signup_id),
            )

    async def note(self, id_: UUID, task: UUID, staff: UUID, text: str, now: datetime) -> None:
        """Write a note for colleagues; the same click a second time changes nothing."""
        row = insert(TaskNote).values(id=id_, task_id=task, staff_id=staff, text=text, written_at=now)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing())

    async def tick(self, task: UUID, check: Check, staff: UUID, now: datetime) -> None:
        """Tick a check off; it stays with whoever was first."""
        row = insert(TaskTick).values(task_id=task, check=check, staff_id=staff, ticked_at=now)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing())

    async def untick(self, task: UUID, check: Check) -> None:
        """Take a tick away."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(TaskTick).where(TaskTick.task_id == task, TaskTick.check == check))


async def _notes(connection: AsyncConnection, task: UUID) -> Sequence[Note]:
    query = select(StaffMemberRow.name, TaskNote.text, TaskNote.written_at).join(StaffMemberRow, StaffMemberRow.id == TaskNote.staff_id)
    rows = await connection.execute(query.where(TaskNote.task_id.in_(same_matter(task))).order_by(TaskNote.written_at))
    return [Note(row.name, row.text, row.written_at) for row in rows]


async def _ticks(connection: AsyncConnection, task: UUID) -> Sequence[Tick]:
    query = select(StaffMemberRow.name, TaskTick.check, TaskTick.ticked_at).join(StaffMemberRow, StaffMemberRow.id == TaskTick.staff_id)
    return [Tick(Check(row.check), row.name, row.ticked_at) for row in await connection.execute(query.where(TaskTick.task_id == task))]


async def _events(connection: AsyncConnection, task: UUID) -> Sequence[Event]:
    query = select(TaskEvent, StaffMemberRow.name).join(StaffMemberRow, StaffMemberRow.id == TaskEvent.staff_id, isouter=True)
    rows = await connection.execute(query.where(TaskEvent.task_id == task).order_by(TaskEvent.at, TaskEvent.id))
    return [Event(TaskDeed(row.what), row.at, row.name, row.why) for row in rows]


async def _earlier(connection: AsyncConnection, signup: UUID, user: UUID, organisation_number: str) -> Sequence[Earlier]:
    """List signups before this one, by the same person or for the same company, the newest first, with how they ended."""
    related = (Signup.user_id == user) | (Signup.organisation_number == organisation_number)
    query = select(Signup.id, Signup.user_id, Signup.organisation_number, Signup.started_at).where(related, Signup.id != signup)
    rows = (await connection.execute(query.order_by(Signup.started_at.desc()).limit(MOST_EARLIER))).all()
    found = []
    for row in rows:
        log = await read_process(connection, row.id)
        on = row.started_at.astimezone(OSLO).date()
        same_company = row.organisation_number == organisation_number
        found.append(Earlier(on, row.user_id == user, same_company, log[-1].stage.value if log else ""))
    return found


async def _appeal(connection: AsyncConnection, signup: UUID) -> str | None:
    return await connection.scalar(select(AppealRow.text).where(AppealRow.signup_id == signup, AppealRow.taken_at.is_not(None)))


async def _reversals(connection: AsyncConnection, signup: UUID) -> Sequence[ReversalView]:
    query = (
        select(ReversalRow, StaffMemberRow.name)
        .join(Task, Task.id == ReversalRow.task_id)
        .join(StaffMemberRow, StaffMemberRow.id == ReversalRow.staff_id)
        .where(Task.signup_id == signup)
        .order_by(ReversalRow.at)
    )
    rows = await connection.execute(query)
    return [ReversalView(row.name, ReversalReason(row.reason), Stage(row.from_stage), Stage(row.to_stage), row.at) for row in rows]
