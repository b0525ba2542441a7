"""What pages do with signups."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus

from domain.conversations import Inquiry
from domain.ids import SignupId, UserId
from domain.organisation_number import OrganisationNumber
from domain.signups import SignupStart, Withdrawal
from workflows.company_signup import CompanySignup
from workflows.front_desk.desk import NO_ANSWER, PATIENCE, Answer, NotBegun, NotRecorded, ask, begin, first_answer
from workflows.names import company_signup_id


@dataclass(frozen=True, slots=True)
class SignupDesk:
    """Begins signups and speaks with them."""

    client: Client

    async def begin(self, signup: SignupId, user: UserId, company: OrganisationNumber) -> Answer[None]:
        """Begin a signup, and wait a moment until it is written down. The same signup begun twice is one signup."""
        start = SignupStart(signup, user, company.value)
        try:
            await begin(
                self.client,
                CompanySignup.run,
                start,
                process_id=company_signup_id(signup),
                summary=f"{company.pretty} signs up",
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

    async def is_on_its_way(self, signup: SignupId, user: UserId) -> bool:
        """Tell whether this user has begun this signup though it is not written down yet."""
        try:
            described = await self.client.get_workflow_handle(company_signup_id(signup)).describe(rpc_timeout=PATIENCE)
        except NO_ANSWER:
            return False
        begun_by = (await described.memo()).get("user")
        return described.status is WorkflowExecutionStatus.RUNNING and begun_by == str(user)
