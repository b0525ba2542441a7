"""What a person in support decides when the register could not, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.desk.reasons import ApprovalReason
from domain.ids import StaffId
from domain.refusals import Refusal
from domain.words import _


class TaskOutcome(StrEnum):
    """How a task ended."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PROFILE_EXISTS = "profile-exists"


class RejectionReason(StrEnum):
    """Why somebody is not let in. The code stays the same for ever; what is said of it may change."""

    NOT_CONFIRMED = "not-confirmed"
    NO_LONGER_THERE = "no-longer-there"
    OTHER_COMPANY = "other-company"
    COMPANY_SAYS_NO = "company-says-no"


# Said to the customer, so in words that help them on.
REASONS = {
    RejectionReason.NOT_CONFIRMED: _(
        "We could not confirm that you work for the company. Ask somebody who is listed in the register to sign it up."
    ),
    RejectionReason.NO_LONGER_THERE: _(
        "What we found says that you no longer work for the company. If that is wrong, get in touch with us."
    ),
    RejectionReason.OTHER_COMPANY: _(
        "It looks as if you work for another company with a similar name. Look it up again, and choose that one."
    ),
    RejectionReason.COMPANY_SAYS_NO: _(
        "We asked the company, and it does not want this signup. Talk to your manager before you try again."
    ),
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision on one task: a rejection with its reason, or an approval, for which people here give a reason too."""

    task: UUID
    by: StaffId
    rejected: RejectionReason | None = None
    approved: ApprovalReason | None = None


class RejectionNeedsReason(Refusal):
    """Nobody is turned away without being told why."""

    code = "rejection-needs-reason"
    words = _("Choose the reason for the rejection. The customer is told it.")


class ApprovalNeedsReason(Refusal):
    """Whoever looks at it later sees what it was decided on."""

    code = "approval-needs-reason"
    words = _("Choose what the approval rests on. Only colleagues are told it.")


class TaskIsDecided(Refusal):
    """Somebody else was first, or the customer has withdrawn."""

    code = "task-is-decided"
    words = _("This has been decided already. What you chose has not been carried out.")


class NoSuchTask(Refusal):
    """The process does not wait for this."""

    code = "no-such-task"
    words = _("Nobody is waiting for this decision.")
