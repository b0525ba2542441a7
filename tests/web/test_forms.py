"""Forms that are not ours, forms that come too late, and what was typed into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from database.tables import KeptForm
from tests.web.browser import HERE, Browser, led_to, title
from tests.web.conftest import Watch
from web.portal import Portal

ADDRESS = "kari@skranke.example"
LATER = timedelta(minutes=31)


async def past_the_terms(browser: Browser) -> None:
    """Log in and accept the terms."""
    await browser.log_in()
    await browser.get("/terms")
    await browser.post("/terms", version="2026-11-01", accepted="yes")
    await browser.get("/email")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
    ],
    ids=str,
)
async def test_a_form_from_another_site_is_refused_though_its_token_is_right(browser: Browser, headers: dict[str, str]) -> None:
    """Somebody may have got hold of the token; the browser still says where the form stands."""
    await past_the_terms(browser)
    browser.http.headers.update(headers)
    answer = await browser.post("/language", language="nb")

    assert (403, "You have no access to this page") == (answer.status_code, title(answer))
    assert "language" not in browser.http.cookies


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": HERE}, {}], ids=str)
async def test_our_own_form_is_taken(browser: Browser, headers: dict[str, str]) -> None:
    """Old browsers tell only the origin, and what tells nothing is none."""
    await browser.get("/")
    browser.http.headers.update(headers)

    assert "/" == led_to(await browser.post("/language", language="nb"))


@pytest.mark.parametrize("token", ["", "0" * 64, "æ" * 32, "\0"])
async def test_a_form_without_the_token_of_this_browser_is_refused(browser: Browser, token: str) -> None:
    """The second lock, should a browser not tell where a form stands."""
    await past_the_terms(browser)
    for path in ("/language", "/logout", "/login/no-bankid", "/help/what-is-it/feedback", "/terms", "/email"):
        browser.token = token
        answer = await browser.post(path, language="nb")

        assert (403, "The page had been open too long") == (answer.status_code, title(answer)), path
        assert 200 == (await browser.get("/account")).status_code


async def test_another_browsers_token_is_not_this_ones(new_browser: Callable[[], Browser]) -> None:
    """Everybody can get a token of their own."""
    mine, theirs = new_browser(), new_browser()
    await mine.get("/")
    await theirs.get("/")
    theirs.token = mine.token

    assert 403 == (await theirs.post("/language", language="nb")).status_code


async def test_what_was_typed_after_the_session_ran_out_is_there_after_the_login(browser: Browser, watch: Watch) -> None:
    """Somebody comes back from lunch and presses the button."""
    await past_the_terms(browser)
    watch.ahead = LATER
    answer = await browser.post("/email", address=ADDRESS, click_id="x", code="123456")
    assert (401, "You have been logged out") == (answer.status_code, title(answer))
    assert "What you had typed is kept" in answer.text
    assert 'name="return_to" value="/email"' in answer.text

    assert "/email" == led_to(await browser.log_in(return_to="/email"))
    assert f'value="{ADDRESS}"' in (await browser.get("/email")).text
    assert f'value="{ADDRESS}"' in (await browser.get("/email")).text
    await browser.post("/email", address="not an address")
    assert ADDRESS not in (await browser.get("/email")).text


async def test_what_was_typed_after_logging_out_elsewhere_is_there_after_the_login(browser: Browser) -> None:
    """Two tabs: one logs out, the other sends its form."""
    await past_the_terms(browser)
    await browser.post("/logout")
    answer = await browser.post("/email", address=ADDRESS)
    assert 401 == answer.status_code
    await browser.log_in(return_to="/email")

    assert ADDRESS in (await browser.get("/email")).text


async def test_what_was_typed_before_another_login_is_there_when_the_page_is_opened_again(browser: Browser) -> None:
    """Two tabs: one logs in anew, the other sends the form it has had all along."""
    await past_the_terms(browser)
    old = browser.token
    await browser.log_in()
    browser.token = old
    answer = await browser.post("/email", address=ADDRESS)

    assert (403, "The page had been open too long") == (answer.status_code, title(answer))
    assert 'href="/email"' in answer.text
    assert ADDRESS in (await browser.get("/email")).text


async def test_a_form_whose_own_address_cannot_be_opened_leads_to_the_page_above(browser: Browser) -> None:
    """Nobody is sent to an address that only takes forms."""
    answer = await browser.post("/email/resend", why="x")

    assert 401 == answer.status_code
    assert 'name="return_to" value="/email"' in answer.text


async def test_secrets_and_tokens_are_never_kept(browser: Browser, portal: Portal) -> None:
    """A code in the database would be a code for whoever reads it."""
    await browser.post("/email", address="a\0b", code="123456", token="t", click_id="c")  # noqa: S106 - a field's name
    async with portal.engine.connect() as connection:
        kept = [row.fields for row in await connection.execute(select(KeptForm.fields))]

    assert [{"address": "ab"}] == kept


@pytest.mark.parametrize("fields", [{}, {"code": "123456"}, {"address": "x" * 20_000}], ids=["nothing", "secret", "too much"])
async def test_what_is_not_kept_is_not_promised(browser: Browser, fields: dict[str, str]) -> None:
    """The page says only what is true."""
    answer = await browser.post("/email", **fields)

    assert 401 == answer.status_code
    assert "What you had typed is kept" not in answer.text


async def test_a_file_is_never_kept(browser: Browser, portal: Portal) -> None:
    """Whatever it is, it is more than somebody has typed."""
    answer = await browser.http.post("/email", data={"address": "a"}, files={"file": ("a.txt", b"secret")})
    async with portal.engine.connect() as connection:
        kept = [row.fields for row in await connection.execute(select(KeptForm.fields))]

    assert 401 == answer.status_code
    assert [{"address": "a"}] == kept


async def test_sending_a_form_twice_is_one_form(browser: Browser, portal: Portal) -> None:
    """Two quick clicks."""
    await past_the_terms(browser)
    first = await portal.sessions.find("unknown", portal.wall_clock.now())
    for _ in range(2):
        assert 303 == (await browser.post("/terms", version="2026-11-01", accepted="yes")).status_code

    assert first is None
