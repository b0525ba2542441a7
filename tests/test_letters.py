"""Every letter, in every language."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest
from jinja2 import UndefinedError

from domain.languages import Language
from domain.letters import Letter, NeedsAPerson
from domain.post import LetterKind
from gateways.letters import TEMPLATES, RenderedLetter, Sender, render_letter, template_name
from web.letter_examples import EXAMPLES, INGRID

SENDER = Sender("http://127.0.0.1:8000", "support@skranke.example", "+47 23 00 00 00")
LETTERS: tuple[Letter, ...] = tuple(letter for letters in EXAMPLES.values() for letter in letters)
EVERY = [pytest.param(letter, language, id=f"{type(letter).__name__}-{language}") for letter in LETTERS for language in Language]


def test_every_letter_has_both_halves_and_every_half_a_letter() -> None:
    """A letter finds its templates by its own name, so a misspelt file would never be sent."""
    written = {path.name for path in TEMPLATES.iterdir() if not path.name.startswith("_")}

    assert {template_name(letter) + half for letter in get_args(Letter) for half in (".txt", ".html")} == written
    assert {type(letter) for letter in LETTERS} == set(get_args(Letter))


def test_every_kind_of_letter_has_an_example() -> None:
    """The demo shows the examples, so a kind without one would be a letter that nobody has looked at."""
    assert list(LetterKind) == list(EXAMPLES)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize(("letter", "language"), EVERY)
def test_a_letter_has_one_line_of_subject_and_says_the_same_in_text_and_html(letter: Letter, language: Language) -> None:
    """A mail program shows one of the two; both lead to the same page."""
    rendered = render_letter(letter, language, SENDER)

    assert rendered.subject
    assert "\n" not in rendered.subject
    assert SENDER.public_url + letter.path in rendered.text
    assert f'href="{SENDER.public_url}{letter.path}"' in rendered.html
    assert SENDER.support_phone in rendered.text
    assert "{{" not in rendered.text + rendered.html


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_in_its_readers_language(letter: Letter) -> None:
    """Nothing of one language is left in the other."""
    norwegian, english = (render_letter(letter, language, SENDER) for language in (Language.NB, Language.EN))

    assert "Vennlig hilsen" in norwegian.text
    assert "Kind regards" in english.text
    assert 'lang="nb"' in norwegian.html
    assert not set(_sentences(norwegian)) & set(_sentences(english))


@pytest.mark.parametrize("language", Language)
def test_a_company_with_a_hostile_name_changes_nothing_but_the_name(language: Language) -> None:
    """Names come from a public register that anybody can write a name into."""
    hostile = "<b>Fin</b>\r\nBcc: everybody@bad.example\n& Co"
    rendered = render_letter(NeedsAPerson(hostile, "/signup/0b51"), language, SENDER)

    assert "<b>Fin</b> Bcc: everybody@bad.example & Co" in rendered.subject
    assert "<b>Fin</b>" not in rendered.html
    assert "&lt;b&gt;Fin&lt;/b&gt;" in rendered.html


def test_html_brings_its_own_style_and_fetches_nothing() -> None:
    """Mail programs take style away from the head, and a picture fetched from us would tell when the letter is read."""
    html = render_letter(LETTERS[0], Language.NB, SENDER).html

    assert 'class="code" style="' in html
    assert "@media (max-width: 480px)" in html
    assert "<img" not in html
    assert "src=" not in html


def test_a_fact_that_is_missing_is_an_error() -> None:
    """Better no letter than one with a hole in it."""

    @dataclasses.dataclass(frozen=True)
    class Welcome:
        path: str = "/"

    with pytest.raises(UndefinedError):
        render_letter(Welcome(), Language.EN, SENDER)  # type: ignore[arg-type]  # the point of the test


def _sentences(rendered: RenderedLetter) -> list[str]:
    facts = (SENDER.public_url, INGRID.name, INGRID.email, INGRID.phone, "Skranke", "123456")
    lines = (line.strip() for line in rendered.text.splitlines())
    return [line for line in lines if line and not any(fact in line for fact in facts)]
