"""Somebody claims a company that has lost its administrators, on real Temporal and real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from database.claim_tables import CompanyClaim
from database.staff_tables import StaffMemberRow
from domain.conversations import NobodyIsListening
from domain.ids import ClaimId, StaffId, UserId
from domain.members.claims import ClaimIsOpen, ClaimIsOver, ClaimNoStands, ClaimStart, MembersOnly, NotYourClaim, YouAdministerIt
from domain.members.four_eyes import NotWithSupport, OwnCompany, SameEyes, SupportsWord
from domain.members.letters import ClaimAnnounced, ClaimDecided, ClaimEnded, ClaimReceived
from domain.members.roles import Role
from domain.names import PersonName
from workflows.front_desk.claims import ClaimDesk
from workflows.front_desk.desk import Answer, Done, Refused
from workflows.names import employment_review_id

from .company import Company, open_company
from .conftest import Mailbox, Register, SetClock, manager, new_colleague, new_user
from .test_company_signup import arrived
from .test_invitations import refusal
from .test_ways_in_race import settled

Race = Callable[["Claimed", WorkflowEnvironment], Awaitable[None]]

TOO_LATE = (ClaimIsOver, NobodyIsListening)


@dataclass(frozen=True)
class Claimed:
    """A company, and somebody who wants to administer it."""

    company: Company
    claim: ClaimId
    user: UserId

    @property
    def desk(self) -> ClaimDesk:
        """How pages speak with claims."""
        return ClaimDesk(self.company.client)

    async def begin(self) -> Answer[None]:
        """Claim the company."""
        company = self.company
        return await self.desk.begin(ClaimStart(self.claim, company.profile, self.user, company.number.value))

    async def rule(self, by: StaffId, *, grant: bool = True) -> Answer[None]:
        """Have somebody in support say so."""
        return await self.desk.rule(self.claim, SupportsWord(by, grant), uuid4())

    async def state(self) -> str:
        """Where the claim stands in the ledger."""
        async with self.company.engine.connect() as connection:
            return (await connection.scalars(select(CompanyClaim.state).where(CompanyClaim.id == self.claim))).one()

    async def result(self) -> str:
        """Wait for the end."""
        ended: str = await self.company.client.get_workflow_handle(employment_review_id(self.claim)).result()
        return ended

    async def passes(self, temporal: WorkflowEnvironment, time: timedelta) -> None:
        """Let time pass for the claim."""
        await temporal.fast_forward(self.company.client.get_workflow_handle(employment_review_id(self.claim)), time)


async def claimed(client: Client, engine: AsyncEngine, company: Company | None = None) -> Claimed:
    """Have somebody who wants to administer a company, and has not said so yet."""
    company = company or await open_company(client, engine)
    return Claimed(company, ClaimId(uuid4()), await new_user(engine, confirmed=True))


@pytest.fixture
async def kari(client: Client, engine: AsyncEngine) -> Claimed:
    """Kari, whom nobody in the company lets in."""
    return await claimed(client, engine)


@pytest.fixture
def vouched(register: Register) -> None:
    """The register knows Kari."""
    register.holdings.append(manager())


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Nobody's time runs out by itself."""
    with temporal.with_time_skipping_disabled():
        yield


@pytest.mark.usefixtures("vouched")
async def test_when_nobody_objects_the_company_has_an_administrator_again(
    kari: Claimed, temporal: WorkflowEnvironment, mailbox: Mailbox
) -> None:
    """Everybody who acts for it is told before and after, and three working days after a Sunday noon end with Wednesday."""
    member = await kari.company.add(Role.MEMBER)
    assert Done(None) == await kari.begin()
    letters = await arrived(mailbox, 3)
    told = {sent.address for sent in letters if isinstance(sent.letter, ClaimAnnounced)}
    assert {f"{user}@company.example" for user in (kari.company.administrator, member)} == told
    assert [False] == [sent.letter.with_support for sent in letters if isinstance(sent.letter, ClaimReceived)]

    await kari.passes(temporal, timedelta(days=3, hours=2))
    assert "open" == await kari.state()
    await kari.passes(temporal, timedelta(hours=2))

    assert "granted" == await kari.result()
    assert Role.ADMINISTRATOR is (await kari.company.members())[kari.user]
    assert ["claim-made", "claim-announced", "claim-granted"] == await kari.company.log()
    after = (await arrived(mailbox, 6))[3:]
    assert {ClaimEnded: 1, ClaimDecided: 2} == {
        kind: [type(sent.letter) for sent in after].count(kind) for kind in (ClaimEnded, ClaimDecided)
    }


