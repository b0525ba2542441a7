"""What the register could not confirm is decided by a person, once, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import count, islice
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from database.staff_tables import StaffMemberRow
from database.tasks import TaskView, open_tasks, read_task
from domain.ids import SignupId, StaffId, UserId
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from domain.rulings import NoSuchTask, RejectionReason, Ruling, TaskIsDecided, TaskOutcome
from domain.signups import CHANGED_COMPANY, SignupIsDecided
from domain.stages import Actor, Stage
from workflows.front_desk.desk import Answer, Done, NotRecorded, Received, Refused
from workflows.front_desk.signups import SignupDesk

from .conftest import BREWERY, NOW, Mailbox, Register, manager, new_user
from .test_company_signup import arrived, new_signup, outcome, stages, view

SIRI, ODD = StaffId(uuid4()), StaffId(uuid4())


@pytest.fixture(autouse=True)
async def colleagues(engine: AsyncEngine) -> None:
    """Two people in support."""
    async with engine.begin() as connection:
        for colleague, name in ((SIRI, "Siri"), (ODD, "Odd")):
            await connection.execute(
                insert(StaffMemberRow).values(
                    id=colleague, issuer="https://id.example", subject=name, name=name, email="", roles=["support"], last_login_at=NOW
                )
            )


def companies() -> Iterator[OrganisationNumber]:
    """Name one company after the other."""
    for number in count(310_000_000):
        with suppress(Refusal):
            yield OrganisationNumber.parse(str(number))


async def waiting(client: Client, engine: AsyncEngine, user: UserId, company: OrganisationNumber = BREWERY) -> tuple[SignupId, TaskView]:
    """Bring a signup to where a person has to look at it."""
    signup = new_signup()
    await SignupDesk(client).begin(signup, user, company)
    async with asyncio.timeout(30):
        while True:
            task = next((task for task in await open_tasks(engine) if task.signup_id == signup), None)
            if task is not None:
                return signup, task
            await asyncio.sleep(0.02)


def approval(task: TaskView, by: StaffId = SIRI) -> Ruling:
    """Let somebody in."""
    return Ruling(task.id, by)


def rejection(task: TaskView, by: StaffId = ODD) -> Ruling:
    """Turn somebody away."""
    return Ruling(task.id, by, RejectionReason.OTHER_COMPANY)


async def test_a_task_says_what_support_has_to_know(client: Client, engine: AsyncEngine, register: Register, kari: UserId) -> None:
    """Who says that they work where, and why the register could not confirm it."""
    register.holdings.append(manager(role="VARA"))

    _, task = await waiting(client, engine, kari)

    assert ("Kari Anne Nordmann", "FJELLBRYGG AS") == (task.person.full, task.company_name)
    assert ("role-not-allowed", "VARA", None) == (task.reason, task.role_code, task.outcome)


async def test_an_approval_opens_the_profile(client: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId) -> None:
    """A person's yes is worth as much as the register's, and the log says whose it was."""
    signup, task = await waiting(client, engine, kari)

    answer = await SignupDesk(client).rule(signup, approval(task), uuid4())

    assert Done(None) == answer
    assert await outcome(client, signup) is Stage.PROFILE_OPENED
    assert [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED] == await stages(engine, signup)
    assert Actor.SUPPORT is (await view(engine, signup)).log[2].actor
    decided = await read_task(engine, task.id)
    assert decided is not None
    assert (TaskOutcome.APPROVED, SIRI, "Siri") == (decided.outcome, decided.decided_by, decided.decided_by_name)
    assert ["NeedsAPerson", "Welcome"] == [type(letter.letter).__name__ for letter in await arrived(mailbox, 2)]


async def test_a_rejection_says_why(client: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId) -> None:
    """Nobody is turned away without a reason, in the ledger and in the letter."""
    signup, task = await waiting(client, engine, kari)

    assert Done(None) == await SignupDesk(client).rule(signup, rejection(task), uuid4())

    assert await outcome(client, signup) is Stage.REJECTED
    last = (await view(engine, signup)).log[-1]
    assert (Stage.REJECTED, "other-company") == (last.stage, last.why)
    assert ["NeedsAPerson", "EmploymentRejected"] == [type(letter.letter).__name__ for letter in await arrived(mailbox, 2)]
    assert [] == await open_tasks(engine)


async def test_a_decision_for_another_task_is_refused(client: Client, engine: AsyncEngine, kari: UserId) -> None:
    """A page that has been open for days must not decide on something else."""
    signup, task = await waiting(client, engine, kari)

    answer = await SignupDesk(client).rule(signup, Ruling(uuid4(), SIRI), uuid4())

    assert isinstance(answer, Refused)
    assert isinstance(answer.refusal, NoSuchTask)
    assert await read_task(engine, task.id) == task


async def said(word: Callable[[UUID], Awaitable[Answer[None]]]) -> Answer[None]:
    """Say something until it is taken down, as a page asks people to."""
    click = uuid4()
    while isinstance(answer := await word(click), NotRecorded):
        pass
    return answer


async def race(client: Client, engine: AsyncEngine, user: UserId, pair: str, company: OrganisationNumber = BREWERY) -> None:
    """Let two opposing words meet, and see that exactly one counted."""
    signup, task = await waiting(client, engine, user, company)
    desk = SignupDesk(client)
    words: dict[str, Callable[[UUID], Awaitable[Answer[None]]]] = {
        "approve": lambda click: desk.rule(signup, approval(task), click),
        "reject": lambda click: desk.rule(signup, rejection(task), click),
        "withdraw": lambda click: desk.withdraw(signup, user, click),
    }
    names = pair.split("/")

    answers = dict(zip(names, await asyncio.gather(*(said(words[name]) for name in names)), strict=True))

    # On a busy machine the winner may be told that what it said was received and is being written down.
    won = [name for name, answer in answers.items() if isinstance(answer, Done | Received)]
    assert 1 == len(won), answers
    (lost,) = (answer for name, answer in answers.items() if name not in won)
    assert isinstance(lost, Refused)
    assert lost.refusal.code in {TaskIsDecided.code, SignupIsDecided.code, "nobody-is-listening"}
    ended = {"approve": Stage.PROFILE_OPENED, "reject": Stage.REJECTED, "withdraw": Stage.WITHDRAWN}[won[0]]
    assert await outcome(client, signup) in {ended, Stage.COMPANY_HAS_PROFILE if ended is Stage.PROFILE_OPENED else ended}
    decided = await read_task(engine, task.id)
    assert decided is not None
    outcomes = {"approve": TaskOutcome.APPROVED, "reject": TaskOutcome.REJECTED, "withdraw": TaskOutcome.WITHDRAWN}
    assert outcomes[won[0]] is decided.outcome


PAIRS = ["approve/reject", "approve/withdraw", "reject/withdraw", "withdraw/approve", "reject/approve"]


@pytest.mark.parametrize("pair", PAIRS)
async def test_of_two_opposing_words_one_counts(client: Client, engine: AsyncEngine, pair: str) -> None:
    """Whoever is first decides; the other is told, and nothing is done twice."""
    for _ in range(3):
        await race(client, engine, await new_user(engine, confirmed=True), pair)


@pytest.mark.soak
@pytest.mark.parametrize("pair", PAIRS[:3])
async def test_of_two_opposing_words_one_counts_a_thousand_times(client: Client, engine: AsyncEngine, pair: str) -> None:
    """What is only nearly always right is wrong. Each is about a company of its own, or a third party would win."""
    gate = asyncio.Semaphore(8)

    async def one(company: OrganisationNumber) -> None:
        async with gate:
            await race(client, engine, await new_user(engine, confirmed=True), pair, company)

    async with asyncio.TaskGroup() as races:
        for company in islice(companies(), 1000):
            races.create_task(one(company))


async def test_when_the_profile_opens_the_others_are_told(client: Client, engine: AsyncEngine, register: Register, kari: UserId) -> None:
    """Whoever waits for a person need not wait on: the company has a profile, whose administrator can let them in."""
    signup, task = await waiting(client, engine, kari)
    register.holdings.append(manager())
    first = new_signup()
    await SignupDesk(client).begin(first, await new_user(engine, confirmed=True), BREWERY)

    assert await outcome(client, signup) is Stage.COMPANY_HAS_PROFILE
    assert await outcome(client, first) is Stage.PROFILE_OPENED
    closed = await read_task(engine, task.id)
    assert closed is not None
    assert (TaskOutcome.PROFILE_EXISTS, None) == (closed.outcome, closed.decided_by)


async def test_whoever_names_another_company_leaves_the_first(client: Client, engine: AsyncEngine, kari: UserId) -> None:
    """The wrong company is put right in one step, and the queue does not keep what nobody wants any more."""
    signup, task = await waiting(client, engine, kari)
    second = new_signup()

    answer = await SignupDesk(client).begin(second, kari, type(BREWERY).parse("311263315"), instead_of=signup)

    assert Done(None) == answer
    assert await outcome(client, signup) is Stage.WITHDRAWN
    last = (await view(engine, signup)).log[-1]
    assert (Stage.WITHDRAWN, CHANGED_COMPANY) == (last.stage, last.why)
    assert task.id not in {open_task.id for open_task in await open_tasks(engine)}
    assert Stage.COMPANY_NAMED is (await stages(engine, second))[0]


async def test_a_decided_signup_does_not_make_way(client: Client, engine: AsyncEngine, kari: UserId, mailbox: Mailbox) -> None:
    """Between the page and the click it may have been approved: then that stands, and the new one is told."""
    signup, task = await waiting(client, engine, kari)
    await SignupDesk(client).rule(signup, approval(task), uuid4())
    await outcome(client, signup)
    second = new_signup()

    await SignupDesk(client).begin(second, kari, type(BREWERY).parse("311263315"), instead_of=signup)

    await arrived(mailbox, 3)
    assert [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON] == await stages(engine, second)
