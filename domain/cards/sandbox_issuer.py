"""Who signs the cards of the sandbox's test persons: a key of our own, which no real card is ever checked with."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from domain.cards.jose import SigningKey

# The number of points on P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# More than the order has, so that no number is noticeably more likely than another.
_BYTES = 48


def sandbox_issuer(sandbox_key: bytes) -> SigningKey:
    """Derive the key that signs test persons' cards from the sandbox's 32 bytes. The same bytes always give the same key."""
    material = HKDFExpand(algorithm=SHA256(), length=_BYTES, info=b"IDK1 sandbox issuer").derive(sandbox_key)
    private = ec.derive_private_key(int.from_bytes(material, "big") % (_ORDER - 1) + 1, ec.SECP256R1())
    return SigningKey("sandbox", private)
