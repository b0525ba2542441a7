"""The queue of what people here have to look at: opening, closing, listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_times import TaskClock, end_pauses, read_clock
from database.staff_tables import StaffMemberRow
from database.tables import Company, EmploymentEvidence, Signup, UserAccount
from database.task_tables import Task
from domain.desk.kinds import TaskKind
from domain.desk.priority import Pressing
from domain.names import PersonName
from domain.rulings import Ruling, TaskOutcome
from domain.stages import Step

# The register's names are in many languages, and none of them is to be stemmed.
SEARCHED_AS: ColumnElement[str] = literal_column("'simple'::regconfig")
MOST_SHOWN = 200


def same_matter(task: UUID) -> Select[UUID]:
    """Find all tasks of a task's signup, itself among them: whoever looks again sees what was asked, shown and noted the first time."""
    signup = select(Task.signup_id).where(Task.id == task).scalar_subquery()
    return select(Task.id).where(Task.signup_id == signup)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as support sees it: who says that they work where, why the register could not confirm it, and how it ended."""

    id: UUID
    kind: TaskKind
    signup_id: UUID
    organisation_number: str
    company_name: str | None
    person: PersonName
    birth_date: date
    reason: str
    role_code: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: TaskOutcome | None
    rejected: str | None
    decided_by: UUID | None
    decided_by_name: str | None


async def open_task(  # noqa: PLR0913 - a task is all of this
    connection: AsyncConnection, task: UUID, step: Step, at: datetime, *, kind: TaskKind = TaskKind.EMPLOYMENT, not_for: UUID | None = None
) -> None:
    """Put a signup in the queue; a second time changes nothing."""
    pressing = frozenset({Pressing.APPEAL} if kind is TaskKind.APPEAL else ())
    clock = TaskClock(kind, at, ())
    name = select(Company.name).where(Company.organisation_number == step.organisation_number).scalar_subquery()
    words = func.to_tsvector(SEARCHED_AS, func.concat_ws(" ", step.organisation_number, name))
    row = insert(Task).values(
        id=task,
        kind=kind,
        signup_id=step.process_id,
        organisation_number=step.organisation_number,
        opened_at=at,
        search=words,
        due_at=clock.due(),
        rank_at=clock.rank(pressing, at),
        pressing=sorted(pressing),
        not_for=not_for,
    )
    await connection.execute(row.on_conflict_do_nothing(index_elements=[Task.id]))


async def close_task(connection: AsyncConnection, signup: UUID, outcome: TaskOutcome, at: datetime, ruling: Ruling | None = None) -> None:
    """Take a signup out of the queue, with who decided it when a person did. What is closed stays as it is."""
    task = await connection.scalar(select(Task.id).where(Task.signup_id == signup, Task.closed_at.is_(None)))
    if task is None:
        return
    clock = await read_clock(connection, task)
    await end_pauses(connection, task, at)
    ended = {"closed_at": at, "outcome": outcome, "claimed_by": None, "lease_until": None, "held_until": None, "hold_reason": None}
    took = {"took_seconds": clock.spent(at) // timedelta(seconds=1), "on_time": clock.in_time(at)}
    decided = {"decided_by": ruling.by, "reason": ruling.rejected or ruling.approved, **took} if ruling else {}
    waiting = (Task.id == task) & Task.closed_at.is_(None)
    await connection.execute(update(Task).where(waiting).values(waiting_since=None, **ended, **decided))


async def open_tasks(engine: AsyncEngine) -> Sequence[TaskView]:
    """List what waits, what has waited longest first."""
    query = _tasks().where(Task.closed_at.is_(None)).order_by(Task.opened_at).limit(MOST_SHOWN)
    async with engine.connect() as connection:
        return [_view(row) for row in await connection.execute(query)]


async def read_task(engine: AsyncEngine, task: UUID) -> TaskView | None:
    """Read one task, or None when there is none of this id."""
    async with engine.connect() as connection:
        row = (await connection.execute(_tasks().where(Task.id == task))).one_or_none()
    return _view(row) if row else None


def _tasks() -> Select[Task, str, str, str, date, str, str | None, str]:
    return (
        select(
            Task,
            Company.name,
            UserAccount.given_name,
            UserAccount.family_name,
            UserAccount.birth_date,
            EmploymentEvidence.reason.label("why"),
            EmploymentEvidence.role_code,
            StaffMemberRow.name.label("colleague"),
        )
        .join(Signup, Signup.id == Task.signup_id)
        .join(UserAccount, UserAccount.id == Signup.user_id)
        .join(EmploymentEvidence, EmploymentEvidence.signup_id == Signup.id)
        .join(Company, Company.organisation_number == Task.organisation_number, isouter=True)
        .join(StaffMemberRow, StaffMemberRow.id == Task.decided_by, isouter=True)
    )


def _view(row: Row[Task, str, str, str, date, str, str | None, str]) -> TaskView:
    return TaskView(
        id=row.id,
        kind=TaskKind(row.kind),
        signup_id=row.signup_id,
        organisation_number=row.organisation_number,
        company_name=row.name,
        person=PersonName(row.given_name, row.family_name),
        birth_date=row.birth_date,
        reason=row.why,
        role_code=row.role_code,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=TaskOutcome(row.outcome) if row.outcome else None,
        rejected=row.reason if row.outcome == TaskOutcome.REJECTED else None,
        decided_by=row.decided_by,
        decided_by_name=row.colleague,
    )
