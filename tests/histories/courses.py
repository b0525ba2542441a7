"""The courses our processes take: each is played once and its history kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select, update

from database.addresses import current_address
from database.company_pages import signup_view
from database.desk_questions import AnswerDraft, DeskQuestions, QuestionDraft
from database.tables import EmailAddress, Letter
from database.tasks import open_tasks
from domain.company import CompanyIsBankrupt
from domain.desk.conversation import Appeal, CustomerAnswer, Question, Reversal
from domain.desk.documents import DocumentSafe
from domain.desk.reasons import ApprovalReason, QuestionReason, ReversalReason
from domain.ids import SignupId, StaffId, UserId
from domain.letters import ConfirmEmail
from domain.post import AddressedLetter
from domain.rulings import RejectionReason, Ruling
from domain.staff import StaffRole
from domain.stages import Stage
from tests.histories import going, hands, ways_in
from tests.histories.played import Played
from tests.workflows.conftest import BORN, BREWERY, KARI, NOW, manager, new_address, new_colleague, new_user
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.desk import Done
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id, email_confirmation_id, letter_id

# What must not be found in any history: everything by which the one who played can be told from others.
PERSONAL = (KARI.given, KARI.family, KARI.given.split()[0], BORN.isoformat(), "company.example", "FJELLBRYGG", "Storgata")

Found = TypeVar("Found")

# Plays a course to its end and says the id of its workflow.
Course = Callable[[Played], Awaitable[str]]


async def _begun(world: Played, user: UserId | None = None) -> tuple[SignupId, UserId]:
    user = user or await new_user(world.engine, confirmed=True)
    signup = SignupId(uuid4())
    await SignupDesk(world.client).begin(signup, user, BREWERY)
    return signup, user


async def _once(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """Look again and again until there is something to be seen."""
    async with asyncio.timeout(20):
        while not (found := await look()):  # noqa: ASYNC110 - what is waited for happens in other programs
            await asyncio.sleep(0.02)
    return found


async def _until(world: Played, signup: SignupId, stage: Stage) -> None:
    async def reached() -> bool:
        seen = await signup_view(world.engine, signup)
        return seen is not None and seen.log[-1].stage is stage

    await _once(reached)


async def opened(world: Played) -> str:
    """The register vouches for the customer."""
    world.register.holdings.append(manager())
    return company_signup_id((await _begun(world))[0])


async def withdrawn(world: Played) -> str:
    """A person would have had to look at it, but the customer takes it back."""
    signup, user = await _begun(world)
    await _until(world, signup, Stage.NEEDS_A_PERSON)
    await SignupDesk(world.client).withdraw(signup, user, uuid4())
    return company_signup_id(signup)


async def withdrawn_while_the_register_is_silent(world: Played) -> str:
    """Nobody has to wait for the register in order to leave."""
    world.register.silent = 1000
    signup, user = await _begun(world)
    await _until(world, signup, Stage.REGISTER_SILENT)
    await SignupDesk(world.client).withdraw(signup, user, uuid4())
    return company_signup_id(signup)


async def company_refused(world: Played) -> str:
    """The company has gone bankrupt."""
    world.register.refusal = CompanyIsBankrupt()
    return company_signup_id((await _begun(world))[0])


async def opened_after_the_register_was_silent(world: Played) -> str:
    """The register is away for longer than people wait without a word."""
    world.register.silent = 6
    return await opened(world)


async def company_has_profile(world: Played) -> str:
    """Somebody else of the same company was first."""
    await world.client.get_workflow_handle(await opened(world)).result()
    return company_signup_id((await _begun(world))[0])


async def signup_already_open(world: Played) -> str:
    """The customer has another signup under way."""
    first, user = await _begun(world)
    await _until(world, first, Stage.NEEDS_A_PERSON)
    second, _ = await _begun(world, user)
    return company_signup_id(second)


async def _ruled(world: Played, rejected: RejectionReason | None = None) -> str:
    signup, _ = await _begun(world)
    await _until(world, signup, Stage.NEEDS_A_PERSON)
    (task,) = await open_tasks(world.engine)
    await SignupDesk(world.client).rule(signup, Ruling(task.id, await new_colleague(world.engine), rejected), uuid4())
    return company_signup_id(signup)


async def approved_by_a_person(world: Played) -> str:
    """Support knows better than the register."""
    return await _ruled(world)


async def rejected_by_a_person(world: Played) -> str:
    """Support finds that the customer works elsewhere."""
    return await _ruled(world, RejectionReason.OTHER_COMPANY)


async def overtaken_by_a_colleague(world: Played) -> str:
    """While a person would have looked at it, a colleague opens the profile."""
    waiting, _ = await _begun(world)
    await _until(world, waiting, Stage.NEEDS_A_PERSON)
    await world.client.get_workflow_handle(await opened(world)).result()
    return company_signup_id(waiting)


async def opened_instead_of_another(world: Played) -> str:
    """The customer named the wrong company first."""
    first, user = await _begun(world)
    await _until(world, first, Stage.NEEDS_A_PERSON)
    world.register.holdings.append(manager())
    second = SignupId(uuid4())
    await SignupDesk(world.client).begin(second, user, BREWERY, first)
    return company_signup_id(second)


async def _looked_at(world: Played) -> tuple[SignupId, UserId, UUID]:
    """Bring a signup to a person, in a time that stands still until it is moved."""
    with world.temporal.with_time_skipping_disabled():
        signup, user = await _begun(world)
    await _until(world, signup, Stage.NEEDS_A_PERSON)
    (task,) = await open_tasks(world.engine)
    return signup, user, task.id


async def _run_out(world: Played, signup: SignupId) -> str:
    """Let the time go by in which a decision can be looked at again."""
    await world.temporal.fast_forward(world.client.get_workflow_handle(company_signup_id(signup)), timedelta(days=31))
    return company_signup_id(signup)


async def _asked(world: Played) -> tuple[SignupId, UserId, UUID, StaffId, UUID, DeskQuestions]:
    """Bring a signup to a person who asks for more."""
    signup, user, task = await _looked_at(world)
    siri, question, questions = await new_colleague(world.engine), uuid4(), DeskQuestions(world.engine, DocumentSafe({"1": b"k" * 32}))
    draft = QuestionDraft(question, task, siri, QuestionReason.WHAT_YOU_DO_THERE, "Hva gjør du der?", wants_document=False)
    await questions.draft_question(draft, NOW)
    assert Done(None) == await SignupDesk(world.client).ask_for_more(signup, Question(task, siri, question), question)
    return signup, user, task, siri, question, questions


async def asked_and_answered(world: Played) -> str:
    """Support wants to know more, and is satisfied with the answer."""
    signup, user, task, siri, question, questions = await _asked(world)
    desk, answer = SignupDesk(world.client), uuid4()
    await questions.draft_answer(AnswerDraft(answer, question, user, "Jeg selger øl."), NOW)
    assert Done(None) == await desk.answer(signup, CustomerAnswer(user, question, answer), answer)
    assert Done(None) == await desk.rule(signup, Ruling(task, siri, approved=ApprovalReason.OTHER), uuid4())
    return await _run_out(world, signup)


async def asked_and_withdrawn(world: Played) -> str:
    """Support wants to know more, and the customer would rather not go on; what they may have sent goes at once."""
    signup, user, *_ = await _asked(world)
    assert Done(None) == await SignupDesk(world.client).withdraw(signup, user, uuid4())
    return company_signup_id(signup)


async def appealed_and_approved(world: Played) -> str:
    """The first no was wrong, says the second to look."""
    signup, user, task = await _looked_at(world)
    desk, siri, odd, appeal = SignupDesk(world.client), await new_colleague(world.engine), await new_colleague(world.engine, "Odd"), uuid4()
    await desk.rule(signup, Ruling(task, siri, RejectionReason.NOT_CONFIRMED), uuid4())
    await DeskQuestions(world.engine, DocumentSafe({"1": b"k" * 32})).draft_appeal(appeal, signup, "Jeg jobber der!", NOW)
    assert Done(None) == await desk.appeal(signup, Appeal(user, appeal), appeal)
    (second,) = await open_tasks(world.engine)
    assert Done(None) == await desk.rule(signup, Ruling(second.id, odd, approved=ApprovalReason.OTHER), uuid4())
    return await _run_out(world, signup)


async def suspended_by_a_lead(world: Played) -> str:
    """The yes was wrong, says a lead, and then that it was right after all."""
    signup, _, task = await _looked_at(world)
    desk, lead = SignupDesk(world.client), await new_colleague(world.engine, "Liv", StaffRole.SUPPORT_LEAD)
    await desk.rule(signup, Ruling(task, lead, approved=ApprovalReason.OTHER), uuid4())
    await _until(world, signup, Stage.PROFILE_OPENED)
    for stands in (Stage.PROFILE_OPENED, Stage.PROFILE_SUSPENDED):
        turned = Reversal(task, lead, ReversalReason.MISTAKE, stands, uuid4())
        assert Done(None) == await desk.reverse(signup, turned, turned.reversal)
    return await _run_out(world, signup)


async def _letter(world: Played) -> tuple[ConfirmationDesk, UserId, ConfirmEmail]:
    """Begin a confirmation whose clock stands still, and open its letter."""
    desk, user = ConfirmationDesk(world.client), await new_user(world.engine)
    current = await current_address(world.engine, user)
    assert current is not None
    with world.temporal.with_time_skipping_disabled():
        await desk.begin(user, current.id, uuid4())
    return desk, user, await _newest_letter(world)


async def _newest_letter(world: Played, count: int = 1) -> ConfirmEmail:
    async def arrived() -> list[AddressedLetter]:
        return list(world.mailbox.letters.values())[count - 1 :]

    letter = (await _once(arrived))[-1].letter
    assert isinstance(letter, ConfirmEmail)
    return letter


async def confirmed_by_code(world: Played) -> str:
    """Six digits, at the first try."""
    desk, user, letter = await _letter(world)
    assert Done(None) == await desk.type_code(user, letter.code, uuid4())
    return email_confirmation_id(user)


async def confirmed_by_link(world: Played) -> str:
    """The button behind the letter's link."""
    desk, user, letter = await _letter(world)
    assert Done(None) == await desk.press_link(user, letter.path.rsplit("/", 1)[-1], uuid4())
    return email_confirmation_id(user)


