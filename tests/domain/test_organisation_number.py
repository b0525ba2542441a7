"""Reading organisation numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organisation_number import (
    NotAnOrganisationNumber,
    OrganisationNumber,
    OtherThanDigits,
    WrongCheckDigit,
    WrongNumberOfDigits,
)

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)


def fits_modulus_11(digits: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11 == 0


@pytest.mark.parametrize(
    "text",
    [
        "315014700",
        "315 014 700",
        " 315014700 ",
        "315\u00a0014\u00a0700",
        "315\u202f014\u2009700",
        "315.014.700",
        "315-014-700",
        "NO 315 014 700 MVA",
        "NO315014700MVA",
        "no315014700mva",
        "315014700 MVA",
        "Org.nr.: 315 014 700",
        "３１５０１４７００",  # noqa: RUF001 - fullwidth digits are the example
        "315\u200b014\u200b700\ufeff",
        "315014700\n",
    ],
)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    """People paste numbers from invoices, letterheads and spreadsheets."""
    assert OrganisationNumber.parse(text).value == "315014700"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NotAnOrganisationNumber),
        ("   ", NotAnOrganisationNumber),
        ("x" * 40_000, NotAnOrganisationNumber),
        ("1" * 40_000, NotAnOrganisationNumber),
        ("😀" * 40_000, NotAnOrganisationNumber),
        ("31501470", WrongNumberOfDigits),
        ("3150147000", WrongNumberOfDigits),
        ("1", WrongNumberOfDigits),
        ("31501470a", OtherThanDigits),
        ("SE315014700", OtherThanDigits),
        ("NO", OtherThanDigits),
        ("MVA", OtherThanDigits),
        ("😀", OtherThanDigits),
        ("٣١٥٠١٤٧٠٠", OtherThanDigits),
        ("315014700' OR 1=1 --", OtherThanDigits),
        ("<b>315014700</b>", OtherThanDigits),
        ("315014700/../x", OtherThanDigits),
        ("\x00", OtherThanDigits),
        ("\ud800", OtherThanDigits),
        ("315014701", WrongCheckDigit),
        ("300000000", WrongCheckDigit),
    ],
)
def test_what_is_wrong_with_a_number_is_said(text: str, refusal: type[NotAnOrganisationNumber]) -> None:
    """Somebody who mistyped a digit needs another hint than somebody who lost one."""
    with pytest.raises(NotAnOrganisationNumber) as refused:
        OrganisationNumber.parse(text)

    assert type(refused.value) is refusal


def test_the_number_of_digits_given_is_told() -> None:
    """Ten digits and eight look much the same to whoever typed them."""
    with pytest.raises(WrongNumberOfDigits, match="this has 10"):
        OrganisationNumber.parse("3150147000")


def test_a_wrong_number_cannot_be_made_either() -> None:
    """What is not read but made is checked all the same."""
    with pytest.raises(ValueError, match="not an organisation number"):
        OrganisationNumber("315014701")


def test_a_number_is_shown_in_groups_of_three() -> None:
    """So it stands on letterheads."""
    assert OrganisationNumber("315014700").pretty == "315 014 700"


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_a_number_is_taken_if_its_check_digit_fits(digits: str) -> None:
    """The rule is written out a second time here."""
    try:
        taken = OrganisationNumber.parse(digits).value == digits
    except WrongCheckDigit:
        taken = False

    assert taken is fits_modulus_11(digits)


def refusal_of(text: str) -> NotAnOrganisationNumber | None:
    try:
        OrganisationNumber.parse(text)
    except NotAnOrganisationNumber as refused:
        return refused
    return None


@given(st.text())
def test_a_refusal_never_repeats_what_was_typed(text: str) -> None:
    """It ends up in logs and histories."""
    refused = refusal_of(text)

    assert refused is None or str(refused) in {type(refused).words, *(WrongNumberOfDigits.words % {"given": n} for n in range(101))}


@given(st.integers(30_000_000, 39_999_999))
def test_a_number_that_is_shown_can_be_read_again(first_eight: int) -> None:
    """Pages show the pretty form and forms get it back."""
    numbers = [f"{first_eight}{last}" for last in range(10) if fits_modulus_11(f"{first_eight}{last}")]

    assert [OrganisationNumber(number) for number in numbers] == [
        OrganisationNumber.parse(OrganisationNumber(number).pretty) for number in numbers
    ]
