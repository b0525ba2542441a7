"""Where a process stands, step by step, in a log that is only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Stage(StrEnum):
    """The places a signup can be in, and what happens to a company's members."""

    COMPANY_NAMED = "company-named"
    REGISTER_SILENT = "register-silent"
    NEEDS_A_PERSON = "needs-a-person"
    CUSTOMER_ASKED = "customer-asked"
    LAID_ASIDE = "laid-aside"
    CUSTOMER_ANSWERED = "customer-answered"
    DECISION_LATE = "decision-late"
    EMPLOYMENT_CONFIRMED = "employment-confirmed"
    PROFILE_OPENED = "profile-opened"
    COMPANY_HAS_PROFILE = "company-has-profile"
    COMPANY_REFUSED = "company-refused"
    REJECTED = "rejected"
    APPEALED = "appealed"
    DECISION_REVERSED = "decision-reversed"
    PROFILE_SUSPENDED = "profile-suspended"
    WITHDRAWN = "withdrawn"
    MEMBER_INVITED = "member-invited"
    INVITATION_ACCEPTED = "invitation-accepted"
    INVITATION_DECLINED = "invitation-declined"
    INVITATION_REVOKED = "invitation-revoked"
    INVITATION_EXPIRED = "invitation-expired"
    INVITATION_SUPERSEDED = "invitation-superseded"
    JOIN_ASKED = "join-asked"
    JOIN_WITH_SUPPORT = "join-with-support"
    JOIN_ACCEPTED = "join-accepted"
    JOIN_DECLINED = "join-declined"
    JOIN_WITHDRAWN = "join-withdrawn"
    JOIN_SUPERSEDED = "join-superseded"
    ROLE_CHANGED = "role-changed"
    MEMBER_REMOVED = "member-removed"
    MEMBER_LEFT = "member-left"
    HANDED_OVER = "handed-over"
    PLACES_CHOSEN = "places-chosen"
    PLACES_TAKEN_BACK = "places-taken-back"
    SUPPORT_LOOKED = "support-looked"
    CLAIM_MADE = "claim-made"
    CLAIM_ANNOUNCED = "claim-announced"
    CLAIM_WITH_SUPPORT = "claim-with-support"
    CLAIM_PROPOSED = "claim-proposed"
    CLAIM_GRANTED = "claim-granted"
    CLAIM_OBJECTED = "claim-objected"
    CLAIM_REJECTED = "claim-rejected"
    CLAIM_WITHDRAWN = "claim-withdrawn"
    CLAIM_OVERTAKEN = "claim-overtaken"
    RECOVERY_ASKED = "recovery-asked"
    RECOVERY_CONFIRMED = "recovery-confirmed"
    RECOVERY_WITH_SUPPORT = "recovery-with-support"
    RECOVERY_PROPOSED = "recovery-proposed"
    RECOVERY_GRANTED = "recovery-granted"
    RECOVERY_DECLINED = "recovery-declined"
    RECOVERY_WITHDRAWN = "recovery-withdrawn"
    RECOVERY_EXPIRED = "recovery-expired"


ENDS = frozenset(
    {
        Stage.PROFILE_OPENED,
        Stage.COMPANY_HAS_PROFILE,
        Stage.COMPANY_REFUSED,
        Stage.REJECTED,
        Stage.WITHDRAWN,
        Stage.PROFILE_SUSPENDED,
    }
)


class Process(StrEnum):
    """What a step belongs to."""

    SIGNUP = "company-signup"
    INVITATION = "invitation"
    JOIN_REQUEST = "join-request"
    MEMBERSHIP = "membership"
    PLACES = "places"
    STAFF_VIEW = "staff-view"
    CLAIM = "employment-review"
    RECOVERY = "membership-recovery"


class Actor(StrEnum):
    """Who brought a process to a stage."""

    CUSTOMER = "customer"
    REGISTER = "register"
    SUPPORT = "support"
    SKRANKE = "skranke"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One step as it is remembered. `why` is a stable code, never free text."""

    at: datetime
    stage: Stage
    actor: Actor
    why: str | None = None


class Ball(StrEnum):
    """Who has to do the next thing."""

    REGISTER = "register"
    SUPPORT = "support"
    CUSTOMER = "customer"
    US = "us"
    ADMINISTRATORS = "administrators"
    INVITED = "invited"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a signup stands now: who has the ball, since when, and whether anything is still to come."""

    stage: Stage
    since: datetime
    ball: Ball
    ended: bool
    why: str | None


_BALL = {
    Stage.COMPANY_NAMED: Ball.REGISTER,
    Stage.REGISTER_SILENT: Ball.REGISTER,
    Stage.EMPLOYMENT_CONFIRMED: Ball.US,
    Stage.NEEDS_A_PERSON: Ball.SUPPORT,
    Stage.MEMBER_INVITED: Ball.INVITED,
    Stage.JOIN_ASKED: Ball.ADMINISTRATORS,
    Stage.JOIN_WITH_SUPPORT: Ball.SUPPORT,
    Stage.CUSTOMER_ASKED: Ball.CUSTOMER,
    Stage.LAID_ASIDE: Ball.CUSTOMER,
    Stage.CUSTOMER_ANSWERED: Ball.SUPPORT,
    Stage.DECISION_LATE: Ball.SUPPORT,
    Stage.APPEALED: Ball.SUPPORT,
    Stage.DECISION_REVERSED: Ball.US,
    Stage.CLAIM_MADE: Ball.REGISTER,
    Stage.CLAIM_ANNOUNCED: Ball.ADMINISTRATORS,
    Stage.CLAIM_WITH_SUPPORT: Ball.SUPPORT,
    Stage.CLAIM_PROPOSED: Ball.SUPPORT,
    Stage.RECOVERY_ASKED: Ball.INVITED,
    Stage.RECOVERY_CONFIRMED: Ball.ADMINISTRATORS,
    Stage.RECOVERY_WITH_SUPPORT: Ball.SUPPORT,
    Stage.RECOVERY_PROPOSED: Ball.SUPPORT,
}


def position(log: Sequence[LogEntry]) -> Position:
    """Read from the log, oldest first, where a signup stands. Raises ValueError on an empty log."""
    if not log:
        raise ValueError("a signup begins with an entry in its log")
    last = log[-1]
    return Position(last.stage, last.at, ball_at(last.stage), last.stage in ENDS, last.why)


def ball_at(stage: Stage) -> Ball:
    """Tell who has to do the next thing at a stage."""
    return _BALL.get(stage, Ball.NOBODY)


@dataclass(frozen=True, slots=True)
class Step:
    """A step to be written: its id is derived, so that writing it again writes nothing."""

    id: UUID
    process_id: UUID
    organisation_number: str
    stage: Stage
    actor: Actor
    actor_id: UUID | None = None
    why: str | None = None
    process: Process = Process.SIGNUP
