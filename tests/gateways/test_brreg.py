"""What the register answers, and what we make of it. Answers come over HTTP, recorded ones word for word."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.company import (
    Address,
    CompanyIsBankrupt,
    CompanyIsBeingDissolved,
    CompanyIsBeingForciblyDissolved,
    CompanyIsDeleted,
    CompanyIsRemoved,
    CompanyState,
    NoSuchCompany,
    ShopHasNoCompany,
    ShopIsClosed,
)
from domain.employment import ROLE_POLICY, Person, PersonInRegister, RoleHolding, UnitInRegister, Verdict, judge
from domain.names import PersonName
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from gateways.brreg import ROLES, UNIT, RegisterUnavailable, Trouble
from tests.gateways.register_over_http import COMPANY, Register, unit

RECORDED = Path(__file__).parent.parent / "brreg" / "recorded"
EQUINOR = OrganisationNumber("923609016")
SHOP = OrganisationNumber("311263315")


@pytest.fixture
def register() -> Register:
    return Register()


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


async def test_a_recorded_company_is_read_whole(register: Register) -> None:
    """Every fact that a page shows of it."""
    register.answer("enheter/923609016", recorded("enhet_923609016_equinor"))

    company = await register.gateway().company(EQUINOR)

    assert (company.number, company.name, company.form_code, company.form) == (EQUINOR, "EQUINOR ASA", "ASA", "Allmennaksjeselskap")
    assert company.business_address == Address(("Forusbeen 50",), "4035", "STAVANGER", "Norge")
    assert company.postal_address == Address(("Postboks 8500",), "4035", "STAVANGER", "Norge")
    assert (company.web_site, company.employees, company.registered_at) == ("https://www.equinor.com", 21408, date(1995, 3, 12))
    assert (company.address_presumed_wrong, company.state) == (False, CompanyState.ACTIVE)


async def test_the_register_is_asked_in_its_own_way(register: Register) -> None:
    """A pinned media type fails loudly when it goes out of use, and the register can reach whoever calls it."""
    register.answer("enheter/923609016", recorded("enhet_923609016_equinor"))

    await register.gateway().company(EQUINOR)
    await register.gateway().roles(EQUINOR)

    assert [(path, headers["accept"]) for path, _, headers in register.asked] == [
        ("/enhetsregisteret/api/enheter/923609016", UNIT),
        ("/enhetsregisteret/api/enheter/923609016/roller", ROLES),
    ]
    assert {headers["user-agent"] for _, _, headers in register.asked} == {"Skranke (contact: drift@skranke.example)"}


async def test_a_company_without_addresses_has_none(register: Register) -> None:
    """Some companies register no address, no web site and no employees."""
    register.answer("enheter/315014700", unit())

    company = await register.gateway().company(COMPANY)

    assert (company.business_address, company.postal_address, company.web_site, company.employees) == (None, None, None, None)


async def test_an_odd_address_is_read_as_far_as_it_goes(register: Register) -> None:
    """Lines may be blank or missing, and abroad the postcode stands with the city."""
    abroad = {"adresse": ["Torvegade 1", None, ""], "poststed": "1400 KØBENHAVN K", "land": "Danmark", "landkode": "DK"}
    remark = {"infotype": "FADR", "tekst": "Forretningsadressen er antatt feil", "innfoertDato": "2026-01-02"}
    sole = {"kode": "SÆR", "beskrivelse": "Annet foretak iflg. særskilt lov"}
    register.answer("enheter/315014700", unit(postadresse=abroad, paategninger=[remark], organisasjonsform=sole))

    company = await register.gateway().company(COMPANY)

    assert company.business_address == Address(("Torvegade 1",), "", "1400 KØBENHAVN K", "Danmark")
    assert (company.address_presumed_wrong, company.form_code) == (True, "SÆR")


@pytest.mark.parametrize(
    ("registered", "shown"),
    [
        ("www.bedrift.example", "https://www.bedrift.example"),
        ("http://bedrift.example/om", "http://bedrift.example/om"),
        ("javascript:alert(1)", None),
        ("javascript://bedrift.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("https://post@bedrift.example", None),
        ("ingen", None),
        ("", None),
        ("http://[", None),
        ("www.bedrift.example og www.annen.example", None),
    ],
)
async def test_a_web_site_can_be_followed_or_is_left_out(register: Register, registered: str, shown: str | None) -> None:
    """Companies register what they like, and pages make links of it."""
    register.answer("enheter/315014700", unit(hjemmeside=registered))

    assert (await register.gateway().company(COMPANY)).web_site == shown


@pytest.mark.parametrize(
    ("flags", "state", "refusal"),
    [
        ({"konkurs": True}, CompanyState.BANKRUPT, CompanyIsBankrupt),
        ({"konkurs": True, "underAvvikling": True}, CompanyState.BANKRUPT, CompanyIsBankrupt),
        ({"underAvvikling": True}, CompanyState.BEING_DISSOLVED, CompanyIsBeingDissolved),
        (
            {"underTvangsavviklingEllerTvangsopplosning": True},
            CompanyState.BEING_FORCIBLY_DISSOLVED,
            CompanyIsBeingForciblyDissolved,
        ),
    ],
)
async def test_a_company_in_trouble_can_be_looked_up_but_not_signed_up(
    register: Register, flags: dict[str, bool], state: CompanyState, refusal: type[Refusal]
) -> None:
    """A page shows what it is, the signup says no."""
    register.answer("enheter/315014700", unit() | flags)

    assert (await register.gateway().look_up(COMPANY)).state is state
    with pytest.raises(refusal):
        await register.gateway().company(COMPANY)


async def test_a_deleted_company_is_refused_with_the_day(register: Register) -> None:
    """The register still answers 200 for it."""
    register.answer("enheter/981276957", recorded("enhet_slettet_981276957_dnb_asa"))

    with pytest.raises(CompanyIsDeleted, match="2021-07-01"):
        await register.gateway().company(OrganisationNumber("981276957"))


async def test_a_removed_company_is_refused(register: Register) -> None:
    """410 is an answer, for the company as for its roles."""
    register.answer("enheter/936127088", recorded("http_410_removed"), 410)
    register.answer("enheter/936127088/roller", recorded("http_410_removed"), 410)
    removed = OrganisationNumber("936127088")

    with pytest.raises(CompanyIsRemoved):
        await register.gateway().company(removed)
    with pytest.raises(CompanyIsRemoved):
        await register.gateway().roles(removed)


async def test_an_unknown_number_is_refused(register: Register) -> None:
    """Neither a company nor a shop."""
    with pytest.raises(NoSuchCompany):
        await register.gateway().company(COMPANY)

    assert [path.split("/")[-2] for path, _, _ in register.asked] == ["enheter", "underenheter"]


async def test_a_shops_number_leads_to_its_company(register: Register) -> None:
    """People know the number that stands on their till roll."""
    parent = OrganisationNumber("310279323")
    register.answer("underenheter/311263315", recorded("underenhet_311263315_SYNTHETIC_tenor"))
    register.answer("enheter/310279323", unit(parent))

    assert (await register.gateway().company(SHOP)).number == parent


@pytest.mark.parametrize(
    ("shop", "refusal"),
    [
        ({}, ShopHasNoCompany),
        ({"overordnetEnhet": "310279323"}, ShopHasNoCompany),
        ({"overordnetEnhet": "310279323", "nedleggelsesdato": "2018-10-20"}, ShopIsClosed),
        ({"slettedato": "2018-10-20"}, ShopIsClosed),
    ],
)
async def test_a_shop_that_leads_nowhere_is_refused(register: Register, shop: dict[str, str], refusal: type[Refusal]) -> None:
    """In its own words: the company's own number helps."""
    register.answer("underenheter/311263315", {"organisasjonsnummer": "311263315"} | shop)

    with pytest.raises(refusal):
        await register.gateway().company(SHOP)


