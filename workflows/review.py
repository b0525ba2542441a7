"""A person looks at something: what they and the customer say to each other, what time brings about, and what can be turned round."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from temporalio import workflow

from activities.letters import LetterOrders
from activities.reviewing import AppealMade, DecisionReversed, QuestionAnswered, QuestionAsked, Reviewing, Watch
from domain.conversations import NobodyIsListening
from domain.desk.conversation import Appeal, CustomerAnswer, NoQuestionStands, NotToBeAppealed, NotToBeReversed, Question, Reversal
from domain.desk.deadlines import OF_CUSTOMER, Deadline
from domain.ids import ProfileId, StaffId, derived
from domain.post import LetterKind, LetterOrder
from domain.rulings import NoSuchTask, Ruling, TaskIsDecided
from domain.signups import NotYourSignup, SignupStart
from domain.stages import Stage, ball_at
from workflows.attributes import stand_at
from workflows.conversation import Conversation
from workflows.options import KEEP_RECORD, ask

Said: TypeAlias = Question | CustomerAnswer | Appeal | Reversal

# What a lead turns each decision into: a profile is suspended and never taken away, so it can come back.
TURNED = {
    Stage.REJECTED: Stage.DECISION_REVERSED,
    Stage.PROFILE_OPENED: Stage.PROFILE_SUSPENDED,
    Stage.PROFILE_SUSPENDED: Stage.PROFILE_OPENED,
}


class Reviewed:
    """The part of a process in which a person has to look at a signup.

    They decide once, but may ask the customer first, any number of times. A rejection can be appealed once, to another person, and
    a lead can turn any decision of a person round. Time reminds and tells, and decides nothing.
    """

    def __init__(self, start: SignupStart) -> None:
        """Begin with nothing said and nothing decided."""
        self._start = start
        self._run_id = workflow.info().first_execution_run_id
        self._decision: Stage | None = None
        self._ruling: Ruling | None = None
        self._first_decider: StaffId | None = None
        self._said: Conversation[Said, Stage] = Conversation()
        self._round = 0
        self._questions = 0
        self._reversals = 0
        self._done: tuple[Deadline, ...] = ()
        self._ordered: Counter[LetterKind] = Counter()
        # A process that was under way before there was a desk hears nothing that it would not know what to do with.
        self._deaf = False

    @workflow.update
    async def ask_for_more(self, question: Question) -> None:
        """Ask the customer; returns when the question is in the ledger. Raises QuestionStands."""
        await self._said.say(question)

    @ask_for_more.validator
    def check_ask_for_more(self, question: Question) -> None:
        """Refuse a question about something else, or after a decision."""
        self._refuse_when_deaf()
        if question.task != self._task:
            raise NoSuchTask
        if self._decision is not None:
            raise TaskIsDecided

    @workflow.update
    async def answer(self, answer: CustomerAnswer) -> None:
        """Take the customer's answer; returns when it is in the ledger. Raises NoQuestionStands."""
        await self._said.say(answer)

    @answer.validator
    def check_answer(self, answer: CustomerAnswer) -> None:
        """Hear nobody but the customer, and nothing after a decision. Which question stands, the ledger knows first."""
        self._refuse_when_deaf()
        self._refuse_others(answer.by)
        if self._decision is not None:
            raise NoQuestionStands

    @workflow.update
    async def appeal(self, appeal: Appeal) -> None:
        """Have somebody else look again; returns when that is in the ledger. Raises SignupAlreadyOpen or CompanyHasProfile."""
        await self._said.say(appeal)

    @appeal.validator
    def check_appeal(self, appeal: Appeal) -> None:
        """Refuse to look again at anything but a rejection, or a second time."""
        self._refuse_when_deaf()
        self._refuse_others(appeal.by)
        if self._decision is not Stage.REJECTED or self._ruling is None or self._first_decider is not None:
            raise NotToBeAppealed

    @workflow.update
    async def reverse(self, reversal: Reversal) -> None:
        """Turn a person's decision round; returns when that is in the ledger. Raises the Refusal that says why not."""
        await self._said.say(reversal)

    @reverse.validator
    def check_reverse(self, reversal: Reversal) -> None:
        """Refuse to turn round what does not hold, or what no person has decided."""
        self._refuse_when_deaf()
        if reversal.task != self._task:
            raise NoSuchTask
        if self._ruling is None or reversal.stands is not self._decision or reversal.stands not in TURNED:
            raise NotToBeReversed

    def _refuse_when_deaf(self) -> None:
        if self._deaf:
            raise NobodyIsListening

    def _refuse_others(self, by: UUID) -> None:
        if by != self._start.user:
            raise NotYourSignup

    async def _have_looked_at(self) -> None:
        """Let a person and the customer talk, and time pass, until somebody has decided."""
        while self._decision is None:
            patience = await self._see_what_time_brought()
            turn = await self._said.listen(patience, unless=lambda: self._decision is not None)
            if turn is not None and await turn.answer(self._take_up) is Stage.CUSTOMER_ASKED:
                await self._order_letter(LetterKind.QUESTION, self._start.signup)

    async def _see_what_time_brought(self) -> timedelta | None:
        watch = Watch(self._start, self._task, self._done)
        seen = await ask(Reviewing.watch, watch, "See what time has brought about", KEEP_RECORD)
        self._done += seen.reached
        for letter in seen.letters:
            await ask(LetterOrders.order_letter, letter, f"Order the letter {letter.kind.value}", KEEP_RECORD)
        if seen.stage is not None:
            stand_at(seen.stage, ball_at(seen.stage))
        return seen.again_after

    async def _take_up(self, said: Said) -> Stage:
        """Write down what was said, and tell where that leads. Raises the Refusal when it comes too late."""
        if isinstance(said, Question | CustomerAnswer) and self._decision is not None:
            raise TaskIsDecided if isinstance(said, Question) else NoQuestionStands
        match said:
            case Question():
                stage = Stage.CUSTOMER_ASKED
                await self._write_question(said)
            case CustomerAnswer():
                stage = Stage.CUSTOMER_ANSWERED
                answered = QuestionAnswered(self._start, self._task, said, self._id("answered", self._questions))
                await ask(Reviewing.take_answer, answered, "Write the answer down", KEEP_RECORD)
            case Appeal():
                stage = Stage.APPEALED
                await self._write_appeal(said)
            case Reversal():
                stage = await self._write_reversal(said)
        stand_at(stage, ball_at(stage))
        return stage

    async def _write_question(self, said: Question) -> None:
        asked = QuestionAsked(self._start, said, self._id("asked", self._questions + 1))
        await ask(Reviewing.take_question, asked, "Write the question down", KEEP_RECORD)
        self._questions += 1
        self._done = tuple(deadline for deadline in self._done if deadline not in OF_CUSTOMER)

    async def _write_appeal(self, said: Appeal) -> None:
        if self._ruling is None or self._decision is not Stage.REJECTED or self._first_decider is not None:
            raise NotToBeAppealed
        task, first = derived(self._run_id, "task", self._round + 1), self._ruling.by
        made = AppealMade(self._start, said, task, first, self._id("appealed"))
        await ask(Reviewing.open_appeal, made, "Write the appeal down", KEEP_RECORD)
        self._round, self._first_decider, self._done = self._round + 1, first, ()

    async def _write_reversal(self, said: Reversal) -> Stage:
        if said.stands is not self._decision:
            raise NotToBeReversed
        to = TURNED[said.stands]
        profile = None if said.stands is Stage.REJECTED else self._profile
        turned = DecisionReversed(self._start, said, to, profile, self._id("reversed", self._reversals))
        await ask(Reviewing.reverse, turned, "Turn the decision round", KEEP_RECORD)
        self._reversals += 1
        # Whoever reads in the ledger that it is turned may turn it back at once, so it is known here at once too.
        self._decision = Stage.PROFILE_OPENED if to is Stage.DECISION_REVERSED else to
        return to

    async def _come_too_late(self, said: Said) -> Stage:  # noqa: ARG002 - whatever it is
        raise NobodyIsListening

    async def _order_letter(self, kind: LetterKind, about: UUID) -> None:
        order = LetterOrder(self._id(f"letter {kind.value}", self._ordered[kind]), kind, self._start.user, about)
        self._ordered[kind] += 1
        await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)

    @property
    def _task(self) -> UUID:
        return self._id("task", self._round)

    @property
    def _profile(self) -> ProfileId:
        return ProfileId(self._id("profile"))

    def _id(self, step: str, number: int = 0) -> UUID:
        return derived(self._run_id, step, number)
