"""What pages do with signups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from domain.conversations import Inquiry, NobodyIsListening
from domain.desk.conversation import Appeal, CustomerAnswer, Question, Reversal
from domain.ids import ProfileId, SignupId, UserId
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from domain.rulings import Ruling
from domain.signups import ProfileExists, SignupIsDecided, SignupStart, Withdrawal
from domain.stages import Stage, ball_at
from workflows.attributes import ProcessKind, attributes
from workflows.company_signup import CompanySignup
from workflows.front_desk.desk import (
    NO_ANSWER,
    PATIENCE,
    Answer,
    Done,
    NobodyKnows,
    NotBegun,
    NotRecorded,
    Refused,
    ask,
    begin,
    first_answer,
)
from workflows.names import company_signup_id

# A machine that speaks with a machine may wait longer than a page.
LONG = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class SignupDesk:
    """Begins signups and speaks with them."""

    client: Client

    async def begin(
        self,
        signup: SignupId,
        user: UserId,
        company: OrganisationNumber,
        instead_of: SignupId | None = None,
        *,
        handed_by: UserId | None = None,
    ) -> Answer[None]:
        """Begin a signup, and wait a moment until it is written down. The same signup begun twice is one signup.

        `instead_of` is the signup that its author leaves for this one, or that a colleague, `handed_by`, has handed on.
        """
        start = SignupStart(signup, user, company.value, instead_of, handed_by)
        try:
            await begin(
                self.client,
                CompanySignup.run,
                start,
                process_id=company_signup_id(signup),
                summary=f"{company.pretty} signs up",
                attributes=_attributes(company),
                details=f"Signup {signup} of user {user}",
                memo={"user": str(user)},
            )
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, CompanySignup.wait_until_written_down, Inquiry(user), process_id=company_signup_id(signup))

    async def withdraw(self, signup: SignupId, user: UserId, click: UUID) -> Answer[None]:
        """Take a signup back."""
        return await ask(
            self.client, CompanySignup.withdraw, Withdrawal(user), process_id=company_signup_id(signup), update_id=f"withdraw-{click}"
        )

    async def rule(self, signup: SignupId, ruling: Ruling, click: UUID) -> Answer[None]:
        """Decide what the register could not."""
        return await ask(self.client, CompanySignup.rule, ruling, process_id=company_signup_id(signup), update_id=f"rule-{click}")

    async def ask_for_more(self, signup: SignupId, question: Question, click: UUID) -> Answer[None]:
        """Ask the customer something that has been drafted. Refused with QuestionStands, TaskIsDecided or NoSuchTask."""
        return await ask(self.client, CompanySignup.ask_for_more, question, process_id=company_signup_id(signup), update_id=f"ask-{click}")

    async def answer(self, signup: SignupId, answer: CustomerAnswer, click: UUID) -> Answer[None]:
        """Answer a question with what has been drafted. Refused with NoQuestionStands."""
        return await ask(self.client, CompanySignup.answer, answer, process_id=company_signup_id(signup), update_id=f"answer-{click}")

    async def appeal(self, signup: SignupId, appeal: Appeal, click: UUID) -> Answer[None]:
        """Ask for another look at a rejection. Refused with NotToBeAppealed, SignupAlreadyOpen or CompanyHasProfile."""
        return await ask(self.client, CompanySignup.appeal, appeal, process_id=company_signup_id(signup), update_id=f"appeal-{click}")

    async def reverse(self, signup: SignupId, reversal: Reversal, click: UUID) -> Answer[None]:
        """Turn a person's decision round. Refused with NotToBeReversed, or with what speaks against this person's doing it."""
        return await ask(self.client, CompanySignup.reverse, reversal, process_id=company_signup_id(signup), update_id=f"reverse-{click}")

    async def is_on_its_way(self, signup: SignupId, user: UserId) -> bool:
        """Tell whether this user has begun this signup though it is not written down yet. Raises NobodyKnows."""
        try:
            described = await self.client.get_workflow_handle(company_signup_id(signup)).describe(rpc_timeout=PATIENCE)
        except NO_ANSWER as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise NobodyKnows from error
        begun_by = (await described.memo()).get("user")
        return described.status is WorkflowExecutionStatus.RUNNING and begun_by == str(user)


@dataclass(frozen=True, slots=True)
class SignupsAmongThemselves:
    """How one signup speaks with another: as anybody does, by an update that the other may refuse."""

    client: Client

    async def make_way(self, signup: SignupId, user: UserId, why: str) -> None:
        """Withdraw a signup that another one takes the place of. Raises SignupIsDecided when it is too late for that."""
        withdrawal = Withdrawal(user, why)
        answer = await ask(
            self.client, CompanySignup.withdraw, withdrawal, process_id=company_signup_id(signup), update_id="make-way", patience=LONG
        )
        insist(answer, NobodyIsListening)

    async def tell_profile_exists(self, signup: SignupId, profile: ProfileId) -> None:
        """Tell a signup that another one has opened the company's profile; one that is decided need not know."""
        answer = await ask(
            self.client,
            CompanySignup.hear_of_profile,
            ProfileExists(profile),
            process_id=company_signup_id(signup),
            update_id=f"profile-{profile}",
            patience=LONG,
        )
        insist(answer, NobodyIsListening, SignupIsDecided)


class NotHeard(Exception):
    """The other signup has not answered yet; saying it again is safe."""


def insist(answer: Answer[None], *good_enough: type[Refusal]) -> None:
    """Be content with a yes and with these refusals, raise every other refusal, and have silence tried again."""
    match answer:
        case Done():
            return
        case Refused(refusal):
            if not isinstance(refusal, good_enough):
                raise refusal
        case _:
            raise NotHeard


def _attributes(company: OrganisationNumber) -> TypedSearchAttributes:
    stage = Stage.COMPANY_NAMED
    return attributes(ProcessKind.SIGNUP, ball_at(stage), stage=stage, organisation_number=company.value)
