"""Whether two names are one person's.

Two registers write one name in many ways: a middle name in a field of its own, with the given names, or nowhere; a double
surname with a hyphen or without; Åse as AASE. So names are compared as bags of folded words, and never by how alike they look:
the twins Nora and Nina Lie are one letter apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "\u0131": "i"})
# Passports and older systems write å, æ and ø with two letters.
_PAIRS = re.compile("aa|ae|oe")
_MARKS = re.compile("[\u0300-\u036f]+")
_BETWEEN_WORDS = re.compile("[\\s,.'\u2019\u02bc`\\-\u2010-\u2015]+")
_ENOUGH_WORDS = 2


class NameMatch(StrEnum):
    """How well two names fit."""

    EXACT = "exact"
    SUBSET = "subset"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name; middle names stand with the given ones. It does not show in logs."""

    given: str = field(repr=False)
    family: str = field(repr=False)

    @classmethod
    def split(cls, full: str) -> PersonName:
        """Split a name that came as one text: the last word, or what stands before a comma, is the family name."""
        family, comma, given = full.partition(",")
        if comma:
            return cls(" ".join(given.split()), " ".join(family.split()))
        *given_names, last = full.split() or [""]
        return cls(" ".join(given_names), last)

    @property
    def full(self) -> str:
        """The name as it is said."""
        return f"{self.given} {self.family}".strip()

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name in order, folded so that every way of writing them is the same."""
        return tuple(word for word in map(_folded, _BETWEEN_WORDS.split(unicodedata.normalize("NFKC", self.full))) if word)


def compare(one: PersonName, other: PersonName) -> NameMatch:
    """Compare two names; it does not matter which comes first.

    EXACT: the same words in any order. SUBSET: first and last word are the same and one name has all the words of the other,
    as when a middle name or the first half of a double surname is missing. A name of a single word says too little to fit any.
    """
    words, others = one.words, other.words
    if min(len(words), len(others)) < _ENOUGH_WORDS:
        return NameMatch.DIFFERENT
    bag, other_bag = Counter(words), Counter(others)
    if bag == other_bag:
        return NameMatch.EXACT
    same_ends = words[0] == others[0] and words[-1] == others[-1]
    return NameMatch.SUBSET if same_ends and (bag <= other_bag or other_bag <= bag) else NameMatch.DIFFERENT


def _folded(word: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    visible = "".join(sign for sign in bare if unicodedata.category(sign) != "Cf")
    return _PAIRS.sub(lambda pair: pair[0][0], visible.translate(_LETTERS))
