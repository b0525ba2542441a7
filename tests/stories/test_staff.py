"""Somebody who works here comes in by their own door, and is put out again."""

from __future__ import annotations

import httpx2
import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, visiting

pytestmark = pytest.mark.browser


async def accessible(somebody: Visit) -> None:
    """Fail on anything that axe finds on the page, or that sticks out at the side."""
    assert [] == await somebody.accessibility_faults(), somebody.page.url
    sticks_out = await somebody.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert 0 >= sticks_out, somebody.page.url


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_support_logs_in_and_the_provider_logs_them_out(demo: Demo, chromium: Browser, width: int) -> None:
    """Through the button, the provider's page and back; what the provider says behind the browser's back counts at once."""
    async with visiting(demo, chromium, width=width) as colleague:
        page = colleague.page
        await colleague.go("/staff")
        await accessible(colleague)
        await colleague.press("Logg inn med jobbkontoen din")
        await page.wait_for_url(f"{demo.eid}/**")
        await page.get_by_role("button", name="Amina Yusuf").click()

        await page.wait_for_url(f"{demo.portal}/staff")
        await expect(page.locator(".staff-line")).to_contain_text("Amina Yusuf")
        await expect(page.locator(".staff-line")).to_contain_text("Kundestøtte")
        await accessible(colleague)

        async with httpx2.AsyncClient() as http:
            told = await http.post(f"{demo.eid}/_control/end-session", json={"persona": "amina"})
        assert {"answers": [200]} == told.json()
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Logg inn som ansatt")
        assert page.url.endswith("/staff/login?return_to=%2Fstaff")


async def test_whoever_has_left_is_refused_in_plain_words(demo: Demo, chromium: Browser) -> None:
    """Their work account may live on; and English is spoken too."""
    for width, locale, heading in ((1280, "nb-NO", "Du har ingen rolle her"), (390, "en-GB", "You have no role here")):
        async with visiting(demo, chromium, width=width, locale=locale) as former:
            await former.go("/staff/login?persona=frode")

            assert heading == await former.heading()
            await accessible(former)


async def test_a_visitor_of_the_demo_becomes_staff_with_one_click_and_logs_out(demo: Demo, chromium: Browser) -> None:
    """And stays the customer they were in the same browser."""
    async with visiting(demo, chromium) as visitor:
        await visitor.log_in("gustav", "se-bankid")
        await visitor.go("/demo")
        await visitor.page.get_by_role("link", name="Gunnar Tveit").click()
        await expect(visitor.page.locator(".staff-line")).to_contain_text("Leder for kundestøtte")
        await visitor.press("English")
        assert "What you can do here" == await visitor.heading()
        await visitor.press("Log out")
        await expect(visitor.page.locator("main")).to_contain_text("You are logged out.")
        await accessible(visitor)
        await visitor.go("/account")

        assert "/account" in visitor.page.url
