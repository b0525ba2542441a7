"""The keys that receipts are signed with, and how anybody checks a receipt without us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.cards.jose import PublicKey, SigningKey, to_jwks


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """Every key that still counts, oldest first. The last signs; the others stay published while their receipts may be checked."""

    keys: tuple[SigningKey, ...] = field(repr=False)

    @classmethod
    def parse(cls, jwks: str) -> ReceiptKeys:
        """Read a JSON list of private P-256 keys. Raises ValueError for anything else, without repeating it."""
        try:
            keys = tuple(SigningKey.from_jwk({name: key[name] for name in ("kty", "crv", "x", "y", "d")}) for key in json.loads(jwks))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError("is not a JSON list of private EC keys on P-256") from error
        if not keys:
            raise ValueError("holds no key")
        return cls(keys)

    @property
    def signing(self) -> SigningKey:
        """The key of today's receipts. Its `kid` is its thumbprint (RFC 7638)."""
        return self.keys[-1]

    @property
    def public(self) -> Mapping[str, PublicKey]:
        """The public halves by their `kid`."""
        return {key.kid: key.public for key in self.keys}

    def published(self) -> dict[str, list[dict[str, str]]]:
        """The public halves as a JWKS, today's first."""
        return to_jwks(reversed(self.keys))
