"""Letters on their way: what is ordered, what is addressed, and what no receiving side will take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.ids import AddressId, UserId
from domain.languages import Language
from domain.letters import Letter


class LetterKind(StrEnum):
    """Every letter we write; what each says is in `domain.letters`."""

    CONFIRM_EMAIL = "confirm-email"
    EMAIL_REMINDER = "email-reminder"
    ADDRESS_REPLACED = "address-replaced"
    WELCOME = "welcome"
    NEEDS_A_PERSON = "needs-a-person"
    REJECTED = "rejected"
    INVITATION = "invitation"
    INVITATION_REMINDER = "invitation-reminder"
    INVITATION_ANSWERED = "invitation-answered"
    INVITATION_REVOKED = "invitation-revoked"
    JOINED = "joined"
    COLLEAGUE_JOINED = "colleague-joined"
    JOIN_ASKED = "join-asked"
    JOIN_REMINDER = "join-reminder"
    JOIN_DECLINED = "join-declined"
    MEMBERSHIP_CHANGED = "membership-changed"
    QUESTION = "question"
    QUESTION_REMINDER = "question-reminder"
    LAID_ASIDE = "laid-aside"
    DECISION_LATE = "decision-late"
    APPEAL_RECEIVED = "appeal-received"
    DECISION_REVERSED = "decision-reversed"
    DESK_NOTICE = "desk-notice"
    ACCOUNT_DELETED = "account-deleted"
    CLAIM_ANNOUNCED = "claim-announced"
    CLAIM_RECEIVED = "claim-received"
    CLAIM_ENDED = "claim-ended"
    CLAIM_DECIDED = "claim-decided"
    RECOVERY_ASKED = "recovery-asked"
    RECOVERY_TO_APPROVE = "recovery-to-approve"
    RECOVERY_ENDED = "recovery-ended"
    SIGNUP_HANDED = "signup-handed"
    SIGNUP_TAKEN = "signup-taken"


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """A letter that is to be written: of which kind, to whom, about what. The key makes a second order of it the same letter.

    What goes to nobody in particular goes to whom it is about: the address that is invited, or the one here, or in sales, who is to notice.
    """

    key: UUID
    kind: LetterKind
    to: UserId | None
    about: UUID


@dataclass(frozen=True, slots=True)
class AddressedLetter:
    """A letter with its address on: personal, so it never leaves an activity. `address_id` is that address in our books."""

    address_id: AddressId
    address: str
    language: Language
    letter: Letter


class NotDeliverable(Exception):
    """The receiving side will never take a letter for this address."""
