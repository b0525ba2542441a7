"""Somebody is invited to act for a company."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from temporalio import workflow

from activities.letters import LetterOrders
from activities.members import AmongWaysIn, Inviting, LettingIn, Newcomer, Opening, SendingAgain
from domain.conversations import Inquiry
from domain.ids import UserId, derived
from domain.members.invitations import (
    EXPIRES,
    FIRST_REMINDER,
    SECOND_REMINDER,
    Acceptance,
    CameInOtherwise,
    Decline,
    Ending,
    InvitationStart,
    InvitationState,
    NotYourInvitation,
    Resending,
    Revocation,
    over,
)
from domain.members.requests import Answer, RequestIsOver
from domain.members.roles import AdministratorsOnly
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from domain.stages import Stage, ball_at
from workflows.attributes import stand_at
from workflows.conversation import Conversation, next_look
from workflows.options import KEEP_RECORD, ask

# Between one letter and the next, and between the last and the end.
PAUSES = (FIRST_REMINDER, SECOND_REMINDER - FIRST_REMINDER, EXPIRES - SECOND_REMINDER)

Said: TypeAlias = Acceptance | Decline | Revocation | Resending | CameInOtherwise

STAGES = {
    InvitationState.ACCEPTED: Stage.INVITATION_ACCEPTED,
    InvitationState.DECLINED: Stage.INVITATION_DECLINED,
    InvitationState.REVOKED: Stage.INVITATION_REVOKED,
    InvitationState.EXPIRED: Stage.INVITATION_EXPIRED,
    InvitationState.SUPERSEDED: Stage.INVITATION_SUPERSEDED,
}


@workflow.defn
class Invitation:
    """Writes to somebody whom an administrator wants in the company, and waits for their answer.

    The letter's link can be opened any number of times, and lets in the one who says yes first. Two reminders go out; after
    fourteen days, counted from the last time that an administrator had it sent, it ends by itself. Of a yes, a no, a revocation
    and the end of the time exactly one counts, and whoever comes after it is told which.
    """

    @workflow.init
    def __init__(self, start: InvitationStart) -> None:
        """Begin with nothing sent."""
        self._start = start
        self._run_id = workflow.info().first_execution_run_id
        self._conversation: Conversation[Said, None] = Conversation()
        self._opened: Refusal | bool = False
        self._state = InvitationState.OPEN
        self._accepted_by: UserId | None = None
        self._alarm: asyncio.Task[None] | None = None
        self._pauses = 0
        self._sendings = 1
        self._letters = 0

    @workflow.run
    async def run(self, start: InvitationStart) -> InvitationState | None:
        """Open the invitation, send it, and listen until it is answered; None when it could not be opened at all."""
        try:
            await self._open()
            self._opened = True
        except Refusal as refusal:
            self._opened = refusal
            await self._conversation.leave(self._take_up)
            return None
        if self._state is InvitationState.OPEN:
            stand_at(Stage.MEMBER_INVITED, ball_at(Stage.MEMBER_INVITED))
            await self._order([None], LetterKind.INVITATION, start.invitation)
            await self._listen()
        stage = STAGES[self._state]
        stand_at(stage, ball_at(stage))
        await self._conversation.leave(self._take_up)
        if self._accepted_by is not None:
            newcomer = Newcomer(start.profile, self._accepted_by)
            await ask(AmongWaysIn.settle, newcomer, "Settle what else would have let them in", KEEP_RECORD)
        return self._state

    @workflow.update
    async def wait_until_written(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the invitation is open. Raises the Refusal when it could not be opened."""
        await workflow.wait_condition(lambda: self._opened is not False)
        if isinstance(self._opened, Refusal):
            raise self._opened

    @workflow.update
    async def accept(self, acceptance: Acceptance) -> None:
        """Say yes; returns when the one who says it is a member."""
        await self._conversation.say(acceptance)

    @workflow.update
    async def decline(self, decline: Decline) -> None:
        """Say no; returns when that is in the ledger."""
        await self._conversation.say(decline)

    @workflow.update
    async def revoke(self, revocation: Revocation) -> None:
        """Take it back; returns when that is in the ledger."""
        await self._conversation.say(revocation)

    @workflow.update
    async def send_again(self, resending: Resending) -> None:
        """Send the letter once more; returns when it is ordered."""
        await self._conversation.say(resending)

    @workflow.update
    async def hear_of_membership(self, came: CameInOtherwise) -> None:
        """Whoever was invited has been let in otherwise; returns when that is in the ledger."""
        await self._conversation.say(came)

    @wait_until_written.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Answer nobody but the one who invites."""
        if inquiry.by != self._start.by:
            raise AdministratorsOnly

    @accept.validator
    def check_accept(self, acceptance: Acceptance) -> None:
        """Refuse at once what comes after the end; who says yes may be anybody who has the letter."""
        if self._accepted_by != acceptance.by:
            self._refuse_when_over()

    @decline.validator
    def check_decline(self, decline: Decline) -> None:
        """Refuse a no to something else, or after the end."""
        if decline.invitation != self._start.invitation:
            raise NotYourInvitation
        if self._state is not InvitationState.DECLINED:
            self._refuse_when_over()

    @revoke.validator
    def check_revoke(self, revocation: Revocation) -> None:  # noqa: ARG002 - the ledger knows who is an administrator now
        """Refuse at once what comes after the end."""
        self._refuse_when_over()

    @send_again.validator
    def check_send_again(self, resending: Resending) -> None:  # noqa: ARG002 - the ledger knows who is an administrator now
        """Refuse at once what comes after the end."""
        self._refuse_when_over()

    @hear_of_membership.validator
    def check_membership(self, came: CameInOtherwise) -> None:  # noqa: ARG002 - every membership is news
        """Refuse at once what comes after the end."""
        self._refuse_when_over()

    def _refuse_when_over(self) -> None:
        if self._state is not InvitationState.OPEN:
            raise over(self._state)

    async def _open(self) -> None:
        """Open the invitation, or let in at once whoever has asked to join with that very address."""
        tries = 0
        while True:
            opening = Opening(self._start, self._id(Stage.MEMBER_INVITED.value))
            opened = await ask(Inviting.open_invitation, opening, "Open the invitation", KEEP_RECORD)
            if opened.asked is None:
                return
            letting = LettingIn(self._start.profile, opened.asked, Answer(self._start.by, self._start.role))
            try:
                await ask(AmongWaysIn.let_asker_in, letting, "Let in who has asked already", KEEP_RECORD)
            except RequestIsOver:
                await workflow.sleep(next_look(tries), summary="Let the request be settled")
                tries += 1
                continue
            await self._end(InvitationState.SUPERSEDED)
            return

    async def _listen(self) -> None:
        """Take up what is said, and remind and end by the clock."""
        self._wind()
        while self._state is InvitationState.OPEN:
            turn = await self._conversation.listen_beside(self._alarm)
            if turn is not None:
                await turn.answer(self._take_up)
            else:
                await self._go_on()
        self._stop_the_clock()

    async def _go_on(self) -> None:
        """Nobody has answered: remind, or let it end."""
        self._pauses += 1
        if self._pauses < len(PAUSES):
            await self._order([None], LetterKind.INVITATION_REMINDER, self._start.invitation)
            self._wind()
        else:
            await self._end(InvitationState.EXPIRED)

    def _wind(self) -> None:
        self._stop_the_clock()
        self._alarm = asyncio.create_task(workflow.sleep(PAUSES[self._pauses], summary="Wait for an answer"))

    def _stop_the_clock(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    async def _take_up(self, said: Said) -> None:
        if self._state is not InvitationState.OPEN:
            self._repeat(said)
            return
        match said:
            case Acceptance(by):
                await self._end(InvitationState.ACCEPTED, by)
            case Decline():
                await self._end(InvitationState.DECLINED)
            case Revocation(by):
                await self._end(InvitationState.REVOKED, by)
            case CameInOtherwise(user):
                await self._end(InvitationState.SUPERSEDED, user)
            case Resending():
                sending = SendingAgain(self._start, said, self._sendings + 1)
                await ask(Inviting.send_invitation_again, sending, "Allow another letter", KEEP_RECORD)
                self._sendings += 1
                self._pauses = 0
                self._wind()
                await self._order([None], LetterKind.INVITATION, self._start.invitation)

    def _repeat(self, said: Said) -> None:
        """Answer what comes after the end: the same once more is no news, everything else is too late."""
        if isinstance(said, Acceptance) and said.by == self._accepted_by:
            return
        if isinstance(said, Decline) and self._state is InvitationState.DECLINED:
            return
        raise over(self._state)

    async def _end(self, state: InvitationState, by: UserId | None = None) -> None:
        """Write the end down, and only then let anything follow from it."""
        membership = self._id("membership") if state is InvitationState.ACCEPTED else None
        ending = Ending(self._start, state, self._id(STAGES[state].value), by, membership)
        told = await ask(Inviting.end_invitation, ending, "Write the end down", KEEP_RECORD)
        self._state = state
        if membership is not None and by is not None:
            self._accepted_by = by
            await self._order([by], LetterKind.JOINED, membership)
        if state is InvitationState.REVOKED:
            await self._order([None], LetterKind.INVITATION_REVOKED, self._start.invitation)
        elif state is not InvitationState.SUPERSEDED:
            await self._order(told.users, LetterKind.INVITATION_ANSWERED, self._start.invitation)

    async def _order(self, to: Sequence[UserId | None], kind: LetterKind, about: UUID) -> None:
        for reader in to:
            self._letters += 1
            order = LetterOrder(derived(self._run_id, f"letter {kind.value}", self._letters), kind, reader, about)
            await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)

    def _id(self, step: str) -> UUID:
        return derived(self._run_id, step)
