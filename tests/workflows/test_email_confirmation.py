"""An e-mail address is confirmed, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.addresses import address_left, current_address, give_address
from database.tables import CodeTry
from domain.conversations import NobodyIsListening
from domain.email_address import EmailAddress
from domain.email_confirmation import CodeHasExpired, CodeIsReplaced, CodeIsWrong, LinkHasExpired, LinkIsWrong, TooManyLetters, TooManyTries
from domain.ids import AddressId, UserId
from domain.letters import AddressReplaced, ConfirmEmail
from domain.refusals import Refusal
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.desk import Answer, Done, Refused
from workflows.names import email_confirmation_id

from .conftest import NOW, Mailbox, SetClock, new_address, new_user

CLICK = UUID(int=1)


@pytest.fixture
async def user(engine: AsyncEngine) -> UserId:
    """Somebody who has given an address and not confirmed it."""
    return await new_user(engine)


@pytest.fixture
async def desk(client: Client, engine: AsyncEngine, user: UserId, temporal: WorkflowEnvironment) -> ConfirmationDesk:
    """The confirmation has begun, and its clock stands still unless a test moves it."""
    desk = ConfirmationDesk(client)
    with temporal.with_time_skipping_disabled():
        assert Done(None) == await desk.begin(user, await address_of(engine, user), uuid4())
    return desk


async def address_of(engine: AsyncEngine, user: UserId) -> AddressId:
    """Find the address the user has now."""
    current = await current_address(engine, user)
    assert current is not None
    return current.id


async def confirmed(engine: AsyncEngine, user: UserId) -> bool:
    """Tell whether the user's address is confirmed."""
    current = await current_address(engine, user)
    assert current is not None
    return current.confirmed


async def newest(mailbox: Mailbox, count: int = 1) -> ConfirmEmail:
    """Wait for so many letters and open the last."""
    async with asyncio.timeout(10):
        while len(mailbox.letters) < count:  # noqa: ASYNC110 - letters travel in processes of their own
            await asyncio.sleep(0.02)
    letter = list(mailbox.letters.values())[-1].letter
    assert isinstance(letter, ConfirmEmail)
    return letter


def refused(answer: Answer[None]) -> Refusal:
    """Take the refusal out of an answer."""
    assert isinstance(answer, Refused), answer
    return answer.refusal


def token_of(letter: ConfirmEmail) -> str:
    """Take the token out of the link."""
    return letter.path.rsplit("/", 1)[-1]


def another(code: str) -> str:
    """Make a code that is wrong."""
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_the_form_that_begins_a_confirmation_may_be_sent_twice(
    client: Client, engine: AsyncEngine, mailbox: Mailbox, user: UserId, temporal: WorkflowEnvironment
) -> None:
    """The server may die between taking the form and answering; a second letter would make the code in the first one worthless."""
    desk, address, click = ConfirmationDesk(client), await address_of(engine, user), uuid4()
    with temporal.with_time_skipping_disabled():
        assert [Done(None)] * 2 == [await desk.begin(user, address, click) for _ in range(2)]
        letter = await newest(mailbox)
        assert Done(None) == await desk.type_code(user, letter.code, uuid4())

    assert 1 == len(mailbox.letters)


async def test_the_code_from_the_letter_confirms(desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, user: UserId) -> None:
    """Typing six digits is the way that works when the mail is read on another device."""
    answer = await desk.type_code(user, (await newest(mailbox)).code, uuid4())

    assert Done(None) == answer
    assert await confirmed(engine, user)


async def test_the_link_confirms_and_confirms_again(desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, user: UserId) -> None:
    """Somebody presses twice, or in two tabs at once: it is confirmed, and nobody sees an error."""
    token = token_of(await newest(mailbox))

    answers = await asyncio.gather(*(desk.press_link(user, token, uuid4()) for _ in range(2)))

    assert Done(None) in answers
    assert all(answer == Done(None) or isinstance(refused(answer), NobodyIsListening) for answer in answers)
    assert await confirmed(engine, user)


async def test_five_wrong_codes_are_enough(desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, user: UserId) -> None:
    """A million codes cannot be tried; the person is told how many tries are left, and what to do then."""
    right = (await newest(mailbox)).code

    refusals = [refused(await desk.type_code(user, another(right), uuid4())) for _ in range(5)]

    assert ["4", "3", "2", "1"] == [refusal.facts["tries_left"] for refusal in refusals[:4]]
    assert all(isinstance(refusal, CodeIsWrong) for refusal in refusals[:4])
    assert isinstance(refusals[4], TooManyTries)
    assert isinstance(refused(await desk.type_code(user, right, uuid4())), TooManyTries)
    assert not await confirmed(engine, user)


async def test_a_click_said_twice_is_one_try(desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, user: UserId) -> None:
    """A double click must not cost two tries."""
    wrong, click = another((await newest(mailbox)).code), uuid4()

    answers = await asyncio.gather(*(desk.type_code(user, wrong, click) for _ in range(4)))

    assert ["4"] * 4 == [refused(answer).facts["tries_left"] for answer in answers]
    async with engine.connect() as connection:
        assert 1 == len((await connection.execute(select(CodeTry.id))).all())


