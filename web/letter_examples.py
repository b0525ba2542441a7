"""Every kind of letter with something in it, in each situation that changes what it says: for the demo to show, and tests to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from domain.desk.reasons import REVERSALS, ReversalReason
from domain.letters import (
    AccountDeleted,
    AddressReplaced,
    AppealReceived,
    ConfirmEmail,
    DecisionLate,
    DecisionReversed,
    DeskNotice,
    EmailReminder,
    EmploymentRejected,
    InvitationAnswered,
    InvitationRevoked,
    Invited,
    JoinAsked,
    JoinDeclined,
    Joined,
    Letter,
    MembershipChanged,
    NeedsAPerson,
    QuestionAsked,
    SalesContact,
    SignupHanded,
    SignupLaidAside,
    SignupTaken,
    Welcome,
)
from domain.members.claims import ClaimState
from domain.members.letters import ClaimAnnounced, ClaimDecided, ClaimEnded, ClaimReceived, RecoveryAsked, RecoveryEnded, RecoveryToApprove
from domain.members.roles import ROLE_NAMES, Role
from domain.post import LetterKind
from domain.rulings import REASONS, RejectionReason

INGRID: Final = SalesContact("Ingrid Aas", "ingrid.aas@skranke.example", "+47 23 00 00 11")
COMPANY: Final = "HAVREGRØT OG DØTRE AS"
MEMBERS: Final = "/company/77f0/members"
CHANGES: Final = ("role-changed", "member-removed", "member-left", "handed-over")
NOTICES: Final = ("remind-holder", "due", "twice-due")
SIGNUP: Final = "/signup/0b51"
CLAIM_ENDS: Final = tuple(state for state in ClaimState if state is not ClaimState.OPEN)
MEMBER: Final = ROLE_NAMES[Role.MEMBER]


def _invited(*, reminder: bool) -> Sequence[Letter]:
    # Whoever invited may have deleted their account since; then they have no name.
    people = [("Kari Lund", role) for role in Role] + [("", Role.MEMBER)]
    return [Invited(COMPANY, name, ROLE_NAMES[role], 14, reminder, "/invitation/t0ken") for name, role in people]


def _answered() -> Sequence[Letter]:
    return [InvitationAnswered(COMPANY, answer, "ola@firma.example", "Ola Dahl", MEMBERS) for answer in ("accepted", "declined", "expired")]


def _changed(*changes: str) -> Sequence[Letter]:
    return [MembershipChanged(COMPANY, what, "Ola Dahl", you, MEMBER, MEMBERS) for what in changes for you in (False, True)]


def _rejected() -> Sequence[Letter]:
    why = REASONS[RejectionReason.NOT_CONFIRMED]
    return [EmploymentRejected(COMPANY, why, SIGNUP), EmploymentRejected(COMPANY, why, SIGNUP, may_appeal=False)]


def _reversed() -> Sequence[Letter]:
    return [
        DecisionReversed(COMPANY, profile_is_open=True, reason=REVERSALS[ReversalReason.MISTAKE], path=SIGNUP),
        DecisionReversed(COMPANY, profile_is_open=False, reason=REVERSALS[ReversalReason.NEW_FACTS], path=SIGNUP),
    ]


def _recovered() -> Sequence[Letter]:
    outcomes = ("granted", "declined", "expired")
    return [RecoveryEnded(COMPANY, "Kari Bru", outcome, you, "/help") for outcome in outcomes for you in (False, True)]


EXAMPLES: Final[Mapping[LetterKind, Sequence[Letter]]] = {
    LetterKind.CONFIRM_EMAIL: [ConfirmEmail("123456", "/email/link/t0ken", code_minutes=15, link_hours=24)],
    LetterKind.EMAIL_REMINDER: [EmailReminder("/email")],
    LetterKind.ADDRESS_REPLACED: [AddressReplaced("/account")],
    LetterKind.WELCOME: [Welcome(COMPANY, "/company/77f0", INGRID), Welcome(COMPANY, "/company/77f0", None)],
    LetterKind.NEEDS_A_PERSON: [NeedsAPerson(COMPANY, SIGNUP)],
    LetterKind.REJECTED: _rejected(),
    LetterKind.INVITATION: _invited(reminder=False),
    LetterKind.INVITATION_REMINDER: _invited(reminder=True),
    LetterKind.INVITATION_ANSWERED: _answered(),
    LetterKind.INVITATION_REVOKED: [InvitationRevoked(COMPANY, "/")],
    LetterKind.JOINED: [Joined(COMPANY, ROLE_NAMES[Role.DEVELOPER], "/company/77f0")],
    LetterKind.COLLEAGUE_JOINED: _changed("joined"),
    LetterKind.JOIN_ASKED: [JoinAsked(COMPANY, "Ola Dahl", reminder=False, path="/company/77f0/join-requests/1")],
    LetterKind.JOIN_REMINDER: [JoinAsked(COMPANY, "Ola Dahl", reminder=True, path="/company/77f0/join-requests/1")],
    LetterKind.JOIN_DECLINED: [JoinDeclined(COMPANY, "/workplace")],
    LetterKind.MEMBERSHIP_CHANGED: _changed(*CHANGES),
    LetterKind.QUESTION: [QuestionAsked(COMPANY, reminder=False, path=SIGNUP)],
    LetterKind.QUESTION_REMINDER: [QuestionAsked(COMPANY, reminder=True, path=SIGNUP)],
    LetterKind.LAID_ASIDE: [SignupLaidAside(COMPANY, SIGNUP)],
    LetterKind.DECISION_LATE: [DecisionLate(COMPANY, SIGNUP)],
    LetterKind.APPEAL_RECEIVED: [AppealReceived(COMPANY, SIGNUP)],
    LetterKind.DECISION_REVERSED: _reversed(),
    LetterKind.DESK_NOTICE: [DeskNotice(COMPANY, "310279323", notice, "/support/tasks/0b51") for notice in NOTICES],
    LetterKind.ACCOUNT_DELETED: [AccountDeleted("/")],
    LetterKind.CLAIM_ANNOUNCED: [ClaimAnnounced(COMPANY, "Ola Dahl", 3, support, "/company/77f0/claims/1") for support in (False, True)],
    LetterKind.CLAIM_RECEIVED: [ClaimReceived(COMPANY, 3, support, "/claim/310279323") for support in (False, True)],
    LetterKind.CLAIM_ENDED: [ClaimEnded(COMPANY, state, "/claim/310279323") for state in CLAIM_ENDS if state is not ClaimState.WITHDRAWN],
    LetterKind.CLAIM_DECIDED: [ClaimDecided(COMPANY, "Ola Dahl", state, MEMBERS) for state in CLAIM_ENDS],
    LetterKind.RECOVERY_ASKED: [RecoveryAsked(COMPANY, "Kari Bru", "/recovery/t0ken")],
    LetterKind.RECOVERY_TO_APPROVE: [RecoveryToApprove(COMPANY, "Kari Bru", "Kari Lund", "/company/77f0/recoveries/1")],
    LetterKind.RECOVERY_ENDED: _recovered(),
    LetterKind.SIGNUP_HANDED: [SignupHanded(COMPANY, "Ola Dahl", 14, "/handover/t0ken")],
    LetterKind.SIGNUP_TAKEN: [SignupTaken(COMPANY, "Ola Dahl", SIGNUP)],
}
