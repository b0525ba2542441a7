"""What processes are called. A workflow's id is only a name and tells nothing about people."""

from __future__ import annotations

from uuid import UUID

from domain.ids import ClaimId, InvitationId, ProfileId, RecoveryId, SignupId, UserId

TASK_QUEUE = "skranke"


def email_confirmation_id(user: UserId) -> str:
    """A user confirms one address at a time, so the process is named after the user."""
    return f"email-confirmation/{user}"


def company_signup_id(signup: SignupId) -> str:
    """A signup is one attempt by one person; that a company has one profile is a constraint in the database."""
    return f"company-signup/{signup}"


def invitation_id(invitation: InvitationId) -> str:
    """An invitation is sent to one address; that an address has one at a time is a constraint in the database."""
    return f"invitation/{invitation}"


def join_request_id(profile: ProfileId, user: UserId) -> str:
    """Somebody asks a company once at a time, so the process is named after both."""
    return f"join-request/{profile}/{user}"


def account_deletion_id(user: UserId) -> str:
    """An account is deleted once."""
    return f"account-deletion/{user}"


def employment_review_id(claim: ClaimId) -> str:
    """A claim is one attempt by one person; that somebody has one at a time is a constraint in the database."""
    return f"employment-review/{claim}"


def membership_recovery_id(recovery: RecoveryId) -> str:
    """Somebody asks once for a membership that they had under another eID."""
    return f"membership-recovery/{recovery}"


def letter_id(key: UUID) -> str:
    """A letter is named after the step that ordered it, so ordering it again orders nothing."""
    return f"letter/{key}"
