"""Logging in through the pages, with the eIDs over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response

from database.sessions import ATTEMPT_LIVES
from stand_ins.openid_provider import Misbehaviour
from tests.gateways.eid_over_http import Broker
from tests.web.browser import Browser, led_to, title
from tests.web.conftest import Watch


@pytest.mark.parametrize(
    ("eid", "persona", "name"),
    [("no-bankid", "jonas", "Jonas Bakke Lunde"), ("se-bankid", "astrid", "Astrid"), ("dk-mitid", "soeren", "Søren Kjærgaard Holm")],
)
async def test_each_of_the_three_eids_lets_somebody_in(browser: Browser, eid: str, persona: str, name: str) -> None:
    """The first thing somebody new meets is the terms."""
    assert "/terms" == led_to(await browser.log_in(persona, eid))

    account = await browser.get("/account")
    assert 200 == account.status_code
    assert name in account.text


async def test_the_same_person_comes_back_to_the_same_account(new_browser: Callable[[], Browser]) -> None:
    """On another device they are where they were."""
    here, there = new_browser(), new_browser()
    await here.log_in()
    await here.get("/terms")
    await here.post("/terms", version="2026-11-01", accepted="yes")

    assert "/email" == led_to(await there.log_in())


async def test_a_login_leads_back_to_the_page_that_was_wanted(browser: Browser) -> None:
    """A link in a letter is opened before anybody has logged in."""
    front = led_to(await browser.get("/account?saved=1"))
    shown = await browser.get(front)

    assert "/?return_to=%2Faccount%3Fsaved%3D1" == front
    assert 'name="return_to" value="/account?saved=1"' in shown.text
    assert "/account?saved=1" == led_to(await browser.log_in(return_to="/account?saved=1"))


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/logout",
        "/login/callback?state=x",
        "/" + "x" * 3000,
        "evil",
    ],
)
async def test_a_login_never_leads_elsewhere(browser: Browser, elsewhere: str) -> None:
    """Else our own front page would lend its good name to anybody."""
    assert "/terms" == led_to(await browser.log_in(return_to=elsewhere))


async def test_logging_in_changes_the_cookie(browser: Browser) -> None:
    """Whoever has planted a cookie beforehand does not know the one that counts."""
    await browser.get("/")
    before = browser.cookie
    await browser.log_in()
    after = browser.cookie
    assert before
    browser.cookie = before

    assert before != after
    assert 303 == (await browser.get("/account")).status_code


async def test_logging_out_ends_the_session_and_changes_the_cookie(browser: Browser) -> None:
    """The cookie that was copied before opens nothing afterwards."""
    await browser.log_in()
    await browser.get("/account")
    copied = browser.cookie
    assert copied
    assert "/" == led_to(await browser.post("/logout"))
    assert copied != browser.cookie
    browser.cookie = copied

    assert "/?return_to=%2Faccount" == led_to(await browser.get("/account"))


def refused(answer: Response, status: int, heading: str) -> None:
    """Assert that nobody was logged in, and that the page says so in these words and offers another try."""
    assert (status, heading) == (answer.status_code, title(answer))
    assert 'action="/login/no-bankid"' in answer.text


async def test_a_cancelled_login_is_no_drama(browser: Browser) -> None:
    """And leads where it was to lead when it is tried again."""
    answer = await browser.get(await browser.come_back(return_to="/account", outcome="cancel"))

    refused(answer, 200, "You stopped before you were logged in")
    assert 'name="return_to" value="/account"' in answer.text


async def test_a_login_that_took_too_long_says_so(browser: Browser, watch: Watch) -> None:
    """Ours end after ten minutes, whatever the eID thinks."""
    back = await browser.come_back(persona="ingrid")
    watch.ahead = ATTEMPT_LIVES

    refused(await browser.get(back), 400, "The login took too long")
    assert 303 == (await browser.get("/account")).status_code


async def test_a_login_that_timed_out_at_the_eid_says_the_same(browser: Browser) -> None:
    """Who fell asleep need not know where."""
    refused(await browser.get(await browser.come_back(outcome="expire")), 400, "The login took too long")


async def test_going_back_to_a_used_login_says_so_and_leaves_the_session(browser: Browser) -> None:
    """Somebody presses the browser's back button."""
    back = await browser.come_back(persona="ingrid")
    await browser.get(back)

    answer = await browser.get(back)
    assert (400, "This login has been used already") == (answer.status_code, title(answer))
    assert 200 == (await browser.get("/account")).status_code


