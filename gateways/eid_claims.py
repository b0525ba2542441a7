"""What the ID token of an eID says of a person."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from domain.eid import EidIdentity, EidScheme
from domain.names import PersonName
from gateways.id_token import IdToken, tidy

COUNTRY = {EidScheme.NO_BANKID: "NO", EidScheme.SE_BANKID: "SE", EidScheme.DK_MITID: "DK"}
# A Swedish coordination number has sixty added to the day of birth.
COORDINATION_DAYS = 60


class NoBirthDate(Exception):
    """The eID does not say when this person was born, so they could never be found in a register of roles."""


class ClaimMissing(Exception):
    """The eID leaves out who somebody is: a fault between us and it, not theirs."""


class EidToken(IdToken):
    """What the three eIDs say of a person besides."""

    # Norwegian BankID's and MitID's own names for a person.
    uniqueuserid: str | None = Field(default=None, min_length=1, max_length=255, repr=False)
    uuid: str | None = Field(default=None, min_length=1, max_length=255, repr=False)
    given_name: str | None = Field(default=None, repr=False)
    family_name: str | None = Field(default=None, repr=False)
    name: str | None = Field(default=None, repr=False)
    birthdate: str | None = Field(default=None, repr=False)
    # A Swedish personnummer; read for the birth date in it and then forgotten.
    ssn: str | None = Field(default=None, repr=False)


def identity(scheme: EidScheme, token: EidToken) -> EidIdentity:
    """Say who somebody is, in one way for all three eIDs. Raises NoBirthDate and ClaimMissing."""
    match scheme:
        case EidScheme.NO_BANKID:
            subject, name, born = token.uniqueuserid, _two_names(token), _iso_date(token.birthdate)
        case EidScheme.SE_BANKID:
            # Beside the personnummer there is only the broker's own name for the person.
            subject, name, born = token.sub, _two_names(token), _date_of_personnummer(token.ssn)
        case EidScheme.DK_MITID:
            subject, name, born = token.uuid, PersonName.split(tidy(token.name)), _iso_date(token.birthdate)
    if subject is None or not name.full:
        raise ClaimMissing("the eID names neither or only one of person and subject")
    return EidIdentity(scheme, token.iss, subject, name, born, COUNTRY[scheme])


def _two_names(token: EidToken) -> PersonName:
    return PersonName(tidy(token.given_name), tidy(token.family_name))


def _iso_date(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise NoBirthDate from None


def _date_of_personnummer(number: str | None) -> date:
    """Read the birth date out of the twelve digits YYYYMMDDNNNN, which go no further."""
    digits = (number or "").replace("-", "")
    if len(digits) != len("YYYYMMDDNNNN") or not (digits.isascii() and digits.isdigit()):
        raise NoBirthDate
    day = int(digits[6:8])
    try:
        return date(int(digits[:4]), int(digits[4:6]), day - COORDINATION_DAYS if day > COORDINATION_DAYS else day)
    except ValueError:
        raise NoBirthDate from None
