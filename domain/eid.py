"""Who an electronic ID says that somebody is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.names import PersonName


class EidScheme(StrEnum):
    """The electronic IDs that open the portal."""

    NO_BANKID = "no-bankid"
    SE_BANKID = "se-bankid"
    DK_MITID = "dk-mitid"


@dataclass(frozen=True, slots=True)
class EidIdentity:
    """A person as their eID vouches for them, without any national identity number.

    `subject` is the name that the issuer has for this person towards us; it means something only together with scheme and
    issuer. `country` is the eID's, in two capital letters (ISO 3166-1).
    """

    scheme: EidScheme
    issuer: str
    subject: str = field(repr=False)
    name: PersonName = field(repr=False)
    birth_date: date = field(repr=False)
    country: str
