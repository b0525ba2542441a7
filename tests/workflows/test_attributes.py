"""What operators find processes by, in Temporal itself."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from temporalio.client import Client

from domain.ids import SignupId, UserId
from gateways.temporal import register_attributes
from tests.workflows.conftest import BREWERY, Register, manager
from workflows.attributes import KEYS, KIND, ORGANISATION_NUMBER, STAGE, WAITING_FOR
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id

STANDS = {"needs-a-person": "support", "profile-opened": "nobody"}


@pytest.mark.parametrize("stage", STANDS)
async def test_a_signup_is_found_by_its_kind_stage_ball_and_company(
    client: Client,
    register: Register,
    kari: UserId,
    stage: str,
) -> None:
    """All of it is public: a code of ours, or a number that anybody can look up."""
    if stage == "profile-opened":
        register.holdings.append(manager())
    signup = SignupId(uuid4())
    await SignupDesk(client).begin(signup, kari, BREWERY)
    handle = client.get_workflow_handle(company_signup_id(signup))
    async with asyncio.timeout(10):
        while (described := await handle.describe()).typed_search_attributes.get(STAGE) != stage:
            pass
    found = described.typed_search_attributes

    assert ("company-signup", stage, STANDS[stage], BREWERY.value) == tuple(
        found.get(key) for key in (KIND, STAGE, WAITING_FOR, ORGANISATION_NUMBER)
    )
    assert str(signup) in str(await described.static_details())
    assert BREWERY.pretty in str(await described.static_summary())
    if stage == "needs-a-person":
        await SignupDesk(client).withdraw(signup, kari, uuid4())


async def test_what_is_searched_by_is_registered_once(client: Client) -> None:
    """The worker sees to it at every start, in a namespace that knows it already too."""
    await register_attributes(client, KEYS)
    await register_attributes(client, KEYS)
