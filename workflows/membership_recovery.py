"""Somebody who has another eID now asks for the membership they had."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from temporalio import workflow

from activities.letters import LetterOrders
from activities.members import AmongWaysIn, Newcomer
from activities.recoveries import Recovering, RecoveryOpening
from domain.conversations import Inquiry
from domain.ids import UserId, derived
from domain.members.four_eyes import SupportsWord
from domain.members.recoveries import (
    STAGES,
    NotYourRecovery,
    RecoveryHeard,
    RecoveryIsOver,
    RecoverySaid,
    RecoveryStands,
    RecoveryStart,
    RecoveryState,
    RecoveryWord,
)
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from domain.stages import Stage, ball_at
from workflows.attributes import stand_at
from workflows.conversation import Conversation
from workflows.options import KEEP_RECORD, ask

Said: TypeAlias = RecoverySaid | SupportsWord


@workflow.defn
class MembershipRecovery:
    """Moves a membership to another eID, when the old e-mail address confirms it and an administrator agrees.

    Whoever asks never learns whether the address that they named is anybody's. When they cannot read it any more, when there is
    no administrator, or when none answers, two people in support have to say the same. What nobody confirms ends by itself.
    """

    @workflow.init
    def __init__(self, start: RecoveryStart) -> None:
        """Begin with nobody asked."""
        self._start = start
        self._run_id = workflow.info().first_execution_run_id
        self._conversation: Conversation[Said, None] = Conversation()
        self._opened: Refusal | bool = False
        self._stands = RecoveryStands(RecoveryState.OPEN)
        self._words = 0
        self._letters = 0

    @workflow.run
    async def run(self, start: RecoveryStart) -> RecoveryState | None:
        """Write it down, have the old address confirm, ask the administrators, and listen to the end; None when it may not be asked."""
        try:
            opening = RecoveryOpening(start, self._derived(Stage.RECOVERY_ASKED.value))
            self._stands = await ask(Recovering.open_recovery, opening, "Write the request down", KEEP_RECORD)
            self._opened = True
        except Refusal as refusal:
            self._opened = refusal
            await self._conversation.leave(self._take_up)
            return None
        stand_at(Stage.RECOVERY_ASKED, ball_at(Stage.RECOVERY_ASKED))
        await self._order(self._old_user, LetterKind.RECOVERY_ASKED)
        await self._listen()
        await self._conversation.leave(self._take_up)
        if self._stands.state is RecoveryState.GRANTED:
            newcomer = Newcomer(start.profile, start.user)
            await ask(AmongWaysIn.settle, newcomer, "Settle what else would have let them in", KEEP_RECORD)
        return self._stands.state

    @workflow.update
    async def wait_until_written(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the request is written down. Raises the Refusal when it could not be made."""
        await workflow.wait_condition(lambda: self._opened is not False)
        if isinstance(self._opened, Refusal):
            raise self._opened

    @workflow.update
    async def say(self, said: RecoverySaid) -> None:
        """The old address, whoever asks, or an administrator says something; returns when that is in the ledger."""
        await self._conversation.say(said)

    @workflow.update
    async def rule(self, word: SupportsWord) -> None:
        """Somebody in support says yes or no; returns when that is in the ledger."""
        await self._conversation.say(word)

    @wait_until_written.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Answer nobody but the one who asks."""
        if inquiry.by != self._start.user:
            raise NotYourRecovery

    @say.validator
    def check_say(self, said: RecoverySaid) -> None:
        """Refuse what only who asks may say from anybody else, what nobody says aloud, and what comes after the end."""
        self._refuse_when_over()
        theirs = said.heard in {RecoveryHeard.TAKEN_BACK, RecoveryHeard.NO_MAIL}
        silent = said.heard in {RecoveryHeard.NOBODY_ANSWERED, RecoveryHeard.NOBODY_CONFIRMED, RecoveryHeard.SUPPORT}
        if silent or (theirs and said.by != self._start.user) or (said.heard is RecoveryHeard.ANSWER and said.by == self._start.user):
            raise NotYourRecovery

    @rule.validator
    def check_rule(self, word: SupportsWord) -> None:  # noqa: ARG002 - the ledger knows who has proposed what
        """Refuse what comes after the end. Whoever knows that support has it knows it from the ledger, maybe sooner than this does."""
        self._refuse_when_over()

    @property
    def _old_user(self) -> Sequence[UserId]:
        return [] if self._stands.old_user is None else [self._stands.old_user]

    def _refuse_when_over(self) -> None:
        if self._stands.state is not RecoveryState.OPEN:
            raise RecoveryIsOver

    async def _listen(self) -> None:
        """Take up what is said; what nobody confirms ends by the clock, and what no administrator answers goes to support."""
        alarm, phase = None, ""
        while self._stands.state is RecoveryState.OPEN:
            now_at = "support" if self._stands.with_support else "confirmed" if self._stands.confirmed else "asked"
            if phase != now_at:
                if alarm is not None:
                    alarm.cancel()
                alarm, phase = (None if now_at == "support" else await self._wind()), now_at
            turn = await self._conversation.listen_beside(alarm)
            if turn is not None:
                await turn.answer(self._take_up)
                continue
            heard = RecoveryHeard.NOBODY_ANSWERED if self._stands.confirmed else RecoveryHeard.NOBODY_CONFIRMED
            alarm, phase = None, ""
            await self._hear(RecoverySaid(heard))
        if alarm is not None:
            alarm.cancel()

    async def _wind(self) -> asyncio.Task[None]:
        pause = await ask(Recovering.time_to_answer, self._start.recovery, "Find out how long to wait", KEEP_RECORD)
        return asyncio.create_task(workflow.sleep(pause, summary="Wait for an answer"))

    async def _take_up(self, said: Said) -> None:
        self._refuse_when_over()
        if isinstance(said, SupportsWord):
            await self._hear(RecoverySaid(RecoveryHeard.SUPPORT), said)
        else:
            await self._hear(said)

    async def _hear(self, said: RecoverySaid, support: SupportsWord | None = None) -> None:
        """Write down what was said, and only then let anything follow from it."""
        self._words += 1
        step, membership = derived(self._run_id, "word", self._words), self._derived("membership")
        word = RecoveryWord(self._start, step, membership, said, support)
        before = self._stands
        self._stands = await ask(Recovering.hear_recovery, word, "Write down what was said", KEEP_RECORD)
        stage = _stage(self._stands)
        stand_at(stage, ball_at(stage))
        if self._stands.state is not RecoveryState.OPEN:
            await self._order([self._start.user, *self._old_user], LetterKind.RECOVERY_ENDED)
        elif self._stands.confirmed and not before.confirmed:
            await self._order(self._stands.administrators, LetterKind.RECOVERY_TO_APPROVE)

    async def _order(self, to: Sequence[UserId], kind: LetterKind) -> None:
        for reader in to:
            self._letters += 1
            order = LetterOrder(derived(self._run_id, f"letter {kind.value}", self._letters), kind, reader, self._start.recovery)
            await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)

    def _derived(self, step: str) -> UUID:
        return derived(self._run_id, step)


def _stage(stands: RecoveryStands) -> Stage:
    if stands.state is not RecoveryState.OPEN:
        return STAGES[stands.state]
    if stands.with_support:
        return Stage.RECOVERY_WITH_SUPPORT
    return Stage.RECOVERY_CONFIRMED if stands.confirmed else Stage.RECOVERY_ASKED
