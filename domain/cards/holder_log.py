"""What the holder's own log says, readable with the holder's key alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
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
    if len(sealed) != SEALED_BYTES:
        raise DoesNotOpen
    try:
        return _read(_SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private_key), _INFO))
    except (InvalidTag, KeyError, TypeError, ValueError) as error:
        raise DoesNotOpen from error


def is_holder_key(raw: bytes) -> bool:
    """Tell whether entries can be sealed to this key. Asked when a card is enrolled, since later nobody could be told."""
    try:
        _SUITE.encrypt(b"", X25519PublicKey.from_public_bytes(raw), _INFO)
    except ValueError:
        return False
    return True


def _padded(entry: LogEntry) -> bytes:
    """Write the entry as JSON, cut its shop until it fits, and fill up with spaces, which JSON passes over."""
    written = _written(entry)
    for length in range(len(entry.shop) - 1, -1, -1):
        if len(written) <= PADDED_BYTES:
            break
        written = _written(replace(entry, shop=entry.shop[:length] + _CUT))
    if len(written) > PADDED_BYTES:
        raise ValueError("an entry does not fit, however short its shop's name")
    return written.ljust(PADDED_BYTES)


def _written(entry: LogEntry) -> bytes:
    at = entry.at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    facts = {"shop": entry.shop, "purpose": entry.purpose, "released": list(entry.released), "match_code": entry.match_code, "at": at}
    return to_json(facts)


def _read(padded: bytes) -> LogEntry:
    facts = from_json(padded)
    if not isinstance(facts, dict):
        raise TypeError("not an entry")
    return LogEntry(
        shop=str(facts["shop"]),
        purpose=str(facts["purpose"]),
        released=tuple(str(name) for name in facts["released"]),
        match_code=str(facts["match_code"]),
        at=datetime.fromisoformat(str(facts["at"])),
    )
