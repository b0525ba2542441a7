"""What is said between the desk and a customer. Texts and documents stay in the database; a process hears ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.desk.reasons import ReversalReason
from domain.ids import StaffId, UserId
from domain.refusals import Refusal
from domain.stages import Stage
from domain.words import _

SHORTEST_TEXT, LONGEST_TEXT = 3, 4000
# So long after a decision may a lead turn it round, and the customer ask for another look.
WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Question:
    """Support asks the customer for more; what is asked is drafted in the database under this id."""

    task: UUID
    by: StaffId
    question: UUID


@dataclass(frozen=True, slots=True)
class CustomerAnswer:
    """The customer answers a question; what they say and show is drafted in the database under this id."""

    by: UserId
    question: UUID
    answer: UUID


@dataclass(frozen=True, slots=True)
class Appeal:
    """The customer asks for another look by somebody else; what they say is drafted in the database under this id."""

    by: UserId
    appeal: UUID


@dataclass(frozen=True, slots=True)
class Reversal:
    """A lead turns a decision round. `stands` is what the lead saw: of two who do it at once, one is told."""

    task: UUID
    by: StaffId
    reason: ReversalReason
    stands: Stage
    reversal: UUID


def text_in(typed: str) -> str:
    """Read what somebody has written to somebody else, lines kept. Raises TextTooShortOrLong."""
    lines = [" ".join(line.split()) for line in typed.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    text = "\n".join(lines).strip()
    if not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
        raise TextTooShortOrLong
    return text


class TextTooShortOrLong(Refusal):
    """Somebody has to read it, and there has to be something to read."""

    code = "text-too-short-or-long"
    words = _("Write between 3 and 4000 characters.")


class QuestionNeedsReason(Refusal):
    """What is asked for is counted."""

    code = "question-needs-reason"
    words = _("Choose what you ask for, then write the question.")


class QuestionStands(Refusal):
    """One question at a time."""

    code = "question-stands"
    words = _("The customer has been asked already, and has not answered yet.")


class NoQuestionStands(Refusal):
    """An answer to nothing."""

    code = "no-question-stands"
    words = _("This question has been answered already, or is no longer asked. Open the page again to see where it stands.")


class NotToBeAppealed(Refusal):
    """Only a rejection is looked at again, once, while it is fresh."""

    code = "not-to-be-appealed"
    words = _("This can no longer be looked at again. You can ask once, within 30 days of a rejection.")


class NotToBeReversed(Refusal):
    """Somebody else was first, or too much time has gone by."""

    code = "not-to-be-reversed"
    words = _("This decision can no longer be turned round, or somebody else has just done it. Open the page again to see what holds.")


class ReversalNeedsReason(Refusal):
    """Whoever was told one thing learns why it is the other."""

    code = "reversal-needs-reason"
    words = _("Choose why the decision is turned round. The customer is told it.")


class SomebodyElseMustDecide(Refusal):
    """Whoever decided first does not judge their own decision."""

    code = "somebody-else-must-decide"
    words = _("You decided this the first time, so somebody else has to look at it now.")
