"""The front page and its neighbours, terms, help, language and tour."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from database.tables import HelpFeedback, TermsAcceptance
from tests.gateways.eid_over_http import at_the_provider
from tests.web.browser import Browser, led_to, title
from web.app import build_app
from web.help_texts.answers import ANSWERS
from web.portal import Portal

SLUG = ANSWERS[0].slug


@pytest.mark.parametrize("path", ["/", "/privacy", "/accessibility", "/help", f"/help/{SLUG}"])
async def test_pages_for_everybody_open_without_a_login(browser: Browser, path: str) -> None:
    """And without having been here before."""
    answer = await browser.get(path)

    assert 200 == answer.status_code
    assert "en" == answer.headers["content-language"]


async def test_nobody_is_logged_in_by_looking(browser: Browser, portal: Portal) -> None:
    """A cookie alone is no row in the database."""
    await browser.get("/")

    assert await portal.sessions.find(browser.cookie or "", portal.wall_clock.now()) is None


@pytest.mark.parametrize(
    ("wish", "language"), [("sv, en;q=0.9", "en"), ("nn", "nb"), ("", "nb"), ("de", "nb"), ("en;q=0.1, nb;q=0.9", "nb"), (";;;q=🍺", "nb")]
)
async def test_the_browsers_wish_is_heard(browser: Browser, wish: str, language: str) -> None:
    """Whoever reads nynorsk reads bokmål, and everybody else gets it too."""
    answer = await browser.http.get("/", headers={b"Accept-Language": wish.encode()})

    assert language == answer.headers["content-language"]
    assert f'<html lang="{language}"' in answer.text


async def test_a_choice_of_language_is_remembered(browser: Browser) -> None:
    """And leads back to where it was made."""
    await browser.get("/help")
    assert "/help?q=1" == led_to(await browser.post("/language", language="nb", return_to="/help?q=1"))

    assert "nb" == (await browser.get("/")).headers["content-language"]


async def test_somebody_is_spoken_to_in_their_own_language_wherever_they_log_in(browser: Browser, portal: Portal) -> None:
    """The account's choice counts for more than the browser's."""
    await browser.log_in()
    await browser.get("/account")
    assert "/account?saved=1" == led_to(await browser.post("/language", language="nb", return_to="/account"))
    elsewhere = Browser(build_app(portal))
    await elsewhere.log_in()
    answer = await elsewhere.get("/account?saved=1")
    await elsewhere.http.aclose()

    assert "nb" == answer.headers["content-language"]


@pytest.mark.parametrize("language", ["", "tlh", "NB", "nb\0", "x" * 40_000, "<script>", "🍺"])
async def test_a_language_that_does_not_exist_is_refused_in_words(browser: Browser, language: str) -> None:
    """And nothing is changed."""
    await browser.get("/")
    answer = await browser.post("/language", language=language, return_to="/help")

    assert (400, "We did not understand what was sent") == (answer.status_code, title(answer))
    assert "en" == (await browser.get("/")).headers["content-language"]


async def test_the_terms_are_accepted_as_they_were_shown(browser: Browser, portal: Portal) -> None:
    """With the moment, once; afterwards the page tells when."""
    await browser.log_in()
    await browser.get("/terms")
    assert "/email" == led_to(await browser.post("/terms", version="2026-11-01", accepted="yes"))
    async with portal.engine.connect() as connection:
        rows = (await connection.execute(select(TermsAcceptance.version))).scalars().all()

    assert ["2026-11-01"] == rows
    assert 'name="accepted"' not in (await browser.get("/terms")).text


@pytest.mark.parametrize("fields", [{}, {"version": "2026-11-01"}, {"version": "2025-01-01", "accepted": "yes"}, {"accepted": "yes"}])
async def test_terms_that_were_not_accepted_are_asked_for_again(browser: Browser, fields: dict[str, str]) -> None:
    """Without the tick, or for terms that were not the ones in force."""
    await browser.log_in()
    await browser.get("/terms")
    answer = await browser.post("/terms", **fields)

    assert 422 == answer.status_code
    assert "Read them and tick the box" in answer.text
    assert "/terms" == led_to(await browser.get("/workplace"))


async def test_the_account_page_tells_what_is_known(browser: Browser) -> None:
    """Name, eID, and that there is nothing more yet."""
    await browser.log_in("astrid", "se-bankid")
    answer = await browser.get("/account")

    assert "Swedish BankID" in answer.text
    assert "none yet" in answer.text
    assert "1980" not in answer.text


@pytest.mark.parametrize("q", ["", "bankid", "x" * 40_000, "🍺", "<script>alert(1)</script>", "' OR 1=1 --", "%"])
async def test_help_is_searched_by_whatever_somebody_types(browser: Browser, q: str) -> None:
    """As a page, and as a piece of one."""
    page = await browser.http.get("/help", params={"q": q})
    piece = await browser.http.get("/help", params={"q": q}, headers={"HX-Request": "true"})

    assert (200, 200) == (page.status_code, piece.status_code)
    assert "<script>alert" not in page.text + piece.text
    assert "<html" not in piece.text


async def test_an_answer_that_helped_is_remembered_once_per_click(browser: Browser, portal: Portal) -> None:
    """And nobody knows whose click it was."""
    await browser.get(f"/help/{SLUG}")
    said = {"found": "yes", "comment": " Fint!\0 ", "click_id": "b2f5ff47-4366-4b6b-a533-d2bf6b1c7e3a"}
    for _ in range(2):
        assert f"/help/{SLUG}?thanked=1#feedback" == led_to(await browser.post(f"/help/{SLUG}/feedback", **said))
    async with portal.engine.connect() as connection:
        rows = [tuple(row) for row in await connection.execute(select(HelpFeedback.slug, HelpFeedback.found, HelpFeedback.comment))]

    assert [(SLUG, True, "Fint!")] == rows
    assert 200 == (await browser.get(f"/help/{SLUG}?thanked=1")).status_code


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"comment": "Nesten"}, "Choose yes or no first"),
        ({"found": "maybe", "comment": "Nesten"}, "Choose yes or no first"),
        ({"found": "no", "comment": "Nesten" + "x" * 40_000}, "up to 2000 characters"),
    ],
)
async def test_feedback_that_cannot_be_taken_is_not_lost(browser: Browser, fields: dict[str, str], words: str) -> None:
    """What was typed stands in the page that says why."""
    await browser.get(f"/help/{SLUG}")
    answer = await browser.post(f"/help/{SLUG}/feedback", **fields)

    assert 422 == answer.status_code
    assert words in answer.text
    assert fields["comment"] in answer.text


async def test_the_tour_shows_who_there_is_to_be_and_logs_in_as_them(portal: Portal, tmp_path: Path) -> None:
    """One click, and one is somebody."""
    tour = tmp_path / "tour.json"
    persona = {"id": "jonas", "name": "Jonas Bakke Lunde", "eid": "no-bankid", "about": {"nb": "Styremedlem", "en": "Board member"}}
    tour.write_text(json.dumps({"mailbox_url": "http://127.0.0.1:1/", "personas": [persona]}))
    browser = Browser(build_app(replace(portal, demo_tour=tour)))
    shown = await browser.get("/demo")
    back = await at_the_provider(led_to(await browser.get("/login/no-bankid?persona=jonas")))
    first_step = led_to(await browser.get(back))
    await browser.http.aclose()

    assert "Board member" in shown.text
    assert "/terms" == first_step
