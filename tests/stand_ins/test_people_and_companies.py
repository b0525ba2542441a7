"""The invented world hangs together."""

from __future__ import annotations

from httpx2 import AsyncClient

from stand_ins.brreg import Register
from stand_ins.brreg.invented import check_digit
from stand_ins.people import SCHEMES, personas


def test_every_number_is_synthetic_and_valid() -> None:
    """A number that starts with 3 is given to no real company."""
    register = Register.invented()
    numbers = [*register.units, *register.sub_units, *register.removed]

    assert all(number.startswith("3") and str(check_digit(int(number[:8]))) == number[8] for number in numbers)
    assert len(numbers) == len(set(numbers))


def test_there_is_something_to_search_in() -> None:
    """Forty companies with a story and two hundred without."""
    register = Register.invented()

    assert len(register.units) > 200 + 35
    assert len({unit["navn"] for unit in register.units.values()}) == len(register.units)


def test_every_holder_that_is_a_company_exists() -> None:
    """Links between companies can be followed."""
    register = Register.invented()
    holders = {
        role["enhet"]["organisasjonsnummer"]
        for groups in register.role_groups.values()
        for group in groups
        for role in group["roller"]
        if "enhet" in role
    }

    assert holders
    assert holders <= register.units.keys()
    assert {shop["overordnetEnhet"] for shop in register.sub_units.values()} <= register.units.keys()


def test_every_persona_works_where_it_says() -> None:
    """Tours and tests find the company by the persona."""
    register = Register.invented()

    assert {who.works_for for who in personas().values()} - {None} <= register.units.keys()
    assert {who.eid for who in personas().values()} == SCHEMES.keys()


def test_the_twins_differ_only_in_their_first_name() -> None:
    """Same surname, same birth date, and only one of them has a role."""
    nora, nina = personas()["nora"], personas()["nina"]

    assert (nora.family_name, nora.birthdate) == (nina.family_name, nina.birthdate)
    assert nora.given_name != nina.given_name


async def test_people_can_look_into_the_register_too(brreg: AsyncClient) -> None:
    """A newcomer to the demo sees who holds which role without reading JSON."""
    shown = await brreg.get("/_control/companies", params={"q": "fjordbrus"})

    assert "FJORDBRUS BRYGGERI AS" in shown.text
    assert "Ingrid Nordheim" in shown.text
