"""What the letters of the support desk say, composed at the last moment from what is true then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_tables import AppealRow, DeskNotice, ReversalRow, TaskDeadline, TaskQuestion
from database.tables import Company, SalesRep, Signup, UserAccount
from database.task_tables import Task
from domain.desk.deadlines import Deadline
from domain.desk.reasons import REVERSALS, ReversalReason
from domain.ids import RepId
from domain.languages import Language
from domain.letters import (
    AppealReceived,
    DecisionLate,
    DecisionReversed,
    EmploymentRejected,
    Letter,
    QuestionAsked,
    SalesContact,
    SignupLaidAside,
    Welcome,
)
from domain.letters import DeskNotice as DeskNoticeLetter
from domain.post import LetterKind
from domain.reps import RepTurn, next_rep
from domain.rulings import REASONS, RejectionReason, TaskOutcome
from domain.stages import Stage


async def _company(connection: AsyncConnection, signup: UUID) -> str | None:
    """Find the company's name, or its number where the register has never answered."""
    query = select(Signup.organisation_number, Company.name)
    query = query.join(Company, Company.organisation_number == Signup.organisation_number, isouter=True)
    row = (await connection.execute(query.where(Signup.id == signup))).one_or_none()
    return None if row is None else row.name or row.organisation_number


async def _rejected(connection: AsyncConnection, signup: UUID) -> Letter | None:
    rejections = select(Task.reason).where(Task.signup_id == signup, Task.outcome == TaskOutcome.REJECTED)
    name, reason = await _company(connection, signup), await connection.scalar(rejections.order_by(Task.closed_at.desc()).limit(1))
    if name is None or reason is None:
        return None
    return EmploymentRejected(name, REASONS[RejectionReason(reason)], f"/signup/{signup}", not await _is_appealed(connection, signup))


async def _is_appealed(connection: AsyncConnection, signup: UUID) -> bool:
    appealed = (AppealRow.signup_id == signup) & AppealRow.taken_at.is_not(None)
    return await connection.scalar(select(AppealRow.id).where(appealed)) is not None


async def _asked_at(connection: AsyncConnection, signup: UUID) -> datetime | None:
    """Tell since when a question has no answer; whoever has answered meanwhile is not written to about it."""
    standing = (TaskQuestion.asked_at.is_not(None), TaskQuestion.answered_at.is_(None), Task.closed_at.is_(None))
    query = select(TaskQuestion.asked_at).join(Task, Task.id == TaskQuestion.task_id)
    return await connection.scalar(query.where(Task.signup_id == signup, *standing))


async def _question(connection: AsyncConnection, signup: UUID) -> Letter | None:
    return await _question_letter(connection, signup, reminder=False)


async def _question_reminder(connection: AsyncConnection, signup: UUID) -> Letter | None:
    return await _question_letter(connection, signup, reminder=True)


async def _question_letter(connection: AsyncConnection, signup: UUID, *, reminder: bool) -> Letter | None:
    name, asked = await _company(connection, signup), await _asked_at(connection, signup)
    return QuestionAsked(name, reminder, f"/signup/{signup}") if name and asked else None


async def _laid_aside(connection: AsyncConnection, signup: UUID) -> Letter | None:
    name, asked = await _company(connection, signup), await _asked_at(connection, signup)
    return SignupLaidAside(name, f"/signup/{signup}") if name and asked else None


async def _late(connection: AsyncConnection, signup: UUID) -> Letter | None:
    late = select(Task.id).join(TaskDeadline, TaskDeadline.about == Task.id)
    late = late.where(Task.signup_id == signup, Task.closed_at.is_(None), TaskDeadline.deadline == Deadline.TWICE_DUE)
    name = await _company(connection, signup)
    return DecisionLate(name, f"/signup/{signup}") if name and await connection.scalar(late) else None


async def _appeal_received(connection: AsyncConnection, signup: UUID) -> Letter | None:
    name = await _company(connection, signup)
    return AppealReceived(name, f"/signup/{signup}") if name else None


