"""The courses that invitations and requests to join take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

from domain.ids import InvitationId, UserId
from domain.members.requests import Answer
from domain.members.roles import Role
from tests.histories.played import Played
from tests.workflows.company import Company, open_company
from tests.workflows.conftest import new_colleague, new_user
from workflows.names import invitation_id, join_request_id

INVITED = "invited@company.example"

Course = Callable[[Played], Awaitable[str]]


async def _company(world: Played) -> Company:
    return await open_company(world.client, world.engine)


async def _invited(world: Played) -> tuple[Company, InvitationId]:
    """Invite while time stands still."""
    company = await _company(world)
    with world.temporal.with_time_skipping_disabled():
        return company, (await company.invite(INVITED))[0]


async def accepted(world: Played) -> str:
    """Whoever was invited says yes."""
    company, invitation = await _invited(world)
    await company.invitations.accept(invitation, await new_user(world.engine), uuid4())
    return invitation_id(invitation)


async def declined(world: Played) -> str:
    """Whoever was invited says no."""
    company, invitation = await _invited(world)
    await company.invitations.decline(invitation, uuid4())
    return invitation_id(invitation)


async def revoked_after_another_letter(world: Played) -> str:
    """The administrator has it sent once more, too soon at first, and then thinks better of it."""
    company, invitation = await _invited(world)
    await company.invitations.send_again(invitation, company.administrator, uuid4())
    world.clock.moment += timedelta(hours=1)
    await company.invitations.send_again(invitation, company.administrator, uuid4())
    await company.invitations.revoke(invitation, company.administrator, uuid4())
    return invitation_id(invitation)


async def never_answered(world: Played) -> str:
    """Two reminders, and the end."""
    company = await _company(world)
    return invitation_id((await company.invite(INVITED))[0])


async def invited_twice(world: Played) -> str:
    """A second administrator has the same idea."""
    company, _ = await _invited(world)
    return invitation_id((await company.invite(INVITED))[0])


async def invited_after_asking(world: Played) -> str:
    """Who is invited has asked already, and is let in with that."""
    company, user = await _asked(world)
    return invitation_id((await company.invite(f"{user}@company.example"))[0])


async def settled_by_a_request(world: Played) -> str:
    """Who was invited is let in otherwise, since the address was confirmed later than they asked."""
    company, user = await _asked(world)
    with world.temporal.with_time_skipping_disabled():
        invitation, _ = await company.invite(INVITED)
        await company.confirm(user, INVITED)
        await company.requests.answer(company.profile, user, Answer(company.administrator, Role.MEMBER), uuid4())
    return invitation_id(invitation)


async def _asked(world: Played) -> tuple[Company, UserId]:
    """Ask while time stands still."""
    company, user = await _company(world), await new_user(world.engine, confirmed=True)
    with world.temporal.with_time_skipping_disabled():
        await company.ask(user)
    return company, user


async def let_in(world: Played) -> str:
    """An administrator says yes."""
    company, user = await _asked(world)
    await company.let_in(user, uuid4())
    return join_request_id(company.profile, user)


async def turned_away(world: Played) -> str:
    """An administrator says no."""
    company, user = await _asked(world)
    await company.requests.answer(company.profile, user, Answer(company.administrator, None), uuid4())
    return join_request_id(company.profile, user)


async def taken_back(world: Played) -> str:
    """Who asked does not want to any longer."""
    company, user = await _asked(world)
    await company.requests.withdraw(company.profile, user, uuid4())
    return join_request_id(company.profile, user)


async def answered_by_support(world: Played) -> str:
    """No administrator answers, not even the reminder."""
    company, user = await _company(world), await new_user(world.engine, confirmed=True)
    await company.ask(user)
    await company.until("join-with-support")
    await company.requests.rule(company.profile, user, await new_colleague(world.engine), Role.MEMBER, uuid4())
    return join_request_id(company.profile, user)


async def came_in_by_invitation(world: Played) -> str:
    """Who asks is invited already."""
    company, user = await _company(world), await new_user(world.engine, confirmed=True)
    with world.temporal.with_time_skipping_disabled():
        await company.invite(f"{user}@company.example")
        await company.ask(user)
    return join_request_id(company.profile, user)


async def settled_by_an_invitation(world: Played) -> str:
    """Who asked says yes to an invitation to another address of theirs."""
    company, user = await _asked(world)
    with world.temporal.with_time_skipping_disabled():
        invitation, _ = await company.invite(INVITED)
        await company.invitations.accept(invitation, user, uuid4())
    return join_request_id(company.profile, user)


async def a_member_already(world: Played) -> str:
    """There is nothing to ask for."""
    company = await _company(world)
    await company.ask(company.administrator)
    return join_request_id(company.profile, company.administrator)


INVITATIONS: tuple[Course, ...] = (
    accepted,
    declined,
    revoked_after_another_letter,
    never_answered,
    invited_twice,
    invited_after_asking,
    settled_by_a_request,
)
REQUESTS: tuple[Course, ...] = (
    let_in,
    turned_away,
    taken_back,
    answered_by_support,
    came_in_by_invitation,
    settled_by_an_invitation,
    a_member_already,
)
