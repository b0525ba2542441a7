"""The number that a company goes by in Norway."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum.no import orgnr

from domain.refusals import Refusal
from domain.words import _

DIGITS = 9
_LONGEST_INPUT = 100
_SIGNS_BETWEEN = re.compile(r"[\s.:\-]")
_WRITTEN = re.compile(r"(?:NO|ORGNR)?([0-9]*)(?:MVA)?", re.ASCII)


class NotAnOrganisationNumber(Refusal):
    """What was given cannot be an organisation number at all."""

    code = "not-an-organisation-number"
    words = _("Enter the company's organisation number: nine digits.")


class WrongNumberOfDigits(NotAnOrganisationNumber):
    """A digit is missing, or there is one too many."""

    code = "organisation-number-wrong-length"
    words = _("An organisation number has nine digits, and this has %(given)s. Check that you have got every digit, once.")


class OtherThanDigits(NotAnOrganisationNumber):
    """There are letters or signs among the digits."""

    code = "organisation-number-not-digits"
    words = _("An organisation number has nothing but digits: nine of them. Take the other letters and signs away.")


class WrongCheckDigit(NotAnOrganisationNumber):
    """The last digit does not fit the others, so one of them is mistyped."""

    code = "organisation-number-wrong-check-digit"
    words = _("No company can have this organisation number. One of the digits is probably mistyped, so check them once more.")


@dataclass(frozen=True, slots=True)
class OrganisationNumber:
    """A Norwegian organisation number: nine digits, the last of which is checked by modulus 11."""

    value: str

    def __post_init__(self) -> None:
        """Make sure that a wrong number cannot exist, however it was made."""
        if not re.fullmatch(r"[0-9]{9}", self.value, re.ASCII) or not orgnr.is_valid(self.value):
            raise ValueError("not an organisation number")

    @classmethod
    def parse(cls, text: str) -> OrganisationNumber:
        """Read a number as people write it: spaces, dots and hyphens between the digits, `NO` before and `MVA` after.

        Raises NotAnOrganisationNumber or the subclass of it that says what is wrong.
        """
        if len(text) > _LONGEST_INPUT:
            raise NotAnOrganisationNumber
        written = _SIGNS_BETWEEN.sub("", _as_typed_here(text)).upper()
        if not written:
            raise NotAnOrganisationNumber
        read = _WRITTEN.fullmatch(written)
        if read is None or not read[1]:
            raise OtherThanDigits
        if len(read[1]) != DIGITS:
            raise WrongNumberOfDigits(given=str(len(read[1])))
        if not orgnr.is_valid(read[1]):
            raise WrongCheckDigit
        return cls(read[1])

    @property
    def pretty(self) -> str:
        """Write the number in groups of three, as people read it."""
        return f"{self.value[:3]} {self.value[3:6]} {self.value[6:]}"

    def __str__(self) -> str:
        return self.value


def _as_typed_here(text: str) -> str:
    """Turn wide digits and odd spaces into ordinary ones, and drop the invisible signs that come along from other programs."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
