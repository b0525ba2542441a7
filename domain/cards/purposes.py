"""What a company may ask a card, by which right, and with how little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.cards.claims import Claim


@dataclass(frozen=True, slots=True)
class AgeOver:
    """The answer whether the customer has turned so many years; the birth date itself is not told."""

    years: int

    @property
    def name(self) -> str:
        """What the answer goes by."""
        return f"age_over_{self.years}"

    @property
    def claim(self) -> Claim:
        """What has to be opened for it."""
        return Claim.BIRTHDATE


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer that is the claim itself."""

    claim: Claim

    @property
    def name(self) -> str:
        """What the answer goes by."""
        return self.claim.value


Wanted = AgeOver | Shown


@dataclass(frozen=True, slots=True)
class Purpose:
    """A reason to check a card. Its basis names the law or says that it is a contract's or a house's rule.

    `claims` are the answers wanted beside the portrait; `words` is a key of the catalogues. Where `needs_legal_basis` is set,
    a human approves the company's stated legal basis before the purpose becomes part of an agreement.
    """

    code: str
    words: str
    basis: str
    claims: tuple[Wanted, ...]
    portrait: bool = True
    needs_legal_basis: bool = False

    @property
    def answers(self) -> tuple[Wanted, ...]:
        """Everything that the till is told, the portrait last."""
        return (*self.claims, Shown(Claim.PORTRAIT)) if self.portrait else self.claims

    @property
    def inputs(self) -> frozenset[Claim]:
        """The claims that have to be opened, and no others."""
        return frozenset(wanted.claim for wanted in self.answers)


PURPOSES: Mapping[str, Purpose] = {}
