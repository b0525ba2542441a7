"""What businesses ask, and what we answer, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from domain.languages import Language
from gateways.catalogues import translate
from web.help_texts.answers import ANSWERS, Answer

LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A way on from an answer."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question with its answer, in one language. The slug is its address and never changes."""

    slug: str
    group: str
    question: str
    paragraphs: tuple[str, ...]
    links: tuple[ShownLink, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers that belong together."""

    title: str
    answers: tuple[ShownAnswer, ...]


def answer(language: Language, slug: str, *, support_phone: str, support_email: str) -> ShownAnswer | None:
    """Give the answer that lives at an address, or None when none does."""
    facts = {"support_phone": support_phone, "support_email": support_email}
    return next((_shown(entry, language, facts) for entry in ANSWERS if entry.slug == slug), None)


def find(language: Language, words: str, *, support_phone: str, support_email: str) -> tuple[AnswerGroup, ...]:
    """Give the answers in which every one of the words occurs, grouped and in their usual order; all of them when no word is given."""
    facts = {"support_phone": support_phone, "support_email": support_email}
    wanted = words[:LONGEST_SEARCH].casefold().split()
    found = (_shown(entry, language, facts) for entry in ANSWERS)
    return _grouped(shown for shown in found if _holds(shown, wanted))


def _shown(entry: Answer, language: Language, facts: dict[str, str]) -> ShownAnswer:
    return ShownAnswer(
        entry.slug,
        translate(language, entry.group),
        translate(language, entry.question),
        tuple(translate(language, paragraph, **facts) for paragraph in entry.paragraphs),
        tuple(ShownLink(translate(language, text), href) for text, href in entry.links),
    )


def _holds(shown: ShownAnswer, wanted: list[str]) -> bool:
    text = " ".join((shown.question, *shown.paragraphs)).casefold()
    return all(word in text for word in wanted)


def _grouped(answers: Iterable[ShownAnswer]) -> tuple[AnswerGroup, ...]:
    return tuple(AnswerGroup(title, tuple(group)) for title, group in groupby(answers, key=lambda shown: shown.group))
