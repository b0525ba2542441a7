"""A till's developer finds the way from the company's page to the first check, and tries a scanner."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from domain.cards.scanner_test import TEST_TEXT

from .conftest import Demo, visiting
from .test_new_customer import accessible

pytestmark = pytest.mark.browser

DESK, PHONE = 1280, 390


@pytest.mark.parametrize(("width", "locale"), [(DESK, "nb-NO"), (PHONE, "en-GB")], ids=["desk", "phone"])
async def test_from_the_companys_page_to_the_guide(demo: Demo, chromium: Browser, width: int, locale: str) -> None:
    """An administrator of a company with an agreement makes credentials, and every page on the way can be read by everybody."""
    async with visiting(demo, chromium, width=width, locale=locale, javascript=False) as developer:
        page = developer.page
        await developer.log_in("tuva")
        await page.wait_for_url("**/company/*")
        await page.locator("a[href$='/sandbox']").click()
        await page.locator("main form button").first.click()
        await expect(page.locator("#made pre").first).to_contain_text("SKRANKE_CLIENT_SECRET='skranke_secret_")
        await page.locator("#made a[href^='/developers']").click()
        await page.locator("details summary", has_text="Python").first.click()
        await expect(page.locator("pre[data-file='first_check.py']")).to_be_visible()


@pytest.mark.parametrize(("width", "locale"), [(DESK, "nb-NO"), (PHONE, "en-GB")], ids=["desk", "phone"])
async def test_the_pages_for_developers_are_for_everybody(demo: Demo, chromium: Browser, width: int, locale: str) -> None:
    """Nothing that axe finds, and nothing that sticks out at the side."""
    async with visiting(demo, chromium, width=width, locale=locale) as developer:
        await developer.log_in("tuva")
        await developer.page.wait_for_url("**/company/*")
        company = developer.page.url.removeprefix(demo.portal)
        for path in ("/developers", "/developers/visleg", "/developers/scanner", f"{company}/sandbox"):
            await developer.go(path)
            await accessible(developer)
        await developer.page.locator("main form button").first.click()
        await accessible(developer)


async def test_a_scanner_types_and_the_page_says_whether_it_works(demo: Demo, chromium: Browser) -> None:
    """At whatever has the focus, with Enter at the end; again and again, since a scanner is set up by trying."""
    async with visiting(demo, chromium) as cashier:
        page = cashier.page
        await cashier.go("/developers/scanner")
        for typed, finding in ((TEST_TEXT.swapcase(), "caps-lock"), (TEST_TEXT[:-2], "incomplete"), (TEST_TEXT, "clean")):
            await page.keyboard.type(typed)
            await page.keyboard.press("Enter")
            await expect(page.locator("#verdict")).to_have_attribute("data-finding", finding)
        await accessible(cashier)
