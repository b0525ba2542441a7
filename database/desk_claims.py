"""Who is at which task. Taking, keeping and giving back are PostgreSQL's alone; no process needs to know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_tables import StaffInterest, TaskEvent
from database.desk_ties import ties_of
from database.desk_times import begin_pause, end_pauses, reckon
from database.staff_tables import StaffMemberRow
from database.task_tables import Task
from domain.desk.claims import LEASE, NotInSupport, NotYourTask, TaskDeed, TaskIsTaken, refuse_hold
from domain.desk.clock import Pause, PauseReason
from domain.desk.fairness import refuse_unless_may_decide
from domain.desk.kinds import TaskKind
from domain.desk.reasons import HoldReason
from domain.rulings import NoSuchTask, TaskIsDecided
from domain.staff import StaffMember, StaffRole

_OPEN = Task.closed_at.is_(None)


def queued(now: datetime) -> ColumnElement[bool]:
    """What holds of the tasks that somebody could take: with us, not laid aside, and nobody at them."""
    not_held = or_(Task.held_until.is_(None), Task.held_until <= now)
    unclaimed = or_(Task.claimed_by.is_(None), Task.lease_until <= now)
    return and_(_OPEN, Task.waiting_since.is_(None), not_held, unclaimed)


def fit_for(staff: UUID) -> ColumnElement[bool]:
    """What holds of the tasks that this person may decide, as far as can be told without names."""
    declared = exists().where(StaffInterest.staff_id == staff, StaffInterest.organisation_number == Task.organisation_number)
    return and_(or_(Task.not_for.is_(None), Task.not_for != staff), ~declared)


@dataclass(frozen=True, slots=True)
class DeskClaims:
    """Hands tasks out and takes them back. Each method raises the Refusal that says why not."""

    engine: AsyncEngine

    async def take_next(self, staff: UUID, now: datetime, kinds: Collection[TaskKind] = ()) -> UUID | None:
        """Give the most pressing task that nobody is at to this person, of these kinds or of any; None when nothing waits.

        However many ask at once, no task is given to two.
        """
        condition = and_(queued(now), fit_for(staff), Task.kind.in_(kinds) if kinds else _OPEN)
        first = select(Task.id).where(condition).order_by(Task.rank_at, Task.id).limit(1).with_for_update(skip_locked=True)
        async with self.engine.begin() as connection:
            task = await self._hand_out(connection, first, staff, now)
            if task is not None:
                await tell(connection, task, now, Told(TaskDeed.CLAIMED, staff))
        return task

    async def claim(self, task: UUID, staff: StaffMember, now: datetime, lease: timedelta = LEASE) -> None:
        """Claim a task, or go on being at it. Raises TaskIsTaken, TaskIsDecided, or what speaks against this person's deciding it."""
        async with self.engine.begin() as connection:
            refuse_unless_may_decide(staff, *await ties_of(connection, task))
            mine = Task.claimed_by == staff.id
            free = or_(Task.claimed_by.is_(None), Task.lease_until <= now, mine)
            before = await connection.scalar(select(Task.claimed_by).where(Task.id == task, _OPEN).with_for_update())
            taking = update(Task).where(Task.id == task, _OPEN, free).values(claimed_by=staff.id, lease_until=now + lease)
            if await connection.scalar(taking.returning(Task.id)) is None:
                raise await _why_not(connection, task)
            if before != staff.id:
                await tell(connection, task, now, Told(TaskDeed.CLAIMED, staff.id))

    async def renew(self, task: UUID, staff: UUID, now: datetime) -> bool:
        """Keep a task for somebody whose page is open; False when it is no longer theirs."""
        mine = and_(Task.id == task, _OPEN, Task.claimed_by == staff)
        async with self.engine.begin() as connection:
            renewed = await connection.scalar(update(Task).where(mine).values(lease_until=now + LEASE).returning(Task.id))
        return renewed is not None

    async def release(self, task: UUID, staff: StaffMember, now: datetime) -> None:
        """Put a task back into the queue. Raises NotYourTask, unless a lead does it."""
        async with self.engine.begin() as connection:
            await self._refuse_others(connection, task, staff)
            await connection.execute(update(Task).where(Task.id == task, _OPEN).values(claimed_by=None, lease_until=None))
            await tell(connection, task, now, Told(TaskDeed.RELEASED, staff.id))

    async def give(self, task: UUID, staff: StaffMember, to: UUID, now: datetime) -> None:
        """Give a task to a colleague. Raises NotYourTask, NotInSupport, or what speaks against the colleague's deciding it."""
        async with self.engine.begin() as connection:
            await self._refuse_others(connection, task, staff)
            refuse_unless_may_decide(await _colleague(connection, to), *await ties_of(connection, task))
            await connection.execute(update(Task).where(Task.id == task, _OPEN).values(claimed_by=to, lease_until=now + 4 * LEASE))
            await tell(connection, task, now, Told(TaskDeed.GIVEN, to))

    async def hold(self, task: UUID, staff: StaffMember, until: datetime, reason: HoldReason, now: datetime) -> None:
        """Lay a task aside until a time; it leaves its holder. The clock stands only while the register is down."""
        refuse_hold(until, now)
        async with self.engine.begin() as connection:
            await self._refuse_others(connection, task, staff)
            held = {"held_until": until, "hold_reason": reason, "claimed_by": None, "lease_until": None}
            await connection.execute(update(Task).where(Task.id == task, _OPEN).values(held))
            await end_pauses(connection, task, now, PauseReason.REGISTER_DOWN)
            if reason is HoldReason.REGISTER_DOWN:
                await begin_pause(connection, uuid4(), task, PauseReason.REGISTER_DOWN, Pause(now, until))
            await reckon(connection, task, now)
            await tell(connection, task, now, Told(TaskDeed.HELD, staff.id, reason))

    async def resume(self, task: UUID, staff: StaffMember, now: datetime) -> None:
        """Take up again what was laid aside, before its time; the task is in the queue again."""
        async with self.engine.begin() as connection:
            held = and_(Task.id == task, _OPEN, Task.held_until.is_not(None))
            if await connection.scalar(update(Task).where(held).values(held_until=None, hold_reason=None).returning(Task.id)) is None:
                return
            await end_pauses(connection, task, now, PauseReason.REGISTER_DOWN)
            await reckon(connection, task, now)
            await tell(connection, task, now, Told(TaskDeed.RESUMED, staff.id))

    async def _hand_out(self, connection: AsyncConnection, first: Select[UUID], staff: UUID, now: datetime) -> UUID | None:
        taking = update(Task).where(Task.id == first.scalar_subquery())
        return await connection.scalar(taking.values(claimed_by=staff, lease_until=now + LEASE).returning(Task.id))

    async def _refuse_others(self, connection: AsyncConnection, task: UUID, staff: StaffMember) -> None:
        holder = (await connection.execute(select(Task.claimed_by).where(Task.id == task, _OPEN).with_for_update())).one_or_none()
        if holder is None:
            raise await _why_not(connection, task)
        if holder.claimed_by != staff.id and StaffRole.SUPPORT_LEAD not in staff.roles:
            raise NotYourTask


