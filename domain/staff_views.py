"""When somebody in support looks at what a customer sees: why, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from domain.refusals import Refusal
from domain.words import _

LASTS = timedelta(minutes=30)


class ViewReason(StrEnum):
    """Why somebody looks. The customer reads it in their timeline, so it is chosen and not typed."""

    ASKED_FOR_HELP = "asked-for-help"
    SOMETHING_FAILED = "something-failed"
    DECIDING = "deciding"


REASON_NAMES: Mapping[ViewReason, str] = {
    ViewReason.ASKED_FOR_HELP: _("The customer has asked for help"),
    ViewReason.SOMETHING_FAILED: _("Something has failed here, and we look into it"),
    ViewReason.DECIDING: _("We have to decide something for the customer"),
}


class ViewNeedsReason(Refusal):
    """Nobody looks without saying why."""

    code = "view-needs-reason"
    words = _("Choose why you look. The customer sees it.")


class NothingToView(Refusal):
    """What was to be looked at is not there."""

    code = "nothing-to-view"
    words = _("There is no such customer and no such signup any longer. Search again.")


def reason_named(text: str) -> ViewReason:
    """Read a reason from a form. Raises ViewNeedsReason."""
    try:
        return ViewReason(text)
    except ValueError:
        raise ViewNeedsReason from None
