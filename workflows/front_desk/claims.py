"""What pages do with claims on companies, and with memberships that are asked for under another eID."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from temporalio.client import Client

from domain.conversations import Inquiry
from domain.ids import ClaimId, RecoveryId, UserId
from domain.members.claims import ClaimStart, ClaimTakenBack, Objection
from domain.members.four_eyes import SupportsWord
from domain.members.recoveries import RecoverySaid, RecoveryStart
from domain.stages import Stage, ball_at
from workflows.attributes import ProcessKind, attributes
from workflows.employment_review import EmploymentReview
from workflows.front_desk.desk import Answer, NotBegun, NotRecorded, ask, begin, first_answer
from workflows.membership_recovery import MembershipRecovery
from workflows.names import employment_review_id, membership_recovery_id


@dataclass(frozen=True, slots=True)
class ClaimDesk:
    """Begins claims and speaks with them."""

    client: Client

    async def begin(self, start: ClaimStart) -> Answer[None]:
        """Claim a company, and wait a moment until that is written down. Twice is once."""
        process, stage = employment_review_id(start.claim), Stage.CLAIM_MADE
        try:
            await begin(
                self.client,
                EmploymentReview.run,
                start,
                process_id=process,
                summary="Somebody claims a company",
                attributes=attributes(ProcessKind.CLAIM, ball_at(stage), stage=stage, organisation_number=start.organisation_number),
                details=f"Claim {start.claim} of user {start.user} on profile {start.profile}",
            )
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, EmploymentReview.wait_until_written, Inquiry(start.user), process_id=process)

    async def object_to(self, claim: ClaimId, by: UserId, click: UUID) -> Answer[None]:
        """Object as somebody who acts for the company."""
        process = employment_review_id(claim)
        return await ask(self.client, EmploymentReview.hear_objection, Objection(by), process_id=process, update_id=f"object-{click}")

    async def withdraw(self, claim: ClaimId, by: UserId, click: UUID) -> Answer[None]:
        """Take a claim back."""
        process = employment_review_id(claim)
        return await ask(self.client, EmploymentReview.withdraw, ClaimTakenBack(by), process_id=process, update_id=f"withdraw-{click}")

    async def rule(self, claim: ClaimId, word: SupportsWord, click: UUID) -> Answer[None]:
        """Say yes or no as support."""
        return await ask(self.client, EmploymentReview.rule, word, process_id=employment_review_id(claim), update_id=f"rule-{click}")


@dataclass(frozen=True, slots=True)
class RecoveryDesk:
    """Begins what moves a membership to another eID, and speaks with it."""

    client: Client

    async def begin(self, start: RecoveryStart) -> Answer[None]:
        """Ask for a membership whose draft stands in the books, and wait a moment until that is written down. Twice is once."""
        process, stage = membership_recovery_id(start.recovery), Stage.RECOVERY_ASKED
        try:
            await begin(
                self.client,
                MembershipRecovery.run,
                start,
                process_id=process,
                summary="Somebody with another eID asks for a membership",
                attributes=attributes(ProcessKind.RECOVERY, ball_at(stage), stage=stage, organisation_number=start.organisation_number),
                details=f"Recovery {start.recovery} of user {start.user} at profile {start.profile}",
            )
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, MembershipRecovery.wait_until_written, Inquiry(start.user), process_id=process)

    async def say(self, recovery: RecoveryId, said: RecoverySaid, click: UUID) -> Answer[None]:
        """Say something as the old address, as who asks, or as an administrator."""
        process = membership_recovery_id(recovery)
        return await ask(self.client, MembershipRecovery.say, said, process_id=process, update_id=f"say-{said.heard}-{click}")

    async def rule(self, recovery: RecoveryId, word: SupportsWord, click: UUID) -> Answer[None]:
        """Say yes or no as support."""
        process = membership_recovery_id(recovery)
        return await ask(self.client, MembershipRecovery.rule, word, process_id=process, update_id=f"rule-{click}")
