"""A person asks, is answered, decides; and what was decided is looked at again, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.desk_questions import AnswerDraft, DeskQuestions, FileSent, QuestionDraft
from database.desk_tables import ProfileSuspension, TaskDocument
from database.staff_tables import StaffSession
from database.task_tables import Task
from database.tasks import TaskView, read_task
from domain.desk.conversation import Appeal, CustomerAnswer, NoQuestionStands, Question, Reversal
from domain.desk.documents import DocumentNotTaken, DocumentSafe
from domain.desk.kinds import TaskKind
from domain.desk.reasons import ApprovalReason, QuestionReason, ReversalReason
from domain.ids import SignupId, StaffId, UserId
from domain.rulings import RejectionReason, Ruling, TaskOutcome
from domain.staff import StaffRole
from domain.stages import Stage
from workflows.front_desk.desk import Answer, Done, Refused
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id

from .conftest import BREWERY, NOW, Mailbox, Register, manager, new_colleague, new_user
from .test_company_signup import arrived, new_signup, outcome, stages
from .test_rulings import waiting

SAFE = DocumentSafe({"1": b"k" * 32})
PDF = b"%PDF-1.7\ntrailer <<>>\n%%EOF\n"
BEGINNING = [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON]


@dataclass
class Case:
    """A signup that a person has to look at, and everybody who has to do with it."""

    client: Client
    engine: AsyncEngine
    signup: SignupId
    user: UserId
    task: TaskView
    siri: StaffId
    odd: StaffId
    lead: StaffId
    questions: DeskQuestions = field(init=False)

    def __post_init__(self) -> None:
        self.questions = DeskQuestions(self.engine, SAFE)
        self.desk = SignupDesk(self.client)

    async def ask(self, by: StaffId | None = None) -> tuple[UUID, Answer[None]]:
        """Ask the customer something."""
        question, by = uuid4(), by or self.siri
        draft = QuestionDraft(question, self.task.id, by, QuestionReason.DOCUMENT, "Har du en avtale?", wants_document=True)
        await self.questions.draft_question(draft, NOW)
        return question, await self.desk.ask_for_more(self.signup, Question(self.task.id, by, question), question)

    async def answer(self, question: UUID, by: UserId | None = None) -> Answer[None]:
        """Answer with a text and a document."""
        answer, by = uuid4(), by or self.user
        draft = AnswerDraft(answer, question, by, "Ja, her er den.", [FileSent("avtale.pdf", PDF)])
        await self.questions.draft_answer(draft, NOW)
        return await self.desk.answer(self.signup, CustomerAnswer(by, question, answer), answer)

    async def rule(self, by: StaffId, rejected: RejectionReason | None = None) -> Answer[None]:
        """Decide."""
        ruling = Ruling(self.task.id, by, rejected, None if rejected else ApprovalReason.DOCUMENT)
        return await self.desk.rule(self.signup, ruling, uuid4())

    async def reject(self) -> None:
        """Turn the customer away."""
        assert Done(None) == await self.rule(self.siri, RejectionReason.NOT_CONFIRMED)

    async def appeal(self) -> Answer[None]:
        """Ask for another look."""
        appeal = uuid4()
        await self.questions.draft_appeal(appeal, self.signup, "Jeg jobber der!", NOW)
        return await self.desk.appeal(self.signup, Appeal(self.user, appeal), appeal)

    async def reverse(self, stands: Stage, by: StaffId | None = None) -> Answer[None]:
        """Turn the decision round."""
        reversal = Reversal(self.task.id, by or self.lead, ReversalReason.MISTAKE, stands, uuid4())
        return await self.desk.reverse(self.signup, reversal, reversal.reversal)

    async def come_to(self, *expected: Stage) -> None:
        """Wait until these are the steps since a person had to look."""
        async with asyncio.timeout(10):
            while [*BEGINNING, *expected] != await stages(self.engine, self.signup):  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0.02)

    async def row(self) -> Task:
        """Read the newest task as it is kept."""
        query = select(Task).where(Task.signup_id == self.signup).order_by(Task.opened_at.desc(), Task.closed_at.desc()).limit(1)
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).one()  # type: ignore[return-value]  # a row with a task's columns


@pytest.fixture
def standing_still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Processes that are begun now wait as long as they would in life."""
    with temporal.with_time_skipping_disabled():
        yield


@pytest.fixture
async def case(
    standing_still: None,  # noqa: ARG001 - before it begins
    client: Client,
    engine: AsyncEngine,
    kari: UserId,
    mailbox: Mailbox,
) -> Case:
    """Kari has signed up, the register does not know her, and she has been written to."""
    people = [await new_colleague(engine), await new_colleague(engine, "Odd"), await new_colleague(engine, "Liv", StaffRole.SUPPORT_LEAD)]
    signup, task = await waiting(client, engine, kari)
    await arrived(mailbox)
    return Case(client, engine, signup, kari, task, *people)


