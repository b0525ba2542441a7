"""What the holder's own log says, readable with the holder's key alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from domain.cards.jose import from_json, to_json
from domain.cards.untrustworthy import DoesNotOpen

# Everything that is sealed has this size, so that nobody learns anything from lengths; sealing adds 48 bytes.
PADDED_BYTES = 256
SEALED_BYTES = PADDED_BYTES + 48
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO = b"IDK1 holder log"
_CUT = "…"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One check as its customer sees it: who asked for what, and what they were told, by name and never by value."""

    shop: str
    purpose: str
    released: Sequence[str]
    match_code: str
    at: datetime


def seal_entry(entry: LogEntry, holder_key: bytes) -> bytes:
    """Seal an entry to the holder's public key (X25519, 32 bytes): always 304 bytes. A shop's name that is too long is cut."""
    return _SUITE.encrypt(_padded(entry), X25519PublicKey.from_public_bytes(holder_key), _INFO)


def open_entry(sealed: bytes, private_key: bytes) -> LogEntry:
    """Open an entry with the holder's private key (X25519, 32 bytes). Raises DoesNotOpen."""
    raise NotImplementedError


def is_holder_key(raw: bytes) -> bool:
    """Tell whether entries can be sealed to this key. Asked when a card is enrolled."""
    raise NotImplementedError


def _padded(entry: LogEntry) -> bytes:
    raise NotImplementedError
