"""What holds for whatever is said to a process."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import UserId
from domain.refusals import Refusal
from domain.words import _


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Somebody asks whether what they began has been written down."""

    by: UserId


class NobodyIsListening(Refusal):
    """The process this was said to has ended."""

    code = "nobody-is-listening"
    words = _("This has already come to its end. Open the page again to see where it stands now.")


class NotTakenDown(Refusal):
    """What was said did not reach the process, or nobody knows whether it did. Saying it again is safe."""

    code = "not-taken-down"
    words = _("We could not take this down just now. Nothing is lost: wait a moment, and send it once more.")
