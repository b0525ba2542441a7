"""Comparing names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.names import NameMatch, PersonName, compare

EXACT, SUBSET, DIFFERENT = NameMatch.EXACT, NameMatch.SUBSET, NameMatch.DIFFERENT

WORDS = st.sampled_from(
    ["Anne", "Berit", "Åse", "Øystein", "Sæther", "Émile", "Müller", "Nora", "Nina", "Lie", "Bruun", "Haugen", "Indre", "Nordvik", "Łukasz"]
)
NAMES = st.builds(
    lambda given, family: PersonName(" ".join(given), " ".join(family)), st.lists(WORDS, max_size=3), st.lists(WORDS, max_size=3)
)
ANY_NAMES = NAMES | st.builds(PersonName, st.text(max_size=20), st.text(max_size=20))


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        # The middle name stands with the given names, in a field of its own, or nowhere.
        (PersonName("Berit Indre", "Nordvik"), PersonName("Berit", "Indre Nordvik"), EXACT),
        (PersonName("Berit", "Nordvik"), PersonName("Berit Indre", "Nordvik"), SUBSET),
        (PersonName("Jon Erik", "Moe"), PersonName("Jon", "Moe"), SUBSET),
        # A double surname, with its hyphen, without it, or with its first half missing.
        (PersonName("Dag", "Bruun-Haugen"), PersonName("Dag", "Bruun Haugen"), EXACT),
        (PersonName("Dag", "Bruun\u2011Haugen"), PersonName("Dag", "Bruun-Haugen"), EXACT),
        (PersonName("Dag", "Bruun-Haugen"), PersonName("Dag", "Haugen"), SUBSET),
        (PersonName("Dag", "Bruun-Haugen"), PersonName("Dag", "Bruun"), DIFFERENT),
        # Capitals, passports, older systems, other keyboards.
        (PersonName("ÅSE", "BJØRNÆS"), PersonName("Aase", "Bjoernaes"), EXACT),
        (PersonName("Ase", "Bjornas"), PersonName("Åse", "Bjørnæs"), EXACT),
        (PersonName("Håkon", "Strøm"), PersonName("Haakon", "Stroem"), EXACT),
        (PersonName("A\u030ase", "Moe"), PersonName("Åse", "Moe"), EXACT),
        (PersonName("Björn", "Ström"), PersonName("Bjørn", "Strøm"), EXACT),
        (PersonName("Liv", "D\u2019Arcy"), PersonName("Liv", "D'Arcy"), EXACT),
        (PersonName("No\u200bra", "Lie"), PersonName("Nora", "Lie"), EXACT),
        # The family name comes first.
        (PersonName("Lie", "Nora"), PersonName("Nora", "Lie"), EXACT),
        (PersonName.split("Lie, Nora Sofie"), PersonName("Nora Sofie", "Lie"), EXACT),
        # Other people, and people whose names have changed.
        (PersonName("Nora", "Lie"), PersonName("Nina", "Lie"), DIFFERENT),
        (PersonName("Nora Sofie", "Lie"), PersonName("Nina Sofie", "Lie"), DIFFERENT),
        (PersonName("Per", "Moe"), PersonName("Peder", "Moe"), DIFFERENT),
        (PersonName("Kari", "Moe"), PersonName("Kari", "Lund"), DIFFERENT),
        (PersonName("Anna Kari", "Moe"), PersonName("Kari", "Moe"), DIFFERENT),
        (PersonName("Kari A.", "Moe"), PersonName("Kari Anne", "Moe"), DIFFERENT),
        # A Cyrillic letter that looks like a Latin one.
        (PersonName("Nor\u0430", "Lie"), PersonName("Nora", "Lie"), DIFFERENT),
        # Too little to go by.
        (PersonName("", ""), PersonName("", ""), DIFFERENT),
        (PersonName("", "Lie"), PersonName("", "Lie"), DIFFERENT),
        (PersonName("Kari", "Kari"), PersonName("Kari", ""), DIFFERENT),
    ],
)
def test_names_are_compared_as_registers_write_them(one: PersonName, other: PersonName, match: NameMatch) -> None:
    """Each of these pairs is seen between an eID and the register."""
    assert (match, match) == (compare(one, other), compare(other, one))


@given(ANY_NAMES, ANY_NAMES)
def test_it_does_not_matter_which_name_comes_first(one: PersonName, other: PersonName) -> None:
    """The register is not more right than the eID."""
    assert compare(one, other) is compare(other, one)


@given(ANY_NAMES)
def test_a_name_of_two_words_fits_itself(name: PersonName) -> None:
    """However odd the words are."""
    assume(len(name.words) >= 2)

    assert compare(name, name) is EXACT


@given(NAMES)
def test_case_and_the_way_marks_are_encoded_do_not_matter(name: PersonName) -> None:
    """One system writes capitals, another takes its letters apart."""
    assume(len(name.words) >= 2)
    written = [
        PersonName(form(name.given), form(name.family))
        for form in (
            str.upper,
            str.lower,
            lambda text: unicodedata.normalize("NFD", text),
            lambda text: unicodedata.normalize("NFKC", text),
        )
    ]

    assert [compare(name, other) for other in written] == [EXACT] * 4


@given(st.permutations(["Anne", "Berit", "Indre"]), st.permutations(["Anne", "Berit", "Indre"]))
def test_the_order_of_names_does_not_matter(one: list[str], other: list[str]) -> None:
    """A middle name wanders between the fields."""
    assert compare(PersonName(" ".join(one), "Moe"), PersonName(" ".join(other), "Moe")) is EXACT


@given(st.lists(WORDS, max_size=2), st.lists(WORDS, max_size=2), WORDS)
def test_twins_never_fit_each_other(middle: list[str], other_middle: list[str], family: str) -> None:
    """They share birth date and surname, and their first names may be one letter apart."""
    assume("Nina" not in [*middle, *other_middle, family])
    assume("Nora" not in [*middle, *other_middle, family])

    assert compare(PersonName(" ".join(["Nora", *middle]), family), PersonName(" ".join(["Nina", *other_middle]), family)) is DIFFERENT


@given(NAMES, WORDS)
def test_one_more_middle_name_is_the_same_person(name: PersonName, middle: str) -> None:
    """Not every register has every name."""
    assume(name.given and name.family)

    assert compare(name, PersonName(f"{name.given} {middle}", name.family)) is SUBSET


@pytest.mark.parametrize(
    ("full", "name"),
    [
        ("Mads Holm Jensen", PersonName("Mads Holm", "Jensen")),
        ("Nilsen, Frode Beckmann", PersonName("Frode Beckmann", "Nilsen")),
        ("Mads", PersonName("", "Mads")),
        ("", PersonName("", "")),
        ("  Mads   Jensen ", PersonName("Mads", "Jensen")),
    ],
)
def test_a_name_in_one_text_is_split(full: str, name: PersonName) -> None:
    """Some eIDs give a name in one text only."""
    assert PersonName.split(full) == name


@given(st.text())
def test_any_text_can_be_split_and_compared(full: str) -> None:
    """What comes from outside may be anything, and must not stop the program."""
    name = PersonName.split(full)

    assert compare(name, name) in {EXACT, DIFFERENT}


def test_a_name_does_not_show_in_logs() -> None:
    """Whoever logs a value by accident logs no person."""
    assert repr(PersonName("Nora", "Lie")) == "PersonName()"
