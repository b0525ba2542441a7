"""What a deadline brings about at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from database.desk_claims import Told, tell
from database.desk_tables import DeskNotice, TaskDeadline
from database.desk_times import press
from database.staff_tables import StaffMemberRow
from database.tables import Profile, SalesRep
from database.task_tables import Task
from domain.desk.claims import TaskDeed
from domain.desk.deadlines import Deadline
from domain.desk.priority import Pressing
from domain.ids import RepId, derived
from domain.reps import RepTurn, next_rep
from domain.staff import StaffRole


async def bring_about(connection: AsyncConnection, task: UUID, about: UUID, deadline: Deadline, at: datetime) -> Sequence[UUID]:
    """Write a deadline down and do what it brings about, once; lists the notices that are to be sent for it, each time the same."""
    first = insert(TaskDeadline).values(about=about, deadline=deadline, reached_at=at).on_conflict_do_nothing()
    if await connection.scalar(first.returning(TaskDeadline.about)) is not None:
        match deadline:
            case Deadline.REMIND_HOLDER:
                await _notify(connection, task, deadline, staff=await _holder(connection, task))
            case Deadline.DUE:
                await _return(connection, task, at)
                await _notify(connection, task, deadline, staff=await _leads(connection))
            case Deadline.TWICE_DUE:
                await _notify(connection, task, deadline, rep=await _rep(connection, task))
            case Deadline.REMIND_CUSTOMER | Deadline.REMIND_CUSTOMER_AGAIN | Deadline.LAY_ASIDE:
                pass
    notices = select(DeskNotice.id).where(DeskNotice.task_id == task, DeskNotice.deadline == deadline).order_by(DeskNotice.id)
    return list(await connection.scalars(notices))


async def _notify(connection: AsyncConnection, task: UUID, deadline: Deadline, staff: Sequence[UUID] = (), rep: UUID | None = None) -> None:
    about = {"task_id": task, "deadline": deadline}
    rows = [{"id": derived(str(task), f"{deadline} {reader}"), "staff_id": reader, "rep_id": None} for reader in staff]
    rows += [{"id": derived(str(task), f"{deadline} {rep}"), "staff_id": None, "rep_id": rep}] if rep else []
    for row in rows:
        await connection.execute(insert(DeskNotice).values(about | row).on_conflict_do_nothing())


async def _return(connection: AsyncConnection, task: UUID, at: datetime) -> None:
    """Put a task back into the queue, before everything that has not come back yet."""
    holder = await connection.scalar(select(Task.claimed_by).where(Task.id == task).with_for_update())
    await connection.execute(update(Task).where(Task.id == task).values(claimed_by=None, lease_until=None))
    await press(connection, task, Pressing.RETURNED, at)
    await tell(connection, task, at, Told(TaskDeed.RETURNED, holder))


async def _holder(connection: AsyncConnection, task: UUID) -> Sequence[UUID]:
    holder = await connection.scalar(select(Task.claimed_by).where(Task.id == task))
    return [holder] if holder is not None else []


async def _leads(connection: AsyncConnection) -> Sequence[UUID]:
    leads = select(StaffMemberRow.id).where(StaffMemberRow.roles.contains([StaffRole.SUPPORT_LEAD.value]))
    return list(await connection.scalars(leads.order_by(StaffMemberRow.id)))


async def _rep(connection: AsyncConnection, task: UUID) -> UUID | None:
    """Find the company's own rep, else the one whose turn it would be."""
    own = (
        select(Profile.sales_rep_id)
        .join(Task, Task.organisation_number == Profile.organisation_number)
        .where(Task.id == task, Profile.closed_at.is_(None), Profile.sales_rep_id.is_not(None))
    )
    rep = await connection.scalar(own)
    if rep is not None:
        return rep
    rows = await connection.execute(select(SalesRep.id, SalesRep.last_assigned_at).where(SalesRep.active))
    return next_rep([RepTurn(RepId(row.id), row.last_assigned_at) for row in rows])
