"""The desk's ledger: what processes write down of questions, answers, deadlines, appeals and reversals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_deadlines import bring_about
from database.desk_tables import AppealRow, ReversalRow, TaskAnswer, TaskDocument, TaskPause, TaskQuestion
from database.desk_ties import ties_of
from database.desk_times import begin_pause, end_pauses, press, reckon
from database.reopening import open_again
from database.sessions import SESSION_LIVES, live
from database.staff import STAFF_IDLES
from database.staff_tables import StaffMemberRow, StaffSession
from database.stage_log import write_step
from database.suspensions import let_come_back, suspend
from database.task_tables import Task
from database.tasks import open_task
from domain.clock import Clock
from domain.desk.claims import LEASE_FOR_ANSWER
from domain.desk.clock import Pause, PauseReason
from domain.desk.conversation import Appeal, CustomerAnswer, NoQuestionStands, NotToBeReversed, Question, QuestionStands, Reversal
from domain.desk.deadlines import Deadline
from domain.desk.fairness import OnlyLeadsReverse, refuse_unless_may_reverse
from domain.desk.kinds import TaskKind
from domain.desk.priority import Pressing
from domain.ids import ProfileId, SignupId
from domain.rulings import NoSuchTask
from domain.staff import StaffMember, StaffRole
from domain.stages import Stage, Step


@dataclass(frozen=True, slots=True)
class OpenTimes:
    """What a task's deadlines follow from; `question` has no answer yet."""

    kind: TaskKind
    opened_at: datetime
    pauses: tuple[Pause, ...]
    question: UUID | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskLedger:
    """Writes the desk's work down, each step in one transaction. Whether somebody is on duty is told by the wall clock."""

    engine: AsyncEngine
    wall_clock: Clock

    async def take_question(self, said: Question, step: Step, at: datetime) -> None:
        """Let a drafted question stand, and give the customer the ball. Raises QuestionStands or NoSuchTask."""
        async with self.engine.begin() as connection:
            row = await _question(connection, said.question, said.task)
            if row.asked_at is not None:
                return
            if await connection.scalar(select(TaskQuestion.id).where(TaskQuestion.task_id == said.task, *_STANDS)) is not None:
                raise QuestionStands
            await connection.execute(update(TaskQuestion).where(TaskQuestion.id == said.question).values(asked_at=at))
            away = {"waiting_since": at, "claimed_by": None, "lease_until": None, "held_until": None, "hold_reason": None}
            await connection.execute(update(Task).where(Task.id == said.task, Task.closed_at.is_(None)).values(away))
            await end_pauses(connection, said.task, at, PauseReason.REGISTER_DOWN)
            await begin_pause(connection, said.question, said.task, PauseReason.CUSTOMER, Pause(at))
            await reckon(connection, said.task, at)
            await write_step(connection, step, at)

    async def take_answer(self, said: CustomerAnswer, task: UUID, step: Step, at: datetime) -> None:
        """Keep which answer it is, and put the task back: to whoever asked if they are on duty. Raises NoQuestionStands."""
        async with self.engine.begin() as connection:
            row = await _question(connection, said.question, task)
            if row.answer_id == said.answer:
                return
            if row.asked_at is None or row.answered_at is not None or not await _is_drafted(connection, said):
                raise NoQuestionStands
            answered = update(TaskQuestion).where(TaskQuestion.id == said.question)
            await connection.execute(answered.values(answered_at=at, answer_id=said.answer))
            back: dict[str, object] = {"waiting_since": None}
            if await self._is_on_duty(connection, row.staff_id):
                back |= {"claimed_by": row.staff_id, "lease_until": at + LEASE_FOR_ANSWER}
            await connection.execute(update(Task).where(Task.id == task, Task.closed_at.is_(None)).values(back))
            await end_pauses(connection, task, at, PauseReason.CUSTOMER)
            await press(connection, task, Pressing.ANSWERED, at)
            await write_step(connection, step, at)

    async def times(self, task: UUID) -> OpenTimes | None:
        """Read what a task's deadlines follow from; None when it is closed."""
        async with self.engine.connect() as connection:
            query = select(Task.kind, Task.opened_at).where(Task.id == task, Task.closed_at.is_(None))
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            pauses = await connection.execute(select(TaskPause.since, TaskPause.until).where(TaskPause.task_id == task))
            standing = select(TaskQuestion.id, TaskQuestion.asked_at).where(TaskQuestion.task_id == task, *_STANDS)
            question = (await connection.execute(standing)).one_or_none()
        read = tuple(Pause(pause.since, pause.until) for pause in pauses)
        asked = (question.id, question.asked_at) if question else (None, None)
        return OpenTimes(TaskKind(row.kind), row.opened_at, read, *asked)

    async def reach(self, task: UUID, about: UUID, deadline: Deadline, at: datetime) -> Sequence[UUID]:
        """Write down that a deadline is reached and do what it brings about at the desk; lists the notices to be sent for it."""
        async with self.engine.begin() as connection:
            return await bring_about(connection, task, about, deadline, at)

    async def note(self, step: Step, at: datetime) -> None:
        """Add a step to the log."""
        async with self.engine.begin() as connection:
            await write_step(connection, step, at)

    async def open_appeal(self, said: Appeal, task: UUID, not_for: UUID, step: Step, at: datetime) -> None:
        """Open a task for another person and the signup with it. Raises SignupAlreadyOpen or CompanyHasProfile."""
        async with self.engine.begin() as connection:
            if await connection.scalar(select(Task.id).where(Task.id == task)) is not None:
                return
            await open_again(connection, SignupId(step.process_id))
            mine = (AppealRow.id == said.appeal) & (AppealRow.signup_id == step.process_id)
            await connection.execute(update(AppealRow).where(mine).values(taken_at=at))
            await write_step(connection, step, at)
            await open_task(connection, task, step, at, kind=TaskKind.APPEAL, not_for=not_for)

    async def reverse(self, said: Reversal, profile: ProfileId | None, step: Step, at: datetime) -> None:
        """Keep the reversal; suspend the profile, let it come back, or open the signup again so that one can be opened.

        Raises OnlyLeadsReverse, BelongsToCompany, NotToBeReversed, SignupAlreadyOpen or CompanyHasProfile.
        """
        async with self.engine.begin() as connection:
            if await connection.scalar(select(ReversalRow.id).where(ReversalRow.id == said.reversal)) is not None:
                return
            await _refuse_reversal(connection, said, at)
            row = {"id": said.reversal, "task_id": said.task, "staff_id": said.by, "reason": said.reason, "at": at}
            await connection.execute(insert(ReversalRow).values(row | {"from_stage": said.stands, "to_stage": step.stage}))
            if profile is not None and step.stage is Stage.PROFILE_SUSPENDED:
                await suspend(connection, said.reversal, profile, said.reason, at)
            elif profile is not None:
                await let_come_back(connection, profile, at)
            else:
                await open_again(connection, SignupId(step.process_id))
            await write_step(connection, step, at)

    async def forget_documents(self, signup: SignupId, at: datetime) -> None:
        """Delete what the documents of a signup contain. That there were some remains to be seen."""
        answers = (
            select(TaskAnswer.id)
            .join(TaskQuestion, TaskQuestion.id == TaskAnswer.question_id)
            .join(Task, Task.id == TaskQuestion.task_id)
            .where(Task.signup_id == signup)
        )
        kept = TaskDocument.answer_id.in_(answers) & TaskDocument.content.is_not(None)
        async with self.engine.begin() as connection:
            await connection.execute(update(TaskDocument).where(kept).values(content=None, deleted_at=at))

    async def _is_on_duty(self, connection: AsyncConnection, staff: UUID) -> bool:
        """Tell whether somebody is in support and logged in."""
        current = live(StaffSession, self.wall_clock.now(), idles=STAFF_IDLES, lives=SESSION_LIVES)
        in_support = StaffMemberRow.roles.contains([StaffRole.SUPPORT.value])
        query = select(StaffSession.id_hash).join(StaffMemberRow, StaffMemberRow.id == StaffSession.staff_id)
        return await connection.scalar(query.where(StaffMemberRow.id == staff, in_support, *current).limit(1)) is not None


