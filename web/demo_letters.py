"""Every letter that we write, as it looks in a mailbox: only where there is a demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from starlette.responses import HTMLResponse, Response

from domain.languages import Language
from domain.post import LetterKind
from gateways.letters import RenderedLetter, Sender, render_letter
from web.access import Public
from web.guards import POLICY, safe_headers
from web.letter_examples import EXAMPLES
from web.pages import nonce_of, page
from web.problems import forms_to
from web.visitor import Visitor

NOT_FOUND = 404
# A letter brings its style along, as mail programs want it, and nothing in it is live.
LETTERS_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
router = APIRouter(prefix="/demo/letters")


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """One example in one language, and where its HTML is."""

    language: Language
    subject: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class ShownKind:
    """A kind of letter with its examples, each in every language."""

    kind: LetterKind
    examples: list[list[ShownLetter]]


@router.get("")
async def show_all(visitor: Public) -> Response:
    """Show every kind of letter in every language, as HTML and as text."""
    portal = _demo_only(visitor).portal
    response = page(visitor, "demo_letters.html", kinds=list(_kinds(visitor)))
    policy = safe_headers(nonce_of(visitor.request), https=portal.is_https, forms_to=forms_to(portal))[POLICY]
    response.headers[POLICY] = f"{policy}; frame-src 'self'"
    return response


@router.get("/{kind}/{nth}/{language}")
async def show_html(visitor: Public, kind: LetterKind, nth: int, language: Language) -> Response:
    """Show one letter's HTML as a mail program would."""
    if not 0 <= nth < len(EXAMPLES[kind]):
        raise HTTPException(NOT_FOUND)
    return HTMLResponse(_rendered(_demo_only(visitor), kind, nth, language).html, headers={POLICY: LETTERS_POLICY})


def _kinds(visitor: Visitor) -> Iterator[ShownKind]:
    for kind, examples in EXAMPLES.items():
        yield ShownKind(kind, [[_shown(visitor, kind, number, language) for language in Language] for number in range(len(examples))])


def _shown(visitor: Visitor, kind: LetterKind, number: int, language: Language) -> ShownLetter:
    rendered = _rendered(visitor, kind, number, language)
    return ShownLetter(language, rendered.subject, rendered.text, f"/demo/letters/{kind}/{number}/{language}")


def _rendered(visitor: Visitor, kind: LetterKind, number: int, language: Language) -> RenderedLetter:
    portal = visitor.portal
    return render_letter(EXAMPLES[kind][number], language, Sender(portal.public_url, portal.support_email, portal.support_phone))


def _demo_only(visitor: Visitor) -> Visitor:
    if visitor.portal.demo_tour is None:
        raise HTTPException(NOT_FOUND)
    return visitor
