"""What operators look after: what should be under way, what is, and what they did about the difference. Ids only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.ids import AddressId, ProfileId, SignupId, UserId
from domain.members.roles import Role
from domain.organisation_number import OrganisationNumber
from domain.post import LetterOrder
from domain.refusals import Refusal
from domain.stages import Process
from domain.words import _

SHORTEST_REASON, LONGEST_REASON = 3, 500
# What is younger than this may simply not have been begun yet, or not be found yet.
MAY_STILL_COME = timedelta(minutes=1)
# So long is a confirmation's process sure to listen for a code after its newest letter.
CONFIRMATION_LISTENS = timedelta(days=13)
# A letter takes seconds; after this somebody should know.
WAITS_LONG = timedelta(minutes=10)


class Action(StrEnum):
    """What an operator does by hand."""

    TRY_NOW = "try-now"
    SEND_AGAIN = "send-again"
    START_AGAIN = "start-again"


@dataclass(frozen=True, slots=True)
class Deed:
    """What an operator did, to which process or letter, and why in their own words."""

    action: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that no mail server has taken. `given_up_at` is None while it is still being tried."""

    order: LetterOrder
    ordered_at: datetime
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSignup:
    """A signup that has not ended, as it is written down."""

    id: SignupId
    user: UserId
    company: OrganisationNumber
    started_at: datetime


@dataclass(frozen=True, slots=True)
class UnconfirmedAddress:
    """An address that still waits for its code or its link."""

    id: AddressId
    user: UserId
    lettered_at: datetime


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something about who acts for a company that has not ended, as it is written down: an invitation, a request, a claim.

    `user` is who began it; `role` is what an invitation offers.
    """

    kind: Process
    id: UUID
    profile: ProfileId
    user: UserId
    organisation_number: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """Where what is written down and what is under way say different things.

    What has no process can be begun again under the same id, which changes nothing that is written down. What has a process but
    is not written down, or is written down as ended, needs somebody's eyes.
    """

    signups: Sequence[OpenSignup]
    addresses: Sequence[UnconfirmedAddress]
    letters: Sequence[WaitingLetter]
    strangers: Sequence[str]
    matters: Sequence[OpenMatter] = ()

    @property
    def can_be_mended(self) -> int:
        """How many processes can be begun again."""
        return len(self.signups) + len(self.addresses) + len(self.letters) + len(self.matters)

    @property
    def is_none(self) -> bool:
        """Whether the two agree."""
        return self.can_be_mended + len(self.strangers) == 0


class ReasonIsMissing(Refusal):
    """Whoever meddles says why."""

    code = "reason-is-missing"
    words = _("Say why, in 3 to 500 characters. Whoever looks at this later has only your words to go by.")


def reason_in(text: str) -> str:
    """Read the reason an operator gives. Raises ReasonIsMissing for none, and for a novel."""
    reason = " ".join(text.replace("\0", "").split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ReasonIsMissing
    return reason


class NothingToDo(Refusal):
    """What an operator wanted to mend has mended itself, or somebody else was first."""

    code = "nothing-to-do"
    words = _("There is nothing left to do here: it has gone on by itself, or a colleague was faster.")


class TemporalDoesNotAnswer(Refusal):
    """Nothing can be done to a process that cannot be reached."""

    code = "temporal-does-not-answer"
    words = _("Temporal does not answer, so nothing was done. Once it is back, processes go on by themselves.")
