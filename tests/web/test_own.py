"""What people decide about themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from database.letters import LetterBook
from database.own import unwanted_letters
from database.own_data import HELD
from database.tables import Letter
from domain.own import REFUSABLE
from domain.post import LetterKind, LetterOrder
from tests.web.browser import Browser, led_to, title
from tests.web.conftest import Watch
from tests.web.house import House
from tests.web.test_access import NOW, company_of, onboard
from web.held_texts import SECTIONS
from web.portal import Portal


async def test_letters_can_be_refused_but_not_those_that_matter(portal: Portal, browser: Browser) -> None:
    """Whatever a form says, what is about one's own access comes; what is refused is marked and not sent."""
    await browser.log_in()
    user = await onboard(portal, browser)
    await browser.get("/account/letters")
    saved = await browser.post("/account/letters", kind=LetterKind.JOIN_REMINDER.value)

    assert REFUSABLE.keys() - {LetterKind.JOIN_REMINDER} == await unwanted_letters(portal.engine, user)
    assert 'value="join-reminder" checked' in (await browser.get(led_to(saved))).text
    assert "These always come" in (await browser.get("/account/letters")).text
    book, key = LetterBook(portal.engine, portal.letter_secrets), uuid4()
    async with portal.engine.begin() as connection:
        row = {"key": key, "kind": LetterKind.EMAIL_REMINDER, "user_id": user, "about": uuid4(), "ordered_at": NOW}
        await connection.execute(insert(Letter).values(row))
    assert await book.letter_for(LetterOrder(key, LetterKind.EMAIL_REMINDER, user, uuid4())) is None
    async with portal.engine.connect() as connection:
        assert NOW == await connection.scalar(select(Letter.unwanted_at).where(Letter.key == key))
    assert [] == list(await portal.operations.letters_waiting(Watch().now()))
    await browser.post("/account/letters", kind="all-of-them")
    assert REFUSABLE.keys() == await unwanted_letters(portal.engine, user)


async def test_sessions_are_listed_and_ended(portal: Portal, new_browser: Callable[[], Browser]) -> None:
    """One by one or all others at once; never another user's."""
    here, there, elsewhere, stranger = (new_browser() for _ in range(4))
    for browser in (there, elsewhere, here):
        await browser.log_in()
    await stranger.log_in("jonas")
    listed = (await here.get("/account/sessions")).text
    assert 2 == listed.count('name="session"')
    handle = listed.split('name="session" value="')[1][:16]
    await stranger.get("/account/sessions")
    await stranger.post("/account/sessions", session=handle)
    assert 3 == (await here.get("/account/sessions")).text.count("Last used")
    await here.post("/account/sessions", session=handle)
    assert 2 == (await here.get("/account/sessions")).text.count("Last used")
    await here.post("/account/sessions")

    assert 1 == (await here.get("/account/sessions")).text.count("Last used")
    assert [303, 303, 200] == [(await browser.get("/account")).status_code for browser in (there, elsewhere, stranger)]
    assert portal.secret_key.hex() not in listed


def test_every_section_of_own_data_has_words() -> None:
    """A page in Norwegian is not to name tables in English."""
    assert SECTIONS == {held.section for held in HELD}


async def test_own_data_is_shown_and_downloaded(portal: Portal, browser: Browser) -> None:
    """A file by the name of what it is, that is kept nowhere on the way."""
    await browser.log_in()
    await company_of(portal, await onboard(portal, browser))
    file = await browser.get("/account/data.json")
    told = json.loads(file.text)

    assert "memberships" in (await browser.get("/account/data")).text
    assert 'attachment; filename="skranke-my-data.json"' == file.headers["Content-Disposition"]
    assert "no-store" == file.headers["Cache-Control"]
    assert ["kari@skranke.example"] == [row["address"] for row in told["e-mail addresses"]]
    assert str(browser.cookie) not in file.text
    assert 1 == len(told["memberships"])


async def test_an_account_is_deleted_after_a_tick_and_whoever_comes_back_is_new(house: House) -> None:
    """The browser is logged out at once, and the letter comes."""
    kari = await house.customer("ingrid")
    await kari.sees("/account/delete", "It cannot be undone")
    assert 422 == (await kari.browser.post("/account/delete")).status_code
    left = await kari.browser.post("/account/delete", sure="yes")

    assert "/goodbye" == led_to(left)
    assert "Goodbye" == title(await kari.browser.get("/goodbye"))
    assert led_to(await kari.browser.get("/account")).startswith("/?return_to=")
    back = await house.customer("ingrid")
    assert back.user != kari.user


async def test_a_last_administrator_is_told_why_not(portal: Portal, browser: Browser) -> None:
    """With the way to what has to be done first, and no button."""
    await browser.log_in()
    await company_of(portal, await onboard(portal, browser))
    shown = (await browser.get("/account/delete")).text

    assert "You are the only administrator here" in shown
    assert "/members" in shown
    assert 'name="sure"' not in shown


@pytest.mark.parametrize("path", ["/account/letters", "/account/sessions", "/account/data", "/account/delete"])
async def test_who_is_not_through_yet_decides_about_themselves_too(browser: Browser, path: str) -> None:
    """The right to know and to go does not wait for the terms."""
    await browser.log_in()

    assert 200 == (await browser.get(path)).status_code
