"""A company signs up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

from activities.letters import LetterOrders
from activities.signing_up import EmploymentCheck, SigningUp
from domain.conversations import Inquiry
from domain.employment import Verdict
from domain.ids import ProfileId, derived
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from domain.signups import CompanyHasProfile, NotYourSignup, ProfileOpening, SignupIsDecided, SignupStart, Withdrawal
from domain.stages import Actor, Stage, Step
from workflows.options import ASK_REGISTER, KEEP_RECORD, ask

# So long do we wait for the register before we tell people that it is silent.
REGISTER_IS_SLOW = timedelta(seconds=5)


@workflow.defn
class CompanySignup:
    """One person's attempt to open the profile of the company they work for.

    The register is asked first. Somebody it vouches for gets the profile at once; everybody else is looked at by a person.
    Until the matter is decided the customer may withdraw. There is one decision, and whoever comes after it is told so.
    """

    @workflow.init
    def __init__(self, start: SignupStart) -> None:
        """Begin with the company named and nothing decided."""
        self._start = start
        self._run_id = workflow.info().first_execution_run_id
        self._decision: Stage | None = None
        self._opened = False
        self._refusal: Refusal | None = None
        self._ended = False

    @workflow.run
    async def run(self, start: SignupStart) -> Stage:
        """Write the signup down, ask the register, have a person look if need be, and open the profile."""
        try:
            await ask(SigningUp.open_signup, start, "Write the signup down", KEEP_RECORD)
        except Refusal as refusal:
            self._refusal = refusal
            return await self._leave(Stage.COMPANY_REFUSED)
        self._opened = True
        decision = await self._decide()
        if decision is Stage.PROFILE_OPENED:
            decision = await self._open_profile()
        return await self._leave(decision)

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
    async def withdraw(self, withdrawal: Withdrawal) -> None:  # noqa: ARG002 - the validator has looked at it
        """Take the signup back; returns when that is in the ledger."""
        self._decision = Stage.WITHDRAWN
        await workflow.wait_condition(lambda: self._ended)

    @withdraw.validator
    def check_withdraw(self, withdrawal: Withdrawal) -> None:
        """Refuse to take back what is decided, or what is somebody else's."""
        if withdrawal.by != self._start.user:
            raise NotYourSignup
        if self._decision is not None or self._refusal is not None:
            raise SignupIsDecided

    async def _decide(self) -> Stage:
        """Let the register, a person or the customer decide; ends that open nothing are written down here."""
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
            await self._order_letter(LetterKind.NEEDS_A_PERSON, self._start.signup)
            await workflow.wait_condition(lambda: self._decision is not None, timeout_summary="A person has to look at this")
        register.cancel()
        await asyncio.gather(register, return_exceptions=True)
        return await self._end(Stage.WITHDRAWN, Actor.CUSTOMER, actor_id=self._start.user)

    async def _ask_register(self) -> Verdict:
        await ask(SigningUp.look_company_up, self._start, "Look the company up", ASK_REGISTER)
        check = EmploymentCheck(self._start, self._id("evidence"), self._id("employment"))
        return await ask(SigningUp.check_employment, check, "Ask the register who works there", ASK_REGISTER)

    async def _wait_for(self, register: asyncio.Task[Verdict]) -> None:
        """Wait for the register or a withdrawal, and tell people when the register is slow."""

        def heard() -> bool:
            return register.done() or self._decision is not None

        try:
            await workflow.wait_condition(heard, timeout=REGISTER_IS_SLOW, timeout_summary="The register is slow")
        except TimeoutError:
            await ask(SigningUp.note, self._step(Stage.REGISTER_SILENT, Actor.REGISTER), "Tell that the register is silent", KEEP_RECORD)
            await workflow.wait_condition(heard)

    async def _open_profile(self) -> Stage:
        opening = ProfileOpening(self._start, ProfileId(self._id("profile")), self._id("membership"), self._id("opened"))
        try:
            await ask(SigningUp.open_profile, opening, "Open the profile", KEEP_RECORD)
        except CompanyHasProfile as refusal:
            return await self._end(Stage.COMPANY_HAS_PROFILE, Actor.SKRANKE, why=refusal.code)
        self._ended = True
        await self._order_letter(LetterKind.WELCOME, opening.profile)
        return Stage.PROFILE_OPENED

    async def _order_letter(self, kind: LetterKind, about: UUID) -> None:
        order = LetterOrder(self._id(f"letter {kind.value}"), kind, self._start.user, about)
        await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)

    async def _end(self, stage: Stage, actor: Actor, *, actor_id: UUID | None = None, why: str | None = None) -> Stage:
        await ask(SigningUp.end_signup, self._step(stage, actor, actor_id=actor_id, why=why), "Write the end down", KEEP_RECORD)
        self._ended = True
        return stage

    async def _leave(self, outcome: Stage) -> Stage:
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcome

    def _step(self, stage: Stage, actor: Actor, *, actor_id: UUID | None = None, why: str | None = None) -> Step:
        return Step(self._id(stage.value), self._start.signup, self._start.organisation_number, stage, actor, actor_id, why)

    def _id(self, step: str) -> UUID:
        return derived(self._run_id, step)