async def waiting_task(engine: AsyncEngine) -> TaskView:
    """Find the one task that waits."""
    async with engine.connect() as connection:
        found = (await connection.scalars(select(Task.id).where(Task.closed_at.is_(None)))).one()
    task = await read_task(engine, found)
    assert task is not None
    return task


def refused(answer: Answer[None], code: str) -> bool:
    """Tell whether the process said no, for this reason."""
    return isinstance(answer, Refused) and answer.refusal.code == code


async def test_a_question_is_asked_answered_and_the_profile_opens(case: Case, mailbox: Mailbox) -> None:
    """The third outcome: neither yes nor no, but tell me more."""
    question, asked = await case.ask()
    assert Done(None) == asked
    standing = await case.questions.standing_question(case.signup)
    assert standing is not None
    assert ("Har du en avtale?", None) == (standing.text, standing.answer)
    assert (NOW, None, None) == ((row := await case.row()).waiting_since, row.due_at, row.claimed_by)
    await arrived(mailbox, 2)

    assert Done(None) == await case.answer(question)

    assert await case.questions.standing_question(case.signup) is None
    (told,) = await case.questions.questions_of(case.task.id)
    assert ("Ja, her er den.", ["avtale.pdf"]) == (told.answer, [document.name for document in told.documents])
    opened = await case.questions.document(told.documents[0].id, case.task.id)
    assert opened is not None
    assert PDF == opened[1]
    assert await case.questions.document(told.documents[0].id, uuid4()) is None
    assert Done(None) == await case.rule(case.odd)
    await case.come_to(Stage.CUSTOMER_ASKED, Stage.CUSTOMER_ANSWERED, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED)
    assert ["NeedsAPerson", "QuestionAsked", "Welcome"] == [type(letter.letter).__name__ for letter in await arrived(mailbox, 3)]


@pytest.mark.parametrize("on_duty", [True, False])
async def test_the_answer_goes_back_to_whoever_asked_if_they_are_there(case: Case, *, on_duty: bool) -> None:
    """They know what it is about; but nobody waits for somebody who has gone home."""
    session = {"id_hash": "hash", "staff_id": case.siri, "started_at": NOW, "seen_at": NOW}
    async with case.engine.begin() as connection:
        await connection.execute(insert(StaffSession).values(session if on_duty else session | {"ended_at": NOW}))

    await case.answer((await case.ask())[0])

    row = await case.row()
    assert (case.siri if on_duty else None, ["answered"]) == (row.claimed_by, row.pressing)
    assert row.due_at is not None


async def test_one_question_stands_at_a_time(case: Case) -> None:
    """And it is answered once, by the customer alone."""
    question, _ = await case.ask()

    assert refused((await case.ask(case.odd))[1], "question-stands")
    assert refused(await case.desk.answer(case.signup, CustomerAnswer(UserId(uuid4()), question, uuid4()), uuid4()), "not-your-signup")
    assert refused(await case.desk.answer(case.signup, CustomerAnswer(case.user, question, uuid4()), uuid4()), "no-question-stands")
    assert Done(None) == await case.answer(question)
    assert refused(await case.desk.answer(case.signup, CustomerAnswer(case.user, question, uuid4()), uuid4()), "no-question-stands")
    assert Done(None) == (await case.ask())[1]


async def test_a_document_that_is_none_is_not_taken(case: Case) -> None:
    """Nor is anything else of that answer."""
    question, _ = await case.ask()
    bad = AnswerDraft(uuid4(), question, case.user, "Her", [FileSent("avtale.pdf", PDF), FileSent("x.pdf", b"MZ")])

    with pytest.raises(DocumentNotTaken):
        await case.questions.draft_answer(bad, NOW)

    async with case.engine.connect() as connection:
        assert [] == list(await connection.scalars(select(TaskDocument.id)))


async def test_a_customer_who_was_asked_may_leave(case: Case) -> None:
    """A question is no chain."""
    await case.ask()

    assert Done(None) == await case.desk.withdraw(case.signup, case.user, uuid4())

    await case.come_to(Stage.CUSTOMER_ASKED, Stage.WITHDRAWN)
    await outcome(case.client, case.signup)
    assert refused((await case.ask())[1], "nobody-is-listening")


@pytest.mark.parametrize("end", [Stage.WITHDRAWN, Stage.COMPANY_HAS_PROFILE])
async def test_whoever_is_not_decided_about_leaves_no_documents_behind(case: Case, register: Register, end: Stage) -> None:
    """The customer has gone, or a colleague was faster: what was shown to us is of no use to anybody, and not kept for a day."""
    await case.answer((await case.ask())[0])
    if end is Stage.WITHDRAWN:
        assert Done(None) == await case.desk.withdraw(case.signup, case.user, uuid4())
    else:
        register.holdings.append(manager())
        await case.desk.begin(new_signup(), await new_user(case.engine, confirmed=True), BREWERY)

    assert end is await outcome(case.client, case.signup)
    (told,) = await case.questions.questions_of(case.task.id)
    assert [NOW] == [document.deleted_at for document in told.documents]
    with pytest.raises(NoQuestionStands):
        await case.questions.draft_answer(AnswerDraft(uuid4(), told.id, case.user, "Enda en.", [FileSent("a.pdf", PDF)]), NOW)