@dataclass(frozen=True, slots=True)
class Told:
    """What was done with a task, and by whom; for what was given, to whom."""

    what: TaskDeed
    staff: UUID | None = None
    why: str | None = None


async def tell(connection: AsyncConnection, task: UUID, at: datetime, told: Told) -> None:
    """Write down what was done with a task."""
    row = {"id": uuid4(), "task_id": task, "at": at, "what": told.what, "staff_id": told.staff, "why": told.why}
    await connection.execute(insert(TaskEvent).values(row))


async def give_back_all(connection: AsyncConnection, staff: ColumnElement[bool], at: datetime, why: TaskDeed = TaskDeed.ROLE_LOST) -> None:
    """Put everything back into the queue that these people have claimed; they are not in support any more, or have logged out.

    `staff` says of a row of `staff_member` whether it is one of them.
    """
    theirs = select(StaffMemberRow.id).where(staff)
    claimed = update(Task).where(_OPEN, Task.claimed_by.in_(theirs)).values(claimed_by=None, lease_until=None)
    for task in await connection.scalars(claimed.returning(Task.id)):
        await tell(connection, task, at, Told(why))


async def _colleague(connection: AsyncConnection, staff: UUID) -> StaffMember:
    row = (await connection.execute(select(StaffMemberRow).where(StaffMemberRow.id == staff))).one_or_none()
    if row is None or StaffRole.SUPPORT not in row.roles:
        raise NotInSupport
    return StaffMember(row.id, row.name, row.email, frozenset(map(StaffRole, row.roles)))


async def _why_not(connection: AsyncConnection, task: UUID) -> NoSuchTask | TaskIsDecided | TaskIsTaken:
    row = (await connection.execute(select(Task.closed_at).where(Task.id == task))).one_or_none()
    if row is None:
        return NoSuchTask()
    return TaskIsDecided() if row.closed_at is not None else TaskIsTaken()


async def colleagues_in_support(engine: AsyncEngine) -> dict[UUID, str]:
    """List everybody a task can be given to, by name."""
    query = select(StaffMemberRow.id, StaffMemberRow.name).where(StaffMemberRow.roles.contains([StaffRole.SUPPORT.value]))
    async with engine.connect() as connection:
        return {row.id: row.name for row in await connection.execute(query.order_by(func.lower(StaffMemberRow.name)))}
