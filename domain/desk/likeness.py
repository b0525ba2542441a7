"""What looks alike to a person's eye: names in the register, names of companies, web sites.

Likeness only ever puts something in front of a person; nothing is decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from urllib.parse import urlsplit

from domain.employment import Person, PersonInRegister, RoleHolding
from domain.names import NameMatch, PersonName, compare

# The share of letters that two names have in common, in order, from which a person would look twice.
ALIKE = 0.82
_FORM = re.compile(r"\b(asa|as|ans|da|ba|sa|nuf|ks|enk|stiftelse|gruppen|group|norge|norway|holding)\b")


class Likeness(StrEnum):
    """How somebody in the register is like the one who signs up."""

    SAME = "same"
    SAME_BIRTH_DATE = "same-birth-date"
    SIMILAR_NAME = "similar-name"


@dataclass(frozen=True, slots=True)
class RoleNearby:
    """A role whose holder might be meant. Another person's name: shown to whoever decides, fetched fresh, never kept."""

    role_code: str
    name: PersonName
    birth_date: date = field(repr=False)
    likeness: Likeness
    current: bool


def nearby(person: Person, holdings: Iterable[RoleHolding]) -> Sequence[RoleNearby]:
    """List the roles whose holders were born on the same day or have a similar name, the likest first."""
    found = []
    for holding in holdings:
        holder = holding.holder
        likeness = _likeness(person, holder) if isinstance(holder, PersonInRegister) else None
        if likeness is not None and isinstance(holder, PersonInRegister):
            found.append(RoleNearby(holding.role_code, holder.name, holder.birth_date, likeness, holding.current))
    return sorted(found, key=lambda near: list(Likeness).index(near.likeness))


def _likeness(person: Person, holder: PersonInRegister) -> Likeness | None:
    same_day = person.birth_date == holder.birth_date
    fits = compare(person.name, holder.name) is not NameMatch.DIFFERENT
    if same_day:
        return Likeness.SAME if fits else Likeness.SAME_BIRTH_DATE
    similar = fits or _share(" ".join(person.name.words), " ".join(holder.name.words)) >= ALIKE
    return Likeness.SIMILAR_NAME if similar else None


def is_alike(one: str, other: str) -> bool:
    """Tell whether two companies' names could be taken for each other, leaving out what companies of all sorts are called."""
    first, second = _bare(one), _bare(other)
    return first == second or _share(first, second) >= ALIKE


def site_of(address: str) -> str | None:
    """Find the domain of a web site, without www, or None when the address has none."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname
    return host.casefold().removeprefix("www.") if host and "." in host else None


def _bare(name: str) -> str:
    return " ".join(_FORM.sub(" ", re.sub(r"[^\w\s]", " ", name.casefold())).split())


def _share(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio() if one and other else 0.0
