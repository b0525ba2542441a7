"""Somebody with another eID asks for the membership they had, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.claim_tables import MembershipRecovery
from database.recoveries import draft_recovery
from database.tables import Session
from domain.conversations import NobodyIsListening
from domain.ids import RecoveryId, StaffId, UserId
from domain.members.four_eyes import SameEyes, SupportsWord
from domain.members.invitations import AlreadyMember
from domain.members.letters import RecoveryAsked, RecoveryEnded, RecoveryToApprove
from domain.members.recoveries import (
    NobodyToMoveFrom,
    NotConfirmedYet,
    NotYourRecovery,
    RecoveryDraft,
    RecoveryHeard,
    RecoveryIsOver,
    RecoverySaid,
    RecoveryStart,
)
from domain.members.roles import AdministratorsOnly, Role
from domain.names import PersonName
from workflows.front_desk.claims import RecoveryDesk
from workflows.front_desk.desk import Answer, Done, Refused
from workflows.names import membership_recovery_id

from .company import Company, open_company
from .conftest import NOW, SECRETS, Mailbox, new_colleague, new_user
from .test_company_signup import arrived
from .test_invitations import refusal
from .test_ways_in_race import settled

TOO_LATE = (RecoveryIsOver, NobodyIsListening)


@dataclass(frozen=True)
class Asked:
    """A company with a member, and the same person under another eID."""

    company: Company
    old: UserId
    new: UserId
    recovery: RecoveryId

    @property
    def desk(self) -> RecoveryDesk:
        """How pages speak with it."""
        return RecoveryDesk(self.company.client)

    async def begin(self, email: str | None = None) -> Answer[None]:
        """Ask for the membership, naming the old address or another one."""
        company = self.company
        draft = RecoveryDraft(self.recovery, company.profile, self.new, email or f"{self.old}@company.example".upper())
        await draft_recovery(company.engine, draft, NOW)
        return await self.desk.begin(RecoveryStart(self.recovery, company.profile, self.new, company.number.value))

    async def say(self, heard: RecoveryHeard, by: UserId | None = None, *, yes: bool = False) -> Answer[None]:
        """Say something."""
        return await self.desk.say(self.recovery, RecoverySaid(heard, by, yes), uuid4())

    async def answer(self, by: UserId, *, yes: bool = True) -> Answer[None]:
        """Answer as an administrator."""
        return await self.say(RecoveryHeard.ANSWER, by, yes=yes)

    async def rule(self, by: StaffId, *, grant: bool = True) -> Answer[None]:
        """Have somebody in support say so."""
        return await self.desk.rule(self.recovery, SupportsWord(by, grant), uuid4())

    async def result(self) -> str:
        """Wait for the end."""
        ended: str = await self.company.client.get_workflow_handle(membership_recovery_id(self.recovery)).result()
        return ended

    async def row(self) -> tuple[str, str]:
        """Where it stands, and the address that was named."""
        query = select(MembershipRecovery.state, MembershipRecovery.email).where(MembershipRecovery.id == self.recovery)
        async with self.company.engine.connect() as connection:
            row = (await connection.execute(query)).one()
        return row.state, row.email


async def recovery(company: Company, role: Role = Role.DEVELOPER) -> Asked:
    """Have a member who has got another eID."""
    new = await new_user(company.engine, name=PersonName("Kari", "Bru"), confirmed=True)
    return Asked(company, await company.add(role), new, RecoveryId(uuid4()))


@pytest.fixture
async def kari(client: Client, engine: AsyncEngine) -> Asked:
    """Kari has changed her bank."""
    return await recovery(await open_company(client, engine))


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Nobody's time runs out by itself."""
    with temporal.with_time_skipping_disabled():
        yield


async def test_the_old_address_confirms_and_an_administrator_agrees(kari: Asked, mailbox: Mailbox, engine: AsyncEngine) -> None:
    """The membership moves with its role, the old eID is logged out everywhere, and both addresses hear of it."""
    async with engine.begin() as connection:
        await connection.execute(insert(Session).values(id_hash="x", user_id=kari.old, started_at=NOW, seen_at=NOW))
    assert Done(None) == await kari.begin()
    (asked,) = await arrived(mailbox)
    assert isinstance(asked.letter, RecoveryAsked)
    assert (f"{kari.old}@company.example", kari.recovery) == (asked.address, SECRETS.recovery_of(asked.letter.path.rsplit("/", 1)[-1]))
    administrator = kari.company.administrator
    assert NotConfirmedYet is refusal(await kari.answer(administrator))
    assert Done(None) == await kari.say(RecoveryHeard.CONFIRMED)
    assert isinstance((await arrived(mailbox, 2))[1].letter, RecoveryToApprove)

    assert Done(None) == await kari.answer(administrator)

    assert "granted" == await kari.result()
    members = await kari.company.members()
    assert (Role.DEVELOPER, False) == (members[kari.new], kari.old in members)
    ended = {sent.address for sent in await arrived(mailbox, 4) if isinstance(sent.letter, RecoveryEnded)}
    assert {f"{user}@company.example" for user in (kari.old, kari.new)} == ended
    assert ("granted", "") == await kari.row()
    async with engine.connect() as connection:
        assert await connection.scalar(select(Session.ended_at).where(Session.user_id == kari.old)) is not None


