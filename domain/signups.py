"""A signup: what begins it, what is said to it, what it is founded on, and what it is refused for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.employment import Judgement
from domain.ids import ProfileId, SignupId, UserId
from domain.refusals import Refusal
from domain.words import _


@dataclass(frozen=True, slots=True)
class SignupStart:
    """Everything a signup needs to begin: which attempt, whose, for which company. Ids only."""

    signup: SignupId
    user: UserId
    organisation_number: str
    # Whoever changes company begins anew, and the signup they leave is withdrawn for them.
    instead_of: SignupId | None = None
    # Or a colleague has handed theirs on, and it is withdrawn for that colleague.
    handed_by: UserId | None = None


@dataclass(frozen=True, slots=True)
class ProfileOpening:
    """Open the profile with its first administrator, under ids that make a second opening the same one."""

    start: SignupStart
    profile: ProfileId
    membership: UUID
    step: UUID


@dataclass(frozen=True, slots=True)
class Evidence:
    """A judgement with what it was founded on. Nobody's name is in it."""

    id: UUID
    signup: SignupId
    judgement: Judgement
    answer_sha256: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody takes their signup back; `why` is a code, when there is more to say than that."""

    by: UserId
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileExists:
    """Somebody else's signup has opened the company's profile."""

    profile: ProfileId


class CompanyHasProfile(Refusal):
    """Somebody else has opened a profile for this company."""

    code = "company-has-profile"
    words = _("This company already has a profile with us. Ask to join it instead.")


CHANGED_COMPANY = "changed-company"


class SignupAlreadyOpen(Refusal):
    """A person signs one company up at a time."""

    code = "signup-already-open"
    words = _("You already have a signup under way. Finish it or withdraw it before you start another.")


class SignupIsDecided(Refusal):
    """Whoever comes after the decision is told that it has been made."""

    code = "signup-is-decided"
    words = _("This signup has been decided already, so it can no longer be changed.")


class NotYourSignup(Refusal):
    """A signup is its author's alone."""

    code = "not-your-signup"
    words = _("This signup was started by somebody else.")
