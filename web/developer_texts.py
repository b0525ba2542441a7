"""What the till developers' guide says about answers, test persons and data sets, beside its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.api_access import Scope
from domain.cards.data_sets import DATA_SETS
from domain.cards.purposes import PURPOSES, Purpose
from domain.words import _
from web.problem_texts import EXPLANATIONS, Explanation

SNIPPETS = Path(__file__).parent / "snippets"
# What can be fetched by its own name: whole programs, unlike the lines for a shell.
PROGRAMS = ("first_check.py", "first_check.mjs", "FirstCheck.cs", "receipt.py", "receipt.mjs")

# The answer of a check, field by field, in the order in which they come.
FIELDS: Mapping[str, str] = {
    "check_id": _("This check's own id. Keep it if you want to be able to fetch the receipt again."),
    "purpose": _("What you asked for."),
    "result": _("Always “ok”: the question was answered. It does not say that the customer is old enough."),
    "claims": _("What the purpose lets you know, and nothing else. This is what the till decides by."),
    "claims.age_over_18": _("True or false. The number is the age limit of the purpose. False is an answer and no error: do not sell."),
    "claims.portrait": _("The photo, as JPEG in base64. Show it large: the cashier compares it with the face."),
    "display_for_s": _("Take everything off the screen, and out of memory, after so many seconds. Store none of it."),
    "match_code": _("The same two digits stand on the customer's phone. If they differ, somebody shows a picture of another's code."),
    "receipt": _("A signed proof that you checked, without a word about the customer. This is the one thing to keep."),
}

# The people of the sandbox by number; each shows one thing that happens at tills.
TEST_PERSONS: Mapping[int, str] = {
    1: _("43 years old"),
    2: _("29 years old"),
    3: _("14 years old"),
    4: _("18 years old"),
    5: _("16 years old"),
    6: _("Turns 18 today"),
    7: _("Turns 18 tomorrow"),
    8: _("Born on 29 February"),
    9: _("Letters such as æ, ø, å, á, č and š"),
    10: _("A very long name"),
    11: _("The card has expired"),
    12: _("The card is blocked"),
    13: _("Shows age only"),
    14: _("Has no portrait"),
    15: _("The check is slow: three seconds"),
    16: _("The check does not work"),
}


@dataclass(frozen=True, slots=True)
class DataSetShown:
    """A data set of the published contract as its scope names it, and what the purposes that cover it are called."""

    scope: str
    data_set: Purpose
    covered_by: Sequence[str]


def data_sets() -> Sequence[DataSetShown]:
    """Every data set with the purposes of which an agreement must hold one."""
    return [DataSetShown(scope.value, data_set, _covering(scope)) for scope, data_set in DATA_SETS.items()]


def _covering(scope: Scope) -> Sequence[str]:
    """Name each kind of purpose once, however many age limits it comes with."""
    return list(dict.fromkeys(purpose.words for purpose in PURPOSES.values() if DATA_SETS[scope].inputs <= purpose.inputs))


def refusals_of_a_check() -> Sequence[Explanation]:
    """Every code with which a check may be refused; the others are mistakes of the program."""
    return [explained for explained in EXPLANATIONS.values() if explained.at_the_till]


@cache
def snippet(name: str) -> str:
    """A piece of a program as developers copy it, such as `first_check.py`. Raises FileNotFoundError."""
    return (SNIPPETS / f"{name}.txt").read_text("utf-8").rstrip("\n")
