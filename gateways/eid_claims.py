"""What an ID token says of a person, and whether it is to be believed."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.eid import EidIdentity, EidScheme
from domain.names import PersonName

# Two clocks are never quite the same.
LEEWAY = timedelta(seconds=30)
# A token is made for the login that is going on, not for a later one.
FRESH = timedelta(minutes=10)
LONGEST_NAME = 200
COUNTRY = {EidScheme.NO_BANKID: "NO", EidScheme.SE_BANKID: "SE", EidScheme.DK_MITID: "DK"}
# A Swedish coordination number has sixty added to the day of birth.
COORDINATION_DAYS = 60


class NotBelieved(Exception):
    """An ID token that is not what it has to be. What stands in it is never repeated."""


class AssuranceNotReached(NotBelieved):
    """The login was done in another way than the one asked for."""


class NoBirthDate(Exception):
    """The eID does not say when this person was born, so they could never be found in a register of roles."""


class ClaimMissing(Exception):
    """The eID leaves out who somebody is: a fault between us and it, not theirs."""


class IdToken(BaseModel):
    """The claims of an ID token (OpenID Connect Core 1.0, section 2) and of the three eIDs. Nothing of it shows in logs."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)

    iss: str
    sub: str = Field(min_length=1, max_length=255, repr=False)
    aud: str | list[str]
    azp: str | None = None
    exp: float
    iat: float
    nonce: str = Field(repr=False)
    acr: str | None = None
    # Norwegian BankID's and MitID's own names for a person.
    uniqueuserid: str | None = Field(default=None, min_length=1, max_length=255, repr=False)
    uuid: str | None = Field(default=None, min_length=1, max_length=255, repr=False)
    given_name: str | None = Field(default=None, repr=False)
    family_name: str | None = Field(default=None, repr=False)
    name: str | None = Field(default=None, repr=False)
    birthdate: str | None = Field(default=None, repr=False)
    # A Swedish personnummer; read for the birth date in it and then forgotten.
    ssn: str | None = Field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to say to be the answer to our question."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    acr_values: Collection[str]
    now: datetime


def read_claims(claims: dict[str, object], expected: Expected) -> IdToken:
    """Read the claims of a token whose signature holds. Raises NotBelieved unless they answer our question, now, and to us."""
    try:
        token = IdToken.model_validate(claims)
    except ValidationError:
        raise NotBelieved("a claim is missing or of the wrong kind") from None
    now = expected.now.timestamp()
    _believe(token.iss == expected.issuer, "another issuer")
    _believe(token.aud in (expected.client_id, [expected.client_id]), "for somebody else, or not for us alone")
    _believe(token.azp in (None, expected.client_id), "asked for by somebody else")
    _believe(token.exp > now - LEEWAY.total_seconds(), "expired")
    _believe(now - FRESH.total_seconds() < token.iat < now + LEEWAY.total_seconds(), "not made just now")
    _believe(hmac.compare_digest(token.nonce.encode(), expected.nonce.encode()), "another login's nonce")
    if token.acr not in expected.acr_values:
        raise AssuranceNotReached("not the assurance that was asked for")
    return token


def identity(scheme: EidScheme, token: IdToken) -> EidIdentity:
    """Say who somebody is, in one way for all three eIDs. Raises NoBirthDate and ClaimMissing."""
    match scheme:
        case EidScheme.NO_BANKID:
            subject, name, born = token.uniqueuserid, _two_names(token), _iso_date(token.birthdate)
        case EidScheme.SE_BANKID:
            # Beside the personnummer there is only the broker's own name for the person.
            subject, name, born = token.sub, _two_names(token), _date_of_personnummer(token.ssn)
        case EidScheme.DK_MITID:
            subject, name, born = token.uuid, PersonName.split(_tidy(token.name)), _iso_date(token.birthdate)
    if subject is None or not name.full:
        raise ClaimMissing("the eID names neither or only one of person and subject")
    return EidIdentity(scheme, token.iss, subject, name, born, COUNTRY[scheme])


def _believe(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotBelieved(otherwise)


def _two_names(token: IdToken) -> PersonName:
    return PersonName(_tidy(token.given_name), _tidy(token.family_name))


def _tidy(name: str | None) -> str:
    """Keep what can be seen of a name, on one line."""
    visible = "".join(sign if unicodedata.category(sign) != "Cc" else " " for sign in name or "")
    return " ".join(visible.split())[:LONGEST_NAME]


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
