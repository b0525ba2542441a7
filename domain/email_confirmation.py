"""When a code or a link proves that somebody reads an e-mail address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from domain.refusals import Refusal
from domain.words import _

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=15)
CODE_TRIES = 5
LINK_LIVES = timedelta(hours=24)
LETTERS_IN_A_ROW = 3
LETTERS_PERIOD = timedelta(hours=1)

_LONGEST_CODE_INPUT = 50
_SIGNS_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]")


class NotACode(Refusal):
    """What was typed cannot be a code, so it does not count as a try."""

    code = "not-a-code"
    words = _("The code has six digits. You find it in the newest letter that we sent you.")


class CodeIsWrong(Refusal):
    """The code is not the one in the newest letter."""

    code = "code-wrong"
    words = _("This is not the code in the newest letter that we sent you. Tries left: %(tries_left)s.")


class CodeHasExpired(Refusal):
    """The code was typed too late."""

    code = "code-expired"
    words = _("This code is more than 15 minutes old and no longer works. Ask for a new letter, or use the link in the one you have.")


class TooManyTries(Refusal):
    """The code was wrong too often."""

    code = "code-too-many-tries"
    words = _("The code has been wrong five times, so it no longer works. Ask for a new letter.")


class CodeIsReplaced(Refusal):
    """A newer letter has been sent, or the address has been changed."""

    code = "code-replaced"
    words = _("A newer letter has been sent, and only what stands in the newest one works. Look for it in your mailbox.")


class LinkIsWrong(Refusal):
    """The link is not one of ours, or it is another user's."""

    code = "link-wrong"
    words = _("This link does not work. Copy the whole link from the newest letter, or type in the code from it.")


class LinkHasExpired(Refusal):
    """The link was followed too late."""

    code = "link-expired"
    words = _("This link is more than 24 hours old and no longer works. Ask for a new letter.")


class TooManyLetters(Refusal):
    """Nobody's mailbox is to be flooded."""

    code = "too-many-letters"
    words = _("We have sent you three letters within an hour. Look for the newest one, or ask for another in %(minutes)s min.")


class Outcome(StrEnum):
    """What comes of a code or a link."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    EXPIRED = "expired"
    TOO_MANY_TRIES = "too-many-tries"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A letter that was sent: when, how often its code has been wrong so far, and whether a newer one has taken its place."""

    issued_at: datetime
    wrong_tries: int = 0
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class CodeResult:
    """What came of a code, and how many tries are left after it."""

    outcome: Outcome
    tries_left: int

    def refuse_unless_confirmed(self) -> None:
        """Raise the Refusal that tells somebody why their code did not work."""
        match self.outcome:
            case Outcome.CONFIRMED:
                return
            case Outcome.WRONG:
                raise CodeIsWrong(tries_left=str(self.tries_left))
            case Outcome.EXPIRED:
                raise CodeHasExpired
            case Outcome.TOO_MANY_TRIES:
                raise TooManyTries
            case Outcome.REPLACED:
                raise CodeIsReplaced


def parse_code(text: str) -> str:
    """Read a code as people type it, with spaces or hyphens. Raises NotACode."""
    digits = _SIGNS_BETWEEN.sub("", text[: _LONGEST_CODE_INPUT + 1])
    if len(text) > _LONGEST_CODE_INPUT or not re.fullmatch(r"[0-9]{6}", digits, re.ASCII):
        raise NotACode
    return digits


def try_code(challenge: Challenge, now: datetime, *, matches: bool) -> CodeResult:
    """Judge a code that was typed. A code that comes too late or too often is not looked at, right or wrong."""
    left = max(CODE_TRIES - challenge.wrong_tries, 0)
    if challenge.replaced:
        return CodeResult(Outcome.REPLACED, 0)
    if now - challenge.issued_at >= CODE_LIVES:
        return CodeResult(Outcome.EXPIRED, 0)
    if left == 0:
        return CodeResult(Outcome.TOO_MANY_TRIES, 0)
    if matches:
        return CodeResult(Outcome.CONFIRMED, left)
    return CodeResult(Outcome.WRONG, left - 1) if left > 1 else CodeResult(Outcome.TOO_MANY_TRIES, 0)


def follow_link(challenge: Challenge, now: datetime, *, matches: bool) -> Outcome:
    """Judge a link that was followed. Wrong codes do not spoil it: its secret is too long to be guessed."""
    if not matches:
        return Outcome.WRONG
    if challenge.replaced:
        return Outcome.REPLACED
    return Outcome.EXPIRED if now - challenge.issued_at >= LINK_LIVES else Outcome.CONFIRMED


def refuse_unless_link_confirmed(outcome: Outcome) -> None:
    """Raise the Refusal that tells somebody why their link did not work."""
    match outcome:
        case Outcome.CONFIRMED:
            return
        case Outcome.REPLACED:
            raise CodeIsReplaced
        case Outcome.EXPIRED:
            raise LinkHasExpired
        case _:
            raise LinkIsWrong


def next_letter_at(sent: Iterable[datetime], now: datetime) -> datetime | None:
    """Tell when a user may have the next letter, given when they got the earlier ones; None means now."""
    recent = sorted(at for at in sent if at > now - LETTERS_PERIOD)
    return recent[-LETTERS_IN_A_ROW] + LETTERS_PERIOD if len(recent) >= LETTERS_IN_A_ROW else None


def refuse_too_many_letters(sent: Iterable[datetime], now: datetime) -> None:
    """Raise TooManyLetters when a user has had as many letters as anybody gets within an hour."""
    when = next_letter_at(sent, now)
    if when is not None:
        raise TooManyLetters(minutes=str(ceil((when - now) / timedelta(minutes=1))))
