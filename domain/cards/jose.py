"""Signed texts: JWS in compact form, ES256 only (RFC 7515, 7518), with keys as JWK (RFC 7517)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from domain.cards.untrustworthy import NotSigned

PublicKey = ec.EllipticCurvePublicKey
PublicKeys = Mapping[str, PublicKey]

_COORDINATE = 32
_PARTS = 3
# The same key and the same text always give the same signature (RFC 6979), so an answer can be given twice, byte for byte.
_SIGN = ec.ECDSA(SHA256(), deterministic_signing=True)
_VERIFY = ec.ECDSA(SHA256())
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key on P-256, with the id (`kid`) that its public half is published under."""

    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> SigningKey:
        """Read a private JWK. Without a `kid` the key goes by its thumbprint. Raises ValueError for another kind of key."""
        public = public_key_of(jwk)
        secret = int.from_bytes(_coordinate(jwk, "d"), "big")
        private = ec.EllipticCurvePrivateNumbers(secret, public.public_numbers()).private_key()
        kid = jwk.get("kid")
        return cls(kid if isinstance(kid, str) else thumbprint(public), private)

    @classmethod
    def generate(cls, kid: str | None = None) -> SigningKey:
        """Make a new key."""
        private = ec.generate_private_key(ec.SECP256R1())
        return cls(kid or thumbprint(private.public_key()), private)

    @property
    def public(self) -> PublicKey:
        """The half that everybody may have."""
        return self.private.public_key()

    def private_jwk(self) -> dict[str, str]:
        """Write the key down as settings hold it. Whoever reads it can sign."""
        secret = self.private.private_numbers().private_value.to_bytes(_COORDINATE, "big")
        return {**jwk_of(self.public), "kid": self.kid, "d": to_base64url(secret)}


def to_base64url(content: bytes) -> str:
    """Write bytes in base64url, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read base64url without padding, in its one canonical form. Raises ValueError."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if to_base64url(content) != text:
        raise ValueError("not in canonical form")
    return content


def to_json(value: object) -> bytes:
    """Write JSON in the one form that we sign and seal: no spaces, keys in order, UTF-8."""
    return _ENCODER.encode(value).encode()


def from_json(content: bytes | str) -> object:
    """Read JSON in which no key stands twice. Raises ValueError."""
    try:
        value: object = json.loads(content, object_pairs_hook=_without_duplicates)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def jwk_of(key: PublicKey) -> dict[str, str]:
    """Write a public key as a JWK, without an id."""
    numbers = key.public_numbers()
    x, y = (to_base64url(number.to_bytes(_COORDINATE, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def public_key_of(jwk: Mapping[str, object]) -> PublicKey:
    """Read the public half of a JWK on P-256. Raises ValueError for another kind of key or a point beside the curve."""
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise ValueError("not a key on P-256")
    x, y = (int.from_bytes(_coordinate(jwk, name), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def thumbprint(key: PublicKey) -> str:
    """Name a public key by its SHA-256 thumbprint (RFC 7638): 43 characters."""
    return to_base64url(hashlib.sha256(to_json(jwk_of(key))).digest())


def to_jwks(keys: Iterable[SigningKey]) -> dict[str, list[dict[str, str]]]:
    """Publish the public halves of signing keys as a JWK set."""
    return {"keys": [{**jwk_of(key.public), "kid": key.kid, "alg": "ES256", "use": "sig"} for key in keys]}


def from_jwks(document: object) -> dict[str, PublicKey]:
    """Read a JWK set; keys of other kinds and keys without an id are passed over. Raises ValueError if it is no set at all."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise ValueError("not a JWK set")  # noqa: TRY004 - whoever reads somebody's document catches one kind of error
    ours = [key for key in keys if isinstance(key, dict) and (key.get("kty"), key.get("crv")) == ("EC", "P-256")]
    return {key["kid"]: public_key_of(key) for key in ours if isinstance(key.get("kid"), str)}


def sign(payload: Mapping[str, object], key: SigningKey, typ: str) -> str:
    """Sign a payload as a compact JWS of the given type. The same input always gives the same text."""
    header = {"alg": "ES256", "kid": key.kid, "typ": typ}
    signed = f"{to_base64url(to_json(header))}.{to_base64url(to_json(payload))}"
    r, s = decode_dss_signature(key.private.sign(signed.encode(), _SIGN))
    return f"{signed}.{to_base64url(r.to_bytes(_COORDINATE, 'big') + s.to_bytes(_COORDINATE, 'big'))}"


def read_signed(text: str, keys: PublicKeys, typ: str) -> dict[str, object]:
    """Read the payload of a compact JWS that one of the keys has signed as this type. Raises NotSigned."""
    try:
        return _read(text, keys, typ)
    except (ValueError, InvalidSignature) as error:
        raise NotSigned from error


def _read(text: str, keys: PublicKeys, typ: str) -> dict[str, object]:
    parts = text.split(".")
    if len(parts) != _PARTS:
        raise ValueError("not three parts")
    header, payload = (from_json(from_base64url(part)) for part in parts[:2])
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise ValueError("not an object")  # noqa: TRY004 - every malformed text is one kind of error
    key = keys.get(str(header.get("kid")))
    if key is None or header.get("alg") != "ES256" or header.get("typ") != typ or "crit" in header:
        raise ValueError("not a signature that we know")
    signature = from_base64url(parts[2])
    if len(signature) != 2 * _COORDINATE:
        raise ValueError("not a signature of ES256")
    r, s = (int.from_bytes(half, "big") for half in (signature[:_COORDINATE], signature[_COORDINATE:]))
    key.verify(encode_dss_signature(r, s), f"{parts[0]}.{parts[1]}".encode(), _VERIFY)
    return payload


def _coordinate(jwk: Mapping[str, object], name: str) -> bytes:
    value = jwk.get(name)
    content = from_base64url(value) if isinstance(value, str) else b""
    if len(content) != _COORDINATE:
        raise ValueError(f"{name} is not 32 bytes in base64url")
    return content


def _without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value
