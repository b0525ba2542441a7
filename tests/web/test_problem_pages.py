"""Every error code of the API has a page that says why and what to do."""

from __future__ import annotations

from html import unescape

import pytest

from api.token_document import ERRORS
from domain.cards.refusals import CheckRefusal
from domain.languages import Language
from domain.requests import RequestRefusal
from gateways.catalogues import translate
from tests.web.browser import Browser
from web.problem_texts import EXPLANATIONS

REFUSALS = {refusal.wire_code: refusal for base in (CheckRefusal, RequestRefusal) for refusal in base.__subclasses__()}


def test_every_code_is_explained_and_no_other() -> None:
    """An answer names the page of its code; and a code that is gone needs no page."""
    assert REFUSALS.keys() | ERRORS.keys() == EXPLANATIONS.keys()
    assert {code: refusal.status for code, refusal in REFUSALS.items()} | dict(ERRORS) == {
        code: explained.status for code, explained in EXPLANATIONS.items()
    }


@pytest.mark.parametrize("language", list(Language))
async def test_the_list_leads_to_every_code(browser: Browser, language: Language) -> None:
    """In the reader's language."""
    browser.http.headers["Accept-Language"] = language.value
    shown = (await browser.get("/problems")).text

    assert all(f'href="/problems/{code}"' in shown for code in EXPLANATIONS)


@pytest.mark.parametrize("code", ["qr_malformed", "card_blocked", "body_unreadable", "invalid_client"])
@pytest.mark.parametrize("language", list(Language))
async def test_a_codes_page_says_why_and_what_to_do(browser: Browser, language: Language, code: str) -> None:
    """And what the till shows, where there is a check."""
    browser.http.headers["Accept-Language"] = language.value
    shown, explained = unescape((await browser.get(f"/problems/{code}")).text), EXPLANATIONS[code]
    texts = [explained.title, explained.cause, explained.remedy, *([explained.at_the_till] if explained.at_the_till else [])]

    assert [] == [text for text in texts if translate(language, text) not in shown]


async def test_a_code_that_is_none_has_no_page(browser: Browser) -> None:
    """As any other address."""
    assert 404 == (await browser.get("/problems/nothing")).status_code
