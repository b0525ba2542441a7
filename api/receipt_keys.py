"""The keys that receipts are signed with, and how anybody checks a receipt without us."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.cards.jose import PublicKeys, SigningKey, from_json, to_jwks


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """Every key that still counts, oldest first. The last signs; the others stay published while their receipts may be checked."""

    keys: tuple[SigningKey, ...] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse to begin without a key, and with two of one name: ValueError."""
        if not self.keys or len({key.kid for key in self.keys}) != len(self.keys):
            raise ValueError("holds no key, or two of one name")

    @classmethod
    def parse(cls, text: str) -> ReceiptKeys:
        """Read a JSON list of private P-256 keys (JWK). Raises ValueError for anything else, without repeating it."""
        try:
            listed = from_json(text)
        except ValueError as error:
            raise ValueError("is not JSON") from error
        if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
            raise ValueError("is not a JSON list of private keys")
        return cls(tuple(map(SigningKey.from_jwk, listed)))

    @property
    def signing(self) -> SigningKey:
        """The key of today's receipts."""
        return self.keys[-1]

    @property
    def public(self) -> PublicKeys:
        """The public halves by their `kid`, to check receipts with."""
        return {key.kid: key.public for key in self.keys}

    def published(self) -> dict[str, list[dict[str, str]]]:
        """The public halves as a JWKS, today's first."""
        return to_jwks(reversed(self.keys))
