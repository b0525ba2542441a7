"""Every page, in every language, with something on it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import UndefinedError

from domain.languages import Language
from tests.web.examples import Example, examples
from web.render import WEB, render

NONCE = "nonce-of-this-answer"
TEMPLATES = WEB / "templates"
EVERY = [
    pytest.param(language, example, id=f"{language}-{example.name}{'-fragment' if example.fragment else ''}")
    for language in Language
    for example in examples(language)
]
VOID = {"meta", "link", "input", "br", "path", "rect", "circle"}


class Elements(HTMLParser):
    """Collects every start tag with its attributes and fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Match an end with its start."""
        if tag not in VOID:
            assert self._open.pop() == tag


def shown(language: Language, example: Example) -> list[tuple[str, dict[str, str | None]]]:
    """Render an example and take it apart."""
    return Elements(render(example.template, language, NONCE, **example.full_context())).found


def test_every_template_has_an_example() -> None:
    """A page without an example is a page nobody has looked at."""
    pages = {path.name for path in TEMPLATES.glob("*.html") if not path.name.startswith("_")}

    assert {example.template for example in examples(Language.NB)} == pages


@pytest.mark.parametrize(("language", "example"), EVERY)
def test_only_what_carries_the_nonce_is_live(language: Language, example: Example) -> None:
    """What hx-csp finds without the nonce it strips; fragments hold nothing live, so that their nonce does not matter."""
    live = [attributes for _, attributes in shown(language, example) if any(name.startswith("hx-") for name in attributes)]

    assert all(attributes.get("hx-nonce") == NONCE for attributes in live)
    assert not (example.fragment and live)


@pytest.mark.parametrize(("language", "example"), EVERY)
def test_nothing_stands_in_the_page_that_the_policy_would_block(language: Language, example: Example) -> None:
    """Inline styles, inline scripts, handlers and other people's hosts have no place under our Content-Security-Policy."""
    for tag, attributes in shown(language, example):
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "script" or (attributes["nonce"] == NONCE and str(attributes["src"]).startswith("/static/"))
        assert tag not in {"img", "link"} or str(attributes.get("src") or attributes.get("href")).startswith("/static/")


@pytest.mark.parametrize(("language", "example"), EVERY)
def test_every_form_that_changes_something_carries_its_token(language: Language, example: Example) -> None:
    """A form that another site could send for the reader is refused, so none of ours may forget the token."""
    elements = shown(language, example)
    forms = [attributes for tag, attributes in elements if tag == "form" and attributes.get("method") == "post"]
    tokens = [attributes for _, attributes in elements if attributes.get("name") == "csrf_token"]

    assert len(tokens) == len(forms)


@pytest.mark.parametrize(("language", "example"), EVERY)
def test_what_is_pointed_at_is_there_once(language: Language, example: Example) -> None:
    """Labels, hints and errors are tied to their fields by ids."""
    elements = shown(language, example)
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    pointers = ("for", "aria-labelledby", "aria-describedby", "popovertarget")
    wanted = {word for _, attributes in elements for pointer in pointers for word in (attributes.get(pointer) or "").split()}

    assert sorted(set(ids), key=str) == sorted(ids, key=str)
    assert wanted <= set(ids)


@pytest.mark.parametrize("language", Language)
def test_what_somebody_has_typed_is_shown_and_never_run(language: Language) -> None:
    """Whatever is typed comes back into the page."""
    hostile = '"><script>alert(1)</script>'
    wrong = next(example for example in examples(language) if example.name == "email-problem")
    html = render(wrong.template, language, NONCE, **{**wrong.full_context(hostile), "address": hostile, "user_name": hostile})

    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4


def test_a_name_that_a_template_wants_must_be_given() -> None:
    """A forgotten name shows in the tests instead of as a hole in the page."""
    with pytest.raises(UndefinedError):
        render("no_number.html", Language.EN, NONCE)


def test_every_text_is_translated() -> None:
    """Somebody who reads Norwegian is never spoken to in English."""
    with (WEB / "locale/nb/LC_MESSAGES/messages.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file) if not message.fuzzy}

    untranslated = [text for text in texts_for_people() if not all(_strings(translated.get(text)))]

    assert untranslated == []


def texts_for_people() -> set[str | tuple[str, ...]]:
    """Find every text that is marked, by the rules of babel.cfg."""
    root = WEB.parent
    found: set[str | tuple[str, ...]] = set()
    for folder, method, pattern in _places(root / "babel.cfg"):
        options = {"trimmed": "true", "newstyle_gettext": "true"} if method == "jinja2" else {}
        rows = extract_from_dir(root / folder, [(pattern, method)], {pattern: options})
        found |= {tuple(message) if isinstance(message, tuple) else message for _, _, message, *_ in rows}
    return found


def _places(config: Path) -> list[tuple[str, str, str]]:
    sections = re.findall(r"^\[(\w+): ([\w/]+?)/(\*\*\.\w+)\]$", config.read_text(), re.MULTILINE)
    return [(folder, method, pattern) for method, folder, pattern in sections]


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)