async def test_a_replayed_code_is_refused_even_where_the_provider_takes_it(browser: Browser, eids: Broker) -> None:
    """The login's own state is used up, so the code is not even handed in."""
    eids.provider.next_misbehaviour = Misbehaviour.REPLAYED_CODE_ALLOWED
    back = await browser.come_back(persona="ingrid")
    await browser.get(back)

    assert "This login has been used already" == title(await browser.get(back))


@pytest.mark.parametrize("query", ["", "?state=", "?state=made-up&code=x", "?error=access_denied", "?state=%00&code=%F0%9F%8D%BA"])
async def test_an_answer_that_nobody_asked_for_is_refused(browser: Browser, query: str) -> None:
    """Somebody else's login is not to become this browser's."""
    refused(await browser.get(f"/login/callback{query}"), 400, "We could not trust the answer")


async def test_a_login_begun_in_another_browser_is_refused_and_not_used_up(new_browser: Callable[[], Browser]) -> None:
    """Whoever sends their own address to somebody else does not log them in as themselves."""
    mine, theirs = new_browser(), new_browser()
    back = await mine.come_back(persona="ingrid")

    refused(await theirs.get(back), 400, "The login began in another browser")
    assert "/terms" == led_to(await mine.get(back))


@pytest.mark.parametrize(
    ("how", "status", "heading"),
    [
        (Misbehaviour.WRONG_STATE, 400, "We could not trust the answer"),
        (Misbehaviour.WRONG_REDIRECT_ISS, 400, "We could not trust the answer"),
        (Misbehaviour.WRONG_NONCE, 400, "We could not trust the answer"),
        (Misbehaviour.LOW_ACR, 403, "We need a stronger login"),
        (Misbehaviour.NO_BIRTHDATE, 403, "We did not get your date of birth"),
    ],
)
async def test_a_hostile_login_ends_on_a_page(browser: Browser, eids: Broker, how: Misbehaviour, status: int, heading: str) -> None:
    """Which says what happened and what to do; every way to be hostile is tried at the gateway."""
    eids.provider.next_misbehaviour = how

    refused(await browser.get(await browser.come_back(persona="ingrid")), status, heading)
    assert 303 == (await browser.get("/account")).status_code


async def test_the_address_of_a_login_is_not_what_the_language_switch_comes_back_to(browser: Browser) -> None:
    """It would be a replay."""
    answer = await browser.get(await browser.come_back(outcome="cancel"))

    assert 'name="return_to" value="/"' in answer.text


async def test_an_unknown_eid_is_no_page(browser: Browser) -> None:
    """There are three."""
    await browser.get("/")

    assert 404 == (await browser.post("/login/fi-bank")).status_code


async def test_nobody_is_sent_off_by_a_link(browser: Browser) -> None:
    """Logging in begins with a button on our own page; the demo's short cuts are for the demo."""
    assert 404 == (await browser.get("/login/no-bankid?persona=ingrid")).status_code


async def test_the_eid_speaks_the_browsers_language(browser: Browser) -> None:
    """As far as it can."""
    url = await browser.leave_for("no-bankid")

    assert {"client_id", "request_uri"} == parse_qs(urlsplit(url).query).keys()


async def test_a_session_left_alone_ends(browser: Browser, watch: Watch) -> None:
    """Half an hour without a page."""
    await browser.log_in()
    watch.ahead = timedelta(minutes=29)
    assert 200 == (await browser.get("/account")).status_code
    watch.ahead += timedelta(minutes=31)

    assert "/?return_to=%2Faccount" == led_to(await browser.get("/account"))


async def test_logging_in_as_somebody_else_ends_the_session_before(browser: Browser) -> None:
    """Two people share a computer, and the first forgot to log out."""
    await browser.log_in("ingrid")
    first = browser.cookie
    assert first
    await browser.log_in("jonas")
    assert "Jonas Bakke Lunde" in (await browser.get("/account")).text
    browser.cookie = first

    assert 303 == (await browser.get("/account")).status_code
