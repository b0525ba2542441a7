"""Confirming an address and sending letters, on real Temporal and real PostgreSQL, over real SMTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.addresses import CurrentAddress, current_address, give_address
from database.letters import LetterBook
from database.tables import Letter as LetterRow
from domain.email_address import EmailAddress
from domain.email_confirmation import CodeHasExpired, CodeIsReplaced, CodeIsWrong, LinkHasExpired, TooManyLetters, TooManyTries
from domain.ids import AddressId, UserId
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from gateways.clock import SystemClock
from gateways.letters import Sender, render_letter
from gateways.mail import Mail, MailServer
from stand_ins.mail_catcher import Letter, Letters, Moods, catching
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.desk import Answer, Done, Refused
from workflows.front_desk.letters import LetterDesk
from workflows.names import email_confirmation_id, letter_id

from .conftest import SECRETS, SetClock, new_user

SENDER = Sender("http://127.0.0.1:8000", "support@skranke.example", "+47 23 00 00 00")
A_WHILE = 20


@dataclass
class Office:
    """The mail server, and what it has caught."""

    smtp: str
    letters: Letters
    moods: Moods
    seen: set[str] = field(default_factory=set)

    async def newest(self, count: int = 1) -> Letter:
        """Wait until so many different letters have arrived, and open the last."""
        async with asyncio.timeout(A_WHILE):
            while len(self.message_ids()) < count:  # noqa: ASYNC110 - letters travel in processes of their own
                await asyncio.sleep(0.02)
        return self.letters.to()[-1]

    def message_ids(self) -> Sequence[str]:
        """The letters that arrived, each once however often it came."""
        return list(dict.fromkeys(message_id(letter) for letter in self.letters.to()))


def message_id(letter: Letter) -> str:
    """What a mailbox knows a letter by."""
    return next(value for name, value in letter.headers if name == "Message-ID")


def code_in(letter: Letter) -> str:
    """Find the six digits."""
    found = re.search(r"^\d{6}$", letter.text, re.MULTILINE)
    assert found, letter.text
    return found[0]


def token_in(letter: Letter) -> str:
    """Find the token of the link."""
    found = re.search(r"/email/link/(\S+)", letter.text)
    assert found, letter.text
    return found[1]


def another(code: str) -> str:
    """Make a code that is wrong."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def refused(answer: Answer[None]) -> Refusal:
    """Take the refusal out of an answer."""
    assert isinstance(answer, Refused), answer
    return answer.refusal


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A mail server in a good mood."""
    letters, moods = Letters(), Moods()
    async with catching(letters, moods) as smtp:
        yield Office(smtp, letters, moods)


@pytest.fixture
def mailbox(office: Office) -> Mail:
    """What the worker sends with."""
    render = partial(render_letter, sender=SENDER)
    return Mail(MailServer.parse(office.smtp), "Skranke <no-reply@skranke.example>", "skranke.example", render, SystemClock())


@pytest.fixture
async def user(engine: AsyncEngine) -> UserId:
    """Somebody who has given an address and not confirmed it."""
    return await new_user(engine)


async def address_of(engine: AsyncEngine, user: UserId) -> CurrentAddress:
    """Read the address the user has now."""
    current = await current_address(engine, user)
    assert current
    return current


async def until_marked(engine: AsyncEngine, user: UserId) -> CurrentAddress:
    """Wait until the address is known to be undeliverable."""
    async with asyncio.timeout(A_WHILE):
        while not (await address_of(engine, user)).undeliverable:  # noqa: ASYNC110 - letters travel in processes of their own
            await asyncio.sleep(0.02)
    return await address_of(engine, user)


@pytest.fixture
def desk(client: Client) -> ConfirmationDesk:
    """The way to the process."""
    return ConfirmationDesk(client)


async def begin(desk: ConfirmationDesk, engine: AsyncEngine, user: UserId, temporal: WorkflowEnvironment) -> AddressId:
    """Begin the confirmation, whose clock stands still."""
    address = (await address_of(engine, user)).id
    with temporal.with_time_skipping_disabled():
        assert Done(None) == await desk.begin(user, address, uuid4())
    return address


@pytest.fixture
async def begun(desk: ConfirmationDesk, engine: AsyncEngine, user: UserId, temporal: WorkflowEnvironment) -> AddressId:
    """The address of a confirmation that has begun."""
    return await begin(desk, engine, user, temporal)


async def order(client: Client, engine: AsyncEngine, user: UserId, kind: LetterKind = LetterKind.EMAIL_REMINDER) -> LetterOrder:
    """Order a letter about the user's address, as a process would."""
    ordered = LetterOrder(uuid4(), kind, user, (await address_of(engine, user)).id)
    async with engine.begin() as connection:
        row = {"key": ordered.key, "kind": kind.value, "user_id": user, "about": ordered.about, "ordered_at": SetClock().now()}
        await connection.execute(insert(LetterRow).values(row))
    await LetterDesk(client).set_going(ordered)
    return ordered


