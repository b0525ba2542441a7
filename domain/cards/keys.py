"""What is sealed with which key: claims with keys of their own, and the granted keys with the code's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from domain.cards.claims import Claim, Mode
from domain.cards.codes import KEY_BYTES, CardCode
from domain.cards.ids import CardId, Random
from domain.cards.untrustworthy import DoesNotOpen

_NONCE_BYTES = 12
_TAG_BYTES = 16
_GRANTED_BYTES = 1 + KEY_BYTES


@dataclass(frozen=True, slots=True)
class Grant:
    """The claim keys that a code carries: all that anybody who checks the card can ever open."""

    keys: Mapping[Claim, bytes] = field(repr=False)

    def to_bytes(self) -> bytes:
        """Write each claim's byte and its key, in the order of the bytes."""
        return b"".join(bytes([claim.number]) + self.keys[claim] for claim in sorted(self.keys, key=lambda claim: claim.number))

    @classmethod
    def from_bytes(cls, content: bytes) -> Grant:
        """Read a grant. Raises DoesNotOpen for an unknown claim, one that stands twice, or half a key."""
        parts = [content[start : start + _GRANTED_BYTES] for start in range(0, len(content), _GRANTED_BYTES)]
        try:
            keys = {Claim.numbered(part[0]): part[1:] for part in parts}
        except KeyError as error:
            raise DoesNotOpen from error
        if len(keys) != len(parts) or any(len(key) != KEY_BYTES for key in keys.values()):
            raise DoesNotOpen
        return cls(keys)


def new_card_key(random: Random = secrets.token_bytes) -> bytes:
    """Make a card's key, which never leaves the holder's app."""
    return random(KEY_BYTES)


def claim_key(card_key: bytes, claim: Claim) -> bytes:
    """Derive the key of one claim, from which neither the card's key nor another claim's follows."""
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=b"IDK1 claim " + claim.encode()).derive(card_key)


def grant(card_key: bytes, mode: Mode) -> Grant:
    """Choose what a code carries, as the app does when the holder has chosen a mode."""
    return Grant({claim: claim_key(card_key, claim) for claim in mode.claims})


def wrap(code: CardCode, granted: Grant, card_id: CardId, random: Random = secrets.token_bytes) -> bytes:
    """Wrap a grant for whoever has the code: 94, 160 or 259 bytes for the three modes."""
    nonce = random(_NONCE_BYTES)
    return nonce + AESGCM(code.wrapping_key).encrypt(nonce, granted.to_bytes(), _wrap_binding(code, card_id))


def unwrap(code: CardCode, wrapped: bytes, card_id: CardId) -> Grant:
    """Open what was wrapped for this code and this card. Raises DoesNotOpen."""
    return Grant.from_bytes(_open(code.wrapping_key, wrapped, _wrap_binding(code, card_id)))


def seal_claim(  # noqa: PLR0913 - all that it is bound to
    key: bytes, disclosure: bytes, claim: Claim, card_id: CardId, version: int, *, random: Random = secrets.token_bytes
) -> bytes:
    """Seal a claim's disclosure for one card in one version: 28 bytes longer than it was."""
    nonce = random(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, disclosure, _claim_binding(claim, card_id, version))


def open_claim(key: bytes, sealed: bytes, claim: Claim, card_id: CardId, version: int) -> bytes:
    """Open a claim's disclosure. Raises DoesNotOpen."""
    return _open(key, sealed, _claim_binding(claim, card_id, version))


def _wrap_binding(code: CardCode, card_id: CardId) -> bytes:
    return b"IDK1 wrap" + code.reference_hash + card_id.bytes


def _claim_binding(claim: Claim, card_id: CardId, version: int) -> bytes:
    return card_id.bytes + version.to_bytes(4, "big") + claim.encode()


def _open(key: bytes, sealed: bytes, binding: bytes) -> bytes:
    if len(sealed) < _NONCE_BYTES + _TAG_BYTES:
        raise DoesNotOpen
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], binding)
    except InvalidTag as error:
        raise DoesNotOpen from error
