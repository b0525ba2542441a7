"""A client that proves who it is by a signature (private_key_jwt: RFC 7523, with the audience of its revision).

What may be signed how is decided by the key that we keep, and never by what the assertion says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

from api.bodies import strict_json
from domain.cards.jose import from_base64url
from domain.requests import BodyUnreadable

LONGEST_LIFE = timedelta(minutes=5)
# Clocks of tills are not always right.
LEEWAY = timedelta(seconds=30)
LONGEST_ASSERTION = 8192
# Everything else in a header would tell us where to find a key, or how to read what we should not.
HEADER_FIELDS = {"alg", "kid", "typ"}
TYPES = {None, "JWT", "client-authentication+jwt"}
SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
JTI = re.compile(r"[\x21-\x7e]{8,128}")
# The algorithm of a key by its curve; EdDSA is the older name of Ed25519 (RFC 9864).
ALGORITHMS: Mapping[str, str] = {"P-256": "ES256", "Ed25519": "Ed25519"}
# For the time in which an old key gives way to a new one, on a chain's many tills.
MOST_KEYS = 10
PRIVATE = {"d", "p", "q", "k"}
OLDER_NAMES = {"EdDSA": "Ed25519"}

PublicKey = ECKey | OKPKey
VERIFIERS = {name: JWSRegistry(algorithms=[name]).get_alg(name) for name in ALGORITHMS.values()}
# A key that nobody has.
NOBODYS = ECKey.generate_key("P-256", private=False)


class AssertionRefused(Exception):
    """The assertion does not prove anything. The reason is for our own eyes: whoever tries is told nothing."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion as it was sent, taken apart and not yet believed."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    signed: bytes
    signature: bytes

    @classmethod
    def parse(cls, text: str) -> Assertion:
        """Take an assertion apart. Raises AssertionRefused when it is no JWS in its compact form."""
        parts = text.split(".")
        if len(text) > LONGEST_ASSERTION or len(parts) != 3 or not all(map(SEGMENT.fullmatch, parts)):  # noqa: PLR2004 - header, claims, signature
            raise AssertionRefused("no compact JWS")
        try:
            header, claims, signature = map(from_base64url, parts)
            return cls(strict_json(header), strict_json(claims), text.rpartition(".")[0].encode(), signature)
        except (ValueError, BodyUnreadable) as error:
            raise AssertionRefused("cannot be read") from error

    @property
    def client_id(self) -> str:
        """Who it says it is from; empty where it does not."""
        subject = self.claims.get("sub")
        return subject if isinstance(subject, str) else ""

    def prove(self, keys: Sequence[PublicKey], *, issuer: str, now: datetime) -> Proof:
        """Say until when it counts and by which id it may do so once.

        Raises AssertionRefused unless one of the keys has signed it, for us alone, for at most five minutes, by whom it names.
        """
        self._signed_by_one_of(keys)
        mine = self.client_id
        if not mine or self.claims.get("iss") != mine:
            raise AssertionRefused("somebody else's")
        # One string: who lists several audiences would let one of them use it against another.
        if self.claims.get("aud") != issuer:
            raise AssertionRefused("not for us")
        expires, jti = self._when("exp", now), self.claims.get("jti")
        if expires is None or not now - LEEWAY < expires <= now + LONGEST_LIFE + LEEWAY:
            raise AssertionRefused("expired, or valid for too long")
        if any(at > now + LEEWAY for at in (self._when("iat", now), self._when("nbf", now)) if at):
            raise AssertionRefused("from the future")
        if not isinstance(jti, str) or not JTI.fullmatch(jti):
            raise AssertionRefused("without an id")
        return Proof(jti, expires + LEEWAY)

    def _signed_by_one_of(self, keys: Sequence[PublicKey]) -> None:
        alg, kid, typ = (self.header.get(name) for name in ("alg", "kid", "typ"))
        if not self.header.keys() <= HEADER_FIELDS or typ not in TYPES or not isinstance(alg, str) or not isinstance(kid, str | None):
            raise AssertionRefused("a header with too much in it")
        wanted = OLDER_NAMES.get(alg, alg)
        fitting = [key for key in keys if algorithm_of(key) == wanted and kid in {None, key.kid}]
        # Where no key fits one is tried all the same, so that it takes as long.
        if not any(VERIFIERS[algorithm_of(key)].verify(self.signed, self.signature, key) for key in fitting or (NOBODYS,)):
            raise AssertionRefused("not signed by a key of theirs")

    def _when(self, name: str, now: datetime) -> datetime | None:
        said = self.claims.get(name)
        if said is None:
            return None
        if isinstance(said, bool) or not isinstance(said, int | float):
            raise AssertionRefused("no moment")
        try:
            return datetime.fromtimestamp(said, now.tzinfo)
        except (ValueError, OverflowError, OSError) as error:
            raise AssertionRefused("no moment") from error


@dataclass(frozen=True, slots=True)
class Proof:
    """That an assertion was genuine: the id by which it counts once, and when it can be forgotten."""

    jti: str
    forget_at: datetime


def algorithm_of(key: PublicKey) -> str:
    """The one algorithm that a key of a client may sign with; empty if there is none."""
    return ALGORITHMS.get(str(key.curve_name), "")


def public_keys(jwks: Mapping[str, object]) -> tuple[PublicKey, ...]:
    """Read a client's JWKS. Raises ValueError for private keys, for other kinds than P-256 and Ed25519, and for two of one name."""
    listed = jwks.get("keys")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_KEYS:
        raise ValueError(f"holds no key, or more than {MOST_KEYS}")
    keys = tuple(map(_public_key, listed))
    if len({key.kid for key in keys}) != len(keys):
        raise ValueError("holds two keys of one name")
    return keys


def _public_key(listed: object) -> PublicKey:
    if not isinstance(listed, dict) or PRIVATE & listed.keys():
        raise ValueError("holds a private key, or none")
    kind: type[PublicKey] = ECKey if listed.get("kty") == "EC" else OKPKey
    told: dict[str, str | list[str]] = {
        name: value for name in ("kty", "crv", "x", "y", "kid") if isinstance(value := listed.get(name), str)
    }
    try:
        key = kind.import_key(told)
        named = kind.import_key({"kid": key.thumbprint(), **told})
    except (JoseError, KeyError, ValueError) as error:
        raise ValueError("holds a key that cannot be read") from error
    if not algorithm_of(named):
        raise ValueError("holds a key that is neither on P-256 nor Ed25519")
    return named