async def test_after_a_decision_nothing_is_asked_and_nothing_answered(case: Case) -> None:
    """Whoever was slower is told."""
    question, _ = await case.ask()
    await case.reject()

    assert refused((await case.ask())[1], "task-is-decided")
    told = await case.desk.answer(case.signup, CustomerAnswer(case.user, question, uuid4()), uuid4())
    assert refused(told, "no-question-stands")


async def test_a_rejection_is_looked_at_again_by_somebody_else(case: Case, mailbox: Mailbox) -> None:
    """Once; the first decider is not asked, and the second's word holds."""
    await case.reject()

    await arrived(mailbox, 2)
    assert Done(None) == await case.appeal()
    await arrived(mailbox, 3)

    first, case.task = case.task, await waiting_task(case.engine)
    assert (TaskKind.APPEAL, case.siri) == (case.task.kind, (await case.row()).not_for)
    assert refused(await case.rule(case.siri), "somebody-else-must-decide")
    assert refused(await case.desk.rule(case.signup, Ruling(first.id, case.odd), uuid4()), "no-such-task")
    assert Done(None) == await case.rule(case.odd)
    await case.come_to(Stage.REJECTED, Stage.APPEALED, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED)
    letters = {type(letter.letter).__name__ for letter in await arrived(mailbox, 4)}
    assert {"NeedsAPerson", "EmploymentRejected", "AppealReceived", "Welcome"} == letters


async def test_there_is_one_appeal(case: Case) -> None:
    """After the second no there is none; before the first there is nothing to appeal."""
    assert refused(await case.appeal(), "not-to-be-appealed")
    await case.reject()
    await case.appeal()
    case.task = await waiting_task(case.engine)
    assert Done(None) == await case.rule(case.odd, RejectionReason.NO_LONGER_THERE)

    assert refused(await case.appeal(), "not-to-be-appealed")
    await case.come_to(Stage.REJECTED, Stage.APPEALED, Stage.REJECTED)
    decided = await read_task(case.engine, case.task.id)
    assert decided is not None
    assert (TaskOutcome.REJECTED, "Odd") == (decided.outcome, decided.decided_by_name)


async def suspensions(engine: AsyncEngine) -> list[bool]:
    """Tell of every suspension whether it lasts."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(ProfileSuspension.lifted_at).order_by(ProfileSuspension.suspended_at))
        return [row.lifted_at is None for row in rows]


async def test_a_lead_suspends_what_was_opened_and_lets_it_come_back(case: Case, mailbox: Mailbox) -> None:
    """Never silently, and nothing is taken away."""
    assert Done(None) == await case.rule(case.siri)
    opened = [Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED]
    await case.come_to(*opened)

    assert refused(await case.reverse(Stage.PROFILE_OPENED, case.siri), "only-leads-reverse")
    assert Done(None) == await case.reverse(Stage.PROFILE_OPENED)
    await case.come_to(*opened, Stage.PROFILE_SUSPENDED)
    assert [True] == await suspensions(case.engine)
    assert refused(await case.reverse(Stage.PROFILE_OPENED), "not-to-be-reversed")
    assert Done(None) == await case.reverse(Stage.PROFILE_SUSPENDED)

    await case.come_to(*opened, Stage.PROFILE_SUSPENDED, Stage.PROFILE_OPENED)
    assert [False] == await suspensions(case.engine)
    letters = [type(letter.letter).__name__ for letter in await arrived(mailbox, 4)]
    assert 2 == letters.count("DecisionReversed")


async def test_a_lead_lets_somebody_in_who_was_turned_away(case: Case) -> None:
    """By the same process, in the same log."""
    await case.reject()

    assert Done(None) == await case.reverse(Stage.REJECTED)

    await case.come_to(Stage.REJECTED, Stage.DECISION_REVERSED, Stage.PROFILE_OPENED)


async def test_of_two_leads_one_turns_it_round(case: Case) -> None:
    """The other is told, and it is not turned back by mistake."""
    await case.reject()

    answers = await asyncio.gather(case.reverse(Stage.REJECTED), case.reverse(Stage.REJECTED))

    assert 1 == answers.count(Done(None))
    assert any(refused(answer, "not-to-be-reversed") for answer in answers)


async def test_after_thirty_days_it_is_over_and_the_documents_are_gone(case: Case, temporal: WorkflowEnvironment) -> None:
    """What they were needed for is over; that there were some can still be seen."""
    await case.answer((await case.ask())[0])
    await case.reject()
    handle = case.client.get_workflow_handle(company_signup_id(case.signup), result_type=Stage)

    await temporal.fast_forward(handle, timedelta(days=31))

    assert Stage.REJECTED is await handle.result()
    (told,) = await case.questions.questions_of(case.task.id)
    assert [NOW] == [document.deleted_at for document in told.documents]
    assert await case.questions.document(told.documents[0].id, case.task.id) is None
    assert refused(await case.appeal(), "nobody-is-listening")
