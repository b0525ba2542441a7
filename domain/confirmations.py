"""What is said in the process that confirms an e-mail address. Ids, codes and tokens only; never the address."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import AddressId, ChallengeId, UserId
from domain.refusals import Refusal
from domain.words import _


@dataclass(frozen=True, slots=True)
class ConfirmationStart:
    """Whose address is to be confirmed, and which; `click` is the id of the click that began it.

    `instead_of` is the confirmed address whose place it takes, if there is one: whoever reads that one is told.
    """

    user: UserId
    address: AddressId
    click: str | None = None
    instead_of: AddressId | None = None


@dataclass(frozen=True, slots=True)
class CodeTyped:
    """Somebody typed a code; `click` is the click's own id, so that a repeated click counts as one try."""

    by: UserId
    code: str
    click: str


@dataclass(frozen=True, slots=True)
class LinkPressed:
    """Somebody pressed the button on the page that a letter's link opens."""

    by: UserId
    token: str


@dataclass(frozen=True, slots=True)
class LetterWanted:
    """Somebody wants a new letter."""

    by: UserId


@dataclass(frozen=True, slots=True)
class AddressGiven:
    """Somebody gave another address in place of the first; `click` is the click's own id, by which a repeated one is known.

    `instead_of` is the last address of theirs that was confirmed, if there is one.
    """

    by: UserId
    address: AddressId
    click: str | None = None
    instead_of: AddressId | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A letter is wanted for this address of this user, and would be this challenge."""

    challenge: ChallengeId
    address: AddressId
    user: UserId


@dataclass(frozen=True, slots=True)
class CodeTry:
    """A code was typed while this challenge was the newest; `click` makes a second try of the same click the same try."""

    click: str
    challenge: ChallengeId | None
    code: str
    address: AddressId


@dataclass(frozen=True, slots=True)
class LinkTry:
    """A link was followed while this challenge was the newest."""

    challenge: ChallengeId | None
    token: str
    address: AddressId


class NotYourConfirmation(Refusal):
    """Nobody confirms an address for somebody else."""

    code = "not-your-confirmation"
    words = _("This letter was sent to another user. Log in as the one who asked for it.")
