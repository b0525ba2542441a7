"""Somebody claims a company whose administrators cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from temporalio import workflow

from activities.claims import Claiming, ClaimOpening
from activities.letters import LetterOrders
from activities.members import AmongWaysIn, Newcomer
from domain.conversations import Inquiry
from domain.ids import UserId, derived
from domain.members.claims import (
    STAGES,
    Announced,
    ClaimIsOver,
    ClaimStands,
    ClaimStart,
    ClaimState,
    ClaimTakenBack,
    ClaimWord,
    Heard,
    NotYourClaim,
    Objection,
)
from domain.members.four_eyes import SupportsWord
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from domain.stages import Stage, ball_at
from workflows.attributes import stand_at
from workflows.conversation import Conversation
from workflows.options import ASK_REGISTER, KEEP_RECORD, ask

Said: TypeAlias = Objection | ClaimTakenBack | SupportsWord


@workflow.defn
class EmploymentReview:
    """Makes somebody administrator of a company that has lost its own, unless somebody there objects.

    The register is asked first, and the members are told in any case. When the register vouches for the claimant and nobody
    objects for three working days, the company has an administrator again. An administrator's objection ends the claim. A
    member's objection, or a register that does not vouch, brings it to support, where two people have to say the same.
    """

    @workflow.init
    def __init__(self, start: ClaimStart) -> None:
        """Begin with nothing judged."""
        self._start = start
        self._run_id = workflow.info().first_execution_run_id
        self._conversation: Conversation[Said, None] = Conversation()
        self._opened: Refusal | bool = False
        self._state = ClaimState.OPEN
        self._with_support = False
        self._announced: Announced | None = None
        self._words = 0
        self._letters = 0

    @workflow.run
    async def run(self, start: ClaimStart) -> ClaimState | None:
        """Write the claim down, ask the register, tell the members, and listen to the end; None when there was nothing to claim."""
        try:
            opening = ClaimOpening(start, self._derived(Stage.CLAIM_MADE.value))
            await ask(Claiming.open_claim, opening, "Write the claim down", KEEP_RECORD)
            self._opened = True
        except Refusal as refusal:
            self._opened = refusal
            await self._conversation.leave(self._take_up)
            return None
        stand_at(Stage.CLAIM_MADE, ball_at(Stage.CLAIM_MADE))
        await self._judge()
        await self._wait_for_objections()
        await self._conversation.leave(self._take_up)
        if self._state is ClaimState.GRANTED:
            newcomer = Newcomer(start.profile, start.user)
            await ask(AmongWaysIn.settle, newcomer, "Settle what else would have let them in", KEEP_RECORD)
        return self._state

    @workflow.update
    async def wait_until_written(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the claim is written down. Raises the Refusal when it could not be made."""
        await workflow.wait_condition(lambda: self._opened is not False)
        if isinstance(self._opened, Refusal):
            raise self._opened

    @workflow.update
    async def hear_objection(self, objection: Objection) -> None:
        """A member objects; returns when that is in the ledger."""
        await self._conversation.say(objection)

    @workflow.update
    async def withdraw(self, taken_back: ClaimTakenBack) -> None:
        """Take the claim back; returns when that is in the ledger."""
        await self._conversation.say(taken_back)

    @workflow.update
    async def rule(self, word: SupportsWord) -> None:
        """Somebody in support says yes or no; returns when that is in the ledger."""
        await self._conversation.say(word)

    @wait_until_written.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Answer nobody but the one who claims."""
        if inquiry.by != self._start.user:
            raise NotYourClaim

    @hear_objection.validator
    def check_object(self, objection: Objection) -> None:
        """Refuse the claimant's own objection, and what comes after the end."""
        self._refuse_when_over()
        if objection.by == self._start.user:
            raise NotYourClaim

    @withdraw.validator
    def check_withdraw(self, taken_back: ClaimTakenBack) -> None:
        """Refuse to take back what is somebody else's, or over."""
        if taken_back.by != self._start.user:
            raise NotYourClaim
        self._refuse_when_over()

    @rule.validator
    def check_rule(self, word: SupportsWord) -> None:  # noqa: ARG002 - the ledger knows who has proposed what
        """Refuse what comes after the end. Whoever knows that support has it knows it from the ledger, maybe sooner than this does."""
        self._refuse_when_over()

    def _refuse_when_over(self) -> None:
        if self._state is not ClaimState.OPEN:
            raise ClaimIsOver

    async def _judge(self) -> None:
        """Ask the register, and listen meanwhile: it may be silent for days."""
        register = asyncio.create_task(self._ask_register())
        while self._state is ClaimState.OPEN and not register.done():
            turn = await self._conversation.listen_beside(register)
            if turn is not None:
                await turn.answer(self._take_up)
        if self._state is not ClaimState.OPEN:
            register.cancel()
            await asyncio.gather(register, return_exceptions=True)
            return
        self._announced = await register
        await self._announce(self._announced)

    async def _ask_register(self) -> Announced:
        opening = ClaimOpening(self._start, self._derived(Stage.CLAIM_ANNOUNCED.value))
        return await ask(Claiming.judge_claimant, opening, "Ask the register who works there", ASK_REGISTER)

    async def _announce(self, announced: Announced) -> None:
        self._with_support = self._with_support or not announced.vouched
        stage = Stage.CLAIM_WITH_SUPPORT if self._with_support else Stage.CLAIM_ANNOUNCED
        stand_at(stage, ball_at(stage))
        await self._order([self._start.user], LetterKind.CLAIM_RECEIVED)
        await self._order(announced.members, LetterKind.CLAIM_ANNOUNCED)

    async def _wait_for_objections(self) -> None:
        """Listen to the end; when the members' time is up and support has no part in it, the claim is granted."""
        alarm: asyncio.Task[None] | None = None
        while self._state is ClaimState.OPEN:
            if self._with_support and alarm is not None:
                alarm.cancel()
                alarm = None
            elif not self._with_support and alarm is None:
                alarm = await self._wind()
            turn = await self._conversation.listen_beside(alarm)
            if turn is not None:
                await turn.answer(self._take_up)
                continue
            alarm = None
            await self._hear(Heard.NOBODY_OBJECTED)
        if alarm is not None:
            alarm.cancel()

    async def _wind(self) -> asyncio.Task[None]:
        pause = await ask(Claiming.time_to_object, self._start.claim, "Count the working days", KEEP_RECORD)
        return asyncio.create_task(workflow.sleep(pause, summary="Let the members object"))

    async def _take_up(self, said: Said) -> None:
        self._refuse_when_over()
        match said:
            case Objection(by):
                await self._hear(Heard.OBJECTION, by)
            case ClaimTakenBack(by):
                await self._hear(Heard.TAKEN_BACK, by)
            case SupportsWord():
                await self._hear(Heard.SUPPORT, support=said)

    async def _hear(self, heard: Heard, by: UserId | None = None, support: SupportsWord | None = None) -> None:
        """Write down what was said, and only then let anything follow from it."""
        self._words += 1
        step = derived(self._run_id, "word", self._words)
        word = ClaimWord(self._start, step, self._derived("membership"), heard, by, support)
        stands = await ask(Claiming.hear_claim, word, "Write down what was said", KEEP_RECORD)
        self._with_support, self._state = stands.with_support, stands.state
        stage = STAGES.get(stands.state, Stage.CLAIM_WITH_SUPPORT)
        stand_at(stage, ball_at(stage))
        if stands.state is not ClaimState.OPEN:
            await self._tell_the_end(stands)

    async def _tell_the_end(self, stands: ClaimStands) -> None:
        if stands.state is not ClaimState.WITHDRAWN:
            await self._order([self._start.user], LetterKind.CLAIM_ENDED)
        # Whoever was never told of the claim need not hear of its end.
        if self._announced is not None:
            await self._order(stands.members, LetterKind.CLAIM_DECIDED)

    async def _order(self, to: Sequence[UserId], kind: LetterKind) -> None:
        for reader in to:
            self._letters += 1
            order = LetterOrder(derived(self._run_id, f"letter {kind.value}", self._letters), kind, reader, self._start.claim)
            await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)

    def _derived(self, step: str) -> UUID:
        return derived(self._run_id, step)
