"""The demo shows every letter, as it looks in a mailbox."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from domain.post import LetterKind
from tests.web.browser import Browser
from web.app import build_app
from web.letter_examples import EXAMPLES
from web.portal import Portal


@pytest.fixture
def app(portal: Portal, tmp_path: Path) -> FastAPI:
    """The pages of a demo."""
    return build_app(replace(portal, demo_tour=tmp_path / "tour.json"))


async def test_every_letter_is_shown_in_both_languages_as_html_and_as_text(browser: Browser) -> None:
    """A picture of a mailbox that has everything in it."""
    shown = await browser.get("/demo/letters")
    examples = sum(map(len, EXAMPLES.values()))

    assert 2 * examples == shown.text.count("<iframe") == shown.text.count('class="letter-text"')
    assert [] == [kind for kind in LetterKind if f'id="{kind}"' not in shown.text]
    assert "Vennlig hilsen" in shown.text
    assert "Kind regards" in shown.text
    assert shown.headers["Content-Security-Policy"].endswith("; frame-src 'self'")


async def test_a_letters_html_is_shown_with_nothing_live_in_it(browser: Browser) -> None:
    """It has style of its own, which no other page may have, and so it may do nothing else."""
    letter = await browser.get("/demo/letters/welcome/0/nb")

    assert 200 == letter.status_code
    assert "style=" in letter.text
    assert letter.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert [404, 404, 404] == [
        (await browser.get(f"/demo/letters/{place}")).status_code for place in ("welcome/99/nb", "welcome/-1/nb", "spam/0/nb")
    ]


async def test_where_there_is_no_demo_there_are_no_examples(portal: Portal) -> None:
    """Invented customers have no place among real ones."""
    browser = Browser(build_app(portal))

    assert 404 == (await browser.get("/demo/letters")).status_code
    assert 404 == (await browser.get("/demo/letters/welcome/0/nb")).status_code
    await browser.http.aclose()
