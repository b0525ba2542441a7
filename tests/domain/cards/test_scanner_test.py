"""Whoever sets up a scanner is told what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from domain.cards.codes import read_code
from domain.cards.refusals import Malformation, QrMalformed
from domain.cards.scanner_test import ALPHABET, TEST_TEXT, ScannerFinding, examine
from tests.domain.cards.keyboards import FRENCH, KEYBOARDS

REAL = "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7"


def test_the_test_text_is_like_a_code_and_opens_nothing() -> None:
    """As long, with every sign in it; a till that sends it hears that its check does not hold."""
    with pytest.raises(QrMalformed) as refused:
        read_code(TEST_TEXT)

    assert Malformation.CHECKSUM == refused.value.reason
    assert (60, set(ALPHABET)) == (len(TEST_TEXT), set(TEST_TEXT[4:]))


@pytest.mark.parametrize("keyboard", KEYBOARDS.values(), ids=KEYBOARDS)
def test_it_survives_the_keyboards_that_codes_survive(keyboard: Mapping[int, int]) -> None:
    """With Enter at its end."""
    assert ScannerFinding.CLEAN is examine(TEST_TEXT.translate(keyboard) + "\r\n").finding


def test_a_french_keyboard_is_named_by_what_it_changes() -> None:
    """Digits become signs, and some letters change places."""
    verdict = examine(TEST_TEXT.translate(FRENCH))

    assert (ScannerFinding.CHANGED, False) == (verdict.finding, verdict.works)
    assert ("A", "Q") in [(changed.sign, changed.came_as) for changed in verdict.changed]
    assert len(verdict.changed) == len({changed.sign for changed in verdict.changed}) < len(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "finding", "works"),
    [
        (TEST_TEXT.swapcase(), ScannerFinding.CAPS_LOCK, True),
        (f"]Q1{TEST_TEXT}", ScannerFinding.MORE_AROUND, True),
        (f"+Q1{TEST_TEXT.lower()}", ScannerFinding.MORE_AROUND, True),
        (f"{TEST_TEXT}#", ScannerFinding.MORE_AROUND, False),
        (f"QR:{TEST_TEXT}", ScannerFinding.MORE_AROUND, False),
        (TEST_TEXT + TEST_TEXT, ScannerFinding.TWICE, False),
        (TEST_TEXT[:7] + TEST_TEXT[9:], ScannerFinding.INCOMPLETE, False),
        ("  ", ScannerFinding.NOTHING, False),
        (REAL, ScannerFinding.REAL_CODE, False),
        (f"VisLeg-{REAL[4:]}", ScannerFinding.REAL_CODE, False),
        ("7035620058776", ScannerFinding.SOMETHING_ELSE, False),
        ("ß" + TEST_TEXT, ScannerFinding.SOMETHING_ELSE, False),
        ("x" * 60, ScannerFinding.SOMETHING_ELSE, False),
        ("x" * 4000, ScannerFinding.SOMETHING_ELSE, False),
    ],
)
def test_what_scanners_do_is_told_apart(typed: str, finding: ScannerFinding, *, works: bool) -> None:
    """Since each has another remedy. Works what the reader of codes would read."""
    verdict = examine(typed)

    assert (finding, works) == (verdict.finding, verdict.works)


def test_what_was_added_or_lost_is_named() -> None:
    """So that somebody finds the setting."""
    more, less = examine(f"<{TEST_TEXT}>"), examine(TEST_TEXT[:-3])

    assert ("<", ">") == (more.before, more.after)
    assert 3 == less.missing
