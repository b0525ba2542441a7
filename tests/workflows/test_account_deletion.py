"""Somebody deletes their account: everything they had begun ends, and what is personal is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.leaving import LettingGo
from activities.letters import LetterSending
from database.company_pages import signup_view
from database.letters import LetterBook
from database.own import FarewellLedger
from database.own_data import own_data
from database.tables import EidLink, EmailAddress, UserAccount
from domain.ids import SignupId, UserId
from domain.letters import AccountDeleted, MembershipChanged
from domain.members.roles import Role
from domain.own import LastAdministratorOf
from domain.post import LetterOrder
from domain.stages import Stage
from worker import build_worker
from workflows.front_desk.desk import Done, Received, Refused
from workflows.front_desk.leaving import FarewellDesk, TheirProcesses
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.signups import SignupDesk
from workflows.names import account_deletion_id

from .company import open_company
from .conftest import BREWERY, KARI, SECRETS, Mailbox, SetClock, new_user


async def ended(client: Client, user: UserId) -> bool:
    """Wait until the deletion has come to its end, and say whether the account is gone."""
    return bool(await client.get_workflow_handle(account_deletion_id(user)).result())


async def test_a_member_goes_and_is_forgotten(client: Client, engine: AsyncEngine, mailbox: Mailbox) -> None:
    """The last letter reaches the address before the address is forgotten; the administrator hears of it too."""
    company = await open_company(client, engine)
    user = await company.add(Role.MEMBER)
    answer = await FarewellDesk(client).begin(user)

    assert Done(None) == answer
    assert await ended(client, user)
    assert {company.administrator: Role.ADMINISTRATOR} == await company.members()
    assert "member-left" in await company.log()
    assert [f"{user}@company.example"] == [sent.address for sent in mailbox.letters.values() if isinstance(sent.letter, AccountDeleted)]
    async with engine.connect() as connection:
        assert [] == list(await connection.scalars(select(EmailAddress.id).where(EmailAddress.user_id == user)))
        assert [] == list(await connection.scalars(select(EidLink.id).where(EidLink.user_id == user)))
        account = (await connection.execute(select(UserAccount).where(UserAccount.id == user))).one()
    assert ("", "") == (account.given_name, account.family_name)
    async with asyncio.timeout(20):
        while not any(isinstance(sent.letter, MembershipChanged) for sent in mailbox.letters.values()):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def test_the_last_administrator_is_held_back_until_there_is_another(client: Client, engine: AsyncEngine) -> None:
    """Nothing has been done then; with a successor they can go, by the same way."""
    company = await open_company(client, engine)
    refused = await FarewellDesk(client).begin(company.administrator)
    assert isinstance(refused, Refused)
    assert isinstance(refused.refusal, LastAdministratorOf)
    assert not await ended(client, company.administrator)
    assert {company.administrator: Role.ADMINISTRATOR} == await company.members()
    await company.add(Role.ADMINISTRATOR)

    assert Done(None) == await FarewellDesk(client).begin(company.administrator)
    assert await ended(client, company.administrator)


async def test_what_is_not_decided_is_withdrawn(client: Client, engine: AsyncEngine, temporal: WorkflowEnvironment) -> None:
    """A signup that waits for a person, and a request that waits for an administrator."""
    user, signup, company = await new_user(engine, confirmed=True), SignupId(uuid4()), await open_company(client, engine)
    with temporal.with_time_skipping_disabled():
        await company.ask(user)
        await SignupDesk(client).begin(signup, user, BREWERY)
        assert isinstance(await FarewellDesk(client).begin(user), Done | Received)
        assert await ended(client, user)
    view = await signup_view(engine, signup)

    assert view
    assert Stage.WITHDRAWN is view.log[-1].stage
    assert ["withdrawn"] == await company.requests_of(user)


class Crash(Exception):
    """The machine went away."""


@dataclass(frozen=True)
class CrashingLedger(FarewellLedger):
    """A ledger that dies after each step has been written, once."""

    crashed: set[str]

    async def leave_companies(self, user: UserId, at: datetime) -> Sequence[LetterOrder]:
        """Die afterwards, the first time."""
        orders = await super().leave_companies(user, at)
        self._die("leave")
        return orders

    async def lock_out(self, user: UserId, at: datetime) -> None:
        """Die afterwards, the first time."""
        await super().lock_out(user, at)
        self._die("lock out")

    async def forget(self, user: UserId, at: datetime) -> None:
        """Die afterwards, the first time."""
        await super().forget(user, at)
        self._die("forget")

    def _die(self, step: str) -> None:
        if step not in self.crashed:
            self.crashed.add(step)
            raise Crash


async def test_a_crash_after_any_step_is_survived(temporal: WorkflowEnvironment, engine: AsyncEngine) -> None:
    """Every step is derived from what stands in the books, so doing it again does nothing more."""
    client, clock, crashed, mailbox = temporal.client, SetClock(), set[str](), Mailbox()
    company = await open_company(client, engine)
    user = await company.add(Role.MEMBER)
    ledger, dispatch = CrashingLedger(engine, crashed), LetterDesk(client)
    homes = (LettingGo(ledger, TheirProcesses(client), dispatch, clock), LetterSending(LetterBook(engine, SECRETS), mailbox, clock))
    async with build_worker(client, *homes):
        await FarewellDesk(client).begin(user)
        assert await ended(client, user)

    assert {"leave", "lock out", "forget"} == crashed
    assert 1 == (await company.log()).count("member-left")
    assert 1 == sum(isinstance(sent.letter, AccountDeleted) for sent in mailbox.letters.values())
    assert KARI.family not in str(await own_data(engine, user))


@pytest.mark.parametrize("same", [True, False])
async def test_two_administrators_who_go_at_once_do_not_leave_the_company_alone(client: Client, engine: AsyncEngine, same: bool) -> None:
    """One of them is held back; a second click of the same one is the same farewell."""
    company = await open_company(client, engine)
    other = await company.add(Role.ADMINISTRATOR)
    users = [other, other] if same else [company.administrator, other]
    await asyncio.gather(*(FarewellDesk(client).begin(user) for user in users))
    gone = [await ended(client, user) for user in users]

    assert [same, True] == sorted(gone)
    assert [Role.ADMINISTRATOR] == list((await company.members()).values())