async def test_recorded_roles_are_read_whole(register: Register) -> None:
    """Names, birth dates, groups and what has ended."""
    body = recorded("roller_shape_of_a_listed_company")
    register.answer("enheter/923609016/roller", body)

    answer = await register.gateway().roles(EQUINOR)

    manager = PersonInRegister(PersonName("Anne", "Solbakken"), date(1955, 1, 1))
    chair = PersonInRegister(PersonName("Berit Indre", "Nordvik"), date(1962, 6, 12))
    assert answer.holdings[:2] == (
        RoleHolding("DAGL", "DAGL", manager, group_changed=date(2020, 11, 2)),
        RoleHolding("LEDE", "STYR", chair, group_changed=date(2026, 2, 17)),
    )
    assert answer.holdings[-1] == RoleHolding("REVI", "REVI", UnitInRegister("976389387"), group_changed=answer.holdings[-1].group_changed)
    assert answer.sha256 == hashlib.sha256(body).hexdigest()
    assert judge(Person(PersonName("BERIT", "NORDVIK"), date(1962, 6, 12)), answer.holdings, ROLE_POLICY).verdict is Verdict.CONFIRMED


async def test_companies_that_hold_roles_are_no_people(register: Register) -> None:
    """A partner may be a company; `fratraadt` may be left out."""
    register.answer("enheter/810005912/roller", recorded("roller_enhet_as_holder_FICTIONAL"))

    holdings = (await register.gateway().roles(OrganisationNumber("810005912"))).holdings

    assert [holding.holder for holding in holdings] == [UnitInRegister("810006242"), UnitInRegister("810004282")]


@pytest.mark.parametrize("body", [None, {"_links": {"self": {"href": "https://register.example/enheter/315014700/roller"}}}])
async def test_a_company_may_have_no_roles(register: Register, body: object) -> None:
    """404 without a body, or an answer without groups."""
    if body is not None:
        register.answer("enheter/315014700/roller", body)

    assert (await register.gateway().roles(COMPANY)).holdings == ()


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "7"}, timedelta(seconds=7)),
        ({"retry_after": "999999999999999999999"}, timedelta(hours=1)),
        ({"retry_after": "-7"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "Mon, 23 Nov 2026 12:00:30 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, timedelta(seconds=30)),
        ({"retry_after": "Tue, 24 Nov 2026 12:00:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, timedelta(hours=1)),
        ({"retry_after": "Mon, 23 Nov 2026 11:00:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, timedelta(0)),
        ({"retry_after": "Mon, 23 Nov 2026 12:00:30 GMT"}, None),
        ({}, None),
    ],
)
async def test_the_register_says_when_to_come_back(register: Register, headers: dict[str, str], wait: timedelta | None) -> None:
    """In seconds or as a date by its own clock, and never for longer than an hour."""
    register.answer("enheter/315014700", b"", 429, **headers)

    with pytest.raises(RegisterUnavailable) as unavailable:
        await register.gateway().company(COMPANY)

    assert (unavailable.value.trouble, unavailable.value.retry_after) == (Trouble.TOO_MANY_REQUESTS, wait)
