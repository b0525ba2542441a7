"""A company sees how much it checks, and nobody else does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from database.check_log_tables import CheckLog
from tests.web.browser import Browser
from tests.web.test_access import SOMEBODYS, company_of, onboard
from web.portal import Portal

KIOSK, BAR = UUID(int=1), UUID(int=2)


async def checked(portal: Portal, checks: Sequence[tuple[datetime, str, str]], *, number: str = "310279323", sandbox: bool = False) -> None:
    """Write into the log that these checks were done: when, where and for what."""
    nothing = {"client_id": "till", "terminal": "kasse-1", "outcome": "ok", "released": [], "leaf_hash": bytes(32)}
    places = {"Kiosken": KIOSK, "=Baren": BAR}
    rows = [
        {
            **nothing,
            "check_id": uuid4(),
            "organisation_number": number,
            "place_id": places[shop],
            "terminal_id": KIOSK,
            "shop": shop,
            "purpose": purpose,
            "sandbox": sandbox,
            "at": at,
        }
        for at, shop, purpose in checks
    ]
    async with portal.engine.begin() as connection:
        await connection.execute(insert(CheckLog), rows)


@pytest.fixture
async def customer(portal: Portal, browser: Browser) -> Browser:
    """Somebody with a company."""
    await browser.log_in()
    await company_of(portal, await onboard(portal, browser))
    return browser


async def lines(browser: Browser, days: str = "7") -> list[str]:
    """Read the file of counts."""
    answer = await browser.get(f"/company/{SOMEBODYS}/usage.csv?days={days}")

    assert "attachment" in answer.headers["content-disposition"]
    return answer.text.lstrip("\ufeff").splitlines()


async def test_checks_are_counted_per_norwegian_day_place_and_purpose(portal: Portal, customer: Browser) -> None:
    """Half past eleven at night in UTC is the next day in Norway; and a spreadsheet takes no name for a formula."""
    yesterday = portal.wall_clock.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    night = datetime(yesterday.year, yesterday.month, yesterday.day, 23, 30, tzinfo=UTC) - timedelta(days=1)
    await checked(portal, [(night, "Kiosken", "alcohol_18"), (yesterday, "Kiosken", "alcohol_18"), (yesterday, "=Baren", "alcohol_20")])
    day = yesterday.date().isoformat()

    assert ["day,place,purpose,checks", f"{day},'=Baren,alcohol_20,1", f"{day},Kiosken,alcohol_18,2"] == await lines(customer)


async def test_other_companies_test_persons_and_older_days_do_not_count(portal: Portal, customer: Browser) -> None:
    """A period is what it says, and a company sees its own."""
    now = portal.wall_clock.now()
    await checked(portal, [(now - timedelta(days=8), "Kiosken", "alcohol_18")])
    await checked(portal, [(now, "Kiosken", "alcohol_18")], sandbox=True)
    await checked(portal, [(now, "Kiosken", "alcohol_18")], number="310279331")

    assert 1 == len(await lines(customer))
    assert 2 == len(await lines(customer, "28"))
    assert 2 == len(await lines(customer, "'; drop table check_log"))


async def test_the_page_shows_one_place_or_all(portal: Portal, customer: Browser) -> None:
    """By the place's id, which nobody else's is."""
    now = portal.wall_clock.now()
    await checked(portal, [(now, "Kiosken", "alcohol_18"), (now, "=Baren", "tobacco_18")])
    every = (await customer.get(f"/company/{SOMEBODYS}/usage")).text
    one = (await customer.get(f"/company/{SOMEBODYS}/usage?place={KIOSK}&days=7")).text
    odd = (await customer.get(f"/company/{SOMEBODYS}/usage?place=<b>&days=0")).text

    assert every.count("<rect") > one.count("<rect") > 0
    assert "<b>" not in odd
    assert every.count("<rect") == odd.count("<rect")


async def test_a_company_that_has_just_begun_sees_that_there_is_nothing_yet(customer: Browser) -> None:
    """And where to find it later."""
    assert f"/company/{SOMEBODYS}/usage" in (await customer.get(f"/company/{SOMEBODYS}")).text
    assert '<svg class="plot"' not in (await customer.get(f"/company/{SOMEBODYS}/usage")).text