_STANDS = (TaskQuestion.asked_at.is_not(None), TaskQuestion.answered_at.is_(None))


async def _question(connection: AsyncConnection, question: UUID, task: UUID) -> Row[UUID, datetime | None, datetime | None, UUID | None]:
    asked = (TaskQuestion.staff_id, TaskQuestion.asked_at, TaskQuestion.answered_at, TaskQuestion.answer_id)
    query = select(*asked).where(TaskQuestion.id == question, TaskQuestion.task_id == task).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NoSuchTask
    return row


async def _is_drafted(connection: AsyncConnection, said: CustomerAnswer) -> bool:
    drafted = (TaskAnswer.id == said.answer, TaskAnswer.question_id == said.question, TaskAnswer.user_id == said.by)
    return await connection.scalar(select(TaskAnswer.id).where(*drafted)) is not None


async def _refuse_reversal(connection: AsyncConnection, said: Reversal, at: datetime) -> None:
    lead = (await connection.execute(select(StaffMemberRow).where(StaffMemberRow.id == said.by))).one_or_none()
    decided_at = await connection.scalar(select(Task.closed_at).where(Task.id == said.task, Task.decided_by.is_not(None)))
    if lead is None:
        raise OnlyLeadsReverse
    if decided_at is None:
        raise NotToBeReversed
    ties, _ = await ties_of(connection, said.task)
    refuse_unless_may_reverse(StaffMember(lead.id, lead.name, lead.email, frozenset(map(StaffRole, lead.roles))), ties, decided_at, at)
