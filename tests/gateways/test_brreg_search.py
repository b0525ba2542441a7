"""Finding companies by what people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.company import CompanyHit
from domain.organisation_number import OrganisationNumber
from tests.gateways.register_over_http import COMPANY, Register, unit

RECORDED = Path(__file__).parent.parent / "brreg" / "recorded"


@pytest.fixture
def register() -> Register:
    return Register()


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


async def test_companies_are_found_by_name(register: Register) -> None:
    """As one types, a page of hits."""
    register.answer("enheter", recorded("enheter_search_organisasjonsform_ASA_size5"))

    hits = await register.gateway().search("  abg\x00 sundal ", 3)

    assert len(hits) == 3
    assert hits[0] == CompanyHit(OrganisationNumber("883603362"), "ABG SUNDAL COLLIER ASA", "ASA", "OSLO")
    assert register.asked[0][1] == {"navn": ["abg sundal"], "navnMetodeForSoek": ["FORTLOEPENDE"], "size": ["3"]}


async def test_a_search_without_hits_finds_nothing(register: Register) -> None:
    """The register leaves the list out then."""
    register.answer("enheter", recorded("oppdateringer_enheter_empty"))

    assert await register.gateway().search("finnes ikke", 10) == []


async def test_what_cannot_be_searched_for_is_not_found(register: Register) -> None:
    """The register's 400 repeats what was asked, and is an answer."""
    register.answer("enheter", recorded("http_400_validation"), 400)

    assert await register.gateway().search("%%%", 10) == []


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "x" * 40_000, "\ud800"])
async def test_what_is_no_name_is_not_asked_for(register: Register, text: str) -> None:
    """No name is blank, and none is that long."""
    assert await register.gateway().search(text, 10) == []
    assert register.asked == []


@pytest.mark.parametrize("text", ["' OR 1=1 --", "<script>", "😀", "../../roller", "a&navn=b", "Æøå & Sønner"])
async def test_any_text_is_searched_for_as_it_is(register: Register, text: str) -> None:
    """A parameter stays a parameter."""
    register.answer("enheter", recorded("oppdateringer_enheter_empty"))

    await register.gateway().search(text, 10)

    assert [(path, query["navn"]) for path, query, _ in register.asked] == [("/enhetsregisteret/api/enheter", [text])]


async def test_a_number_is_looked_up(register: Register) -> None:
    """People paste it into the same field."""
    register.answer("enheter/315014700", unit(forretningsadresse={"poststed": "MOLDE"}))

    assert await register.gateway().search("315 014 700", 10) == [CompanyHit(COMPANY, "TRYGG HAVN AS", "AS", "MOLDE")]


async def test_an_unknown_number_is_not_found(register: Register) -> None:
    """A list of hits is empty rather than refused."""
    assert await register.gateway().search("315 014 700", 10) == []
