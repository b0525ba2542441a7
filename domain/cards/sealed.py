"""A card as the server keeps it: ciphertext only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from domain.cards.claims import Claim
from domain.cards.ids import CardId
from domain.cards.untrustworthy import DoesNotOpen

_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True)
class SealedCard:
    """A card's sealed claims, as far as they were read. Nothing here opens without keys that only the holder's app gives."""

    card_id: CardId
    version: int
    claims: Mapping[Claim, bytes] = field(repr=False)

    @classmethod
    def from_columns(cls, card_id: CardId, version: int, packed: bytes, portrait: bytes | None = None) -> SealedCard:
        """Put a card together from what is stored: the small claims in one piece, and the portrait if it was asked for."""
        claims = unpack(packed)
        if portrait is not None:
            claims[Claim.PORTRAIT] = portrait
        return cls(card_id, version, claims)


def pack(claims: Mapping[Claim, bytes]) -> bytes:
    """Put all small claims in one piece: each claim's byte, its length in two bytes, its ciphertext. The portrait is left out."""
    small = sorted((claim for claim in claims if claim is not Claim.PORTRAIT), key=lambda claim: claim.number)
    return b"".join(bytes([claim.number]) + len(claims[claim]).to_bytes(_LENGTH_BYTES, "big") + claims[claim] for claim in small)


def unpack(packed: bytes) -> dict[Claim, bytes]:
    """Take the small claims apart. Raises DoesNotOpen for anything that `pack` did not make."""
    try:
        return dict(_parts(packed))
    except (IndexError, KeyError) as error:
        raise DoesNotOpen from error


def _parts(packed: bytes) -> Iterator[tuple[Claim, bytes]]:
    position = 0
    while position < len(packed):
        start = position + 1 + _LENGTH_BYTES
        end = start + int.from_bytes(packed[position + 1 : start], "big")
        if end > len(packed):
            raise IndexError
        yield Claim.numbered(packed[position]), packed[start:end]
        position = end
