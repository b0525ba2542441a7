"""Handing an unfinished signup to a colleague, by a letter that is good for one person and two weeks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.ids import HandoverId, SignupId, UserId
from domain.languages import Language
from domain.refusals import Refusal
from domain.words import _

HANDOVER_LIVES = timedelta(days=14)
# Of one signup.
MOST_HANDOVERS = 3
TAKEN_OVER = "taken-over"


@dataclass(frozen=True, slots=True)
class Handover:
    """Somebody asks a colleague to finish a signup. The address is personal, so it goes to the books and no further."""

    id: HandoverId
    signup: SignupId
    by: UserId
    email: str = field(repr=False)
    language: Language


class SignupIsOver(Refusal):
    """What has ended cannot be handed on, nor taken over."""

    code = "signup-is-over"
    words = _("This signup has come to its end already, so there is nothing left to finish.")


class HandedTooOften(Refusal):
    """Strangers' mailboxes are not to be flooded."""

    code = "handed-too-often"
    words = _("You have asked several people already. Talk to them, or call us.")


class HandoverIsUsed(Refusal):
    """The letter is good for one person."""

    code = "handover-is-used"
    words = _("Somebody else has taken this signup over already.")


class HandoverIsTooOld(Refusal):
    """The letter is good for two weeks."""

    code = "handover-is-too-old"
    words = _("This link is more than 14 days old and no longer works. Ask your colleague for a new one.")


class YourOwnHandover(Refusal):
    """Whoever hands it over does not take it over."""

    code = "your-own-handover"
    words = _("This is your own signup. The link is for the colleague whom you have asked.")


def refuse_too_many(handed: int) -> None:
    """Raise HandedTooOften when so many letters about one signup are enough."""
    if handed >= MOST_HANDOVERS:
        raise HandedTooOften


def refuse_too_old(handed_at: datetime, now: datetime) -> None:
    """Raise HandoverIsTooOld for a letter that has run out."""
    if now - handed_at > HANDOVER_LIVES:
        raise HandoverIsTooOld
