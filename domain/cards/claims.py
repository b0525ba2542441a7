"""What a card can say about its holder, what the holder lets be said, and how the issuer vouches for it.

A card is an SD-JWT (RFC 9901): the issuer signs the digest of each claim and says none of them.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.cards.ids import CardId, Random
from domain.cards.jose import PublicKey, PublicKeys, SigningKey, from_json, jwk_of, public_key_of, read_signed, sign, to_base64url, to_json
from domain.cards.untrustworthy import NotInStatement, NotSigned

TYPE = "dc+sd-jwt"
CARD_TYPE = "urn:idk1:card"
_SALT_BYTES = 16
_DISCLOSURE_PARTS = 3
# A version has four bytes where ciphertexts are bound to it.
_TOO_MANY_VERSIONS = 2**32


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


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One claim with the salt that hides it in its digest. A portrait's value is `{"type": ..., "data": base64}`, others are text."""

    salt: str = field(repr=False)
    claim: Claim
    value: object = field(repr=False)

    def to_bytes(self) -> bytes:
        """Write the JSON array that the issuer digests; in base64url it is the SD-JWT's disclosure."""
        return to_json([self.salt, self.claim, self.value])

    @classmethod
    def from_bytes(cls, content: bytes) -> Disclosure:
        """Read the JSON array. Raises NotInStatement for anything else."""
        try:
            parts = from_json(content)
            if not isinstance(parts, list) or len(parts) != _DISCLOSURE_PARTS or not isinstance(parts[0], str):
                raise NotInStatement
            return cls(parts[0], Claim(parts[1]), parts[2])
        except ValueError as error:
            raise NotInStatement from error


def digest_of(disclosure: bytes) -> str:
    """Digest a disclosure as SD-JWT does: SHA-256 over its base64url, in base64url."""
    # A portrait is long, so its base64url is not turned into text and back.
    return to_base64url(hashlib.sha256(base64.urlsafe_b64encode(disclosure).rstrip(b"=")).digest())


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """What the issuer hands to the app: the signed digests, and the bytes of each claim's disclosure."""

    jws: str
    disclosures: Mapping[Claim, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardStatement:
    """What the issuer has signed: digests of claims, the app's device key (`cnf`), and the last day on which the card holds."""

    card_id: CardId
    version: int
    expires_on: date
    digests: frozenset[str]
    device_jwk: Mapping[str, object] = field(repr=False)

    @property
    def device_key(self) -> PublicKey:
        """The key that the app's device signs with; a check does not need it, so it is read only here. Raises NotSigned."""
        try:
            return public_key_of(self.device_jwk)
        except ValueError as error:
            raise NotSigned from error

    def vouches_for(self, disclosure: bytes) -> bool:
        """Tell whether the issuer has signed this disclosure's digest."""
        return digest_of(disclosure) in self.digests


def issue(  # noqa: PLR0913 - everything that the issuer signs
    claims: Mapping[Claim, object],
    *,
    issuer: SigningKey,
    issuer_name: str,
    device_key: PublicKey,
    card_id: CardId,
    expires_on: date,
    version: int = 1,
    random: Random = secrets.token_bytes,
) -> IssuedCard:
    """Issue a card, as stand-ins, tests and the sandbox do. `expires_on` is the last day on which it holds."""
    disclosures = {claim: Disclosure(to_base64url(random(_SALT_BYTES)), claim, value).to_bytes() for claim, value in claims.items()}
    payload: dict[str, object] = {
        "iss": issuer_name,
        "vct": CARD_TYPE,
        "card_id": str(card_id),
        "card_version": version,
        "date_of_expiry": expires_on.isoformat(),
        "cnf": {"jwk": jwk_of(device_key)},
        "_sd_alg": "sha-256",
        # In order, so that their places do not tell which claim is which.
        "_sd": sorted(digest_of(disclosure) for disclosure in disclosures.values()),
    }
    return IssuedCard(sign(payload, issuer, TYPE), disclosures)


def verify(jws: str, issuers: PublicKeys) -> CardStatement:
    """Read what a trusted issuer has signed about a card. Raises NotSigned."""
    payload = read_signed(jws, issuers, TYPE)
    try:
        return _statement(payload)
    except (KeyError, TypeError, ValueError) as error:
        raise NotSigned from error


def _statement(payload: Mapping[str, object]) -> CardStatement:
    version, digests, confirmed = payload["card_version"], payload["_sd"], payload["cnf"]
    device_jwk = confirmed["jwk"] if isinstance(confirmed, dict) else None
    if (payload["vct"], payload["_sd_alg"]) != (CARD_TYPE, "sha-256"):
        raise ValueError("not a card")
    if not isinstance(version, int) or not isinstance(digests, list) or not isinstance(device_jwk, dict):
        raise TypeError("not what a card holds")
    if not 0 < version < _TOO_MANY_VERSIONS:
        raise ValueError("not a version")
    return CardStatement(
        card_id=CardId(UUID(str(payload["card_id"]))),
        version=version,
        expires_on=date.fromisoformat(str(payload["date_of_expiry"])),
        digests=frozenset(str(digest) for digest in digests),
        device_jwk=device_jwk,
    )
