"""A company signs up, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

import pytest
from google.protobuf.message import Message
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.common.v1 import Payload
from temporalio.client import Client

from database.company_pages import CompanyView, SignupView, company_view, signup_view
from database.tables import EmploymentEvidence
from domain.company import CompanyIsBankrupt
from domain.conversations import NobodyIsListening
from domain.employment import RULE_VERSION
from domain.ids import SignupId, UserId
from domain.names import PersonName
from domain.post import AddressedLetter
from domain.signups import NotYourSignup, SignupAlreadyOpen, SignupIsDecided
from domain.stages import Stage
from workflows.front_desk.desk import Done, Refused
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id

from .conftest import BREWERY, Mailbox, Register, manager, new_user


async def outcome(client: Client, signup: SignupId) -> Stage:
    """Wait for a signup's end."""
    ended: Stage = await client.get_workflow_handle(company_signup_id(signup), result_type=Stage).result()
    return ended


async def view(engine: AsyncEngine, signup: SignupId) -> SignupView:
    """See a signup as its owner does."""
    seen = await signup_view(engine, signup)
    assert seen is not None
    return seen


async def profile_of(engine: AsyncEngine, signup: SignupId, reader: UserId) -> CompanyView:
    """See the profile that a signup opened."""
    profile = (await view(engine, signup)).profile_id
    assert profile is not None
    company = await company_view(engine, profile, reader)
    assert company is not None
    return company


async def stages(engine: AsyncEngine, signup: SignupId) -> list[Stage]:
    """Read the steps a signup has taken."""
    return [entry.stage for entry in (await view(engine, signup)).log]


def new_signup() -> SignupId:
    """Name an attempt."""
    return SignupId(uuid4())


async def test_somebody_the_register_vouches_for_gets_the_profile(
    client: Client, engine: AsyncEngine, register: Register, kari: UserId
) -> None:
    """The whole point: no human is needed where the certificate of registration says enough."""
    register.holdings.append(manager())
    signup = new_signup()

    answer = await SignupDesk(client).begin(signup, kari, BREWERY)

    assert Done(None) == answer
    assert await outcome(client, signup) is Stage.PROFILE_OPENED
    assert [Stage.COMPANY_NAMED, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED] == await stages(engine, signup)
    company = await profile_of(engine, signup, kari)
    assert [("Kari Anne Nordmann", "administrator", True)] == [(member.name, member.role, member.you) for member in company.members]


async def test_the_evidence_is_kept_and_names_nobody(client: Client, engine: AsyncEngine, register: Register, kari: UserId) -> None:
    """Later one must be able to say why somebody was believed, without having kept who else is on the board."""
    register.holdings += [manager(PersonName("Ola", "Nordmann"), "LEDE"), manager()]
    signup = new_signup()
    await SignupDesk(client).begin(signup, kari, BREWERY)
    await outcome(client, signup)

    async with engine.connect() as connection:
        evidence = (await connection.execute(select(EmploymentEvidence).where(EmploymentEvidence.signup_id == signup))).one()

    assert ("confirmed", "exact", "DAGL", "0" * 64) == (evidence.verdict, evidence.name_match, evidence.role_code, evidence.answer_sha256)
    assert evidence.rule_version.startswith(RULE_VERSION)
    assert "Nordmann" not in str(evidence)


async def test_a_welcome_goes_out_in_the_readers_language(client: Client, register: Register, mailbox: Mailbox, kari: UserId) -> None:
    """Whoever has opened a profile hears of it, and of whom to call."""
    register.holdings.append(manager())
    signup = new_signup()
    await SignupDesk(client).begin(signup, kari, BREWERY)
    await outcome(client, signup)

    (letter,) = await arrived(mailbox)

    assert ("Welcome", "nb") == (type(letter.letter).__name__, letter.language)


async def arrived(mailbox: Mailbox, count: int = 1) -> list[AddressedLetter]:
    """Wait for letters, which travel on their own."""
    async with asyncio.timeout(10):
        while len(mailbox.letters) < count:  # noqa: ASYNC110 - letters travel in processes of their own
            await asyncio.sleep(0.02)
    return list(mailbox.letters.values())


async def test_reps_take_turns(client: Client, engine: AsyncEngine, register: Register) -> None:
    """No rep gets two new companies while another has had none."""
    register.holdings.append(manager())
    names = []
    for number in ("310279323", "311263315"):
        user = await new_user(engine, confirmed=True)
        signup = new_signup()
        await SignupDesk(client).begin(signup, user, type(BREWERY).parse(number))
        await outcome(client, signup)
        rep = (await profile_of(engine, signup, user)).sales_rep
        names.append(rep.name if rep else None)

    assert {"Rolf", "Rita"} == set(names)


async def test_a_stranger_to_the_register_waits_for_a_person(client: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId) -> None:
    """Most employees hold no role, so their absence proves nothing: the process waits, says so, and refuses nobody."""
    signup = new_signup()
    await SignupDesk(client).begin(signup, kari, BREWERY)

    (letter,) = await arrived(mailbox)

    assert "NeedsAPerson" == type(letter.letter).__name__
    assert [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON] == await stages(engine, signup)


