"""A company signs up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

from activities.members import AmongWaysIn
from activities.reviewing import Reviewing
from activities.signing_up import AmongSignups, EmploymentCheck, RulingGiven, SigningUp
from domain.conversations import Inquiry
from domain.desk.conversation import SomebodyElseMustDecide
from domain.desk.documents import RETENTION
from domain.employment import Verdict
from domain.members.requests import AskingInstead
from domain.post import LetterKind
from domain.refusals import Refusal
from domain.rulings import NoSuchTask, Ruling, TaskIsDecided
from domain.signups import CompanyHasProfile, NotYourSignup, ProfileExists, ProfileOpening, SignupIsDecided, SignupStart, Withdrawal
from domain.stages import Actor, Stage, Step, ball_at
from workflows.attributes import stand_at
from workflows.options import ASK_REGISTER, KEEP_RECORD, ask
from workflows.review import TURNED, Reviewed

# So long do we wait for the register before we tell people that it is silent.
REGISTER_IS_SLOW = timedelta(seconds=5)


@workflow.defn
class CompanySignup(Reviewed):
    """One person's attempt to open the profile of the company they work for.

    The register is asked first. Somebody it vouches for gets the profile at once; everybody else is looked at by a person.
    Until the matter is decided the customer may withdraw. There is one decision, and whoever comes after it is told so; what a person
    has decided can be appealed and turned round for a while.
    """

    @workflow.init
    def __init__(self, start: SignupStart) -> None:
        """Begin with the company named and nothing decided."""
        super().__init__(start)
        self._withdrawal: Withdrawal | None = None
        self._opened = False
        self._refusal: Refusal | None = None
        self._written = False

    @workflow.run
    async def run(self, start: SignupStart) -> Stage:
        """Write the signup down, ask the register, have a person look if need be, and open the profile."""
        try:
            if start.instead_of is not None:
                await ask(AmongSignups.take_the_place, start, "Withdraw the one this comes instead of", KEEP_RECORD)
            await ask(SigningUp.open_signup, start, "Write the signup down", KEEP_RECORD)
        except Refusal as refusal:
            self._refusal = refusal
            return await self._leave(Stage.COMPANY_REFUSED)
        self._opened = True
        stage = await self._follow(await self._decide())
        # Signups that a person decided before there was a desk ended there and then.
        if self._ruling is not None and not self._deaf and workflow.patched("support-desk"):
            stage = await self._stay_within_reach(stage)
        elif self._questions and not RETENTION[stage] and workflow.patched("documents-go"):
            # Nobody here decided, so nothing of what was shown to us is needed any longer.
            await self._forget_documents()
        return await self._leave(stage)

    @workflow.update
    async def wait_until_written_down(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the signup is in the ledger. Raises the Refusal when it could not be opened."""
        await workflow.wait_condition(lambda: self._opened or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

    @wait_until_written_down.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Answer nobody but the one whose signup it is."""
        if inquiry.by != self._start.user:
            raise NotYourSignup

    @workflow.update
    async def withdraw(self, withdrawal: Withdrawal) -> None:
        """Take the signup back; returns when that is in the ledger."""
        self._decision, self._withdrawal = Stage.WITHDRAWN, withdrawal
        await self._wait_until_written()

    @withdraw.validator
    def check_withdraw(self, withdrawal: Withdrawal) -> None:
        """Refuse to take back what is decided, or what is somebody else's."""
        if withdrawal.by != self._start.user:
            raise NotYourSignup
        self._refuse_when_decided(SignupIsDecided())

    @workflow.update
    async def rule(self, ruling: Ruling) -> None:
        """Take a person's decision; returns when it is in the ledger."""
        self._decision = Stage.PROFILE_OPENED if ruling.rejected is None else Stage.REJECTED
        self._ruling = ruling
        await self._wait_until_written()

    @rule.validator
    def check_rule(self, ruling: Ruling) -> None:
        """Refuse a decision about something else, or after somebody else's.

        Whoever knows the task has it from the ledger, so a person is needed, even if word of it has not come back here yet.
        """
        if ruling.task != self._task:
            raise NoSuchTask
        self._refuse_when_decided(TaskIsDecided())
        if ruling.by == self._first_decider:
            raise SomebodyElseMustDecide

    @workflow.update
    async def hear_of_profile(self, exists: ProfileExists) -> None:  # noqa: ARG002 - whose it is stays between the colleagues
        """Somebody else's signup has opened the company's profile; returns when that is in the ledger."""
        self._decision = Stage.COMPANY_HAS_PROFILE
        await self._wait_until_written()

    @hear_of_profile.validator
    def check_hear_of_profile(self, exists: ProfileExists) -> None:  # noqa: ARG002 - every profile is news
        """Refuse what comes too late to change anything."""
        self._refuse_when_decided(SignupIsDecided())

    async def _wait_until_written(self) -> None:
        """Wait for the ledger. Raises the Refusal when the signup could not be opened at all."""
        await workflow.wait_condition(lambda: self._written or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

    def _refuse_when_decided(self, refusal: Refusal) -> None:
        if self._decision is not None or self._refusal is not None:
            raise refusal

    async def _decide(self) -> Stage:
        """Let the register, a person or the customer decide, and write down what was decided."""
        register = asyncio.create_task(self._ask_register())
        await self._wait_for(register)
        if self._decision is None:
            try:
                if await register is Verdict.CONFIRMED:
                    self._decision = Stage.PROFILE_OPENED
                    return self._decision
            except Refusal as refusal:
                self._decision = Stage.COMPANY_REFUSED
                return await self._end(self._decision, Actor.REGISTER, why=refusal.code)
            await self._wait_for_a_person()
        register.cancel()
        await asyncio.gather(register, return_exceptions=True)
        return await self._write_down(self._decision)

    async def _wait_for_a_person(self) -> None:
        stand_at(Stage.NEEDS_A_PERSON, ball_at(Stage.NEEDS_A_PERSON))
        await self._order_letter(LetterKind.NEEDS_A_PERSON, self._start.signup)
        if workflow.patched("support-desk"):
            await self._have_looked_at()
        else:
            self._deaf = True
            await workflow.wait_condition(lambda: self._decision is not None, timeout_summary="A person has to look at this")

    async def _stay_within_reach(self, stage: Stage) -> Stage:
        """Wait for an appeal, and for a lead who turns the decision round, for as long as either may come."""
        while stage in TURNED:
            stand_at(stage, ball_at(stage))
            self._decision = stage
            turn = await self._said.listen(RETENTION[stage])
            if turn is None:
                break
            stage = await self._turn(await turn.answer(self._take_up), stage)
        await self._forget_documents()
        return stage

    async def _forget_documents(self) -> None:
        await ask(Reviewing.forget_documents, self._start, "Delete the documents", KEEP_RECORD)

    async def _turn(self, to: Stage | None, stage: Stage) -> Stage:
        """Do what an appeal or a reversal leads to; nothing when it was refused."""
        if to is Stage.APPEALED:
            self._decision, self._ruling, self._written = None, None, False
            await self._order_letter(LetterKind.APPEAL_RECEIVED, self._start.signup)
            await self._have_looked_at()
            return await self._follow(await self._write_down(self._decision))
        if to is None:
            return stage
        await self._order_letter(LetterKind.DECISION_REVERSED, self._start.signup)
        return await self._open_profile() if to is Stage.DECISION_REVERSED else to

    async def _follow(self, decision: Stage) -> Stage:
        """Open the profile where that was decided."""
        return await self._open_profile() if decision is Stage.PROFILE_OPENED else decision

    async def _write_down(self, decision: Stage | None) -> Stage:
        """Write down what a person here, the customer or another signup has decided, before anything follows from it."""
        if self._ruling is not None:
            given = RulingGiven(self._start, self._ruling, self._id("ruling", self._round))
            await ask(SigningUp.write_ruling, given, "Write the decision down", KEEP_RECORD)
            self._written = True
            if self._ruling.rejected is None:
                return Stage.PROFILE_OPENED
            await self._order_letter(LetterKind.REJECTED, self._start.signup)
            return Stage.REJECTED
        if decision is Stage.COMPANY_HAS_PROFILE:
            await self._end(decision, Actor.SKRANKE, why=CompanyHasProfile.code)
            return await self._ask_to_join()
        why = self._withdrawal.why if self._withdrawal else None
        return await self._end(Stage.WITHDRAWN, Actor.CUSTOMER, actor_id=self._start.user, why=why)

    async def _ask_register(self) -> Verdict:
        await ask(SigningUp.look_company_up, self._start, "Look the company up", ASK_REGISTER)
        check = EmploymentCheck(self._start, self._id("evidence"), self._id("employment"), self._id("task"))
        return await ask(SigningUp.check_employment, check, "Ask the register who works there", ASK_REGISTER)

    async def _wait_for(self, register: asyncio.Task[Verdict]) -> None:
        """Wait for the register or a withdrawal, and tell people when the register is slow."""

        def heard() -> bool:
            return register.done() or self._decision is not None

        try:
            await workflow.wait_condition(heard, timeout=REGISTER_IS_SLOW, timeout_summary="The register is slow")
        except TimeoutError:
            stand_at(Stage.REGISTER_SILENT, ball_at(Stage.REGISTER_SILENT))
            await ask(SigningUp.note, self._step(Stage.REGISTER_SILENT, Actor.REGISTER), "Tell that the register is silent", KEEP_RECORD)
            await workflow.wait_condition(heard)

    async def _open_profile(self) -> Stage:
        opening = ProfileOpening(self._start, self._profile, self._id("membership"), self._id("opened"))
        try:
            await ask(SigningUp.open_profile, opening, "Open the profile", KEEP_RECORD)
        except CompanyHasProfile as refusal:
            await self._end(Stage.COMPANY_HAS_PROFILE, Actor.SKRANKE, why=refusal.code)
            return await self._ask_to_join()
        await self._order_letter(LetterKind.WELCOME, opening.profile)
        # Signups that opened a profile before this was added had nobody to tell.
        if workflow.patched("others-are-told"):
            await ask(AmongSignups.tell_the_others, opening, "Tell the others who sign this company up", KEEP_RECORD)
        return Stage.PROFILE_OPENED

    async def _ask_to_join(self) -> Stage:
        """A colleague was first, and lets this one in by a click. Signups that ended before this was added asked for nothing."""
        if workflow.patched("asks-to-join"):
            asking = AskingInstead(self._start.user, self._start.organisation_number)
            await ask(AmongWaysIn.ask_instead, asking, "Ask to join instead", KEEP_RECORD)
        return Stage.COMPANY_HAS_PROFILE

    async def _end(self, stage: Stage, actor: Actor, *, actor_id: UUID | None = None, why: str | None = None) -> Stage:
        await ask(SigningUp.end_signup, self._step(stage, actor, actor_id=actor_id, why=why), "Write the end down", KEEP_RECORD)
        self._written = True
        return stage

    async def _leave(self, outcome: Stage) -> Stage:
        stand_at(outcome, ball_at(outcome))
        self._decision = outcome
        await self._said.leave(self._come_too_late)
        return outcome

    def _step(self, stage: Stage, actor: Actor, *, actor_id: UUID | None = None, why: str | None = None) -> Step:
        return Step(self._id(stage.value), self._start.signup, self._start.organisation_number, stage, actor, actor_id, why)
