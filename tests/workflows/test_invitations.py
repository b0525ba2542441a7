"""An administrator invites, and somebody answers, on real Temporal and real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.tables import EmailAddress
from domain.conversations import NobodyIsListening
from domain.ids import InvitationId, UserId
from domain.letters import InvitationAnswered, InvitationRevoked, Invited, Joined
from domain.members.invitations import (
    AddressIsInvited,
    AddressIsMembers,
    AlreadyMember,
    InvitationIsAccepted,
    InvitedTooOften,
    SentJustNow,
)
from domain.members.roles import AdministratorsOnly, Role
from domain.refusals import Refusal
from workflows.front_desk.desk import Answer, Done, Refused
from workflows.names import invitation_id

from .company import Company, open_company
from .conftest import Mailbox, SetClock, new_user
from .test_company_signup import arrived

OLA = "Ola.Dahl@firma.example"


@pytest.fixture
async def company(client: Client, engine: AsyncEngine) -> Company:
    """A customer with one administrator."""
    return await open_company(client, engine)


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Invitations begun in these tests do not run out by themselves; a test moves time on when it wants to."""
    with temporal.with_time_skipping_disabled():
        yield


def refusal(answer: Answer[None]) -> type[Refusal]:
    """Why it was refused."""
    assert isinstance(answer, Refused), answer
    return type(answer.refusal)


async def kinds(mailbox: Mailbox, count: int) -> list[str]:
    """Wait for so many letters, and say what they are."""
    return sorted(type(letter.letter).__name__ for letter in await arrived(mailbox, count))


async def test_whoever_says_yes_is_a_member_and_both_sides_hear_of_it(company: Company, engine: AsyncEngine, mailbox: Mailbox) -> None:
    """The eID that logged in is bound, and the address is confirmed by the letter itself."""
    invitation, answer = await company.invite(OLA, Role.DEVELOPER)
    (letter,) = await arrived(mailbox)
    ola = await new_user(engine)

    assert Done(None) == answer
    assert OLA == letter.address
    assert isinstance(letter.letter, Invited)
    assert Done(None) == await company.invitations.accept(invitation, ola, uuid4())
    assert Role.DEVELOPER is (await company.members())[ola]
    assert ["member-invited", "invitation-accepted"] == await company.log()
    assert ["InvitationAnswered", "Invited", "Joined"] == await kinds(mailbox, 3)
    told = {type(sent.letter): sent for sent in mailbox.letters.values()}
    answered = told[InvitationAnswered].letter
    assert isinstance(answered, InvitationAnswered)
    assert ("accepted", "Kari Anne Nordmann") == (answered.answer, answered.name)
    assert OLA == told[Joined].address
    async with engine.connect() as connection:
        current = select(EmailAddress.address).where(EmailAddress.user_id == ola, EmailAddress.replaced_at.is_(None))
        assert OLA == await connection.scalar(current.where(EmailAddress.confirmed_at.is_not(None)))


async def test_somebody_with_a_confirmed_address_keeps_it(company: Company, engine: AsyncEngine) -> None:
    """The letter proves the other one too, but letters go where they went before."""
    invitation, _ = await company.invite(OLA)
    ola = await new_user(engine, confirmed=True)

    await company.invitations.accept(invitation, ola, uuid4())

    async with engine.connect() as connection:
        assert [f"{ola}@company.example"] == list(
            await connection.scalars(select(EmailAddress.address).where(EmailAddress.user_id == ola, EmailAddress.replaced_at.is_(None)))
        )


async def test_an_invitation_lets_one_person_in(company: Company, engine: AsyncEngine) -> None:
    """A link that has been passed on is worth nothing to the second; to the first it stays true."""
    invitation, _ = await company.invite(OLA)
    ola, other = [await new_user(engine) for _ in range(2)]
    await company.invitations.accept(invitation, ola, uuid4())

    late = refusal(await company.invitations.accept(invitation, other, uuid4()))

    assert late in {InvitationIsAccepted, NobodyIsListening}
    assert {company.administrator, ola} == set(await company.members())


async def test_a_no_is_final_and_told(company: Company, engine: AsyncEngine, mailbox: Mailbox) -> None:
    """Nobody need log in to say no."""
    invitation, _ = await company.invite(OLA)

    assert Done(None) == await company.invitations.decline(invitation, uuid4())

    assert "declined" == await company.state_of(invitation)
    assert isinstance(await company.invitations.accept(invitation, await new_user(engine), uuid4()), Refused)
    # The invitation itself is not sent any more where the answer was faster.
    answered = [sent.letter for sent in await arrived(mailbox, 1) if isinstance(sent.letter, InvitationAnswered)]
    assert ["declined"] == [letter.answer for letter in answered] or not answered


