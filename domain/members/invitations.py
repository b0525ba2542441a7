"""An invitation: what begins it, what is said to it, how it ends, and what it is refused for. Ids only; never the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.ids import InvitationId, ProfileId, UserId
from domain.languages import Language
from domain.members.roles import Role
from domain.refusals import Refusal
from domain.words import _

# Counted from the last time that an administrator had it sent.
FIRST_REMINDER = timedelta(days=3)
SECOND_REMINDER = timedelta(days=10)
EXPIRES = timedelta(days=14)
BETWEEN_LETTERS = timedelta(minutes=10)
# Within a day.
MOST_TO_AN_ADDRESS = 3
MOST_OF_A_COMPANY = 100


class InvitationState(StrEnum):
    """Where an invitation stands. Everything but open is an end, and there is one end."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"
    # Whoever was invited has come in by asking to join.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an administrator has typed: personal, so it goes to the books and no further."""

    id: InvitationId
    profile: ProfileId
    email: str = field(repr=False)
    role: Role
    language: Language
    by: UserId


@dataclass(frozen=True, slots=True)
class InvitationStart:
    """Everything an invitation needs to begin: the draft stands in the books under its id."""

    invitation: InvitationId
    profile: ProfileId
    by: UserId
    role: Role


@dataclass(frozen=True, slots=True)
class Opened:
    """The invitation is open now. `asked` is somebody who has asked to join with that very address; then it is not opened."""

    asked: UserId | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody who is logged in says yes: whose account, so whose eID."""

    by: UserId
    membership: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """Whoever has the letter says no. Nobody need log in for that."""

    invitation: InvitationId


@dataclass(frozen=True, slots=True)
class Revocation:
    """An administrator takes the invitation back."""

    by: UserId


@dataclass(frozen=True, slots=True)
class Resending:
    """An administrator has the letter sent once more, and the time counted anew."""

    by: UserId


@dataclass(frozen=True, slots=True)
class CameInOtherwise:
    """Whoever was invited has become a member by asking to join."""

    user: UserId


@dataclass(frozen=True, slots=True)
class Ending:
    """An invitation comes to its end, under ids that make a second end the same one."""

    start: InvitationStart
    state: InvitationState
    step: UUID
    by: UserId | None = None
    membership: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Who is to be written to about what has happened."""

    users: Sequence[UserId] = ()


class AddressIsInvited(Refusal):
    """An address is invited to a company once at a time."""

    code = "address-is-invited"
    words = _("There is an open invitation to this address already. You find it among the members, and can send it once more from there.")


class AddressIsMembers(Refusal):
    """Whoever reads that address is in already."""

    code = "address-is-a-members"
    words = _("Somebody with this address acts for the company already.")


class AlreadyMember(Refusal):
    """Nobody is a member twice."""

    code = "already-a-member"
    words = _("You act for this company already, so there is nothing to answer.")


class InvitationIsOver(Refusal):
    """The invitation has been answered, taken back, or has expired."""

    code = "invitation-is-over"
    words = _("This invitation is not open any more.")


class InvitationIsAccepted(InvitationIsOver):
    """Somebody has said yes."""

    code = "invitation-is-accepted"
    words = _("This invitation has been accepted already, and lets one person in.")


class InvitationIsDeclined(InvitationIsOver):
    """Somebody has said no."""

    code = "invitation-is-declined"
    words = _("This invitation has been declined.")


class InvitationIsRevoked(InvitationIsOver):
    """An administrator has taken it back."""

    code = "invitation-is-revoked"
    words = _("The company has taken this invitation back.")


class InvitationIsExpired(InvitationIsOver):
    """Nobody answered for two weeks."""

    code = "invitation-is-expired"
    words = _("This invitation is more than 14 days old and no longer works.")


class InvitationIsSuperseded(InvitationIsOver):
    """Whoever was invited has come in by asking."""

    code = "invitation-is-superseded"
    words = _("Whoever was invited has asked to join meanwhile, and acts for the company now.")


class NotYourInvitation(Refusal):
    """The letter that this link stands in is about something else."""

    code = "not-your-invitation"
    words = _("This link does not belong to an invitation.")


class SentJustNow(Refusal):
    """Nobody's mailbox is to be flooded."""

    code = "invitation-sent-just-now"
    words = _("The letter went out a moment ago. You can send it once more in %(minutes)s min.")


class InvitedTooOften(Refusal):
    """Nobody's mailbox is to be flooded, nor strangers' mailboxes by a company."""

    code = "invited-too-often"
    words = _("Those were many invitations for one day. Try again tomorrow, or call us.")


_OVER: Mapping[InvitationState, type[InvitationIsOver]] = {
    InvitationState.ACCEPTED: InvitationIsAccepted,
    InvitationState.DECLINED: InvitationIsDeclined,
    InvitationState.REVOKED: InvitationIsRevoked,
    InvitationState.EXPIRED: InvitationIsExpired,
    InvitationState.SUPERSEDED: InvitationIsSuperseded,
}


def over(state: InvitationState) -> InvitationIsOver:
    """Say how an invitation has ended, to somebody who comes too late."""
    return _OVER.get(state, InvitationIsOver)()


def refuse_flood(sent_at: datetime, now: datetime) -> None:
    """Raise SentJustNow when the last letter is too young for another."""
    left = sent_at + BETWEEN_LETTERS - now
    if left > timedelta(0):
        raise SentJustNow(minutes=str(-(-left // timedelta(minutes=1))))


def refuse_too_many(to_address: int, of_company: int) -> None:
    """Raise InvitedTooOften when so many invitations within a day, to the address and of the company in all, are enough."""
    if to_address >= MOST_TO_AN_ADDRESS or of_company >= MOST_OF_A_COMPANY:
        raise InvitedTooOften