@pytest.mark.usefixtures("vouched")
async def test_a_member_who_claims_becomes_administrator(kari: Claimed, temporal: WorkflowEnvironment) -> None:
    """The colleague who administered it has left the job; nobody is a member twice."""
    await kari.company.join(kari.user, Role.MEMBER)
    await kari.begin()
    await kari.company.until("claim-announced")
    await kari.passes(temporal, timedelta(days=3, hours=4))

    assert "granted" == await kari.result()
    assert Role.ADMINISTRATOR is (await kari.company.members())[kari.user]


@pytest.mark.usefixtures("vouched")
async def test_an_administrator_who_is_there_after_all_ends_it(kari: Claimed, mailbox: Mailbox) -> None:
    """And the claimant may not come again at once."""
    await kari.begin()
    await arrived(mailbox, 2)
    assert Done(None) == await kari.desk.object_to(kari.claim, kari.company.administrator, uuid4())

    assert "objected" == await kari.result()
    assert kari.user not in await kari.company.members()
    ended = [sent.letter.outcome for sent in await arrived(mailbox, 4) if isinstance(sent.letter, ClaimEnded)]
    assert ["objected"] == ended
    again = Claimed(kari.company, ClaimId(uuid4()), kari.user)
    assert ClaimNoStands is refusal(await again.begin())


@pytest.mark.usefixtures("vouched")
async def test_a_members_objection_brings_it_to_support_where_two_must_agree(kari: Claimed, engine: AsyncEngine) -> None:
    """Nobody approves what they have proposed, and nobody else's time runs out over it."""
    siri, liv, member = await new_colleague(engine), await new_colleague(engine), await kari.company.add(Role.MEMBER)
    await kari.begin()
    await kari.company.until("claim-announced")
    assert NotWithSupport is refusal(await kari.rule(siri))
    assert Done(None) == await kari.desk.object_to(kari.claim, member, uuid4())

    assert Done(None) == await kari.rule(siri)
    assert SameEyes is refusal(await kari.rule(siri))
    assert "open" == await kari.state()
    assert Done(None) == await kari.rule(liv)

    assert "granted" == await kari.result()
    assert ["claim-made", "claim-announced", "claim-with-support", "claim-proposed", "claim-granted"] == await kari.company.log()


async def test_whom_the_register_does_not_know_is_supports(kari: Claimed, engine: AsyncEngine) -> None:
    """A colleague who disagrees proposes the other thing, and then a third person, or the first, has to agree with that."""
    siri, liv = await new_colleague(engine), await new_colleague(engine)
    await kari.begin()
    await kari.company.until("claim-with-support")
    await kari.rule(siri)
    assert Done(None) == await kari.rule(liv, grant=False)
    assert "open" == await kari.state()
    assert Done(None) == await kari.rule(siri, grant=False)

    assert "rejected" == await kari.result()
    assert kari.user not in await kari.company.members()


async def test_nobody_decides_about_their_own_company(kari: Claimed, engine: AsyncEngine) -> None:
    """The two doors know nothing of each other, so a name or an address in common is enough."""
    siri, liv = await new_colleague(engine), await new_colleague(engine)
    async with engine.begin() as connection:
        named = update(StaffMemberRow).where(StaffMemberRow.id == siri).values(name="KARI ANNE Nordmann")
        await connection.execute(named)
        reached = update(StaffMemberRow).where(StaffMemberRow.id == liv).values(email=f"{kari.company.administrator}@company.example")
        await connection.execute(reached)
    await kari.begin()
    await kari.company.until("claim-with-support")

    assert OwnCompany is refusal(await kari.rule(siri))
    assert OwnCompany is refusal(await kari.rule(liv))


