"""Where power over a company changes hands on our word alone, two different people here have to say the same."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import StaffId
from domain.refusals import Refusal
from domain.words import _


@dataclass(frozen=True, slots=True)
class SupportsWord:
    """Somebody in support says yes or no. The first such word is a proposal, a second one that agrees with it decides."""

    by: StaffId
    grant: bool


class SameEyes(Refusal):
    """Nobody approves what they have proposed themselves."""

    code = "same-eyes"
    words = _("You have proposed this yourself. A colleague has to agree.")


class OwnCompany(Refusal):
    """Nobody decides about a company that they belong to."""

    code = "own-company"
    words = _("You seem to belong to this company, or to be the one who asks. A colleague has to decide.")


class NotWithSupport(Refusal):
    """The members have the word, not support."""

    code = "not-with-support"
    words = _("This is not with support, so there is nothing to decide here.")


def decides(proposed: SupportsWord | None, word: SupportsWord) -> bool:
    """Tell whether a word decides; otherwise it is the proposal from now on. Raises SameEyes for a word said twice by the same."""
    if proposed == word:
        raise SameEyes
    return proposed is not None and proposed.by != word.by and proposed.grant == word.grant