async def test_an_address_that_is_nobodys_is_not_told_apart(kari: Asked, temporal: WorkflowEnvironment, mailbox: Mailbox) -> None:
    """Whoever asks gets the same answer, and after two weeks the same letter."""
    assert Done(None) == await kari.begin("nobody@company.example")
    await temporal.fast_forward(kari.company.client.get_workflow_handle(membership_recovery_id(kari.recovery)), timedelta(days=14, hours=1))

    assert "expired" == await kari.result()
    (only,) = await arrived(mailbox)
    assert (f"{kari.new}@company.example", "expired") == (only.address, getattr(only.letter, "outcome", None))


async def test_who_cannot_read_the_address_any_more_is_supports(kari: Asked, engine: AsyncEngine) -> None:
    """Two people have to agree, and what was never anybody's cannot be moved."""
    siri, liv = await new_colleague(engine), await new_colleague(engine)
    await kari.begin()
    assert Done(None) == await kari.say(RecoveryHeard.NO_MAIL, kari.new)
    await kari.rule(siri)
    assert SameEyes is refusal(await kari.rule(siri))
    assert Done(None) == await kari.rule(liv)

    assert "granted" == await kari.result()
    other = await recovery(kari.company)
    await other.begin("nobody@company.example")
    await other.say(RecoveryHeard.NO_MAIL, other.new)
    assert NobodyToMoveFrom is refusal(await other.rule(siri))


async def test_the_only_administrators_membership_is_for_support_to_move(client: Client, engine: AsyncEngine) -> None:
    """Nobody else there could agree, least of all with the old eID; an administrator who does not answer is the same."""
    company = await open_company(client, engine)
    new = await new_user(engine, name=PersonName("Kari", "Bru"), confirmed=True)
    alone = Asked(company, company.administrator, new, RecoveryId(uuid4()))
    await alone.begin()
    await alone.say(RecoveryHeard.CONFIRMED)
    await company.until("recovery-with-support")

    assert AdministratorsOnly is refusal(await alone.answer(company.administrator))
    await alone.rule(await new_colleague(engine))
    assert Done(None) == await alone.rule(await new_colleague(engine))
    assert {new: Role.ADMINISTRATOR} == await company.members()


async def test_what_no_administrator_answers_goes_to_support(kari: Asked, temporal: WorkflowEnvironment) -> None:
    """After five working days."""
    await kari.begin()
    await kari.say(RecoveryHeard.CONFIRMED)
    await kari.company.until("recovery-confirmed")
    await temporal.fast_forward(kari.company.client.get_workflow_handle(membership_recovery_id(kari.recovery)), timedelta(days=5, hours=4))

    await kari.company.until("recovery-with-support")


async def test_it_is_declined_taken_back_and_refused(kari: Asked, engine: AsyncEngine) -> None:
    """By the letter of the old address, by who asked, and nobody else; a member has nothing to ask for."""
    await kari.begin()
    stranger = await new_user(engine)
    for heard in (RecoveryHeard.TAKEN_BACK, RecoveryHeard.NO_MAIL, RecoveryHeard.NOBODY_ANSWERED):
        assert NotYourRecovery is refusal(await kari.say(heard, stranger))
    assert NotYourRecovery is refusal(await kari.answer(kari.new))
    assert Done(None) == await kari.say(RecoveryHeard.NOT_ME)
    assert "declined" == await kari.result()

    again = Asked(kari.company, kari.old, kari.new, RecoveryId(uuid4()))
    await again.begin()
    assert Done(None) == await again.say(RecoveryHeard.TAKEN_BACK, kari.new)
    assert "withdrawn" == await again.result()
    assert AlreadyMember is refusal(await Asked(kari.company, kari.old, kari.company.administrator, RecoveryId(uuid4())).begin())


async def yes_against_taking_back(kari: Asked) -> None:
    """Whoever asked thinks better of it in the very moment."""
    await kari.begin()
    await kari.say(RecoveryHeard.CONFIRMED)
    yes = RecoverySaid(RecoveryHeard.ANSWER, kari.company.administrator, yes=True)
    back = RecoverySaid(RecoveryHeard.TAKEN_BACK, kari.new)
    words = [settled(partial(kari.desk.say, kari.recovery, said)) for said in (yes, back)]
    answers = await asyncio.gather(*words)

    assert 1 == list(answers).count(Done(None))
    assert all(answer == Done(None) or (isinstance(answer, Refused) and isinstance(answer.refusal, TOO_LATE)) for answer in answers)
    members, granted = await kari.company.members(), answers[0] == Done(None)
    assert (granted, not granted) == (kari.new in members, kari.old in members)


@pytest.mark.parametrize("times", [3, pytest.param(100, marks=pytest.mark.soak)])
async def test_the_membership_is_never_in_two_hands(kari: Asked, times: int) -> None:
    """Nor in none."""
    for _ in range(times):
        await yes_against_taking_back(await recovery(kari.company))
