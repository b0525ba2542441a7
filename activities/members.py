"""What letting people into a company needs from the world: the ledger, and the processes it has to speak with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from temporalio import activity

from domain.clock import Clock
from domain.desk.calendar import WORKING_DAY, after_working
from domain.ids import InvitationId, JoinRequestId, ProfileId, UserId
from domain.members.invitations import Acceptance, Ending, InvitationStart, Opened, Resending, Told
from domain.members.requests import Answer, Answering, Asked, Asking, AskingInstead, Handing


@dataclass(frozen=True, slots=True)
class Opening:
    """Open this invitation; the step is kept under this id."""

    start: InvitationStart
    step: UUID


@dataclass(frozen=True, slots=True)
class SendingAgain:
    """An administrator wants this invitation sent once more; `sending` counts their letters."""

    start: InvitationStart
    wanted: Resending
    sending: int


@dataclass(frozen=True, slots=True)
class LettingIn:
    """An administrator has invited somebody who had asked already, so the request is what is answered."""

    profile: ProfileId
    asker: UserId
    answer: Answer


@dataclass(frozen=True, slots=True)
class ComingIn:
    """Somebody who asks to join is invited already, so the invitation is what is answered."""

    invitation: InvitationId
    acceptance: Acceptance


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody acts for a company now, and whatever else would have let them in is settled with that."""

    profile: ProfileId
    user: UserId


@dataclass(frozen=True, slots=True)
class Deadline:
    """So many working days after a request was made."""

    request: JoinRequestId
    working_days: int


class InvitationLedger(Protocol):
    """Where invitations are written down. Writing anything a second time changes nothing."""

    async def open(self, start: InvitationStart, step: UUID, at: datetime) -> Opened:
        """Open the draft, unless somebody with that address has asked to join. Raises the Refusal when it may not be opened."""

    async def send_again(self, start: InvitationStart, by: UserId, sending: int, at: datetime) -> None:
        """Count the time anew; `sending` says which letter of an administrator it is. Raises SentJustNow, and AdministratorsOnly."""

    async def end(self, ending: Ending, at: datetime) -> Told:
        """Write the end down, and make a member of whoever accepts; tells who is to hear of it. Raises InvitationIsOver."""

    async def others_open(self, profile: ProfileId, user: UserId) -> Sequence[InvitationId]:
        """List the open invitations to an address of somebody who is a member now."""


class JoinLedger(Protocol):
    """Where requests to join are written down. Writing anything a second time changes nothing."""

    async def ask(self, asking: Asking, at: datetime) -> Asked:
        """Write the request down, unless an invitation is open for the same person. Raises RequestIsOpen or AlreadyMember."""

    async def end(self, answering: Answering, at: datetime) -> None:
        """Write the end down, and make a member of whoever is let in. Raises RequestIsOver, and AdministratorsOnly."""

    async def hand_over(self, handing: Handing, at: datetime) -> None:
        """Write down that support has to look at it."""

    async def asked_at(self, request: JoinRequestId) -> datetime:
        """Tell when somebody asked."""

    async def administrators(self, profile: ProfileId) -> Sequence[UserId]:
        """List who can let people in now."""

    async def profile_of(self, organisation_number: str) -> ProfileId | None:
        """Find a company's live profile."""

    async def is_open(self, profile: ProfileId, user: UserId) -> bool:
        """Tell whether somebody has an open request to join this company."""


class OtherWaysIn(Protocol):
    """How one way into a company speaks with the other, which is the judge of itself."""

    async def ask_to_join(self, profile: ProfileId, user: UserId, organisation_number: str) -> None:
        """Ask in somebody's name to be let in; where that may not be asked, it is not."""

    async def answer_request(self, letting: LettingIn) -> None:
        """Let somebody in who has asked. Raises RequestIsOver when that has been decided meanwhile."""

    async def accept_invitation(self, coming: ComingIn) -> None:
        """Accept an invitation for the one it was sent to. Raises InvitationIsOver when it has ended meanwhile."""

    async def settle_request(self, newcomer: Newcomer) -> None:
        """Tell a request that who made it is a member now; one that has ended need not know."""

    async def settle_invitation(self, invitation: InvitationId, user: UserId) -> None:
        """Tell an invitation that whom it was sent to is a member now; one that has ended need not know."""


@dataclass(frozen=True, slots=True)
class Inviting:
    """The steps of an invitation that are written down."""

    ledger: InvitationLedger
    clock: Clock

    @activity.defn
    async def open_invitation(self, opening: Opening) -> Opened:
        """Open the invitation, unless who is invited has asked already."""
        return await self.ledger.open(opening.start, opening.step, self.clock.now())

    @activity.defn
    async def send_invitation_again(self, sending: SendingAgain) -> None:
        """Allow another letter, and count the time anew."""
        await self.ledger.send_again(sending.start, sending.wanted.by, sending.sending, self.clock.now())

    @activity.defn
    async def end_invitation(self, ending: Ending) -> Told:
        """Write the end down, and let in whoever accepts."""
        return await self.ledger.end(ending, self.clock.now())


@dataclass(frozen=True, slots=True)
class AskingToJoin:
    """The steps of a request to join that are written down."""

    ledger: JoinLedger
    clock: Clock

    @activity.defn
    async def write_request(self, asking: Asking) -> Asked:
        """Write the request down, unless an invitation can be accepted instead."""
        return await self.ledger.ask(asking, self.clock.now())

    @activity.defn
    async def answer_request(self, answering: Answering) -> None:
        """Write the end down, and let in whoever is let in."""
        await self.ledger.end(answering, self.clock.now())

    @activity.defn
    async def hand_to_support(self, handing: Handing) -> None:
        """Have support look at it."""
        await self.ledger.hand_over(handing, self.clock.now())

    @activity.defn
    async def time_until(self, deadline: Deadline) -> timedelta:
        """Tell how long it is until a deadline; nothing when it has passed."""
        due = after_working(await self.ledger.asked_at(deadline.request), deadline.working_days * WORKING_DAY)
        return max(due - self.clock.now(), timedelta(0))

    @activity.defn
    async def find_administrators(self, profile: ProfileId) -> Sequence[UserId]:
        """List who can let people in now."""
        return await self.ledger.administrators(profile)


@dataclass(frozen=True, slots=True)
class AmongWaysIn:
    """The steps by which an invitation and a request for the same person become one."""

    invitations: InvitationLedger
    requests: JoinLedger
    others: OtherWaysIn

    @activity.defn
    async def ask_instead(self, asking: AskingInstead) -> None:
        """Ask to join the company that somebody was signing up, unless its profile has closed again."""
        profile = await self.requests.profile_of(asking.organisation_number)
        if profile is not None:
            await self.others.ask_to_join(profile, asking.user, asking.organisation_number)

    @activity.defn
    async def let_asker_in(self, letting: LettingIn) -> None:
        """Answer the request instead of inviting."""
        await self.others.answer_request(letting)

    @activity.defn
    async def come_in_by_invitation(self, coming: ComingIn) -> None:
        """Accept the invitation instead of asking."""
        await self.others.accept_invitation(coming)

    @activity.defn
    async def settle(self, newcomer: Newcomer) -> None:
        """End whatever else would have let this person in."""
        if await self.requests.is_open(newcomer.profile, newcomer.user):
            await self.others.settle_request(newcomer)
        for invitation in await self.invitations.others_open(newcomer.profile, newcomer.user):
            await self.others.settle_invitation(invitation, newcomer.user)