async def confirmed_after_wrong_codes(world: Played) -> str:
    """Five wrong codes are too many, and a new letter brings a new code."""
    desk, user, letter = await _letter(world)
    for _ in range(5):
        await desk.type_code(user, f"{(int(letter.code) + 1) % 1_000_000:06}", uuid4())
    current = await current_address(world.engine, user)
    assert current is not None
    await desk.send_again(user, current.id, uuid4())
    assert Done(None) == await desk.type_code(user, (await _newest_letter(world, 2)).code, uuid4())
    return email_confirmation_id(user)


async def confirmed_after_the_address_changed(world: Played) -> str:
    """The first address was mistyped."""
    desk, user, _ = await _letter(world)
    async with world.engine.begin() as connection:
        await connection.execute(update(EmailAddress).where(EmailAddress.user_id == user).values(replaced_at=NOW))
    await desk.begin(user, await new_address(world.engine, user), uuid4())
    assert Done(None) == await desk.type_code(user, (await _newest_letter(world, 2)).code, uuid4())
    return email_confirmation_id(user)


async def never_confirmed(world: Played) -> str:
    """Nobody ever answers, not even the reminder."""
    user = await new_user(world.engine)
    current = await current_address(world.engine, user)
    assert current is not None
    await ConfirmationDesk(world.client).begin(user, current.id, uuid4())
    return email_confirmation_id(user)


