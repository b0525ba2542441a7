"""From a purpose and what the holder grants to what the till is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.cards.issuing import CardStatement
from domain.cards.keys import Grant
from domain.cards.purposes import Purpose
from domain.cards.sealed import SealedCard


@dataclass(frozen=True, slots=True)
class Answer:
    """What the till is told, and the names alone for the logs."""

    claims: Mapping[str, object] = field(repr=False)
    released: tuple[str, ...]


def disclose(purpose: Purpose, grant: Grant, card: SealedCard, statement: CardStatement, day: date) -> Answer:
    """Open what the purpose wants, nothing else, and answer it for this day in Norway.

    Raises HolderLimited when the code does not carry the keys, CardIncomplete when the card was made without the claim, and
    Untrustworthy when a claim does not open or the issuer has not vouched for it: to the till that is CardBlocked.
    """
    raise NotImplementedError
