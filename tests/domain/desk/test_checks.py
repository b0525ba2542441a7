"""What the evidence says, check by check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.company import Address, Company, CompanyHit, CompanyState
from domain.desk.checks import TITLES, Check, Earlier, Finding, Gathered, Mark, findings, roles_nearby
from domain.desk.likeness import Likeness, is_alike, site_of
from domain.employment import ROLE_POLICY, Person, PersonInRegister, RoleHolding
from domain.names import PersonName
from domain.organisation_number import OrganisationNumber

NUMBER = OrganisationNumber.parse("310279323")
OTHER = OrganisationNumber.parse("311263315")
BORN = date(1975, 4, 2)
KARI = Person(PersonName("Kari Anne", "Nordmann"), BORN)
COMPANY = Company(
    NUMBER, "FJELLBRYGG AS", "AS", "Aksjeselskap", Address(("Storgata 1",), "0155", "OSLO", "Norge"), web_site="www.fjellbrygg.example"
)
GATHERED = Gathered(KARI, "kari@fjellbrygg.example", COMPANY, (), (), ())


def role(name: str, born: date = BORN, code: str = "DAGL", *, resigned: bool = False) -> RoleHolding:
    """Somebody in the register."""
    return RoleHolding(code, code, PersonInRegister(PersonName.split(name), born), resigned)


def earlier_one(outcome: str, *, same_person: bool = True) -> Earlier:
    """An earlier signup for the same company."""
    return Earlier(BORN, same_person, same_company=True, outcome=outcome)


def found(gathered: Gathered, check: Check) -> Finding:
    """Run all checks and pick one."""
    (finding,) = (finding for finding in findings(gathered, NUMBER, ROLE_POLICY) if finding.check is check)
    return finding


def test_every_check_is_run_once_and_has_a_title() -> None:
    """A checklist that lacks a line is signed without it."""
    assert list(Check) == [finding.check for finding in findings(GATHERED, NUMBER, ROLE_POLICY)]
    assert set(Check) == set(TITLES)


@pytest.mark.parametrize("finding", findings(replace(GATHERED, company=None, holdings=None), NUMBER, ROLE_POLICY), ids=lambda f: f.check)
def test_while_the_register_is_away_nothing_fails(finding: Finding) -> None:
    """Silence is not an answer; what can be said without the register is said."""
    assert finding.mark is not Mark.FAIL


@pytest.mark.parametrize(
    ("holdings", "mark", "said"),
    [
        ([role("Kari Anne Nordmann")], Mark.PASS, "vouches"),
        ([], Mark.WARN, "Most employees"),
        ([role("Kari Hansen")], Mark.WARN, "another name"),
        ([role("Kari Anne Nordmann", resigned=True)], Mark.FAIL, "has left"),
        ([role("Kari Anne Nordmann", code="VARA")], Mark.WARN, "VARA"),
    ],
)
def test_the_register_says_what_it_knows_of_the_person(holdings: list[RoleHolding], mark: Mark, said: str) -> None:
    """In words, with the role in them."""
    finding = found(replace(GATHERED, holdings=holdings), Check.REGISTER)

    assert mark is finding.mark
    assert said in finding.words % finding.facts


def test_who_could_be_meant_is_listed_the_likest_first() -> None:
    """The same birth date under another name, and nearly the same name with another birth date."""
    holdings = [
        role("Kari Anne Nordman", date(1980, 1, 1)),
        role("Per Hansen"),
        role("Kari Anne Nordmann"),
        role("Ola Dahl", date(1960, 1, 1)),
    ]
    gathered = replace(GATHERED, holdings=holdings)

    assert [Likeness.SAME, Likeness.SAME_BIRTH_DATE, Likeness.SIMILAR_NAME] == [near.likeness for near in roles_nearby(gathered)]
    assert "2" in found(gathered, Check.NAMESAKES).words % found(gathered, Check.NAMESAKES).facts
    assert "Hansen" not in repr(gathered)


@pytest.mark.parametrize(
    ("change", "check", "mark"),
    [
        ({"state": CompanyState.BANKRUPT}, Check.COMPANY, Mark.FAIL),
        ({}, Check.COMPANY, Mark.PASS),
        ({"address_presumed_wrong": True}, Check.ADDRESS, Mark.WARN),
        ({"business_address": None}, Check.ADDRESS, Mark.WARN),
        ({}, Check.ADDRESS, Mark.PASS),
    ],
)
def test_the_company_is_looked_at_too(change: dict[str, object], check: Check, mark: Mark) -> None:
    """It may have gone bankrupt since the signup began."""
    company = replace(COMPANY, **change)  # type: ignore[arg-type]  # fields of a company

    assert mark is found(replace(GATHERED, company=company), check).mark


@pytest.mark.parametrize(
    ("earlier", "mark"),
    [
        ([], Mark.PASS),
        ([earlier_one("rejected")], Mark.FAIL),
        ([earlier_one("rejected", same_person=False)], Mark.WARN),
        ([earlier_one("withdrawn")], Mark.PASS),
    ],
)
def test_earlier_attempts_are_remembered(earlier: list[Earlier], mark: Mark) -> None:
    """Whoever was turned away here before does not get in by trying again."""
    assert mark is found(replace(GATHERED, earlier=earlier), Check.HISTORY).mark


def test_companies_that_look_alike_are_named() -> None:
    """The wrong one of two is a mistake that is easily made, on either side of the desk."""
    hits = [CompanyHit(NUMBER, "FJELLBRYGG AS", "AS", "OSLO"), CompanyHit(OTHER, "FJELLBRYGGE NORGE AS", "AS", "BERGEN")]
    finding = found(replace(GATHERED, hits=hits), Check.LOOK_ALIKES)

    assert Mark.WARN is finding.mark
    assert "FJELLBRYGGE NORGE AS (311 263 315)" in finding.words % finding.facts


@pytest.mark.parametrize(
    ("email", "mark", "said"),
    [
        ("kari@fjellbrygg.example", Mark.PASS, "own web site"),
        ("kari@oslo.fjellbrygg.example", Mark.PASS, "own web site"),
        ("kari@ellbrygg.example", Mark.WARN, "fjellbrygg.example"),
        ("kari@gmail.com", Mark.WARN, "Anybody"),
    ],
)
def test_the_address_is_held_against_the_web_site(email: str, mark: Mark, said: str) -> None:
    """Whoever has an address there has probably been given it."""
    finding = found(replace(GATHERED, email=email), Check.EMAIL)

    assert mark is finding.mark
    assert said in finding.words % finding.facts


@pytest.mark.parametrize(("one", "other"), [("FJELLBRYGG AS", "Fjellbrygg ANS"), ("KAFFE OG KAKER AS", "KAFFE OG KAKE AS")])
def test_names_that_a_person_would_mix_up_are_alike(one: str, other: str) -> None:
    """What every company is called says nothing."""
    assert is_alike(one, other)
    assert not is_alike(one, "NORDLYS KAFFE AS")


@pytest.mark.parametrize(
    ("address", "site"), [("https://www.a.example/x", "a.example"), ("A.example", "a.example"), ("nowhere", None), ("", None)]
)
def test_a_site_is_its_domain(address: str, site: str | None) -> None:
    """However it was written into the register."""
    assert site == site_of(address)
