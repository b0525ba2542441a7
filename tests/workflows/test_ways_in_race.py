"""Whoever meets whom, exactly one thing happens, and everybody else is told so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.conversations import NobodyIsListening
from domain.ids import InvitationId, UserId
from domain.members.invitations import (
    EXPIRES,
    AddressIsInvited,
    InvitationIsAccepted,
    InvitationIsDeclined,
    InvitationIsExpired,
    InvitationIsRevoked,
)
from domain.members.roles import Role
from workflows.front_desk.desk import Answer, Done, NotRecorded, Received, Refused
from workflows.names import invitation_id, join_request_id

from .company import Company, open_company
from .conftest import new_user

TOO_LATE = (InvitationIsAccepted, InvitationIsDeclined, InvitationIsExpired, InvitationIsRevoked, NobodyIsListening)

Race = Callable[[Company, WorkflowEnvironment], Awaitable[None]]


@pytest.fixture
async def company(client: Client, engine: AsyncEngine) -> Company:
    """A customer with one administrator."""
    return await open_company(client, engine)


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Nothing runs out by itself."""
    with temporal.with_time_skipping_disabled():
        yield


async def settled(say: Callable[[UUID], Awaitable[Answer[None]]]) -> Answer[None]:
    """Click, and click the same again as long as a busy machine has only received it."""
    click = uuid4()
    while isinstance(answer := await say(click), Received | NotRecorded):  # noqa: ASYNC110 - the process has no event for us
        await asyncio.sleep(0.1)
    return answer


def one_won(answers: list[Answer[None]]) -> int:
    """See that one was told yes and all others that they came too late; tells which one it was."""
    won = [number for number, answer in enumerate(answers) if answer == Done(None)]
    assert 1 == len(won), answers
    lost = [answer for answer in answers if answer != Done(None)]
    assert all(isinstance(answer, Refused) and isinstance(answer.refusal, TOO_LATE) for answer in lost), answers
    return won[0]


def address() -> str:
    """An address that nobody has had yet."""
    return f"{uuid4().hex}@firma.example"


async def accept_accept(company: Company, _: WorkflowEnvironment) -> None:
    """Two people have the same letter."""
    invitation, _opened = await company.invite(address())
    users = [await new_user(company.engine), await new_user(company.engine)]

    won = one_won(list(await asyncio.gather(*(settled(partial(company.invitations.accept, invitation, user)) for user in users))))

    members = await company.members()
    assert [user in members for user in users] == [number == won for number in range(2)]
    assert "accepted" == await company.state_of(invitation)


async def accept_revoke(company: Company, _: WorkflowEnvironment) -> None:
    """The administrator thinks better of it in the very moment."""
    invitation, _opened = await company.invite(address())
    user = await new_user(company.engine)
    words = [
        settled(partial(company.invitations.accept, invitation, user)),
        settled(partial(company.invitations.revoke, invitation, company.administrator)),
    ]

    accepted = one_won(list(await asyncio.gather(*words))) == 0

    assert ("accepted" if accepted else "revoked") == await company.state_of(invitation)
    assert accepted == (user in await company.members())


async def accept_expiry(company: Company, temporal: WorkflowEnvironment) -> None:
    """The fourteenth day ends while somebody says yes."""
    invitation, _opened = await company.invite(address())
    user = await new_user(company.engine)
    handle = company.client.get_workflow_handle(invitation_id(invitation))
    await temporal.fast_forward(handle, EXPIRES - timedelta(hours=1))

    answer, _moved = await asyncio.gather(
        settled(partial(company.invitations.accept, invitation, user)), temporal.fast_forward(handle, timedelta(hours=2))
    )

    ended = await handle.result()
    assert ended == await company.state_of(invitation)
    assert (ended == "accepted") == (answer == Done(None)) == (user in await company.members())
    assert answer == Done(None) or (isinstance(answer, Refused) and isinstance(answer.refusal, TOO_LATE))


async def invite_invite(company: Company, _: WorkflowEnvironment) -> None:
    """Two administrators think of the same colleague."""
    other, invited = await company.add(Role.ADMINISTRATOR), address()

    async def heard(email: str, by: UserId, click: UUID) -> Answer[None]:
        return (await company.invite(email, by=by, named=InvitationId(click)))[1]

    both = await asyncio.gather(settled(partial(heard, invited, company.administrator)), settled(partial(heard, invited.upper(), other)))

    assert 1 == both.count(Done(None))
    (lost,) = [answer for answer in both if answer != Done(None)]
    assert isinstance(lost, Refused)
    assert isinstance(lost.refusal, AddressIsInvited)


async def invite_ask(company: Company, _: WorkflowEnvironment) -> None:
    """An administrator invites somebody who asks at the same time: they are in, once, and nothing is left open."""
    user = await new_user(company.engine, confirmed=True)

    (invitation, invited), asked = await asyncio.gather(company.invite(f"{user}@company.example", Role.DEVELOPER), company.ask(user))

    assert not isinstance(invited, Refused)
    assert not isinstance(asked, Refused)
    await ended(company, invitation, user)
    assert Role.DEVELOPER is (await company.members())[user]
    assert await company.state_of(invitation) in {"accepted", "superseded"}
    assert "open" not in await company.requests_of(user)


async def answer_accept(company: Company, _: WorkflowEnvironment) -> None:
    """Somebody who has asked says yes to an invitation to another address of theirs while an administrator lets them in."""
    user = await new_user(company.engine, confirmed=True)
    invitation, _opened = await company.invite(address())
    await company.ask(user)

    answers = await asyncio.gather(settled(partial(company.invitations.accept, invitation, user)), settled(partial(company.let_in, user)))

    assert Done(None) in answers
    lost = [answer for answer in answers if answer != Done(None)]
    assert all(isinstance(answer, Refused) for answer in lost)
    assert user in await company.members()
    await company.client.get_workflow_handle(join_request_id(company.profile, user)).result()
    assert set(await company.requests_of(user)) <= {"accepted", "superseded"}


async def ended(company: Company, invitation: InvitationId, user: UserId) -> None:
    """Wait until both ways in are settled."""
    for process in (invitation_id(invitation), join_request_id(company.profile, user)):
        await company.client.get_workflow_handle(process).result()


RACES = [accept_accept, accept_revoke, accept_expiry, invite_invite, invite_ask, answer_accept]


@pytest.mark.parametrize("race", RACES)
async def test_exactly_one_thing_happens(company: Company, temporal: WorkflowEnvironment, race: Race) -> None:
    """Twenty times each, since what is only nearly always right is wrong."""
    await many(20, race, company, temporal)


@pytest.mark.soak
@pytest.mark.parametrize("race", RACES)
async def test_exactly_one_thing_happens_a_hundred_times(
    client: Client, engine: AsyncEngine, temporal: WorkflowEnvironment, race: Race
) -> None:
    """As on a busy day."""
    await many(100, race, await open_company(client, engine), temporal)


async def many(times: int, race: Race, company: Company, temporal: WorkflowEnvironment) -> None:
    """Run a race so often, some beside each other; a company may not invite more than a hundred in a day."""
    gate = asyncio.Semaphore(4)

    async def one() -> None:
        async with gate:
            await race(company, temporal)

    await asyncio.gather(*(one() for _ in range(times)))
