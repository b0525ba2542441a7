"""What an agreement lets a till have that names a data set and no purpose."""

from __future__ import annotations

from datetime import date

import pytest

from domain.api_access import Scope
from domain.cards.claims import Mode
from domain.cards.data_sets import DATA_SETS, data_set_of, purpose_for
from domain.cards.disclosure import disclose
from domain.cards.purposes import PURPOSES
from domain.cards.refusals import HolderLimited, InsufficientScope
from tests.domain.cards.examples import enrol

ENROLLED = enrol()
NAMES = {"given_name", "family_name"}
PUBLISHED = {
    Scope.AGE_ONLY: {"age"},
    Scope.BASIC: {"age", *NAMES},
    Scope.PICTURE_AGE: {"age", "portrait"},
    Scope.FULL: {"age", "portrait", *NAMES},
}
# The first purpose of a whole agreement that covers each.
COVERED_BY = {
    Scope.AGE_ONLY: "alcohol_18",
    Scope.BASIC: "sim_registration",
    Scope.PICTURE_AGE: "alcohol_18",
    Scope.FULL: "sim_registration",
}


def test_the_data_sets_hold_what_was_published() -> None:
    """And no two of them share a name with each other or with a purpose."""
    assert PUBLISHED == {scope: {wanted.name for wanted in data_set.answers} for scope, data_set in DATA_SETS.items()}
    assert not PURPOSES.keys() & {data_set.code for data_set in DATA_SETS.values()}
    assert len(DATA_SETS) == len({data_set.code for data_set in DATA_SETS.values()})


@pytest.mark.parametrize("scope", DATA_SETS)
def test_a_data_set_needs_one_purpose_that_covers_it(scope: Scope) -> None:
    """The first one, whatever the order in which the agreement names them; one that opens less does not do."""
    data_set = DATA_SETS[scope]
    covering = {code for code, purpose in PURPOSES.items() if data_set.inputs <= purpose.inputs}

    assert COVERED_BY[scope] == purpose_for(data_set, list(PURPOSES)[::-1])
    assert all(code == purpose_for(data_set, [code]) for code in covering)
    assert purpose_for(data_set, PURPOSES.keys() - covering) is None
    assert purpose_for(data_set, ["nothing", data_set.code]) is None


def test_two_purposes_are_not_put_together() -> None:
    """A shop that sells beer and hands out parcels may not read the names of those who buy beer, nor the age for a parcel."""
    assert purpose_for(DATA_SETS[Scope.FULL], ["alcohol_18", "parcel_pickup"]) is None
    assert "alcohol_18" == purpose_for(DATA_SETS[Scope.PICTURE_AGE], ["alcohol_18", "parcel_pickup"])


@pytest.mark.parametrize("scopes", [[], [Scope.SHOP_INFO], [Scope.BASIC, Scope.FULL], [Scope.AGE_ONLY, Scope.SHOP_INFO, Scope.FULL]])
def test_a_token_names_one_data_set(scopes: list[Scope]) -> None:
    """Of two, nobody knows which one the till means."""
    with pytest.raises(InsufficientScope):
        data_set_of(scopes)


def test_the_right_to_name_a_shop_does_not_matter_to_the_data() -> None:
    """It stands beside a data set."""
    assert DATA_SETS[Scope.BASIC] is data_set_of([Scope.SHOP_INFO, Scope.BASIC])


@pytest.mark.parametrize(("day", "age"), [(date(2026, 11, 2), 19), (date(2026, 11, 3), 20), (date(2027, 11, 2), 20)])
def test_the_age_is_a_number_and_changes_on_the_birthday(day: date, age: int) -> None:
    """And the birth date itself is not told."""
    told = disclose(DATA_SETS[Scope.AGE_ONLY], ENROLLED.grants(Mode.AGE), ENROLLED.sealed, ENROLLED.statement, day)

    assert {"age": age} == told.claims
    assert ("age",) == told.released


def test_who_shows_an_age_shows_no_name() -> None:
    """The holder's choice counts by whatever contract a till asks."""
    with pytest.raises(HolderLimited):
        disclose(DATA_SETS[Scope.BASIC], ENROLLED.grants(Mode.AGE), ENROLLED.sealed, ENROLLED.statement, date(2026, 11, 22))