async def test_only_members_object_and_only_the_claimant_takes_it_back(kari: Claimed, engine: AsyncEngine) -> None:
    """An administrator has nothing to claim, and nobody claims twice at once."""
    await kari.begin()
    await kari.company.until("claim-with-support")
    stranger = await new_user(engine, name=PersonName("Ola", "Dahl"))

    assert MembersOnly is refusal(await kari.desk.object_to(kari.claim, stranger, uuid4()))
    assert NobodyIsListening is refusal(await kari.desk.object_to(ClaimId(uuid4()), stranger, uuid4()))
    assert NotYourClaim is refusal(await kari.desk.withdraw(kari.claim, stranger, uuid4()))
    assert ClaimIsOpen is refusal(await Claimed(kari.company, ClaimId(uuid4()), kari.user).begin())
    assert YouAdministerIt is refusal(await Claimed(kari.company, ClaimId(uuid4()), kari.company.administrator).begin())
    assert Done(None) == await kari.desk.withdraw(kari.claim, kari.user, uuid4())
    assert "withdrawn" == await kari.result()


async def test_a_claim_is_taken_back_while_the_register_is_silent(kari: Claimed, register: Register) -> None:
    """Nobody was told, so nobody hears of its end."""
    register.silent = 1000
    await kari.begin()
    assert Done(None) == await kari.desk.withdraw(kari.claim, kari.user, uuid4())

    assert "withdrawn" == await kari.result()
    assert ["claim-made", "claim-withdrawn"] == await kari.company.log()


async def objection_against_expiry(kari: Claimed, temporal: WorkflowEnvironment) -> None:
    """The third day ends while the administrator objects."""
    await kari.begin()
    await announced(kari)
    await kari.passes(temporal, timedelta(days=3, hours=2))
    word = partial(kari.desk.object_to, kari.claim, kari.company.administrator)
    answer, _moved = await asyncio.gather(settled(word), time_goes_on(kari, temporal))

    ended = await kari.result()
    assert ended == await kari.state()
    assert (ended == "objected") == (answer == Done(None)) == (kari.user not in await kari.company.members())
    assert answer == Done(None) or (isinstance(answer, Refused) and isinstance(answer.refusal, TOO_LATE)), answer


async def time_goes_on(kari: Claimed, temporal: WorkflowEnvironment) -> None:
    """Let two hours pass for the claim, unless it is over before they begin."""
    with suppress(RPCError):
        await kari.passes(temporal, timedelta(hours=2))


async def two_claimants(kari: Claimed, temporal: WorkflowEnvironment) -> None:
    """Two people whom the register knows want the same company: one gets it, and then it is not without any more."""
    both = [kari, await claimed(kari.company.client, kari.company.engine, kari.company)]
    await asyncio.gather(*(one.begin() for one in both))
    await asyncio.gather(*(announced(one) for one in both))
    await asyncio.gather(*(one.passes(temporal, timedelta(days=3, hours=4)) for one in both))

    assert sorted([await one.result() for one in both]) == ["granted", "overtaken"]
    members = await kari.company.members()
    assert [await one.state() == "granted" for one in both] == [one.user in members for one in both]


async def announced(one: Claimed) -> None:
    """Wait until the members have been told."""
    told = select(CompanyClaim.announced_at).where(CompanyClaim.id == one.claim)
    async with asyncio.timeout(20):
        while True:
            async with one.company.engine.connect() as connection:
                if await connection.scalar(told) is not None:
                    return
            await asyncio.sleep(0.02)


RACES = [objection_against_expiry, two_claimants]


@pytest.mark.usefixtures("vouched")
@pytest.mark.parametrize("race", RACES)
async def test_exactly_one_thing_happens(kari: Claimed, temporal: WorkflowEnvironment, clock: SetClock, race: Race) -> None:
    """A few times each; a hundred times in the long proofs."""
    await many(3, race, kari, temporal, clock)


@pytest.mark.soak
@pytest.mark.usefixtures("vouched")
@pytest.mark.parametrize("race", RACES)
async def test_exactly_one_thing_happens_a_hundred_times(kari: Claimed, temporal: WorkflowEnvironment, clock: SetClock, race: Race) -> None:
    """As in a bad year."""
    await many(100, race, kari, temporal, clock)


async def many(times: int, race: Race, kari: Claimed, temporal: WorkflowEnvironment, clock: SetClock) -> None:
    """Run a race so often, each a minute after the one before, with somebody new."""
    company = kari.company
    for _ in range(times):
        clock.moment += timedelta(minutes=1)
        await race(await claimed(company.client, company.engine, company), temporal)