async def test_a_code_lives_a_quarter_of_an_hour_and_the_link_a_day(
    desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, clock: SetClock, user: UserId
) -> None:
    """An old code is refused in its own words, and the link in the same letter still works."""
    letter = await newest(mailbox)
    clock.moment += timedelta(minutes=15)

    assert isinstance(refused(await desk.type_code(user, letter.code, uuid4())), CodeHasExpired)
    clock.moment += timedelta(hours=24)
    assert isinstance(refused(await desk.press_link(user, token_of(letter), uuid4())), LinkHasExpired)
    clock.moment -= timedelta(hours=23)
    assert Done(None) == await desk.press_link(user, token_of(letter), uuid4())
    assert await confirmed(engine, user)


async def test_a_new_letter_takes_the_place_of_the_old(desk: ConfirmationDesk, mailbox: Mailbox, user: UserId, engine: AsyncEngine) -> None:
    """Only one letter counts, so an old one found by somebody else is worth nothing."""
    old = await newest(mailbox)
    assert Done(None) == await desk.send_again(user, await address_of(engine, user), uuid4())
    new = await newest(mailbox, 2)

    assert isinstance(refused(await desk.press_link(user, token_of(old), uuid4())), CodeIsReplaced)
    assert isinstance(refused(await desk.type_code(user, old.code, uuid4())), CodeIsWrong)
    assert Done(None) == await desk.type_code(user, new.code, uuid4())


async def test_three_letters_an_hour_are_enough(
    desk: ConfirmationDesk, mailbox: Mailbox, clock: SetClock, user: UserId, engine: AsyncEngine
) -> None:
    """Nobody's mailbox is flooded through us."""
    address = await address_of(engine, user)
    for _ in range(2):
        assert Done(None) == await desk.send_again(user, address, uuid4())

    fourth = refused(await desk.send_again(user, address, uuid4()))

    assert isinstance(fourth, TooManyLetters)
    assert "60" == fourth.facts["minutes"]
    clock.moment += timedelta(minutes=61)
    assert Done(None) == await desk.send_again(user, address, uuid4())
    await newest(mailbox, 4)


async def test_another_address_starts_over(desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, user: UserId) -> None:
    """The letter to the mistyped address confirms nothing any more."""
    old = await newest(mailbox)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("update email_address set replaced_at = given_at")
    address = await new_address(engine, user)

    assert Done(None) == await desk.begin(user, address, uuid4())
    new = await newest(mailbox, 2)
    assert isinstance(refused(await desk.press_link(user, token_of(old), uuid4())), CodeIsReplaced)
    assert Done(None) == await desk.type_code(user, new.code, uuid4())
    assert await confirmed(engine, user)


async def test_the_old_address_is_told_of_the_new_one(
    desk: ConfirmationDesk, engine: AsyncEngine, mailbox: Mailbox, user: UserId, temporal: WorkflowEnvironment
) -> None:
    """Whoever takes over somebody's session does not move their letters away unseen; and whoever takes it back has the last word."""
    assert Done(None) == await desk.type_code(user, (await newest(mailbox)).code, uuid4())
    old, new = await address_of(engine, user), AddressId(uuid4())
    await give_address(engine, user, EmailAddress.parse("thief@elsewhere.example"), new, NOW)
    with temporal.with_time_skipping_disabled():
        for _ in range(2):
            assert Done(None) == await desk.begin(user, new, CLICK, await address_left(engine, user))
        async with asyncio.timeout(10):
            while len(mailbox.letters) < 3:  # noqa: ASYNC110 - letters travel in processes of their own
                await asyncio.sleep(0.02)

    told = [(type(sent.letter), sent.address) for sent in list(mailbox.letters.values())[1:]]
    assert {(ConfirmEmail, "thief@elsewhere.example"), (AddressReplaced, f"{user}@company.example")} == set(told)
    assert 2 == len(told)
    await give_address(engine, user, EmailAddress.parse(f"{user}@company.example"), old, NOW)
    assert await address_left(engine, user) is None


async def test_a_made_up_link_is_refused(desk: ConfirmationDesk, user: UserId) -> None:
    """Nobody gets in by guessing."""
    assert isinstance(refused(await desk.press_link(user, "A" * 64, uuid4())), LinkIsWrong)


async def test_somebody_who_goes_quiet_is_reminded_once_and_then_left_alone(
    client: Client, engine: AsyncEngine, mailbox: Mailbox, user: UserId
) -> None:
    """One reminder is a service, more are a nuisance; whoever comes back later gets a new letter."""
    desk = ConfirmationDesk(client)
    address = await address_of(engine, user)
    await desk.begin(user, address, uuid4())

    ended_confirmed = await client.get_workflow_handle(email_confirmation_id(user), result_type=bool).result()

    assert not ended_confirmed
    async with asyncio.timeout(10):
        while len(mailbox.letters) < 2:  # noqa: ASYNC110 - letters travel in processes of their own
            await asyncio.sleep(0.02)
    assert ["ConfirmEmail", "EmailReminder"] == [type(letter.letter).__name__ for letter in mailbox.letters.values()]
    assert Done(None) == await desk.send_again(user, address, uuid4())
