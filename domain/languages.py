"""Which language we speak with somebody."""

from __future__ import annotations

import re
from enum import StrEnum


class Language(StrEnum):
    """The languages we speak."""

    NB = "nb"
    EN = "en"


# Whoever reads one of the written forms of Norwegian reads bokmål.
_SPOKEN = {"nb": Language.NB, "no": Language.NB, "nn": Language.NB, "en": Language.EN}
_WISH = re.compile(r"([a-z]{2,8})(?:-[a-z0-9]{1,8})*(?:\s*;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?", re.IGNORECASE | re.ASCII)
# A browser's header is some fifty characters; whatever comes after these is nobody's wish.
_LONGEST_HEADER = 500


def choose(chosen: str | None, accept_language: str | None) -> Language:
    """Take the language somebody has chosen, else the one their browser prefers, else bokmål.

    `accept_language` is the header as it came (RFC 9110, section 12.5.4); what cannot be read in it is passed over.
    """
    if chosen is not None and chosen in _SPOKEN:
        return _SPOKEN[chosen]
    best, best_weight = Language.NB, 0.0
    for wish in (accept_language or "")[:_LONGEST_HEADER].split(","):
        read = _WISH.fullmatch(wish.strip())
        language = _SPOKEN.get(read[1].lower()) if read else None
        weight = float(read[2] or 1) if read else 0.0
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best