async def arrived(client: Client, ordered: LetterOrder) -> None:
    """Wait for the end of a letter's process."""
    async with asyncio.timeout(120):
        await client.get_workflow_handle(letter_id(ordered.key)).result()


@pytest.mark.usefixtures("begun")
async def test_the_code_works_five_times_and_a_quarter_of_an_hour(
    desk: ConfirmationDesk, office: Office, user: UserId, clock: SetClock, engine: AsyncEngine
) -> None:
    """The whole life of a letter: wrong codes, an old code, the link after it, and the confirmed address."""
    letter = await office.newest()
    code = code_in(letter)
    for left in ("4", "3", "2", "1"):
        wrong = refused(await desk.type_code(user, another(code), uuid4()))
        assert (CodeIsWrong, left) == (type(wrong), wrong.facts["tries_left"])
    assert isinstance(refused(await desk.type_code(user, another(code), uuid4())), TooManyTries)
    assert isinstance(refused(await desk.type_code(user, code, uuid4())), TooManyTries)
    clock.moment += timedelta(minutes=15)
    assert isinstance(refused(await desk.type_code(user, code, uuid4())), CodeHasExpired)
    clock.moment += timedelta(hours=23, minutes=44)

    assert Done(None) == await desk.press_link(user, token_in(letter), uuid4())
    assert (await address_of(engine, user)).confirmed


async def test_a_link_lives_a_day(desk: ConfirmationDesk, office: Office, user: UserId, clock: SetClock, begun: AddressId) -> None:
    """And a new letter brings a new one."""
    letter = await office.newest()
    clock.moment += timedelta(hours=24)
    assert isinstance(refused(await desk.press_link(user, token_in(letter), uuid4())), LinkHasExpired)
    assert Done(None) == await desk.send_again(user, begun, uuid4())

    assert Done(None) == await desk.press_link(user, token_in(await office.newest(2)), uuid4())


async def test_three_letters_an_hour_and_only_the_newest_counts(
    desk: ConfirmationDesk, office: Office, user: UserId, clock: SetClock, begun: AddressId
) -> None:
    """Whoever is impatient gets three; the fourth comes when the hour is over."""
    old = await office.newest()
    for _ in range(2):
        assert Done(None) == await desk.send_again(user, begun, uuid4())
    assert isinstance(refused(await desk.send_again(user, begun, uuid4())), TooManyLetters)
    newest = await office.newest(3)
    assert isinstance(refused(await desk.press_link(user, token_in(old), uuid4())), CodeIsReplaced)
    clock.moment += timedelta(hours=1)
    assert Done(None) == await desk.send_again(user, begun, uuid4())

    assert 4 == len({code_in(letter) for letter in [old, newest, await office.newest(4), *office.letters.to()]})


async def test_who_goes_quiet_is_reminded_once(
    client: Client, desk: ConfirmationDesk, office: Office, user: UserId, engine: AsyncEngine
) -> None:
    """A day later, by a letter of its own that leads back to the page."""
    await desk.begin(user, (await address_of(engine, user)).id, uuid4())
    ended_confirmed = await client.get_workflow_handle(email_confirmation_id(user), result_type=bool).result()
    reminder = await office.newest(2)

    assert not ended_confirmed
    assert "/email/code" in reminder.text
    assert 2 == len(office.message_ids())


