"""Which terms of use hold, and who has still to accept them."""

from __future__ import annotations

from domain.refusals import Refusal
from domain.words import _

# The day from which the terms hold; a later day makes everybody accept them anew.
CURRENT_TERMS = "2026-11-01"


class TermsNotAccepted(Refusal):
    """Nobody gets further without accepting the terms."""

    code = "terms-not-accepted"
    words = _("You need to accept the terms of use before you can go on. Read them and tick the box.")


def must_accept(accepted_version: str | None) -> bool:
    """Tell whether somebody who accepted that version, or none, has to accept the current one."""
    return accepted_version is None or accepted_version < CURRENT_TERMS
