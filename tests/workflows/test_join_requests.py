"""Somebody asks to be let into a company, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.tables import Membership
from domain.conversations import NobodyIsListening
from domain.ids import UserId
from domain.letters import JoinAsked, JoinDeclined, Joined, MembershipChanged
from domain.members.invitations import AlreadyMember
from domain.members.requests import Answer as Said
from domain.members.requests import AskedTooOften, NoStands
from domain.members.roles import AdministratorsOnly, Role
from workflows.front_desk.desk import Done
from workflows.names import join_request_id

from .company import Company, open_company
from .conftest import NOW, Mailbox, SetClock, new_colleague, new_user
from .test_company_signup import arrived
from .test_invitations import OLA, refusal


@pytest.fixture
async def company(client: Client, engine: AsyncEngine) -> Company:
    """A customer with one administrator."""
    return await open_company(client, engine)


@pytest.fixture
async def ola(engine: AsyncEngine) -> UserId:
    """A colleague who is not a member."""
    return await new_user(engine, confirmed=True)


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Nobody is reminded by themselves; a test moves time on when it wants to."""
    with temporal.with_time_skipping_disabled():
        yield


async def test_any_administrator_lets_them_in(company: Company, mailbox: Mailbox, ola: UserId) -> None:
    """All are asked, one click of one is enough, and both sides hear of it."""
    second = await company.add(Role.ADMINISTRATOR)
    await company.add(Role.MEMBER)

    assert Done(None) == await company.ask(ola)
    asked = [sent.address for sent in await arrived(mailbox, 2) if isinstance(sent.letter, JoinAsked)]
    assert {f"{user}@company.example" for user in (company.administrator, second)} == set(asked)
    assert Done(None) == await company.requests.answer(company.profile, ola, Said(second, Role.MEMBER), uuid4())

    assert Role.MEMBER is (await company.members())[ola]
    assert ["join-asked", "join-accepted"] == await company.log()
    told = {type(sent.letter): sent.address for sent in await arrived(mailbox, 4)}
    assert (f"{ola}@company.example", f"{second}@company.example") == (told[Joined], told[MembershipChanged])


async def test_a_no_is_told_and_stands(company: Company, mailbox: Mailbox, clock: SetClock, ola: UserId) -> None:
    """Without a reason and without a name; a week later one may ask again."""
    await company.ask(ola)
    assert Done(None) == await company.requests.answer(company.profile, ola, Said(company.administrator, None), uuid4())

    assert ola not in await company.members()
    assert [JoinDeclined] == [type(sent.letter) for sent in await arrived(mailbox, 2) if not isinstance(sent.letter, JoinAsked)]
    assert NoStands is refusal(await company.ask(ola))
    clock.moment += timedelta(days=8)
    assert Done(None) == await company.ask(ola)


async def test_only_administrators_answer_and_only_the_author_takes_back(company: Company, ola: UserId, engine: AsyncEngine) -> None:
    """Not even the one who asks says yes to themselves."""
    await company.ask(ola)
    answer = company.requests.answer

    for nobody in (ola, await company.add(Role.MEMBER), await company.add(Role.DEVELOPER), await new_user(engine)):
        assert AdministratorsOnly is refusal(await answer(company.profile, ola, Said(nobody, Role.ADMINISTRATOR), uuid4()))
    stranger = await new_user(engine)
    assert NobodyIsListening is refusal(await company.requests.withdraw(company.profile, stranger, uuid4()))
    assert Done(None) == await company.requests.withdraw(company.profile, ola, uuid4())
    assert ["withdrawn"] == await company.requests_of(ola)


async def test_nobody_is_pestered(company: Company, ola: UserId) -> None:
    """Asking and taking back, again and again, would fill the administrators' mailboxes."""
    for _ in range(3):
        await company.ask(ola)
        await company.requests.withdraw(company.profile, ola, uuid4())

    assert AskedTooOften is refusal(await company.ask(ola))


async def test_asking_twice_is_asking_once(company: Company, mailbox: Mailbox, ola: UserId) -> None:
    """A double click, and another device."""
    assert [Done(None)] * 5 == list(await asyncio.gather(*(company.ask(ola) for _ in range(5))))

    assert ["open"] == await company.requests_of(ola)
    assert 1 == len(await arrived(mailbox))


async def test_a_member_has_nothing_to_ask_for(company: Company) -> None:
    """They are in."""
    assert AlreadyMember is refusal(await company.ask(company.administrator))


async def test_who_is_invited_comes_in_by_the_invitation(company: Company, mailbox: Mailbox, ola: UserId) -> None:
    """With the role that the administrator chose, and without bothering anybody."""
    invitation, _ = await company.invite(f"{ola}@company.example".upper(), Role.DEVELOPER)

    assert Done(None) == await company.ask(ola)

    assert Role.DEVELOPER is (await company.members())[ola]
    assert "accepted" == await company.state_of(invitation)
    assert [] == await company.requests_of(ola)
    assert JoinAsked not in {type(sent.letter) for sent in await arrived(mailbox, 2)}


async def test_an_accepted_invitation_settles_a_request(company: Company, ola: UserId) -> None:
    """Somebody has asked, and finds an invitation to another address of theirs."""
    invitation, _ = await company.invite(OLA)
    await company.ask(ola)

    assert Done(None) == await company.invitations.accept(invitation, ola, uuid4())

    await company.client.get_workflow_handle(join_request_id(company.profile, ola)).result()
    assert ["superseded"] == await company.requests_of(ola)


async def test_silence_is_reminded_of_and_then_support_looks(
    temporal: WorkflowEnvironment, company: Company, mailbox: Mailbox, ola: UserId, engine: AsyncEngine
) -> None:
    """Silence never decides: it is asked on a Sunday, two working days later somebody is reminded, five later support has it."""
    await company.ask(ola)
    await arrived(mailbox, 1)
    handle = company.client.get_workflow_handle(join_request_id(company.profile, ola))
    await temporal.fast_forward(handle, timedelta(days=2, hours=5))
    assert [False, True] == [sent.letter.reminder for sent in await arrived(mailbox, 2) if isinstance(sent.letter, JoinAsked)]
    await temporal.fast_forward(handle, timedelta(days=5, hours=1))
    await company.until("join-with-support")

    siri = await new_colleague(engine)
    assert Done(None) == await company.requests.rule(company.profile, ola, siri, Role.MEMBER, uuid4())
    assert Role.MEMBER is (await company.members())[ola]


async def test_a_company_that_has_lost_its_administrators_is_supports_at_once(company: Company, ola: UserId, engine: AsyncEngine) -> None:
    """Nobody there could answer."""
    async with engine.begin() as connection:
        await connection.execute(update(Membership).values(ended_at=NOW))

    assert Done(None) == await company.ask(ola)

    await company.until("join-with-support")
