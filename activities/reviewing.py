"""What having a person look at something needs from the world: the desk's ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from temporalio import activity

from domain.clock import Clock
from domain.desk.clock import Pause
from domain.desk.conversation import Appeal, CustomerAnswer, Question, Reversal
from domain.desk.deadlines import Deadline, TaskTimes, look
from domain.desk.kinds import Pace, TaskKind
from domain.ids import ProfileId, SignupId, StaffId, derived
from domain.post import LetterKind, LetterOrder
from domain.signups import SignupStart
from domain.stages import Actor, Stage, Step


@dataclass(frozen=True, slots=True)
class Watch:
    """A task whose deadlines are watched, and which of them the process has had done already."""

    start: SignupStart
    task: UUID
    done: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """What time has brought about: the letters to be ordered, the stage that was come to, and when to look again."""

    reached: tuple[Deadline, ...] = ()
    letters: tuple[LetterOrder, ...] = ()
    stage: Stage | None = None
    again_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """Support has asked; the step is kept under this id."""

    start: SignupStart
    said: Question
    step: UUID


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """The customer has answered a question about this task; the step is kept under this id."""

    start: SignupStart
    task: UUID
    said: CustomerAnswer
    step: UUID


@dataclass(frozen=True, slots=True)
class AppealMade:
    """The customer asks for another look: a task under this id, for another person than the first."""

    start: SignupStart
    said: Appeal
    task: UUID
    not_for: StaffId
    step: UUID


@dataclass(frozen=True, slots=True)
class DecisionReversed:
    """A lead has turned a decision round; `profile` is the one that is suspended or comes back, where there is one."""

    start: SignupStart
    said: Reversal
    to: Stage
    profile: ProfileId | None
    step: UUID


class OpenTimes(Protocol):
    """What a task's deadlines follow from."""

    @property
    def kind(self) -> TaskKind:
        """What has to be decided."""

    @property
    def opened_at(self) -> datetime:
        """Since when it has been with us."""

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """When its clock stood."""

    @property
    def question(self) -> UUID | None:
        """The question that has no answer yet."""

    @property
    def asked_at(self) -> datetime | None:
        """Since when that stands."""


class DeskLedger(Protocol):
    """Where the desk's work is written down. Writing anything a second time changes nothing."""

    async def take_question(self, said: Question, step: Step, at: datetime) -> None:
        """Let a drafted question stand, and give the customer the ball. Raises QuestionStands."""

    async def take_answer(self, said: CustomerAnswer, task: UUID, step: Step, at: datetime) -> None:
        """Keep which answer it is, and put the task back: to whoever asked if they are on duty. Raises NoQuestionStands."""

    async def times(self, task: UUID) -> OpenTimes | None:
        """Read what a task's deadlines follow from; None when it is closed."""

    async def reach(self, task: UUID, about: UUID, deadline: Deadline, at: datetime) -> Sequence[UUID]:
        """Write down that a deadline is reached and do what it brings about at the desk; lists the notices to be sent for it."""

    async def note(self, step: Step, at: datetime) -> None:
        """Add a step to the log."""

    async def open_appeal(self, said: Appeal, task: UUID, not_for: UUID, step: Step, at: datetime) -> None:
        """Open a task for another person and the signup with it. Raises SignupAlreadyOpen or CompanyHasProfile."""

    async def reverse(self, said: Reversal, profile: ProfileId | None, step: Step, at: datetime) -> None:
        """Keep the reversal; suspend the profile, let it come back, or open the signup again so that one can be opened.

        Raises OnlyLeadsReverse, BelongsToCompany, NotToBeReversed, SignupAlreadyOpen or CompanyHasProfile.
        """

    async def forget_documents(self, signup: SignupId, at: datetime) -> None:
        """Delete what the documents of a signup contain."""


_TO_CUSTOMER = {
    Deadline.TWICE_DUE: LetterKind.DECISION_LATE,
    Deadline.REMIND_CUSTOMER: LetterKind.QUESTION_REMINDER,
    Deadline.REMIND_CUSTOMER_AGAIN: LetterKind.QUESTION_REMINDER,
    Deadline.LAY_ASIDE: LetterKind.LAID_ASIDE,
}
_STAGES = {Deadline.TWICE_DUE: Stage.DECISION_LATE, Deadline.LAY_ASIDE: Stage.LAID_ASIDE}


@dataclass(frozen=True, slots=True)
class Reviewing:
    """The steps of having a person look at something that are written down, and its deadlines."""

    ledger: DeskLedger
    paces: Mapping[TaskKind, Pace]
    clock: Clock

    @activity.defn
    async def take_question(self, asked: QuestionAsked) -> None:
        """Write down that the customer has been asked. Raises QuestionStands."""
        step = _step(asked.start, asked.step, Stage.CUSTOMER_ASKED, Actor.SUPPORT, asked.said.by)
        await self.ledger.take_question(asked.said, step, self.clock.now())

    @activity.defn
    async def take_answer(self, answered: QuestionAnswered) -> None:
        """Write down that the customer has answered. Raises NoQuestionStands."""
        step = _step(answered.start, answered.step, Stage.CUSTOMER_ANSWERED, Actor.CUSTOMER, answered.said.by)
        await self.ledger.take_answer(answered.said, answered.task, step, self.clock.now())

    @activity.defn
    async def watch(self, watch: Watch) -> Watched:
        """Do what time has brought about since the last look, and say when to look again."""
        times, now = await self.ledger.times(watch.task), self.clock.now()
        if times is None:
            return Watched()
        about = times.question or watch.task
        seen = look(TaskTimes(times.opened_at, times.pauses, self.paces[times.kind], times.asked_at), watch.done, now)
        letters: list[LetterOrder] = []
        stage = None
        for deadline in seen.reached:
            notices = await self.ledger.reach(watch.task, about, deadline, now)
            letters += [LetterOrder(notice, LetterKind.DESK_NOTICE, None, notice) for notice in notices]
            if deadline in _TO_CUSTOMER:
                key = derived(str(about), f"letter {deadline}")
                letters.append(LetterOrder(key, _TO_CUSTOMER[deadline], watch.start.user, watch.start.signup))
            if deadline in _STAGES:
                stage = _STAGES[deadline]
                await self.ledger.note(_step(watch.start, derived(str(about), deadline), stage, Actor.SKRANKE), now)
        return Watched(seen.reached, tuple(letters), stage, seen.wait)

    @activity.defn
    async def open_appeal(self, made: AppealMade) -> None:
        """Write down that the customer asks for another look. Raises SignupAlreadyOpen."""
        step = _step(made.start, made.step, Stage.APPEALED, Actor.CUSTOMER, made.start.user)
        await self.ledger.open_appeal(made.said, made.task, made.not_for, step, self.clock.now())

    @activity.defn
    async def reverse(self, reversed_: DecisionReversed) -> None:
        """Write down that a lead has turned a decision round. Raises the Refusal that says why not."""
        said = reversed_.said
        step = _step(reversed_.start, reversed_.step, reversed_.to, Actor.SUPPORT, said.by, said.reason)
        await self.ledger.reverse(said, reversed_.profile, step, self.clock.now())

    @activity.defn
    async def forget_documents(self, start: SignupStart) -> None:
        """Delete the documents of a signup: what they were needed for is over."""
        await self.ledger.forget_documents(start.signup, self.clock.now())


def _step(  # noqa: PLR0913, PLR0917 - a step is all of this
    start: SignupStart, step: UUID, stage: Stage, actor: Actor, actor_id: UUID | None = None, why: str | None = None
) -> Step:
    return Step(step, start.signup, start.organisation_number, stage, actor, actor_id, why)
