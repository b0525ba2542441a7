"""The courses by which a company, or a membership in one, comes into other hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

from domain.members.recoveries import RecoveryHeard
from domain.members.roles import Role
from tests.histories.played import Played
from tests.workflows.company import Company, open_company
from tests.workflows.conftest import manager, new_colleague
from tests.workflows.test_claims import Claimed
from tests.workflows.test_claims import claimed as nobody_yet
from tests.workflows.test_recoveries import Asked, recovery
from workflows.names import employment_review_id, membership_recovery_id

Course = Callable[[Played], Awaitable[str]]


async def _company(world: Played) -> Company:
    return await open_company(world.client, world.engine)


async def _claimed(world: Played, until: str, *, vouched: bool) -> Claimed:
    """Claim a company while time stands still."""
    if vouched:
        world.register.holdings.append(manager())
    claim = await nobody_yet(world.client, world.engine, await _company(world))
    await claim.begin()
    await claim.company.until(until)
    return claim


async def granted_as_nobody_objected(world: Played) -> str:
    """The register vouches, and the members have no objection."""
    world.register.holdings.append(manager())
    claim = await nobody_yet(world.client, world.engine, await _company(world))
    await claim.company.add(Role.MEMBER)
    await claim.begin()
    return employment_review_id(claim.claim)


async def an_administrator_objects(world: Played) -> str:
    """The administrator is there after all."""
    with world.temporal.with_time_skipping_disabled():
        claim = await _claimed(world, "claim-announced", vouched=True)
        await claim.desk.object_to(claim.claim, claim.company.administrator, uuid4())
    return employment_review_id(claim.claim)


async def a_member_objects_and_support_grants(world: Played) -> str:
    """Two people in support know better than the member."""
    with world.temporal.with_time_skipping_disabled():
        claim = await _claimed(world, "claim-announced", vouched=True)
        await claim.desk.object_to(claim.claim, await claim.company.add(Role.MEMBER), uuid4())
        siri = await new_colleague(world.engine)
        await claim.rule(siri)
        await claim.rule(siri)
        await claim.rule(await new_colleague(world.engine))
    return employment_review_id(claim.claim)


async def support_rejects(world: Played) -> str:
    """The register does not vouch, and neither do two people in support."""
    claim = await _claimed(world, "claim-with-support", vouched=False)
    await claim.rule(await new_colleague(world.engine), grant=False)
    await claim.rule(await new_colleague(world.engine), grant=False)
    return employment_review_id(claim.claim)


async def claim_taken_back(world: Played) -> str:
    """Whoever claims the company thinks better of it."""
    claim = await _claimed(world, "claim-with-support", vouched=False)
    await claim.desk.withdraw(claim.claim, claim.user, uuid4())
    return employment_review_id(claim.claim)


async def nothing_to_claim(world: Played) -> str:
    """An administrator has nothing to claim."""
    company = await _company(world)
    claim = Claimed(company, (await nobody_yet(world.client, world.engine, company)).claim, company.administrator)
    await claim.begin()
    return employment_review_id(claim.claim)


async def _asked(world: Played, heard: RecoveryHeard) -> Asked:
    """Ask, and say something to it, while time stands still."""
    asked = await recovery(await _company(world))
    with world.temporal.with_time_skipping_disabled():
        await asked.begin()
        await asked.say(heard, asked.new if heard is RecoveryHeard.NO_MAIL else None)
    return asked


async def granted_by_an_administrator(world: Played) -> str:
    """The old address confirms, and an administrator agrees."""
    with world.temporal.with_time_skipping_disabled():
        asked = await _asked(world, RecoveryHeard.CONFIRMED)
        await asked.answer(asked.company.administrator)
    return membership_recovery_id(asked.recovery)


async def nobody_answers_and_support_grants(world: Played) -> str:
    """The old address confirms, and no administrator says anything."""
    asked = await _asked(world, RecoveryHeard.CONFIRMED)
    process = world.client.get_workflow_handle(membership_recovery_id(asked.recovery))
    await world.temporal.fast_forward(process, timedelta(days=5, hours=4))
    await asked.company.until("recovery-with-support")
    await asked.rule(await new_colleague(world.engine))
    await asked.rule(await new_colleague(world.engine))
    return membership_recovery_id(asked.recovery)


async def nobody_confirms(world: Played) -> str:
    """The address is nobody's."""
    asked = await recovery(await _company(world))
    await asked.begin("nobody@company.example")
    return membership_recovery_id(asked.recovery)


async def it_was_somebody_else(world: Played) -> str:
    """The old address says no."""
    asked = await _asked(world, RecoveryHeard.NOT_ME)
    return membership_recovery_id(asked.recovery)


async def recovery_taken_back(world: Played) -> str:
    """The mailbox cannot be read any more, and then can."""
    asked = await _asked(world, RecoveryHeard.NO_MAIL)
    await asked.say(RecoveryHeard.TAKEN_BACK, asked.new)
    return membership_recovery_id(asked.recovery)


async def a_member_has_nothing_to_ask_for(world: Played) -> str:
    """They are in."""
    asked = await recovery(await _company(world))
    member = Asked(asked.company, asked.old, asked.company.administrator, asked.recovery)
    await member.begin()
    return membership_recovery_id(member.recovery)


CLAIMS: tuple[Course, ...] = (
    granted_as_nobody_objected,
    an_administrator_objects,
    a_member_objects_and_support_grants,
    support_rejects,
    claim_taken_back,
    nothing_to_claim,
)
RECOVERIES: tuple[Course, ...] = (
    granted_by_an_administrator,
    nobody_answers_and_support_grants,
    nobody_confirms,
    it_was_somebody_else,
    recovery_taken_back,
    a_member_has_nothing_to_ask_for,
)
