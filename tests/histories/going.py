"""The courses that the deletion of an account takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

from domain.ids import SignupId
from domain.members.roles import Role
from tests.histories.played import Played
from tests.workflows.company import open_company
from tests.workflows.conftest import BREWERY, new_user
from workflows.front_desk.leaving import FarewellDesk
from workflows.front_desk.signups import SignupDesk
from workflows.names import account_deletion_id

Course = Callable[[Played], Awaitable[str]]


async def gone(world: Played) -> str:
    """A member goes."""
    company = await open_company(world.client, world.engine)
    user = await company.add(Role.MEMBER)
    await FarewellDesk(world.client).begin(user)
    return account_deletion_id(user)


async def gone_with_a_signup_under_way(world: Played) -> str:
    """Somebody goes whom support was to look at."""
    user = await new_user(world.engine, confirmed=True)
    with world.temporal.with_time_skipping_disabled():
        await SignupDesk(world.client).begin(SignupId(uuid4()), user, BREWERY)
        await FarewellDesk(world.client).begin(user)
    return account_deletion_id(user)


async def refused_to_the_last_administrator(world: Played) -> str:
    """Nobody could let colleagues in any more."""
    company = await open_company(world.client, world.engine)
    await FarewellDesk(world.client).begin(company.administrator)
    return account_deletion_id(company.administrator)


async def gone_without_a_letter(world: Played) -> str:
    """Nobody takes the last letter, so they are forgotten without."""
    user = await new_user(world.engine, confirmed=True)
    world.mailbox.away = True
    await FarewellDesk(world.client).begin(user)
    return account_deletion_id(user)


FAREWELLS: tuple[Course, ...] = (gone, gone_with_a_signup_under_way, refused_to_the_last_administrator, gone_without_a_letter)
