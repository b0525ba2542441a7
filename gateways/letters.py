"""Letters as they leave the house: a subject, plain text, and the same in HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.languages import Language
from domain.letters import Letter
from gateways.catalogues import catalogue

TEMPLATES = Path(__file__).parent.parent / "email_templates"
SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """One letter in one language. The subject is a single line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Sender:
    """What every letter says of us: where the portal is, and how to reach a person."""

    public_url: str
    support_email: str
    support_phone: str


def render_letter(letter: Letter, language: Language, sender: Sender) -> RenderedLetter:
    """Write a letter in the reader's language. A fact that its templates want and it does not bring raises UndefinedError."""
    name = template_name(type(letter))
    environment = _environment(language)
    facts = {"letter": letter, "sender": sender, "link": sender.public_url + letter.path}
    head, _, body = environment.get_template(f"{name}.txt").render(facts).partition("\n")
    html = environment.get_template(f"{name}.html").render(facts, subject=_subject(head))
    return RenderedLetter(_subject(head), body.strip() + "\n", _inliner().inline(html))


def template_name(letter: type[Letter]) -> str:
    """ConfirmEmail is written by confirm_email.txt and confirm_email.html."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", letter.__name__).lower()


def _subject(head: str) -> str:
    if not head.startswith(SUBJECT):
        raise ValueError(f"a letter opens with its subject, not with {head!r}")
    return _one_line(head.removeprefix(SUBJECT))


def _one_line(text: str) -> str:
    # A header is one line, whatever a company is called.
    return " ".join(text.split())


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.globals["language"] = language.value
    environment.filters["one_line"] = _one_line
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    # Media queries cannot be inlined; a phone needs them left in the head. Nothing is ever fetched to write a letter.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
