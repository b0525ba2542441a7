"""A claim on a company whose administrators cannot be reached: what begins it, what is said to it, how it ends. Ids only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.employment import Judgement
from domain.ids import ClaimId, ProfileId, UserId
from domain.members.four_eyes import SupportsWord
from domain.refusals import Refusal
from domain.stages import Stage
from domain.words import _

# Working days, counted from when the members were told.
TO_OBJECT = 3
A_NO_STANDS = timedelta(days=7)


class ClaimState(StrEnum):
    """Where a claim stands. Everything but open is an end, and there is one end."""

    OPEN = "open"
    GRANTED = "granted"
    # An administrator was there after all, and has objected.
    OBJECTED = "objected"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    # The company has got another administrator meanwhile.
    OVERTAKEN = "overtaken"


STAGES: Mapping[ClaimState, Stage] = {
    ClaimState.GRANTED: Stage.CLAIM_GRANTED,
    ClaimState.OBJECTED: Stage.CLAIM_OBJECTED,
    ClaimState.REJECTED: Stage.CLAIM_REJECTED,
    ClaimState.WITHDRAWN: Stage.CLAIM_WITHDRAWN,
    ClaimState.OVERTAKEN: Stage.CLAIM_OVERTAKEN,
}


@dataclass(frozen=True, slots=True)
class ClaimStart:
    """Everything a claim needs to begin: who wants to administer which company."""

    claim: ClaimId
    profile: ProfileId
    user: UserId
    organisation_number: str


@dataclass(frozen=True, slots=True)
class ClaimJudgement:
    """What the register's word on the claimant is worth, and what shows later that it said so."""

    judgement: Judgement
    answer_sha256: str


@dataclass(frozen=True, slots=True)
class Announced:
    """Who is to hear of the claim, and whether the register vouches for the claimant; when it does not, support has to look."""

    members: Sequence[UserId]
    vouched: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """A member objects."""

    by: UserId


@dataclass(frozen=True, slots=True)
class ClaimTakenBack:
    """Whoever claims the company does not want it any longer."""

    by: UserId


class Heard(StrEnum):
    """What changes where a claim stands."""

    OBJECTION = "objection"
    TAKEN_BACK = "taken-back"
    SUPPORT = "support"
    NOBODY_OBJECTED = "nobody-objected"


@dataclass(frozen=True, slots=True)
class ClaimWord:
    """What a claim has heard and from whom, under ids that make a second writing the same one."""

    start: ClaimStart
    step: UUID
    membership: UUID
    heard: Heard
    by: UserId | None = None
    support: SupportsWord | None = None


@dataclass(frozen=True, slots=True)
class ClaimStands:
    """Where a claim stands after what was said: open still, then perhaps with support, or at its end; and who hears of that."""

    state: ClaimState
    with_support: bool = False
    members: Sequence[UserId] = ()


class ClaimIsOpen(Refusal):
    """One claim at a time is enough."""

    code = "claim-is-open"
    words = _("You have claimed the company already. The page says where that stands.")


class YouAdministerIt(Refusal):
    """Whoever administers the company has nothing to claim."""

    code = "you-administer-it"
    words = _("You administer this company already, so there is nothing to claim.")


class ClaimNoStands(Refusal):
    """A no holds for a while."""

    code = "claim-no-stands"
    words = _("Your last claim was turned down. You can claim again a week after that; call us if there is something we should know.")


class ClaimIsOver(Refusal):
    """The claim has been decided or taken back."""

    code = "claim-is-over"
    words = _("This claim has been decided already, or taken back. What you chose has not been carried out.")


class NotYourClaim(Refusal):
    """A claim is taken back by the one who made it."""

    code = "not-your-claim"
    words = _("This claim was made by somebody else.")


class MembersOnly(Refusal):
    """Whoever objects acts for the company."""

    code = "members-only"
    words = _("Only somebody who acts for the company can object.")


class ObjectedAlready(Refusal):
    """A member's objection has brought the claim to support; that it has been heard need not be said twice."""

    code = "objected-already"
    words = _("An objection has been made already. Our support is looking at it.")


def refuse_pestering(turned_down: Sequence[datetime], now: datetime) -> None:
    """Raise ClaimNoStands when a claim of this person was turned down within the last week."""
    if any(now - at < A_NO_STANDS for at in turned_down):
        raise ClaimNoStands
