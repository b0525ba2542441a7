"""Support sees what a customer sees, changes nothing, and the customer can tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from database.stage_log import write_step
from database.tables import Signup
from domain.staff_views import LASTS, ViewReason
from domain.stages import Actor, Stage, Step
from tests.web.browser import Browser, led_to, title
from tests.web.conftest import Watch
from tests.web.test_access import NOW, SOMEBODYS, company_of, onboard
from web.portal import Portal

FORM = re.compile(r'<form[^>]*action="([^"]+)"')
LINK = re.compile(r'href="(/[^"]*)"')
ASKED = {"reason": ViewReason.ASKED_FOR_HELP.value}


async def customer_and_support(portal: Portal, new_browser: Callable[[], Browser]) -> tuple[Browser, Browser]:
    """A customer with a company and a signup of the same id, and somebody in support."""
    customer, support = new_browser(), new_browser()
    await customer.log_in()
    await company_of(portal, await onboard(portal, customer))
    await support.come_to_work("liv")
    await support.get("/support/customers")
    return customer, support


async def test_support_finds_a_customer_says_why_and_sees_their_page(portal: Portal, new_browser: Callable[[], Browser]) -> None:
    """The customer reads in their timeline that somebody looked, and why."""
    customer, support = await customer_and_support(portal, new_browser)
    found = await support.get("/support/customers?q=fjellbrygg")
    seen = await support.get(led_to(await support.post(f"/support/customers/{SOMEBODYS}/view", **ASKED)))
    timeline = (await customer.get(f"/company/{SOMEBODYS}")).text

    assert f'action="/support/customers/{SOMEBODYS}/view"' in found.text
    assert (200, "FJELLBRYGG AS") == (seen.status_code, title(seen))
    assert "You look at what the customer sees, until" in seen.text
    assert "Our support looked at these pages" in timeline
    assert "The customer has asked for help" in timeline


@pytest.mark.parametrize("of", ["company", "signup"])
async def test_nothing_can_be_changed_from_there(portal: Portal, new_browser: Callable[[], Browser], of: str) -> None:
    """Every form is the staff's own, nothing is live, and no link leads into the customer's pages."""
    _, support = await customer_and_support(portal, new_browser)
    subject = SOMEBODYS if of == "company" else await signup_under_way(portal)
    where = led_to(await support.post(f"/support/customers/{subject}/view", **ASKED))
    seen = (await support.get(where)).text

    assert {f"{where}/end", "/staff/logout", "/staff/language"} == set(FORM.findall(seen))
    assert [] == [link for link in LINK.findall(seen) if link.startswith(("/company", "/signup", "/workplace", "/account", "/join"))]
    assert "hx-" not in seen


async def signup_under_way(portal: Portal) -> str:
    """Give the signup an id of its own, let it go on, and write its first step down."""
    signup = uuid4()
    async with portal.engine.begin() as connection:
        await connection.execute(update(Signup).values(id=signup, ended_at=None))
        await write_step(connection, Step(uuid4(), signup, "310279323", Stage.COMPANY_NAMED, Actor.CUSTOMER), NOW)
    return str(signup)


async def test_whose_signup_is_looked_at_sees_it_there(portal: Portal, new_browser: Callable[[], Browser]) -> None:
    """Where the signup stands is told as before: a look is no step of it."""
    customer, support = await customer_and_support(portal, new_browser)
    signup = await signup_under_way(portal)
    where = led_to(await support.post(f"/support/customers/{signup}/view", reason="deciding"))
    assert "We are asking the register" in (await support.get(where)).text
    shown = (await customer.get(f"/signup/{signup}")).text

    assert "We are asking the register" in shown
    assert "Our support looked at this page" in shown
    assert "We have to decide something for the customer" in shown


async def test_a_look_ends_after_half_an_hour_or_at_once(portal: Portal, new_browser: Callable[[], Browser], watch: Watch) -> None:
    """What was needed for a phone call is not open the day after."""
    _, support = await customer_and_support(portal, new_browser)
    first = led_to(await support.post(f"/support/customers/{SOMEBODYS}/view", **ASKED, click_id=str(uuid4())))
    second = led_to(await support.post(f"/support/customers/{SOMEBODYS}/view", **ASKED, click_id=str(uuid4())))
    await support.post(f"{first}/end")
    ended, open_still = await support.get(first), await support.get(second)
    watch.ahead += LASTS + timedelta(seconds=1)
    over = await support.get(second)

    assert (403, 200, 403) == (ended.status_code, open_still.status_code, over.status_code)
    assert "It ends after 30 minutes" in over.text
    assert "FJELLBRYGG" not in over.text


async def test_nobody_looks_without_a_reason_or_at_nothing_or_as_somebody_else(portal: Portal, new_browser: Callable[[], Browser]) -> None:
    """A look is one person's, with that person's reason."""
    _, support = await customer_and_support(portal, new_browser)
    for subject, reason in ((SOMEBODYS, ""), (SOMEBODYS, "curious"), (str(uuid4()), "deciding")):
        assert 422 == (await support.post(f"/support/customers/{subject}/view", reason=reason)).status_code
    where = led_to(await support.post(f"/support/customers/{SOMEBODYS}/view", **ASKED))
    other = new_browser()
    await other.come_to_work("gunnar")

    assert 403 == (await other.get(where)).status_code
    assert 404 == (await support.get(f"/support/views/{uuid4()}")).status_code
    assert 200 == (await support.get("/support/customers?q=%00%25")).status_code
