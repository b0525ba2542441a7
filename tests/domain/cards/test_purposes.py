"""What a company may ask for."""

from __future__ import annotations

import re

import pytest

from domain.cards.claims import Claim, Mode
from domain.cards.purposes import PURPOSES, AgeOver, Purpose

EVERY = pytest.mark.parametrize("purpose", PURPOSES.values(), ids=PURPOSES)


@EVERY
def test_a_purpose_says_why_and_shows_the_face(purpose: Purpose) -> None:
    """The reviewer of an agreement reads the basis; without a face a friend's phone would do."""
    assert purpose.words
    assert purpose.basis
    assert purpose.portrait
    assert Claim.PORTRAIT in purpose.inputs


@EVERY
def test_a_purposes_code_tells_its_age_limit(purpose: Purpose) -> None:
    """A till's developer who types 18 must not get 20."""
    limits = [wanted.years for wanted in purpose.claims if isinstance(wanted, AgeOver)]
    told = [int(number) for number in re.findall(r"_(\d+)$", purpose.code)]

    assert told == limits


@EVERY
def test_the_national_identity_number_needs_a_legal_basis(purpose: Purpose) -> None:
    """A human reads it before the purpose is agreed."""
    assert purpose.needs_legal_basis or Claim.NATIONAL_ID not in purpose.inputs


@EVERY
def test_the_mode_of_age_suffices_for_age(purpose: Purpose) -> None:
    """Whoever only proves an age need not show a name."""
    names = {Claim.GIVEN_NAME, Claim.FAMILY_NAME} & purpose.inputs

    assert bool(names) != (purpose.inputs <= Mode.AGE.claims)


def test_the_purposes_are_those_that_were_decided() -> None:
    """Tills have these codes written into them, so none disappears."""
    venues, rentals = (16, 18, 20, 21, 23, 25), (18, 20, 21, 23, 25)

    assert set(PURPOSES) == {
        *(
            "alcohol_18",
            "alcohol_20",
            "tobacco_18",
            "energy_drink_16",
            "otc_medicine_18",
            "fireworks_18",
            "brewing_supplies_18",
            "gaming_18",
        ),
        *("parcel_pickup", "pharmacy_pickup", "sim_registration", "id_check_full"),
        *(f"venue_entry_{years}" for years in venues),
        *(f"car_rental_identity_{years}" for years in rentals),
    }


def test_modes_are_nested_and_claims_keep_their_numbers() -> None:
    """Apps in other languages have the numbers written into them."""
    assert Mode.AGE.claims < Mode.STANDARD.claims < Mode.FULL.claims == set(Claim)
    assert Claim.NATIONAL_ID not in Mode.STANDARD.claims
    assert [1, 2, 3, 4, 5, 6, 7] == [claim.number for claim in Claim]
    assert list(Claim) == [Claim.numbered(number) for number in range(1, 8)]
