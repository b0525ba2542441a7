"""Time goes by: people are reminded, others are told, and nothing is decided by it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from database.desk_claims import DeskClaims
from database.desk_questions import AnswerDraft, DeskQuestions, QuestionDraft
from database.task_tables import Task
from database.tasks import TaskView, open_tasks
from domain.desk.claims import LEASE
from domain.desk.conversation import CustomerAnswer, Question
from domain.desk.documents import DocumentSafe
from domain.desk.reasons import HoldReason, QuestionReason
from domain.ids import SignupId, UserId
from domain.letters import DeskNotice
from domain.rulings import Ruling
from domain.staff import StaffMember, StaffRole
from domain.stages import Stage
from workflows.company_signup import CompanySignup
from workflows.front_desk.desk import Done
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id

from .conftest import BREWERY, Mailbox, new_colleague
from .test_company_signup import new_signup, stages

WEEK = timedelta(days=7)
BEGINNING = [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON]


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until it is so."""
    async with asyncio.timeout(15):
        while not await look():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.02)


async def begun(temporal: WorkflowEnvironment, engine: AsyncEngine, user: UserId) -> tuple[SignupId, TaskView]:
    """Have a signup wait for a person, in a time that stands still until it is moved."""
    signup = new_signup()
    with temporal.with_time_skipping_disabled():
        await SignupDesk(temporal.client).begin(signup, user, BREWERY)

    async def waits() -> bool:
        return bool(await open_tasks(engine))

    await until(waits)
    (task,) = await open_tasks(engine)
    return signup, task


def handle(client: Client, signup: SignupId) -> WorkflowHandle[CompanySignup, Stage]:
    """Reach a signup's process."""
    return client.get_workflow_handle_for(CompanySignup.run, company_signup_id(signup))


def told(mailbox: Mailbox) -> list[str]:
    """Say which letters have arrived, and to whom notices went."""
    names = []
    for addressed in mailbox.letters.values():
        letter = addressed.letter
        names.append(f"{letter.deadline} to {addressed.address}" if isinstance(letter, DeskNotice) else type(letter).__name__)
    return sorted(names)


async def row_of(engine: AsyncEngine, task: TaskView) -> tuple[object, list[str]]:
    """Read who is at a task and what makes it pressing."""
    async with engine.connect() as connection:
        row = (await connection.execute(select(Task.claimed_by, Task.pressing).where(Task.id == task.id))).one()
    return row.claimed_by, row.pressing


async def test_silence_reminds_then_tells_and_never_decides(
    temporal: WorkflowEnvironment, hurried: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId
) -> None:
    """The holder first, then the leads and everybody in the queue, then the sales rep and the customer; and then somebody decides."""
    siri, _ = await new_colleague(engine), await new_colleague(engine, "Liv", StaffRole.SUPPORT_LEAD)
    signup, task = await begun(temporal, engine, kari)
    member = StaffMember(siri, "Siri", "siri@skranke.example", frozenset({StaffRole.SUPPORT}))
    await DeskClaims(engine).claim(task.id, member, task.opened_at, lease=LEASE)

    await temporal.fast_forward(handle(hurried, signup), 2 * WEEK)

    async def everybody_is_told() -> bool:
        return len(told(mailbox)) == 5

    await until(everybody_is_told)
    expected = ["DecisionLate", "NeedsAPerson", "due to liv@skranke.example", "remind-holder to siri@skranke.example"]
    assert expected == told(mailbox)[:4]
    assert told(mailbox)[4] in {"twice-due to Rolf@skranke.example", "twice-due to Rita@skranke.example"}
    assert (None, ["returned"]) == await row_of(engine, task)
    assert [*BEGINNING, Stage.DECISION_LATE] == await stages(engine, signup)
    assert Done(None) == await SignupDesk(hurried).rule(signup, Ruling(task.id, siri), uuid4())


async def test_a_question_without_answer_rests_and_is_taken_up_again(
    temporal: WorkflowEnvironment, hurried: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId
) -> None:
    """Reminded after two and five working days, laid aside after fifteen; the desk's own clock has stood all the while."""
    siri = await new_colleague(engine)
    signup, task = await begun(temporal, engine, kari)
    questions, desk, question = DeskQuestions(engine, DocumentSafe({"1": b"k" * 32})), SignupDesk(hurried), uuid4()
    draft = QuestionDraft(question, task.id, siri, QuestionReason.WHAT_YOU_DO_THERE, "Hva gjør du?", wants_document=False)
    await questions.draft_question(draft, task.opened_at)
    assert Done(None) == await desk.ask_for_more(signup, Question(task.id, siri, question), question)

    await temporal.fast_forward(handle(hurried, signup), 10 * WEEK)

    async def rests() -> bool:
        return (await stages(engine, signup))[-1] is Stage.LAID_ASIDE and len(told(mailbox)) == 5

    await until(rests)
    assert ["NeedsAPerson", "QuestionAsked", "QuestionAsked", "QuestionAsked", "SignupLaidAside"] == told(mailbox)
    answer = uuid4()
    await questions.draft_answer(AnswerDraft(answer, question, kari, "Jeg selger øl."), task.opened_at)
    assert Done(None) == await desk.answer(signup, CustomerAnswer(kari, question, answer), answer)
    assert [*BEGINNING, Stage.CUSTOMER_ASKED, Stage.LAID_ASIDE, Stage.CUSTOMER_ANSWERED] == await stages(engine, signup)
    assert (None, ["answered"]) == await row_of(engine, task)


async def test_a_hold_while_the_register_is_down_moves_the_deadline(
    temporal: WorkflowEnvironment, hurried: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId
) -> None:
    """Nobody is late with what cannot be done."""
    siri = StaffMember(await new_colleague(engine), "Siri", "siri@skranke.example", frozenset({StaffRole.SUPPORT}))
    await new_colleague(engine, "Liv", StaffRole.SUPPORT_LEAD)
    signup, task = await begun(temporal, engine, kari)
    claims = DeskClaims(engine)
    await claims.claim(task.id, siri, task.opened_at)
    await claims.hold(task.id, siri, task.opened_at + 2 * WEEK, HoldReason.REGISTER_DOWN, task.opened_at)

    await temporal.fast_forward(handle(hurried, signup), 2 * WEEK)
    await asyncio.sleep(0.5)

    assert ["NeedsAPerson"] == told(mailbox)
    assert BEGINNING == await stages(engine, signup)
