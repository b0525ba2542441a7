"""Choosing a language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.languages import Language, choose


@pytest.mark.parametrize(
    ("chosen", "header", "language"),
    [
        ("en", "nb", Language.EN),
        ("nb", "en", Language.NB),
        ("klingon", "en", Language.EN),
        ("klingon", None, Language.NB),
        (None, None, Language.NB),
        (None, "", Language.NB),
        (None, "en-GB,en;q=0.9", Language.EN),
        (None, "nn-NO, nb;q=0.8, en;q=0.5", Language.NB),
        (None, "no", Language.NB),
        (None, "EN-us", Language.EN),
        (None, "de, fr;q=0.9", Language.NB),
        (None, "de, en;q=0.1", Language.EN),
        (None, "en;q=0, de", Language.NB),
        (None, "nb;q=0.5, en;q=0.5", Language.NB),
        (None, "en;q=0.5, nb;q=0.5", Language.EN),
        (None, "*", Language.NB),
        (None, "en;q=2", Language.NB),
        (None, "en;q=nan", Language.NB),
        (None, ";;;,,,q=,en;", Language.NB),
        (None, "x," * 100_000 + "en", Language.NB),
        ("../../etc/passwd", "<script>", Language.NB),
    ],
)
def test_a_language_is_chosen_whatever_is_asked_for(chosen: str | None, header: str | None, language: Language) -> None:
    """One's own choice first, then the browser's, then bokmål."""
    assert choose(chosen, header) is language


@given(st.none() | st.text(), st.none() | st.text() | st.text(alphabet="enb-;q=0.1, *"))
def test_every_header_ends_in_a_language_we_speak(chosen: str | None, header: str | None) -> None:
    """Anybody can send anything."""
    assert choose(chosen, header) in Language
