"""What a company may ask a card, by which right, and with how little.

Age answers come with the portrait: without it, a friend's phone would do. Not offered at all is customer due diligence under
the money laundering act: its regulations want a signature and a kept copy, neither of which a card that is only looked at gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.cards.claims import Claim
from domain.words import _


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
class Age:
    """The answer how many years old the customer is; only the published contract for tills tells it."""

    @property
    def name(self) -> str:
        """What the answer goes by."""
        return "age"

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


Wanted = AgeOver | Age | Shown


@dataclass(frozen=True, slots=True)
class Purpose:
    """A reason to check a card.

    `basis` names the law in Norwegian, or says in the catalogues' words what else gives the right to ask; `words` are a key of the
    catalogues too. `claims` are the answers wanted beside the portrait. Where `needs_legal_basis` is set, a human approves the
    company's stated legal basis before the purpose becomes part of an agreement.
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


_NAMES = (Shown(Claim.GIVEN_NAME), Shown(Claim.FAMILY_NAME))
_VENUE_AGES = (16, 18, 20, 21, 23, 25)
_RENTAL_AGES = (18, 20, 21, 23, 25)

_AGE_LIMITS = (
    # Staff have the right and the duty to ask when in doubt, also where goods are brought home.
    Purpose("alcohol_18", _("Alcohol under 22 per cent"), "alkoholloven § 1-5", (AgeOver(18),)),
    Purpose("alcohol_20", _("Alcohol of 22 per cent and more"), "alkoholloven § 1-5", (AgeOver(20),)),
    # In doubt the sale is allowed only to a buyer who proves their age.
    Purpose("tobacco_18", _("Tobacco and nicotine"), "tobakksskadeloven § 17", (AgeOver(18),)),
    # In force since 1 January 2026, for drinks with more than 15 mg of caffeine in 100 ml.
    Purpose("energy_drink_16", _("Energy drinks"), "forskriften om salg av energidrikk til barn", (AgeOver(16),)),
    Purpose(
        "otc_medicine_18",
        _("Medicines sold outside pharmacies"),
        "forskrift om omsetning mv. av visse reseptfrie legemidler utenom apotek",
        (AgeOver(18),),
    ),
    # Small sparklers may be sold from 12 years of age, which nobody has asked for.
    Purpose("fireworks_18", _("Fireworks"), "eksplosivforskriften", (AgeOver(18),)),
    Purpose("brewing_supplies_18", _("Supplies for brewing"), "alkoholforskriften § 16-3", (AgeOver(18),)),
    # The act of 18 March 2022 has one age limit for all gambling.
    Purpose("gaming_18", _("Gambling"), "pengespilloven", (AgeOver(18),)),
)

# The alcohol act governs who is served, not who may be present: the licence or the house decides that.
_VENUES = tuple(
    Purpose(f"venue_entry_{years}", _("Entry to a venue"), _("the condition of a licence, or a rule of the house"), (AgeOver(years),))
    for years in _VENUE_AGES
)

_IDENTITIES = (
    # The carriers accept it for neither personal delivery with receipt nor a change of address.
    Purpose("parcel_pickup", _("Handing out parcels"), _("the carrier's terms"), _NAMES),
    # ID shall be asked of customers who are not known; prescriptions are found by the national identity number.
    Purpose(
        "pharmacy_pickup",
        _("Handing out prescription medicines"),
        "rekvirerings- og utleveringsforskriften § 10-3, personopplysningsloven § 12",
        (*_NAMES, Shown(Claim.NATIONAL_ID)),
        needs_legal_basis=True,
    ),
    # The provider must be able to show that it looked, which is what our receipt is for.
    Purpose("sim_registration", _("Mobile phone subscriptions"), "ekomloven", (*_NAMES, Shown(Claim.BIRTHDATE))),
    Purpose(
        "id_check_full",
        _("Full proof of identity"),
        _("the legal basis that the company states"),
        (*_NAMES, Shown(Claim.BIRTHDATE)),
        needs_legal_basis=True,
    ),
)

# A card proves no right to drive: the licence has to be seen as well.
_RENTALS = tuple(
    Purpose(f"car_rental_identity_{years}", _("Renting a car"), _("the rental company's terms"), (*_NAMES, AgeOver(years)))
    for years in _RENTAL_AGES
)

PURPOSES: Mapping[str, Purpose] = {purpose.code: purpose for purpose in (*_AGE_LIMITS, *_VENUES, *_IDENTITIES, *_RENTALS)}
