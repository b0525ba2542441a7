"""What people type, paste and do by mistake or malice gets a clear answer, and nothing they typed is lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, visiting

pytestmark = pytest.mark.browser

HOSTILE = [
    "'; drop table signup; --",
    "<script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "\U0001f3e2\U0001f9fe\U0001f389",
    "{{ 7 * 7 }} ${7*7} %(x)s %s",
    "\u202emoc.elpmaxe",
    "A" * 40_000,
]
NUMBERS = {
    "31500101": "ni sifre",
    "3150010134": "ni sifre",
    "315001014": "skrevet feil",
    "31500101A": "siffer|sifre|treff",
}


@pytest.fixture(scope="module")
async def searcher(demo: Demo, chromium: Browser) -> AsyncIterator[Visit]:
    """Somebody who has come to the question where they work."""
    async with visiting(demo, chromium) as somebody:
        await somebody.onboard("gustav", "se-bankid")
        yield somebody


@pytest.mark.parametrize("typed", NUMBERS)
async def test_a_number_that_cannot_be_one_is_explained(searcher: Visit, typed: str) -> None:
    """Too short, too long, mistyped, letters: each has its remedy, and the field keeps what was typed."""
    await searcher.go("/workplace")
    await searcher.page.locator("#q").fill(typed)
    await searcher.press("Søk")

    await expect(searcher.page.locator("#hits")).to_contain_text(re.compile(NUMBERS[typed]))
    assert typed == await searcher.page.locator("#q").input_value()
    assert [] == await searcher.accessibility_faults()


@pytest.mark.parametrize("typed", ["315 001 013", "NO 315 001 013 MVA", "315.001.013", "315\u00a0001\u00a0013"])
async def test_a_number_may_be_written_in_any_usual_way(searcher: Visit, typed: str) -> None:
    """It is copied from invoices, web sites and letterheads."""
    await searcher.go("/workplace")
    await searcher.page.locator("#q").fill(typed)
    await searcher.press("Søk")

    await expect(searcher.page).to_have_url(re.compile("/workplace/315001013$"))


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: typed[:12])
async def test_hostile_text_is_only_text(searcher: Visit, typed: str) -> None:
    """Whatever it is, it is looked for, not run, and the page stands."""
    await searcher.go("/workplace")
    await searcher.page.locator("#q").fill(typed)
    if len(typed) < 1000:  # a browser cannot send more than that in an address either
        await searcher.press("Søk")
        await expect(searcher.page.locator("main h1")).to_have_text("Hvor jobber du?")

    assert "taken" != await searcher.page.title()


ADDRESSES = {
    "kari.firma.example": "@",
    "kari@": "e-postadresse",
    "@firma.example": "e-postadresse",
    "kåre@firma.example": "a til å|æ, ø og å|bokstav",
    "a@b@c.example": "e-postadresse",
    "kari@firma..example": "e-postadresse",
    "'; drop table email_address; --@x": "e-postadresse",
    "<b>kari</b>@firma.example": "e-postadresse",
    "a" * 300 + "@firma.example": "lang",
}


@pytest.fixture(scope="module")
async def newcomer(demo: Demo, chromium: Browser) -> AsyncIterator[Visit]:
    """Somebody who has come to the question what their address is."""
    async with visiting(demo, chromium) as somebody:
        await somebody.log_in("terje")
        await somebody.page.get_by_role("checkbox").check()
        await somebody.send()
        await somebody.page.wait_for_url("**/email")
        yield somebody


@pytest.mark.parametrize("typed", ADDRESSES, ids=lambda typed: typed[:12])
async def test_an_address_that_cannot_be_one_is_explained(newcomer: Visit, typed: str) -> None:
    """The answer names what is wrong, and the field keeps what was typed."""
    await newcomer.go("/email")
    await newcomer.page.locator("#address").fill(typed)
    await newcomer.send()

    await expect(newcomer.page.locator("#address-error")).to_contain_text(re.compile(ADDRESSES[typed]))
    assert typed == await newcomer.page.locator("#address").input_value()


async def test_a_form_sent_after_logout_loses_nothing(newcomer: Visit) -> None:
    """Logged out in another tab: the form is not taken, and after the next login it stands there as it was typed."""
    await newcomer.go("/email")
    await newcomer.page.locator("#address").fill("terje@andre.example")
    other = await newcomer.context.new_page()
    await other.goto(newcomer.demo.portal + "/account")
    await other.locator("main").get_by_role("button", name="Logg ut").click()
    await other.wait_for_url(newcomer.demo.portal + "/")
    await other.close()
    await newcomer.send()

    await expect(newcomer.page.locator("main")).to_contain_text("logget ut")
    assert [] == await newcomer.accessibility_faults()
    await newcomer.log_in("terje")
    await newcomer.page.wait_for_url("**/email")
    await newcomer.page.reload()
    assert "terje@andre.example" == await newcomer.page.locator("#address").input_value()


async def test_a_cookie_cut_in_half_is_a_visitor_without_one(newcomer: Visit) -> None:
    """Proxies and cleaners do it; nobody sees an error for it."""
    cookies = await newcomer.context.cookies()
    session = next(cookie for cookie in cookies if cookie["name"] == "session" and cookie["domain"] == "127.0.0.1")
    cut = session["value"][: len(session["value"]) // 2]
    await newcomer.context.add_cookies([{"name": "session", "value": cut, "url": newcomer.demo.portal}])
    await newcomer.go("/email")

    await expect(newcomer.page.get_by_role("button", name="Logg inn med BankID")).to_be_visible()


async def test_a_cancelled_login_says_so_and_offers_another(demo: Demo, chromium: Browser) -> None:
    """Whoever changes their mind is not told off."""
    async with visiting(demo, chromium) as somebody:
        await somebody.go("/")
        await somebody.press("Logg inn med BankID")
        await somebody.page.wait_for_url(f"{demo.eid}/**")
        await somebody.page.get_by_role("button", name="Avbryt").click()

        await expect(somebody.page.locator("main")).to_contain_text("Du stoppet")
        await expect(somebody.page.get_by_role("button", name="Logg inn med BankID")).to_be_visible()
        assert [] == await somebody.accessibility_faults()


async def test_a_login_on_too_low_a_level_is_explained(demo: Demo, chromium: Browser) -> None:
    """The eID was right, but not strong enough."""
    async with visiting(demo, chromium, width=390) as somebody:
        await somebody.log_in("laerke", "dk-mitid")

        await expect(somebody.page.locator("main h1")).to_be_visible()
        assert "/login/callback" in somebody.page.url
        assert [] == await somebody.accessibility_faults()


async def test_a_login_answer_used_twice_is_refused(demo: Demo, chromium: Browser) -> None:
    """The way back from an eID is good once."""
    async with visiting(demo, chromium) as somebody:
        answers: list[str] = []
        somebody.page.on("request", lambda request: answers.append(request.url) if "/login/callback" in request.url else None)
        await somebody.log_in("bjorn")
        await somebody.page.wait_for_url("**/terms")
        await somebody.page.goto(answers[0])

        await expect(somebody.page.locator("main h1")).to_be_visible()
        assert "/login/callback" in somebody.page.url
        assert [] == await somebody.accessibility_faults()