async def test_a_signup_that_waits_can_be_withdrawn_once(client: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId) -> None:
    """Whoever named the wrong company is not stuck with it; a second click, or a stranger's, is told so."""
    desk, signup = SignupDesk(client), new_signup()
    await desk.begin(signup, kari, BREWERY)
    await arrived(mailbox)
    stranger = await desk.withdraw(signup, UserId(uuid4()), uuid4())
    click = uuid4()

    first, again = await asyncio.gather(desk.withdraw(signup, kari, click), desk.withdraw(signup, kari, click))

    assert (Done(None), Done(None)) == (first, again)
    assert isinstance(stranger, Refused)
    assert isinstance(stranger.refusal, NotYourSignup)
    assert await outcome(client, signup) is Stage.WITHDRAWN
    late = await desk.withdraw(signup, kari, uuid4())
    assert isinstance(late, Refused)
    assert isinstance(late.refusal, NobodyIsListening | SignupIsDecided)
    assert [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON, Stage.WITHDRAWN] == await stages(engine, signup)


async def test_a_person_has_one_signup_open_at_a_time(client: Client, engine: AsyncEngine, mailbox: Mailbox, kari: UserId) -> None:
    """Two tabs with two companies would otherwise leave it open which one counts."""
    desk, first, second = SignupDesk(client), new_signup(), new_signup()
    await desk.begin(first, kari, BREWERY)
    await arrived(mailbox)

    answer = await desk.begin(second, kari, BREWERY)

    assert isinstance(answer, Refused)
    assert isinstance(answer.refusal, SignupAlreadyOpen)
    assert await signup_view(engine, second) is None


async def test_the_same_form_posted_twice_is_one_signup(client: Client, engine: AsyncEngine, register: Register, kari: UserId) -> None:
    """A double click and a retried request bring the same id."""
    register.holdings.append(manager())
    desk, signup = SignupDesk(client), new_signup()

    answers = await asyncio.gather(*(desk.begin(signup, kari, BREWERY) for _ in range(5)))

    assert [Done(None)] * 5 == answers
    assert await outcome(client, signup) is Stage.PROFILE_OPENED
    assert 3 == len(await stages(engine, signup))


async def test_two_people_of_one_company_get_one_profile(client: Client, engine: AsyncEngine, register: Register) -> None:
    """A company has one profile; the second is told that it exists, and not whose it is."""
    register.holdings.append(manager())
    desk = SignupDesk(client)
    users = [await new_user(engine, confirmed=True) for _ in range(2)]
    signups = [new_signup(), new_signup()]
    await asyncio.gather(*(desk.begin(signup, user, BREWERY) for signup, user in zip(signups, users, strict=True)))

    outcomes = await asyncio.gather(*(outcome(client, signup) for signup in signups))

    assert {Stage.PROFILE_OPENED, Stage.COMPANY_HAS_PROFILE} == set(outcomes)


async def test_a_company_that_may_not_sign_up_is_refused_with_its_reason(
    client: Client, engine: AsyncEngine, register: Register, kari: UserId
) -> None:
    """Between the page and the process a company can go bankrupt; the log keeps the refusal's code."""
    register.refusal = CompanyIsBankrupt()
    signup = new_signup()
    await SignupDesk(client).begin(signup, kari, BREWERY)

    assert await outcome(client, signup) is Stage.COMPANY_REFUSED
    log = (await view(engine, signup)).log
    assert (Stage.COMPANY_REFUSED, CompanyIsBankrupt.code) == (log[-1].stage, log[-1].why)


async def test_a_silent_register_is_waited_for_and_the_customer_told(
    client: Client, engine: AsyncEngine, register: Register, kari: UserId
) -> None:
    """The register's trouble is never the customer's: the process goes on by itself."""
    register.holdings.append(manager())
    register.silent = 6
    signup = new_signup()
    await SignupDesk(client).begin(signup, kari, BREWERY)

    assert await outcome(client, signup) is Stage.PROFILE_OPENED
    expected = [Stage.COMPANY_NAMED, Stage.REGISTER_SILENT, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED]
    assert expected == await stages(engine, signup)


def payloads_of(message: Message) -> Iterator[Payload]:
    """Find every payload anywhere in a message of Temporal's."""
    if isinstance(message, Payload):
        yield message
        return
    for _, value in message.ListFields():
        for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else [value]:
            if isinstance(part, Message):
                yield from payloads_of(part)


@pytest.mark.parametrize("text", ["Kari", "Nordmann", "1975-04-02", "company.example", "FJELLBRYGG"])
async def test_a_history_says_nothing_about_the_person(client: Client, register: Register, kari: UserId, text: str) -> None:
    """Ids only: whoever reads Temporal's own database, even with the key, learns nothing about anybody."""
    register.holdings.append(manager())
    signup = new_signup()
    await SignupDesk(client).begin(signup, kari, BREWERY)
    await outcome(client, signup)

    history = await client.get_workflow_handle(company_signup_id(signup)).fetch_history()
    codec = client.data_converter.payload_codec
    assert codec is not None
    opened = [await codec.decode([payload]) for event in history.events for payload in payloads_of(event)]

    assert str(signup) in str(opened)
    assert text not in history.to_json()
    assert text not in str(opened)