async def sent(world: Played) -> str:
    """The mail server takes the letter."""
    await world.client.get_workflow_handle(await opened(world)).result()

    async def arrived() -> list[UUID]:
        return list(world.mailbox.letters)

    return letter_id((await _once(arrived))[0])


async def given_up(world: Played) -> str:
    """The mail server is away for longer than we try."""
    world.mailbox.away = True
    user = await new_user(world.engine)
    current = await current_address(world.engine, user)
    assert current is not None
    await ConfirmationDesk(world.client).begin(user, current.id, uuid4())

    async def ordered() -> UUID | None:
        async with world.engine.connect() as connection:
            return await connection.scalar(select(Letter.key).where(Letter.user_id == user).order_by(Letter.ordered_at).limit(1))

    return letter_id(await _once(ordered))


COURSES: Mapping[str, tuple[Course, ...]] = {
    "CompanySignup": (
        opened,
        withdrawn,
        withdrawn_while_the_register_is_silent,
        company_refused,
        opened_after_the_register_was_silent,
        company_has_profile,
        signup_already_open,
        approved_by_a_person,
        rejected_by_a_person,
        overtaken_by_a_colleague,
        opened_instead_of_another,
        asked_and_answered,
        asked_and_withdrawn,
        appealed_and_approved,
        suspended_by_a_lead,
    ),
    "EmailConfirmation": (
        confirmed_by_code,
        confirmed_by_link,
        confirmed_after_wrong_codes,
        confirmed_after_the_address_changed,
        never_confirmed,
    ),
    "Letter": (sent, given_up),
    "AccountDeletion": going.FAREWELLS,
    "Invitation": ways_in.INVITATIONS,
    "JoinRequest": ways_in.REQUESTS,
    "EmploymentReview": hands.CLAIMS,
    "MembershipRecovery": hands.RECOVERIES,
}
