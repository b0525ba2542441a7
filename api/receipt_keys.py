"""The keys that receipts are signed with, and how anybody checks a receipt without us."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from joserfc.jwk import ECKey


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """Every key that still counts, oldest first. The last signs; the others stay published while their receipts may be checked."""

    keys: tuple[ECKey, ...] = field(repr=False)

    @classmethod
    def parse(cls, jwks: str) -> ReceiptKeys:
        """Read a JSON list of private P-256 keys. Raises ValueError for anything else, without repeating it."""
        try:
            listed = json.loads(jwks)
            keys = tuple(ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y", "d")}) for key in listed)
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError("is not a JSON list of private EC keys") from error
        if not keys or any(key.curve_name != "P-256" for key in keys):
            raise ValueError("holds no key, or one that is not on P-256")
        return cls(keys)

    @property
    def signing(self) -> ECKey:
        """The key of today's receipts. Its `private_key` is cryptography's, its `thumbprint()` is the `kid` (RFC 7638)."""
        return self.keys[-1]

    def published(self) -> dict[str, list[dict[str, object]]]:
        """The public halves as a JWKS."""
        return {
            "keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"} for key in reversed(self.keys)]
        }
