"""Judging by the register who works where."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.employment import (
    ROLE_POLICY,
    Person,
    PersonInRegister,
    Reason,
    RoleHolding,
    RolePolicy,
    RoleWeight,
    UnitInRegister,
    Verdict,
    judge,
)
from domain.names import NameMatch, PersonName, compare

BORN = date(1962, 6, 12)
BERIT = Person(PersonName("Berit Indre", "Nordvik"), BORN)


def held_by(
    given: str = "Berit Indre", family: str = "Nordvik", born: date = BORN, *, dead: bool = False, limited: bool = False
) -> PersonInRegister:
    return PersonInRegister(PersonName(given, family), born, dead, limited)


def role(
    holder: PersonInRegister | UnitInRegister, code: str = "LEDE", *, resigned: bool = False, deregistered: bool = False
) -> RoleHolding:
    return RoleHolding(code, "STYR", holder, resigned, deregistered, date(2026, 2, 17))


def test_whoever_chairs_the_board_is_confirmed() -> None:
    """This is what the register is asked for."""
    judgement = judge(BERIT, [role(held_by())], ROLE_POLICY)

    assert (Verdict.CONFIRMED, Reason.HOLDS_ROLE, NameMatch.EXACT, "LEDE", "STYR", date(2026, 2, 17), "1/2026-11-01") == (
        dataclasses.astuple(judgement)
    )


@pytest.mark.parametrize("code", sorted(ROLE_POLICY.auto))
def test_every_role_that_the_policy_lets_through_confirms(code: str) -> None:
    """A missing middle name does not matter."""
    assert judge(BERIT, [role(held_by("Berit"), code)], ROLE_POLICY).verdict is Verdict.CONFIRMED


@pytest.mark.parametrize(
    ("holdings", "reason"),
    [
        ([], Reason.NO_ROLE),
        ([role(held_by(born=date(1962, 6, 13)))], Reason.NO_ROLE),
        ([role(UnitInRegister("315014700"))], Reason.NO_ROLE),
        ([role(held_by("Berit", "Lund"))], Reason.NAME_DIFFERS),
        ([role(held_by("Brita Indre"))], Reason.NAME_DIFFERS),
        ([role(held_by(), "VARA")], Reason.ROLE_NOT_ALLOWED),
        ([role(held_by(), "REVI")], Reason.ROLE_NOT_ALLOWED),
        ([role(held_by(), "UNHEARD-OF")], Reason.ROLE_NOT_ALLOWED),
        ([role(held_by(), resigned=True)], Reason.NOT_CURRENT),
        ([role(held_by(), deregistered=True)], Reason.NOT_CURRENT),
        ([role(held_by(), resigned=True), role(held_by(), "VARA")], Reason.ROLE_NOT_ALLOWED),
        ([role(held_by(dead=True))], Reason.DEAD),
        ([role(held_by()), role(held_by(dead=True), "VARA")], Reason.DEAD),
        ([role(held_by(limited=True))], Reason.LIMITED_CAPACITY),
        # Two people born on one day whose names both might be hers.
        ([role(held_by("Berit")), role(held_by("Berit Indre Sofie"))], Reason.SEVERAL_FIT),
        # Somebody has exactly her name, so the namesake with fewer names is another.
        ([role(held_by("Berit")), role(held_by(), "VARA")], Reason.ROLE_NOT_ALLOWED),
    ],
)
def test_everybody_else_is_looked_at_by_a_person(holdings: list[RoleHolding], reason: Reason) -> None:
    """Most employees hold no role, so nothing of this proves anything against them."""
    judgement = judge(BERIT, holdings, ROLE_POLICY)

    assert (Verdict.NEEDS_A_PERSON, reason) == (judgement.verdict, judgement.reason)


def test_a_twin_is_not_taken_for_her_sister() -> None:
    """Same surname, same birth date, one letter apart."""
    nora = Person(PersonName("Nora", "Lie"), BORN)
    judgement = judge(nora, [role(held_by("Nina", "Lie"), "DAGL"), role(held_by("Nora", "Lie"), "VARA")], ROLE_POLICY)

    assert (judgement.verdict, judgement.role_code) == (Verdict.NEEDS_A_PERSON, "VARA")


def test_the_best_role_of_several_is_the_evidence() -> None:
    """A manager who is also a deputy and once was an observer is a manager."""
    holdings = [role(held_by(), "VARA"), role(held_by(), "NEST", resigned=True), role(held_by(), "DAGL"), role(held_by(), "REGN")]
    judgement = judge(BERIT, holdings, ROLE_POLICY)

    assert (judgement.verdict, judgement.role_code) == (Verdict.CONFIRMED, "DAGL")


def test_a_role_is_weighed_once() -> None:
    """A policy that says two things of a role says nothing."""
    with pytest.raises(ValueError, match="two sets"):
        RolePolicy("x", frozenset({"DAGL"}), frozenset(), frozenset({"DAGL"}))


WORDS = st.sampled_from(["Nora", "Nina", "Berit", "Indre", "Sofie", "Lie", "Nordvik"])
DAYS = st.sampled_from([BORN, date(1962, 6, 13), date(1990, 2, 28)])
PERSON_NAMES = st.builds(PersonName, st.lists(WORDS, min_size=1, max_size=3).map(" ".join), WORDS)
HOLDERS = st.builds(PersonInRegister, PERSON_NAMES, DAYS, st.booleans(), st.booleans()) | st.builds(UnitInRegister, st.just("315014700"))
CODES = st.sampled_from(sorted(ROLE_POLICY.auto | ROLE_POLICY.human | ROLE_POLICY.never | {"NEW"}))
HOLDINGS = st.lists(st.builds(RoleHolding, CODES, st.just("STYR"), HOLDERS, st.booleans(), st.booleans(), st.none()), max_size=8)


@given(st.builds(Person, PERSON_NAMES, DAYS), HOLDINGS)
def test_nobody_is_confirmed_without_a_role_that_speaks_for_exactly_them(person: Person, holdings: list[RoleHolding]) -> None:
    """Whatever else stands in the register, there is one holding that proves it."""
    judgement = judge(person, holdings, ROLE_POLICY)
    proofs = [
        holding
        for holding in holdings
        if isinstance(holding.holder, PersonInRegister)
        and holding.holder.birth_date == person.birth_date
        and compare(holding.holder.name, person.name) is not NameMatch.DIFFERENT
        and ROLE_POLICY.weight(holding.role_code) is RoleWeight.AUTO
        and not (holding.resigned or holding.deregistered or holding.holder.dead or holding.holder.limited_capacity)
    ]

    assert judgement.verdict is Verdict.NEEDS_A_PERSON or proofs
    assert (judgement.verdict is Verdict.CONFIRMED) is (judgement.reason is Reason.HOLDS_ROLE)


@given(st.builds(Person, PERSON_NAMES, DAYS), HOLDINGS)
def test_the_order_of_the_roles_changes_no_verdict(person: Person, holdings: list[RoleHolding]) -> None:
    """The register orders its answer as it likes."""
    backwards = judge(person, holdings[::-1], ROLE_POLICY)
    forwards = judge(person, holdings, ROLE_POLICY)

    assert (forwards.verdict, forwards.reason) == (backwards.verdict, backwards.reason)


@given(st.builds(Person, PERSON_NAMES, DAYS), HOLDINGS)
def test_no_name_and_no_birth_date_is_in_a_judgement(person: Person, holdings: list[RoleHolding]) -> None:
    """A judgement is kept as evidence and travels through histories."""
    told = str(dataclasses.astuple(judge(person, holdings, ROLE_POLICY)))

    assert not [word for word in ("Nora", "Nina", "Berit", "Indre", "Sofie", "Lie", "Nordvik", "1962", "1990") if word in told]
