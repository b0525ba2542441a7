"""The letters we write, each as the facts it tells. What they say stands in email_templates/, under the letter's own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.members.letters import (
    ClaimAnnounced,
    ClaimDecided,
    ClaimEnded,
    ClaimReceived,
    RecoveryAsked,
    RecoveryEnded,
    RecoveryToApprove,
)


@dataclass(frozen=True, slots=True)
class ConfirmEmail:
    """Asks whoever reads the address to confirm it, with the six digits of the code or by the page behind the link.

    `path` is a path in the portal; the gateway knows what stands before it.
    """

    code: str
    path: str
    code_minutes: int
    link_hours: int


@dataclass(frozen=True, slots=True)
class EmailReminder:
    """Reminds somebody, once, that their address is still to be confirmed. `path` is where they can go on."""

    path: str


@dataclass(frozen=True, slots=True)
class AddressReplaced:
    """Tells whoever reads a user's old, confirmed address that another one was given in its place. `path` is where that is undone."""

    path: str


@dataclass(frozen=True, slots=True)
class SalesContact:
    """The one in sales who looks after a company."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Tells the administrator that the company's profile is open, and who in sales looks after it if somebody does already."""

    company_name: str
    path: str
    sales_contact: SalesContact | None


@dataclass(frozen=True, slots=True)
class NeedsAPerson:
    """Tells somebody that the register could not confirm them, so that a person here will. `path` leads to the status page."""

    company_name: str
    path: str


@dataclass(frozen=True, slots=True)
class EmploymentRejected:
    """Tells somebody that a person here could not let them in, and why. `reason` is a text of the catalogues.

    Whoever may still ask for another look, by somebody else, is told so.
    """

    company_name: str
    reason: str
    path: str
    may_appeal: bool = True


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """Tells somebody that we have a question about their signup. The question itself stands on the page behind `path` only."""

    company_name: str
    reminder: bool
    path: str


@dataclass(frozen=True, slots=True)
class SignupLaidAside:
    """Tells somebody that their signup rests until they answer. Nothing is lost by it."""

    company_name: str
    path: str


@dataclass(frozen=True, slots=True)
class DecisionLate:
    """Tells somebody honestly that we take longer than we should."""

    company_name: str
    path: str


@dataclass(frozen=True, slots=True)
class AppealReceived:
    """Tells somebody that another person here looks at their signup again."""

    company_name: str
    path: str


@dataclass(frozen=True, slots=True)
class DecisionReversed:
    """Tells somebody that a decision about them was turned round, and why.

    `profile_is_open` says what holds now, and `reason` is a text of the catalogues.
    """

    company_name: str
    profile_is_open: bool
    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class DeskNotice:
    """Tells somebody here that a task is due soon, overdue, or twice overdue; `deadline` says which of these by its code."""

    company_name: str
    organisation_number: str
    deadline: str
    path: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Invites somebody to act for a company. `role` is a text of the catalogues; whoever has the link can answer, for so many days."""

    company_name: str
    inviter: str
    role: str
    days: int
    reminder: bool
    path: str


@dataclass(frozen=True, slots=True)
class InvitationAnswered:
    """Tells the company what became of an invitation: accepted (then by whom, as their eID names them), declined or expired."""

    company_name: str
    answer: str
    address: str
    name: str | None
    path: str


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """Tells somebody that the company has taken its invitation back."""

    company_name: str
    path: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Tells somebody that they act for a company now. `role` is a text of the catalogues."""

    company_name: str
    role: str
    path: str


@dataclass(frozen=True, slots=True)
class JoinAsked:
    """Tells an administrator that somebody asks to be let in. `path` leads to the page where that is answered."""

    company_name: str
    name: str
    reminder: bool
    path: str


@dataclass(frozen=True, slots=True)
class JoinDeclined:
    """Tells somebody that the company does not let them in."""

    company_name: str
    path: str


@dataclass(frozen=True, slots=True)
class MembershipChanged:
    """Tells the one it is about, or the company, that a member has joined, has another role, has handed over, or is gone.

    `what` is joined, role-changed, member-removed, member-left or handed-over; `role` is a text of the catalogues.
    """

    company_name: str
    what: str
    name: str
    you: bool
    role: str
    path: str


@dataclass(frozen=True, slots=True)
class AccountDeleted:
    """Tells somebody that their account is deleted, and that this was the last letter."""

    path: str


@dataclass(frozen=True, slots=True)
class SignupHanded:
    """Asks a colleague to finish a signup. Whoever has the link can take it over, for so many days."""

    company_name: str
    name: str
    days: int
    path: str


@dataclass(frozen=True, slots=True)
class SignupTaken:
    """Tells somebody that a colleague has taken their signup over."""

    company_name: str
    name: str
    path: str


Letter: TypeAlias = (
    ConfirmEmail
    | EmailReminder
    | AddressReplaced
    | Welcome
    | NeedsAPerson
    | EmploymentRejected
    | Invited
    | InvitationAnswered
    | InvitationRevoked
    | Joined
    | JoinAsked
    | JoinDeclined
    | MembershipChanged
    | QuestionAsked
    | SignupLaidAside
    | DecisionLate
    | AppealReceived
    | DecisionReversed
    | DeskNotice
    | AccountDeleted
    | ClaimAnnounced
    | ClaimReceived
    | ClaimEnded
    | ClaimDecided
    | RecoveryAsked
    | RecoveryToApprove
    | RecoveryEnded
    | SignupHanded
    | SignupTaken
)
