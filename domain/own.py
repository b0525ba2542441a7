"""What people decide about themselves: which letters they want, and to leave us altogether."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.ids import ProfileId, SignupId, UserId
from domain.post import LetterKind
from domain.refusals import Refusal
from domain.words import _

# What can be done without. Everything else is about somebody's own access, is waited for by somebody else, or belongs to the agreement.
REFUSABLE: Mapping[LetterKind, str] = {
    LetterKind.EMAIL_REMINDER: _("A reminder when your e-mail address is still to be confirmed"),
    LetterKind.INVITATION_ANSWERED: _("What became of invitations that you have sent"),
    LetterKind.COLLEAGUE_JOINED: _("A colleague has joined the company"),
    LetterKind.JOIN_REMINDER: _("Reminders of people who wait for an answer"),
}
NOT_REFUSABLE: Sequence[str] = (
    _("Codes and links that confirm your address: without them nobody could tell that it is yours."),
    _("What is decided about your own access: you have a right to know, and notice if it was not you."),
    _("People who wait for your answer, told once: they can get it from nobody else."),
    _("What belongs to the agreement with us, and that your account is deleted."),
)


@dataclass(frozen=True, slots=True)
class Farewell:
    """Somebody wants their account deleted."""

    user: UserId


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What somebody has begun that is not decided yet: signups, and companies that they ask to join."""

    signups: Sequence[SignupId]
    requests: Sequence[ProfileId]


@dataclass(frozen=True, slots=True)
class FarewellLetter:
    """The last letter to somebody, under a key that makes a second order the same letter."""

    user: UserId
    key: UUID


class LastAdministratorOf(Refusal):
    """Whoever deletes their account would leave a company without anybody to let others in."""

    code = "last-administrator-of"
    words = _("You are the only administrator of a company. Make a colleague administrator there first, then delete your account.")


class TickToDelete(Refusal):
    """Nobody deletes an account by one click that went astray."""

    code = "tick-to-delete"
    words = _("Tick that you want your account deleted.")


class NotYourAccount(Refusal):
    """The account that is being deleted is somebody else's."""

    code = "not-your-account"
    words = _("This account is not yours.")
