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
    """Somebody takes their signup back."""

    by: UserId


class CompanyHasProfile(Refusal):
    """Somebody else has opened a profile for this company."""

    code = "company-has-profile"
    words = _("This company already has a profile with us. Its administrator can send you an invitation.")


class SignupAlreadyOpen(Refusal):
    """A person signs one company up at a time."""

    code = "signup-already-open"
    words = _("You already have a signup under way. Finish it or withdraw it before you start another.")


class SignupIsDecided(Refusal):
    """Whoever comes after the decision is told that it has been made."""

    code = "signup-is-decided"
    words = _("This signup has already come to its end, so it can no longer be withdrawn.")


class NotYourSignup(Refusal):
    """A signup is its author's alone."""

    code = "not-your-signup"
    words = _("This signup was started by somebody else.")
