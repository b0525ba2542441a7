"""What a page is told when nobody is there to answer."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from demo.ports import free_port
from domain.ids import AddressId, SignupId, UserId
from domain.organisation_number import OrganisationNumber
from gateways.temporal import connect
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.desk import NobodyKnows, NotRecorded, Received
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id

BREWERY = OrganisationNumber.parse("310 279 323")


async def test_without_temporal_nothing_is_recorded_and_the_page_says_so_within_seconds() -> None:
    """Nobody may be led to believe that something has been taken down that has not."""
    client = await connect(f"127.0.0.1:{free_port()}", "default", {"key": b"k" * 32}, lazy=True)

    async with asyncio.timeout(6):
        answer = await SignupDesk(client).begin(SignupId(uuid4()), UserId(uuid4()), BREWERY)

    assert answer == NotRecorded()


async def test_without_temporal_nobody_says_that_a_signup_was_never_begun() -> None:
    """Its author has perhaps been told a moment ago that it was received."""
    client = await connect(f"127.0.0.1:{free_port()}", "default", {"key": b"k" * 32}, lazy=True)

    with pytest.raises(NobodyKnows):
        await SignupDesk(client).is_on_its_way(SignupId(uuid4()), UserId(uuid4()))


async def test_without_a_worker_a_signup_is_received_and_waits(temporal: WorkflowEnvironment) -> None:
    """A start is durable without anybody at work, so its sender need not send it again."""
    desk, signup, user = SignupDesk(temporal.client), SignupId(uuid4()), UserId(uuid4())

    answer = await desk.begin(signup, user, BREWERY)

    assert answer == Received()
    assert await desk.is_on_its_way(signup, user)
    assert not await desk.is_on_its_way(signup, UserId(uuid4()))
    await temporal.client.get_workflow_handle(company_signup_id(signup)).terminate()


async def test_without_a_worker_a_code_is_not_recorded(temporal: WorkflowEnvironment) -> None:
    """An update that no worker has accepted can be lost, so it counts for nothing and may be said again."""
    desk, user = ConfirmationDesk(temporal.client), UserId(uuid4())
    assert await desk.begin(user, AddressId(uuid4()), uuid4()) == Received()

    assert await desk.type_code(user, "123456", uuid4()) == NotRecorded()
    await temporal.client.get_workflow_handle(f"email-confirmation/{user}").terminate()