async def test_an_administrator_takes_it_back(company: Company, engine: AsyncEngine, mailbox: Mailbox) -> None:
    """Any administrator, and nobody else; who was invited hears of it."""
    invitation, _ = await company.invite(OLA)
    await arrived(mailbox)
    member, other = await company.add(Role.MEMBER), await company.add(Role.ADMINISTRATOR)

    assert AdministratorsOnly is refusal(await company.invitations.revoke(invitation, member, uuid4()))
    assert Done(None) == await company.invitations.revoke(invitation, other, uuid4())
    assert isinstance(await company.invitations.accept(invitation, await new_user(engine), uuid4()), Refused)
    assert [OLA] == [sent.address for sent in await arrived(mailbox, 2) if isinstance(sent.letter, InvitationRevoked)]


async def test_only_an_administrator_invites(company: Company) -> None:
    """What the page hides the process refuses."""
    _, answer = await company.invite(OLA, by=await company.add(Role.MEMBER))

    assert AdministratorsOnly is refusal(answer)
    assert [] == await company.log()


async def test_an_address_is_invited_once_at_a_time(company: Company) -> None:
    """However it is written; and who is in already is not invited."""
    await company.invite(OLA)

    assert AddressIsInvited is refusal((await company.invite(OLA.upper()))[1])
    member = await company.add(Role.MEMBER)
    assert AddressIsMembers is refusal((await company.invite(f"{member}@company.example"))[1])


async def test_nobodys_mailbox_is_flooded(company: Company, clock: SetClock) -> None:
    """Neither by sending again nor by inviting and taking back."""
    invitation, _ = await company.invite(OLA)
    by = company.administrator
    assert SentJustNow is refusal(await company.invitations.send_again(invitation, by, uuid4()))
    clock.moment += timedelta(minutes=11)
    assert Done(None) == await company.invitations.send_again(invitation, by, uuid4())
    for _ in range(2):
        await company.invitations.revoke(invitation, by, uuid4())
        invitation, _ = await company.invite(OLA)
    await company.invitations.revoke(invitation, by, uuid4())

    assert InvitedTooOften is refusal((await company.invite(OLA))[1])


async def test_a_member_who_opens_the_link_changes_nothing(company: Company) -> None:
    """An administrator tries out what they have sent."""
    invitation, _ = await company.invite(OLA)

    assert AlreadyMember is refusal(await company.invitations.accept(invitation, company.administrator, uuid4()))
    assert "open" == await company.state_of(invitation)


async def forward(temporal: WorkflowEnvironment, company: Company, invitation: InvitationId, days: float) -> None:
    """Let time pass for an invitation."""
    await temporal.fast_forward(company.client.get_workflow_handle(invitation_id(invitation)), timedelta(days=days))


async def test_silence_is_reminded_of_twice_and_ends_after_two_weeks(
    temporal: WorkflowEnvironment, company: Company, mailbox: Mailbox, engine: AsyncEngine
) -> None:
    """After three and ten days, and then the one who invited is told."""
    invitation, _ = await company.invite(OLA)
    await arrived(mailbox, 1)
    for days, letters in ((3.1, 2), (7, 3)):
        await forward(temporal, company, invitation, days)
        await arrived(mailbox, letters)
    assert [False, True, True] == [sent.letter.reminder for sent in mailbox.letters.values() if isinstance(sent.letter, Invited)]
    await forward(temporal, company, invitation, 4)
    await company.reaches("expired", invitation)

    answered = [sent.letter for sent in await arrived(mailbox, 4) if isinstance(sent.letter, InvitationAnswered)]
    assert ["expired"] == [letter.answer for letter in answered]
    assert isinstance(await company.invitations.accept(invitation, await new_user(engine), uuid4()), Refused)


async def test_sending_again_counts_the_time_anew(
    temporal: WorkflowEnvironment, company: Company, clock: SetClock, mailbox: Mailbox
) -> None:
    """Otherwise the second letter would promise fourteen days and keep four."""
    invitation, _ = await company.invite(OLA)
    await arrived(mailbox, 1)
    await forward(temporal, company, invitation, 2)
    clock.moment += timedelta(days=2)
    await company.invitations.send_again(invitation, company.administrator, uuid4())
    await arrived(mailbox, 2)
    await forward(temporal, company, invitation, 2)

    assert 2 == len(mailbox.letters)
    assert "open" == await company.state_of(invitation)


async def test_who_has_asked_is_let_in_instead_of_invited(company: Company, engine: AsyncEngine, mailbox: Mailbox) -> None:
    """An administrator who invites somebody has answered their request with that."""
    ola: UserId = await new_user(engine, confirmed=True)
    assert Done(None) == await company.ask(ola)

    invitation, answer = await company.invite(f"{ola}@company.example", Role.DEVELOPER)

    assert Done(None) == answer
    assert Role.DEVELOPER is (await company.members())[ola]
    assert "superseded" == await company.state_of(invitation)
    assert ["accepted"] == await company.requests_of(ola)
    assert "Invited" not in await kinds(mailbox, 2)
