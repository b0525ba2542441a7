"""The IDK1 format as an app's developers write it from its description, without a line of the portal's."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

RANDOM, NONCE, KEY = 16, 12, 32
# The byte that stands for a claim in a grant.
CLAIM_IDS = {
    "given_name": 1,
    "family_name": 2,
    "birthdate": 3,
    "portrait": 4,
    "national_id": 5,
    "document_number": 6,
    "document_type": 7,
}


class Mode(Enum):
    """What a holder lets a code open."""

    AGE = ("birthdate", "portrait")
    STANDARD = ("given_name", "family_name", "birthdate", "portrait")
    FULL = ("given_name", "family_name", "birthdate", "portrait", "national_id", "document_number", "document_type")


@dataclass(frozen=True, slots=True)
class Code:
    """A code before it is shown: its text goes into the picture, the rest to the portal."""

    text: str = field(repr=False)
    ref_hash: bytes
    wrapped: bytes = field(repr=False)


def make_code(cek: bytes, card_id: UUID, mode: Mode, prefix: str = "IDK1") -> Code:
    """Draw a code that opens what the mode grants."""
    reference, key = secrets.token_bytes(RANDOM), secrets.token_bytes(RANDOM)
    ref_hash = hashlib.sha256(b"IDK1 ref" + reference).digest()
    grant = b"".join(bytes([CLAIM_IDS[name]]) + claim_key(cek, name) for name in mode.value)
    nonce = secrets.token_bytes(NONCE)
    aad = b"IDK1 wrap" + ref_hash + card_id.bytes
    wrapped = nonce + AESGCM(wrapping_key(reference, key)).encrypt(nonce, grant, aad)
    return Code(code_text(reference, key, prefix), ref_hash, wrapped)


def code_text(reference: bytes, key: bytes, prefix: str = "IDK1") -> str:
    """The text of the picture: prefix, reference, key and three bytes that show a misreading, 32 signs to a byte's five bits."""
    check = hashlib.sha256(b"IDK1 check" + reference + key).digest()[:3]
    return prefix + base64.b32hexencode(reference + key + check).decode()


def wrapping_key(reference: bytes, key: bytes) -> bytes:
    """What a code's grant is wrapped with; only the code itself leads to it."""
    return HKDF(SHA256(), KEY, salt=reference, info=b"IDK1 kek").derive(key)


def claim_key(cek: bytes, name: str) -> bytes:
    """The key of one claim of a card."""
    return HKDFExpand(SHA256(), KEY, b"IDK1 claim " + name.encode()).derive(cek)


def seal(cek: bytes, card_id: UUID, version: int, disclosure: str) -> tuple[str, bytes]:
    """Seal a claim as the issuer disclosed it, under its own key. Answers its name and what may be handed in."""
    said = unb64(disclosure)
    name = str(json.loads(said)[1])
    nonce = secrets.token_bytes(NONCE)
    return name, nonce + AESGCM(claim_key(cek, name)).encrypt(nonce, said, claim_aad(card_id, version, name))


def claim_aad(card_id: UUID, version: int, name: str) -> bytes:
    """What ties a sealed claim to its card, the card's version and its own name."""
    return card_id.bytes + version.to_bytes(4, "big") + name.encode()


def version_of(issuer_jws: str) -> int:
    """Which version of its card the issuer has signed."""
    return int(json.loads(unb64(issuer_jws.split(".")[1]))["card_version"])


def b64(data: bytes) -> str:
    """Base64 as JOSE has it, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Read what `b64` wrote."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def open_entry(log_key: X25519PrivateKey, sealed: bytes) -> Mapping[str, Any]:
    """Open an entry of the holder's log: who checked the card, for what, which claims they saw."""
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    said: Mapping[str, Any] = json.loads(suite.decrypt(sealed, log_key, info=b"IDK1 holder log"))
    return said
