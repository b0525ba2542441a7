"""Somebody asks to be let into a company that has a profile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from temporalio import workflow

from activities.letters import LetterOrders
from activities.members import AmongWaysIn, AskingToJoin, ComingIn, Deadline, Newcomer
from domain.conversations import Inquiry
from domain.ids import JoinRequestId, StaffId, UserId, derived
from domain.members.invitations import Acceptance, InvitationIsOver
from domain.members.requests import (
    REMINDED_AFTER,
    SUPPORT_AFTER,
    Answer,
    Answering,
    Asking,
    Handing,
    InvitedMeanwhile,
    JoinRequestStart,
    JoinRequestState,
    NotYourRequest,
    SupportsAnswer,
    TakenBack,
    over,
)
from domain.members.roles import Role
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from domain.stages import Stage, ball_at
from workflows.attributes import stand_at
from workflows.conversation import Conversation, next_look
from workflows.options import KEEP_RECORD, ask

Said: TypeAlias = Answer | SupportsAnswer | TakenBack | InvitedMeanwhile

STAGES = {
    JoinRequestState.ACCEPTED: Stage.JOIN_ACCEPTED,
    JoinRequestState.DECLINED: Stage.JOIN_DECLINED,
    JoinRequestState.WITHDRAWN: Stage.JOIN_WITHDRAWN,
    JoinRequestState.SUPERSEDED: Stage.JOIN_SUPERSEDED,
}


@workflow.defn
class JoinRequest:
    """Asks a company's administrators to let somebody in, and waits until one of them answers.

    Whoever is invited already comes in by the invitation instead. Silence never decides: after two working days the
    administrators are reminded, after five support looks at it. There is one answer, and whoever comes after it is told so.
    """

    @workflow.init
    def __init__(self, start: JoinRequestStart) -> None:
        """Begin with nobody asked."""
        self._start = start
        self._run_id = workflow.info().first_execution_run_id
        self._id = start.request or JoinRequestId(self._derived("request"))
        self._conversation: Conversation[Said, None] = Conversation()
        self._opened: Refusal | bool = False
        self._state = JoinRequestState.OPEN
        self._let_in = False
        self._letters = 0

    @workflow.run
    async def run(self, start: JoinRequestStart) -> JoinRequestState | None:
        """Ask, remind, hand over to support, and listen until somebody answers; None when there was nothing to ask."""
        try:
            asked = await self._ask()
            self._opened = True
        except Refusal as refusal:
            self._opened = refusal
            await self._conversation.leave(self._take_up)
            return None
        if self._state is JoinRequestState.OPEN:
            stand_at(Stage.JOIN_ASKED, ball_at(Stage.JOIN_ASKED))
            await self._order(asked, LetterKind.JOIN_ASKED, self._id)
            await self._listen(somebody_can_answer=bool(asked))
        stage = STAGES[self._state]
        stand_at(stage, ball_at(stage))
        await self._conversation.leave(self._take_up)
        if self._let_in:
            newcomer = Newcomer(start.profile, start.user)
            await ask(AmongWaysIn.settle, newcomer, "Settle what else would have let them in", KEEP_RECORD)
        return self._state

    @workflow.update
    async def wait_until_written(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the request is written down or has let its author in. Raises the Refusal when it could not be made."""
        await workflow.wait_condition(lambda: self._opened is not False)
        if isinstance(self._opened, Refusal):
            raise self._opened

    @workflow.update
    async def answer(self, answer: Answer) -> None:
        """An administrator lets somebody in, or does not; returns when that is in the ledger."""
        await self._conversation.say(answer)

    @workflow.update
    async def rule(self, answer: SupportsAnswer) -> None:
        """Support lets somebody in, or does not; returns when that is in the ledger."""
        await self._conversation.say(answer)

    @workflow.update
    async def withdraw(self, taken_back: TakenBack) -> None:
        """Take the request back; returns when that is in the ledger."""
        await self._conversation.say(taken_back)

    @workflow.update
    async def hear_of_membership(self, invited: InvitedMeanwhile) -> None:
        """Whoever asked has come in by an invitation; returns when that is in the ledger."""
        await self._conversation.say(invited)

    @wait_until_written.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Answer nobody but the one who asks."""
        if inquiry.by != self._start.user:
            raise NotYourRequest

    @answer.validator
    def check_answer(self, answer: Answer) -> None:  # noqa: ARG002 - the ledger knows who is an administrator now
        """Refuse at once what comes after the end."""
        self._refuse_when_over()

    @rule.validator
    def check_rule(self, answer: SupportsAnswer) -> None:  # noqa: ARG002 - every colleague may
        """Refuse at once what comes after the end."""
        self._refuse_when_over()

    @withdraw.validator
    def check_withdraw(self, taken_back: TakenBack) -> None:
        """Refuse to take back what is somebody else's, or over."""
        if taken_back.by != self._start.user:
            raise NotYourRequest
        self._refuse_when_over()

    @hear_of_membership.validator
    def check_membership(self, invited: InvitedMeanwhile) -> None:
        """Refuse what is about somebody else, or comes after the end."""
        if invited.user != self._start.user:
            raise NotYourRequest
        self._refuse_when_over()

    def _refuse_when_over(self) -> None:
        if self._state is not JoinRequestState.OPEN:
            raise over(self._state)

    async def _ask(self) -> Sequence[UserId]:
        """Write the request down and tell who can answer it, unless an invitation lets its author in at once."""
        tries = 0
        while True:
            asking = Asking(self._id, self._start, self._derived(Stage.JOIN_ASKED.value))
            asked = await ask(AskingToJoin.write_request, asking, "Write the request down", KEEP_RECORD)
            if asked.invitation is None:
                return asked.administrators
            coming = ComingIn(asked.invitation, Acceptance(self._start.user))
            try:
                await ask(AmongWaysIn.come_in_by_invitation, coming, "Accept the invitation instead", KEEP_RECORD)
            except InvitationIsOver:
                await workflow.sleep(next_look(tries), summary="Let the invitation be settled")
                tries += 1
                continue
            self._state = JoinRequestState.SUPERSEDED
            return ()

    async def _listen(self, *, somebody_can_answer: bool) -> None:
        """Take up what is said; remind by the clock, and have support look at what nobody answers."""
        alarm: asyncio.Task[None] | None = None
        waits = [REMINDED_AFTER, SUPPORT_AFTER] if somebody_can_answer else []
        if not waits:
            await self._hand_to_support()
        while self._state is JoinRequestState.OPEN:
            if alarm is None and waits:
                alarm = await self._wind(waits[0])
            turn = await self._conversation.listen_beside(alarm)
            if turn is not None:
                await turn.answer(self._take_up)
                continue
            alarm = None
            if waits.pop(0) == REMINDED_AFTER:
                await self._remind()
            else:
                await self._hand_to_support()
        if alarm is not None:
            alarm.cancel()

    async def _wind(self, working_days: int) -> asyncio.Task[None]:
        deadline = Deadline(self._id, working_days)
        pause = await ask(AskingToJoin.time_until, deadline, "Count the working days", KEEP_RECORD)
        return asyncio.create_task(workflow.sleep(pause, summary=f"Wait {working_days} working days for an answer"))

    async def _remind(self) -> None:
        administrators = await ask(AskingToJoin.find_administrators, self._start.profile, "Find who can answer", KEEP_RECORD)
        await self._order(administrators, LetterKind.JOIN_REMINDER, self._id)

    async def _hand_to_support(self) -> None:
        handing = Handing(self._id, self._derived(Stage.JOIN_WITH_SUPPORT.value))
        await ask(AskingToJoin.hand_to_support, handing, "Have support look at it", KEEP_RECORD)
        stand_at(Stage.JOIN_WITH_SUPPORT, ball_at(Stage.JOIN_WITH_SUPPORT))

    async def _take_up(self, said: Said) -> None:
        self._refuse_when_over()
        match said:
            case Answer(by, role):
                state = JoinRequestState.DECLINED if role is None else JoinRequestState.ACCEPTED
                await self._end(self._answering(state, role=role, by=by))
            case SupportsAnswer(by, role):
                state = JoinRequestState.DECLINED if role is None else JoinRequestState.ACCEPTED
                await self._end(self._answering(state, role=role, by_staff=by))
            case TakenBack(by):
                await self._end(self._answering(JoinRequestState.WITHDRAWN, by=by))
            case InvitedMeanwhile():
                await self._end(self._answering(JoinRequestState.SUPERSEDED))

    async def _end(self, answering: Answering) -> None:
        """Write the end down, and only then let anything follow from it."""
        await ask(AskingToJoin.answer_request, answering, "Write the end down", KEEP_RECORD)
        self._state = answering.state
        if answering.state is JoinRequestState.ACCEPTED:
            self._let_in = True
            await self._order([self._start.user], LetterKind.JOINED, answering.membership)
            if answering.by is not None:
                await self._order([answering.by], LetterKind.COLLEAGUE_JOINED, answering.membership)
        elif answering.state is JoinRequestState.DECLINED:
            await self._order([self._start.user], LetterKind.JOIN_DECLINED, self._id)

    def _answering(
        self, state: JoinRequestState, *, role: Role | None = None, by: UserId | None = None, by_staff: StaffId | None = None
    ) -> Answering:
        step, membership = self._derived(STAGES[state].value), self._derived("membership")
        return Answering(self._id, self._start, state, step, membership, role, by, by_staff)

    async def _order(self, to: Sequence[UserId], kind: LetterKind, about: UUID) -> None:
        for reader in to:
            self._letters += 1
            order = LetterOrder(derived(self._run_id, f"letter {kind.value}", self._letters), kind, reader, about)
            await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)

    def _derived(self, step: str) -> UUID:
        return derived(self._run_id, step)