async def test_a_bounce_is_seen_and_another_address_starts_over(
    desk: ConfirmationDesk, office: Office, user: UserId, engine: AsyncEngine, temporal: WorkflowEnvironment
) -> None:
    """The mistyped address is marked, the right one is not, and its letter confirms it."""
    mistyped = (await address_of(engine, user)).address
    office.moods.bouncing.add(mistyped)
    await begin(desk, engine, user, temporal)
    marked = await until_marked(engine, user)
    given = await give_address(engine, user, EmailAddress.parse("kari@fjordbrus.example"), AddressId(uuid4()), SetClock().now())
    assert Done(None) == await desk.begin(user, given, uuid4())
    assert Done(None) == await desk.type_code(user, code_in(await office.newest()), uuid4())
    now = await address_of(engine, user)

    assert not marked.confirmed
    assert ("kari@fjordbrus.example", True, False) == (now.address, now.confirmed, now.undeliverable)
    assert ["kari@fjordbrus.example"] == office.letters.to()[-1].to


async def test_the_same_address_can_be_tried_anew(office: Office, user: UserId, engine: AsyncEngine, client: Client) -> None:
    """A mailbox that was closed may be open again; only then is it confirmed anew."""
    before = await address_of(engine, user)
    same = EmailAddress.parse(before.address)
    assert before.id == await give_address(engine, user, same, AddressId(uuid4()), SetClock().now())
    office.moods.bouncing.add(before.address)
    await arrived(client, await order(client, engine, user))
    click = AddressId(uuid4())

    assert click == await give_address(engine, user, same, click, SetClock().now())
    assert click == await give_address(engine, user, same, click, SetClock().now())
    assert not (await address_of(engine, user)).undeliverable


async def test_a_later_letter_that_gets_through_takes_the_mark_away(
    client: Client, office: Office, user: UserId, engine: AsyncEngine
) -> None:
    """The address is well again, so nobody is warned any longer."""
    address = (await address_of(engine, user)).address
    office.moods.bouncing.add(address)
    await arrived(client, await order(client, engine, user))
    assert (await address_of(engine, user)).undeliverable
    office.moods.bouncing.clear()
    await arrived(client, await order(client, engine, user))

    assert not (await address_of(engine, user)).undeliverable


async def test_a_bounce_of_an_old_address_does_not_mark_the_new_one(client: Client, user: UserId, engine: AsyncEngine) -> None:
    """The letter tells only of where it went, though its reader has given another address while it was on its way."""
    old = await address_of(engine, user)
    ordered = await order(client, engine, user)
    await arrived(client, ordered)
    await give_address(engine, user, EmailAddress.parse("kari@fjordbrus.example"), AddressId(uuid4()), SetClock().now())
    await LetterBook(engine, SECRETS).refused(ordered.key, old.id, SetClock().now())

    assert not (await address_of(engine, user)).undeliverable


async def test_a_server_that_is_busy_counts_as_nothing(client: Client, office: Office, user: UserId, engine: AsyncEngine) -> None:
    """451 five times, and the letter arrives once; nobody is told of it."""
    office.moods.failing = 5
    ordered = await order(client, engine, user)
    await arrived(client, ordered)
    async with engine.connect() as connection:
        row = (await connection.execute(select(LetterRow).where(LetterRow.key == ordered.key))).one()

    assert (True, None) == (row.sent_at is not None, row.refused_at)
    assert 1 == len(office.letters.to())
    assert not (await address_of(engine, user)).undeliverable


async def test_a_lost_answer_sends_the_same_letter_again(client: Client, office: Office, user: UserId, engine: AsyncEngine) -> None:
    """SMTP delivers at least once: it came three times, and is one letter by its Message-ID."""
    office.moods.losing_answers = 2
    ordered = await order(client, engine, user)
    await arrived(client, ordered)

    assert 3 == len(office.letters.to())
    assert [f"<{ordered.key}@skranke.example>"] == office.message_ids()


async def test_nobody_tries_for_more_than_five_days(client: Client, office: Office, user: UserId, engine: AsyncEngine) -> None:
    """Then the letter is given up, and the address is marked so that its owner learns of it on the page."""
    office.moods.failing = 1_000_000
    ordered = await order(client, engine, user)
    await arrived(client, ordered)
    async with engine.connect() as connection:
        row = (await connection.execute(select(LetterRow).where(LetterRow.key == ordered.key))).one()

    assert (None, True) == (row.sent_at, row.refused_at is not None)
    assert (await address_of(engine, user)).undeliverable
    assert [] == office.letters.to()
