"""What letting somebody go needs from the world: the ledger, and the processes that they have begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from temporalio import activity

from activities.letters import Dispatch
from domain.clock import Clock
from domain.ids import ProfileId, SignupId, UserId
from domain.own import Farewell, FarewellLetter, UnderWay
from domain.post import LetterOrder


class FarewellLedger(Protocol):
    """Where it is written down that somebody goes. Writing anything a second time changes nothing."""

    async def refuse_last_administrator(self, user: UserId) -> None:
        """Raise LastAdministratorOf for whoever nobody could take the place of."""

    async def under_way(self, user: UserId) -> UnderWay:
        """List what somebody has begun that is not decided yet."""

    async def leave_companies(self, user: UserId, at: datetime) -> Sequence[LetterOrder]:
        """End every membership; tells which letters are to be set going. Raises LastAdministrator."""

    async def lock_out(self, user: UserId, at: datetime) -> None:
        """End every session and let no eID open the account any more."""

    async def order_letter(self, letter: FarewellLetter, at: datetime) -> LetterOrder:
        """Write the last letter's order down."""

    async def forget(self, user: UserId, at: datetime) -> None:
        """Delete what is personal, and leave ids only."""


class TheirProcesses(Protocol):
    """How what somebody has begun is taken back."""

    async def withdraw_signup(self, signup: SignupId, user: UserId) -> None:
        """Take a signup back; one that is decided need not know."""

    async def withdraw_request(self, profile: ProfileId, user: UserId) -> None:
        """Take a request to join back; one that is answered need not know."""


@dataclass(frozen=True, slots=True)
class LettingGo:
    """Lets somebody go, one step at a time."""

    ledger: FarewellLedger
    processes: TheirProcesses
    dispatch: Dispatch
    clock: Clock

    @activity.defn
    async def refuse_last_administrator(self, farewell: Farewell) -> None:
        """Look whether a company would be left without an administrator. Raises LastAdministratorOf."""
        await self.ledger.refuse_last_administrator(farewell.user)

    @activity.defn
    async def withdraw_processes(self, farewell: Farewell) -> None:
        """Take back everything that is not decided yet."""
        under_way = await self.ledger.under_way(farewell.user)
        for signup in under_way.signups:
            await self.processes.withdraw_signup(signup, farewell.user)
        for profile in under_way.requests:
            await self.processes.withdraw_request(profile, farewell.user)

    @activity.defn
    async def leave_companies(self, farewell: Farewell) -> None:
        """End every membership, and tell those who administer the companies. Raises LastAdministrator."""
        for order in await self.ledger.leave_companies(farewell.user, self.clock.now()):
            await self.dispatch.set_going(order)

    @activity.defn
    async def lock_out(self, farewell: Farewell) -> None:
        """End every session and let no eID open the account any more."""
        await self.ledger.lock_out(farewell.user, self.clock.now())

    @activity.defn
    async def order_farewell(self, letter: FarewellLetter) -> LetterOrder:
        """Write the last letter's order down; the process that asks sends it itself, since the address must live as long."""
        return await self.ledger.order_letter(letter, self.clock.now())

    @activity.defn
    async def forget(self, farewell: Farewell) -> None:
        """Delete what is personal."""
        await self.ledger.forget(farewell.user, self.clock.now())
