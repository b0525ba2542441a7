"""What a card can say about its holder, and what the holder lets be said."""

from __future__ import annotations

from enum import StrEnum


class Claim(StrEnum):
    """One statement about the holder. The names are those of the issuer's SD-JWT, the numbers those of a grant."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    BIRTHDATE = "birthdate"
    PORTRAIT = "portrait"
    NATIONAL_ID = "national_id"
    DOCUMENT_NUMBER = "document_number"
    DOCUMENT_TYPE = "document_type"

    @property
    def number(self) -> int:
        """The byte that stands for the claim in a grant and in a packed card. It never changes."""
        return _NUMBERS[self]

    @classmethod
    def numbered(cls, number: int) -> Claim:
        """Find the claim by its byte. Raises KeyError for a byte that stands for none."""
        return _BY_NUMBER[number]


_NUMBERS = {
    Claim.GIVEN_NAME: 1,
    Claim.FAMILY_NAME: 2,
    Claim.BIRTHDATE: 3,
    Claim.PORTRAIT: 4,
    Claim.NATIONAL_ID: 5,
    Claim.DOCUMENT_NUMBER: 6,
    Claim.DOCUMENT_TYPE: 7,
}
_BY_NUMBER = {number: claim for claim, number in _NUMBERS.items()}


class Mode(StrEnum):
    """What the holder chooses to show. It decides which keys a code carries, and so what anybody can open at all."""

    AGE = "age"
    STANDARD = "standard"
    FULL = "full"

    @property
    def claims(self) -> frozenset[Claim]:
        """The claims whose keys such a code carries."""
        return _GRANTED[self]


_AGE = frozenset({Claim.BIRTHDATE, Claim.PORTRAIT})
_STANDARD = _AGE | {Claim.GIVEN_NAME, Claim.FAMILY_NAME}
_GRANTED = {Mode.AGE: _AGE, Mode.STANDARD: _STANDARD, Mode.FULL: frozenset(Claim)}
