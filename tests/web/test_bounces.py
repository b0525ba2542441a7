"""A letter that comes back: its reader learns of it on the next page they open, and can give another address."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from database.addresses import current_address
from domain.ids import UserId
from tests.web.browser import Browser, led_to
from tests.web.conftest import RegisterAt
from tests.web.house import LONGEST_WAIT, House

MISTYPED, RIGHT = "ingird@fjordbrus.example", "ingrid@fjordbrus.example"
FJORDBRUS = "315001013"
CAME_BACK, BANNER = "Our e-mail came back", "Our e-mails to you come back"
ON_ITS_WAY = "The e-mail is on its way to the mail server"


@pytest.fixture
def register(register_site: httpx2.AsyncClient) -> RegisterAt:
    """The stand-in."""
    return RegisterAt(str(register_site.base_url).rstrip("/"), timedelta(seconds=5))


async def before_the_address(house: House) -> Browser:
    """Somebody who has logged in and accepted the terms."""
    browser = house.open_browser()
    await browser.log_in()
    await browser.get("/terms")
    await browser.post("/terms", version="2026-11-01", accepted="yes")
    await browser.get("/email")
    return browser


async def until_marked(house: House, user: UserId, *, marked: bool = True) -> None:
    """Wait until the address is known to be undeliverable, or not to be any longer."""
    for _ in range(LONGEST_WAIT * 10):
        current = await current_address(house.portal.engine, user)
        if current and current.undeliverable is marked:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"marked should be {marked}")


async def code_sent_to(house: House, address: str) -> str:
    """Read the code in the newest letter to an address."""
    letters = await house.letters.at_least(1, address, LONGEST_WAIT)
    found = re.search(r"^\d{6}$", letters[-1].text, re.MULTILINE)
    assert found
    return found[0]


async def test_the_page_that_asks_for_the_code_says_that_the_letter_came_back(house: House, temporal: WorkflowEnvironment) -> None:
    """By itself, so that nobody waits for a letter that never comes; the account says so too, and both lead to the change."""
    browser = await before_the_address(house)
    house.moods.bouncing.add(MISTYPED)
    with temporal.with_time_skipping_disabled():
        assert "/email/code" == led_to(await browser.post("/email", address=MISTYPED))
        events = (await browser.get("/email/events")).text
        page, account = (await browser.get("/email/code")).text, (await browser.get("/account")).text

        assert CAME_BACK in events
        assert MISTYPED in events
        assert "event: done" in events
        assert CAME_BACK in page
        assert 'hx-sse:connect="/email/events"' not in page
        assert "come back. Look whether it is spelt right" in account
        assert all('href="/email"' in shown for shown in (events, page, account))
        assert BANNER not in page + account

        assert f'value="{MISTYPED}"' in (await browser.get("/email")).text
        assert "/email/code" == led_to(await browser.post("/email", address=RIGHT))
        assert CAME_BACK not in (await browser.get("/email/code")).text
        assert "/workplace" == led_to(await browser.post("/email/code", code=await code_sent_to(house, RIGHT)))
    assert "come back" not in (await browser.get("/account")).text


async def test_a_letter_that_is_on_its_way_is_said_to_be(house: House, temporal: WorkflowEnvironment) -> None:
    """A mail server that is busy is no bounce; the page says that it is sent when it is."""
    browser = await before_the_address(house)
    house.moods.failing = 1
    with temporal.with_time_skipping_disabled():
        await browser.post("/email", address=RIGHT)
        page = (await browser.get("/email/code")).text
        events = (await browser.get("/email/events")).text

    assert ON_ITS_WAY in page
    assert 'hx-sse:connect="/email/events"' in page
    assert "It is good for 15 minutes" in events
    assert CAME_BACK not in page + events


@pytest.mark.parametrize(("persona", "said"), [("ingrid", "The company's profile is open"), ("mari", "A person here will look at it")])
async def test_a_later_letter_that_comes_back_is_told_on_every_page(house: House, persona: str, said: str) -> None:
    """The welcome, and the news that a person looks at it: whoever opens the status page learns that they miss our letters."""
    customer = await house.customer(persona)
    house.moods.bouncing.add(customer.address)
    await customer.signs_up(FJORDBRUS)
    await customer.waits_for(said, BANNER)
    await until_marked(house, customer.user)

    company = re.search(r'href="(/company/[^"]+)"', await customer.sees(customer.place))
    assert (persona == "ingrid") is (company is not None)
    for path in [customer.place, "/help", company[1] if company else "/"]:
        await customer.sees(path, BANNER, 'href="/email"')


async def test_the_banner_speaks_the_readers_language_and_goes_with_a_new_address(house: House, temporal: WorkflowEnvironment) -> None:
    """Confirming another address is what it asks for."""
    customer = await house.customer("mari", language="nb")
    house.moods.bouncing.add(customer.address)
    await customer.signs_up(FJORDBRUS)
    await customer.waits_for("E-postene våre til deg kommer i retur")
    with temporal.with_time_skipping_disabled():
        await customer.sees("/email")
        await customer.browser.post("/email", address=RIGHT)
        await customer.sees("/email/code")
        await customer.browser.post("/email/code", code=await code_sent_to(house, RIGHT))

    assert "kommer i retur" not in await customer.sees(customer.place, "En person hos oss ser på det")


async def test_the_banner_goes_when_a_later_letter_gets_through(house: House) -> None:
    """Nobody is warned of what is over: the address takes letters again."""
    customer = await house.customer("ingrid")
    house.moods.bouncing.add(customer.address)
    await customer.signs_up("315006562")
    await customer.waits_for("A person here will look at it", BANNER)
    house.moods.bouncing.clear()
    await customer.browser.post(f"{customer.place}/withdraw")
    await customer.signs_up(FJORDBRUS)
    await until_marked(house, customer.user, marked=False)

    assert BANNER not in await customer.waits_for("Open the company's page")
