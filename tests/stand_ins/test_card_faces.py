"""Everybody who can log in with a Norwegian eID can get a card."""

from __future__ import annotations

import pytest

from stand_ins.card_issuer.people import FIRST_WEIGHTS, SECOND_WEIGHTS, claims
from stand_ins.people import Persona, personas

NORWEGIANS = [who for who in personas().values() if who.eid == "no-bankid"]


@pytest.mark.parametrize("who", NORWEGIANS, ids=lambda who: str(who.id))
def test_everybody_has_a_number_with_check_digits_that_is_nobodys(who: Persona) -> None:
    """Not every nine digits have check digits; the next ones are taken then."""
    digits = [int(digit) for digit in str(claims(who)["national_id"])]

    assert 11 == len(digits)
    assert digits[2] >= 8
    assert 0 == (sum(a * b for a, b in zip(digits[:9], FIRST_WEIGHTS, strict=True)) + digits[9]) % 11
    assert 0 == (sum(a * b for a, b in zip(digits[:10], SECOND_WEIGHTS, strict=True)) + digits[10]) % 11