async def _reversed(connection: AsyncConnection, signup: UUID) -> Letter | None:
    reversals = select(ReversalRow.reason, ReversalRow.to_stage).join(Task, Task.id == ReversalRow.task_id)
    latest = reversals.where(Task.signup_id == signup).order_by(ReversalRow.at.desc()).limit(1)
    name, row = await _company(connection, signup), (await connection.execute(latest)).one_or_none()
    if name is None or row is None:
        return None
    is_open = row.to_stage != Stage.PROFILE_SUSPENDED
    return DecisionReversed(name, is_open, REVERSALS[ReversalReason(row.reason)], f"/signup/{signup}")


async def _notice(connection: AsyncConnection, notice: UUID) -> Letter | None:
    query = (
        select(DeskNotice.deadline, DeskNotice.rep_id, Task.id, Task.signup_id, Task.organisation_number)
        .join(Task, Task.id == DeskNotice.task_id)
        .where(DeskNotice.id == notice, Task.closed_at.is_(None))
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    name = await _company(connection, row.signup_id) or row.organisation_number
    # Sales has no key to the desk, so their way leads to what is theirs.
    path = "/staff" if row.rep_id else f"/support/tasks/{row.id}"
    return DeskNoticeLetter(name, row.organisation_number, row.deadline, path)


DESK_LETTERS: Mapping[LetterKind, Callable[[AsyncConnection, UUID], Awaitable[Letter | None]]] = {
    LetterKind.REJECTED: _rejected,
    LetterKind.QUESTION: _question,
    LetterKind.QUESTION_REMINDER: _question_reminder,
    LetterKind.LAID_ASIDE: _laid_aside,
    LetterKind.DECISION_LATE: _late,
    LetterKind.APPEAL_RECEIVED: _appeal_received,
    LetterKind.DECISION_REVERSED: _reversed,
    LetterKind.DESK_NOTICE: _notice,
}


async def preview(engine: AsyncEngine, task: UUID, letter: LetterKind, reason: str | None = None) -> tuple[Letter, Language] | None:
    """Compose the letter that a decision would send, in its reader's language, before it is taken; None when there is no such task.

    Can show WELCOME, REJECTED with its reason, and QUESTION. WELCOME names the sales rep whose turn it is now, and leads to the status
    page: the company's own page is not there yet.
    """
    query = select(Task.signup_id, UserAccount.language).join(Signup, Signup.id == Task.signup_id)
    query = query.join(UserAccount, UserAccount.id == Signup.user_id).where(Task.id == task)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
        name = await _company(connection, row.signup_id) if row else None
        if row is None or name is None:
            return None
        may_appeal = not await _is_appealed(connection, row.signup_id)
        contact = await _contact_to_come(connection)
    path = f"/signup/{row.signup_id}"
    letters: dict[LetterKind, Callable[[], Letter]] = {
        LetterKind.WELCOME: lambda: Welcome(name, path, contact),
        LetterKind.REJECTED: lambda: EmploymentRejected(name, REASONS[RejectionReason(reason or "")], path, may_appeal),
        LetterKind.QUESTION: lambda: QuestionAsked(name, reminder=False, path=path),
    }
    return letters[letter](), Language(row.language)


async def _contact_to_come(connection: AsyncConnection) -> SalesContact | None:
    query = select(SalesRep.id, SalesRep.last_assigned_at, SalesRep.name, SalesRep.email, SalesRep.phone).where(SalesRep.active)
    reps = {RepId(row.id): row for row in await connection.execute(query)}
    turn = next_rep([RepTurn(rep, row.last_assigned_at) for rep, row in reps.items()])
    return None if turn is None else SalesContact(reps[turn].name, reps[turn].email, reps[turn].phone)


async def preview_reversal(engine: AsyncEngine, task: UUID, stands: Stage, reason: ReversalReason) -> tuple[Letter, Language] | None:
    """Compose the letter that a reversal of what `stands` would send, before it is done; None when there is no such task."""
    found = await preview(engine, task, LetterKind.QUESTION)
    if found is None or not isinstance(found[0], QuestionAsked):
        return None
    opens = stands is not Stage.PROFILE_OPENED
    return DecisionReversed(found[0].company_name, opens, REVERSALS[reason], found[0].path), found[1]
