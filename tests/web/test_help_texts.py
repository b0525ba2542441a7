"""What businesses ask, found again by its words."""

from __future__ import annotations

import pytest

from domain.languages import Language
from web.help_texts import answer, find
from web.help_texts.answers import ANSWERS

SUPPORT = {"support_phone": "+47 23 00 00 00", "support_email": "support@skranke.example"}


def slugs(language: Language, words: str) -> list[str]:
    """Search, and say which answers were found."""
    return [shown.slug for group in find(language, words, **SUPPORT) for shown in group.answers]


def test_without_words_every_answer_is_there_once_and_in_its_group() -> None:
    """A group that stood in two places would be shown twice."""
    titles = [group.title for group in find(Language.NB, "", **SUPPORT)]

    assert slugs(Language.NB, "  ") == [entry.slug for entry in ANSWERS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("language", "words"), [(Language.NB, "ADRESSEN feil"), (Language.NB, "feil brønnøysund"), (Language.EN, "address wrong brønnøysund")]
)
def test_an_answer_holds_every_word_in_whatever_case_and_order(language: Language, words: str) -> None:
    """Nobody remembers the sentence, only some words of it."""
    assert "wrong-address" in slugs(language, words)


@pytest.mark.parametrize("words", ["zzz", "%(support_phone)s", "<script>", "x" * 40_000])
def test_what_nobody_has_asked_finds_nothing(words: str) -> None:
    """Whatever is typed, the answer is a page."""
    assert slugs(Language.NB, words) == []


def test_an_answer_tells_how_to_reach_us() -> None:
    """The line and the address are the surroundings' to decide."""
    shown = answer(Language.EN, "foreign-company", **SUPPORT)

    assert shown is not None
    assert "support@skranke.example" in " ".join(shown.paragraphs)


def test_an_address_that_no_answer_has_gives_none() -> None:
    """The page says then that it is not there."""
    assert answer(Language.EN, "no-such-question", **SUPPORT) is None
