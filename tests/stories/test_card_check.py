"""A customer shows a code on a phone, a till scans it, and each is told what is theirs to know."""

from __future__ import annotations

import re

import httpx2
import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, visiting
from .test_new_customer import accessible

pytestmark = pytest.mark.browser

PHONE, DESK = 390, 1280
SHOWN_FOR = 20_000


async def code_on(holder: Visit, persona: str, mode: str = "Navn") -> str:
    """Take somebody's phone, get a card onto it, and show a code."""
    page = holder.page
    await page.goto(f"{holder.demo.phone}/{persona}")
    if await page.get_by_role("button", name="Hent ID-kort med BankID").is_visible():
        await accessible(holder)
        await holder.press("Hent ID-kort med BankID")
    await page.locator("label.mode", has_text=mode).first.click()
    await accessible(holder)
    await holder.press("Vis ID")
    await expect(page.get_by_role("img", name="QR-kode")).to_be_visible()
    await accessible(holder)
    return (await page.locator("#code-text").text_content() or "").strip()


async def scan(cashier: Visit, code: str) -> None:
    """Type as a scanner does, at whatever has the focus, with Enter at the end."""
    await cashier.page.keyboard.type(code)
    await cashier.page.keyboard.press("Enter")
    await cashier.page.locator("#result").wait_for()


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
async def test_phone_and_till_show_the_same_number(demo: Demo, chromium: Browser, width: int) -> None:
    """Whoever shows a picture of somebody else's code has another one; and the phone hears of it, and remembers."""
    async with visiting(demo, chromium, width=PHONE) as holder, visiting(demo, chromium, width=width) as cashier:
        await cashier.page.goto(demo.till)
        await accessible(cashier)
        await cashier.page.get_by_role("link", name=re.compile("Jordnær Gårdsbutikk.*gard-1")).first.click()
        await accessible(cashier)
        code = await code_on(holder, "ingrid")
        await scan(cashier, code)

        await expect(cashier.page.get_by_role("heading", level=1)).to_have_text("Over 18 år")
        await expect(cashier.page.get_by_role("img", name="Bildet av kunden")).to_be_visible()
        await accessible(cashier)
        await expect(holder.page.get_by_role("heading", level=1)).to_have_text("Skannet av Jordnær Gårdsbutikk")
        await accessible(holder)
        same = await cashier.page.locator("#match-code").inner_text()
        assert re.fullmatch(r"\d\d", same)
        assert same == await holder.page.locator("#match-code").inner_text()
        await holder.page.get_by_role("link", name="Min logg").click()
        await expect(holder.page.locator("main")).to_contain_text("om du er over 18 år, bildet ditt")
        await accessible(holder)

        await scan(cashier, code)
        await expect(cashier.page.get_by_role("heading", level=1)).to_have_text("Ikke bekreftet")
        await expect(cashier.page.locator("#result")).to_contain_text("allerede brukt")
        await accessible(cashier)


async def test_a_child_is_told_apart_by_words_and_sign(demo: Demo, chromium: Browser) -> None:
    """And the till knows neither the name nor the birthday."""
    async with visiting(demo, chromium, width=PHONE) as holder, visiting(demo, chromium) as cashier:
        await cashier.page.goto(f"{demo.till}/tills/gard-2")
        await scan(cashier, await code_on(holder, "emil", "Alder"))

        await expect(cashier.page.get_by_role("heading", level=1)).to_have_text("Under 18 år")
        await accessible(cashier)
        shown = await cashier.page.content()
        assert not any(words in shown for words in ("Emil", "Haukeland", "2012"))


async def test_who_shows_age_alone_is_asked_to_show_more_for_a_parcel(demo: Demo, chromium: Browser) -> None:
    """The code carries no key to the name, so nobody can be told it."""
    async with visiting(demo, chromium, width=PHONE) as holder, visiting(demo, chromium) as cashier:
        await cashier.page.goto(f"{demo.till}/tills/gard-1")
        await cashier.page.locator("label.purpose", has_text="Hente pakke").click()
        await scan(cashier, await code_on(holder, "maret", "Alder"))
        await expect(cashier.page.get_by_role("heading", level=1)).to_have_text("Ikke bekreftet")
        await scan(cashier, await code_on(holder, "maret"))

        await expect(cashier.page.locator("#result")).to_contain_text("Čáhppesjávri")
        await accessible(cashier)


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_a_customer_has_shown_disappears(demo: Demo, chromium: Browser, width: int) -> None:
    """A till under development, with a test person; the field is ready for the next customer, whatever was clicked before."""
    async with visiting(demo, chromium, width=width) as cashier:
        page = cashier.page
        await page.clock.install()
        await page.goto(f"{demo.till}/tills/gard-1-test")
        await accessible(cashier)
        await page.locator("form", has_text="14 år").first.get_by_role("button", name="Vis kode").click()
        await expect(page.locator("#qr")).to_have_value(re.compile("^IDK1"))
        await cashier.press("Sjekk")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Under 18 år")
        await page.clock.fast_forward(SHOWN_FOR + 100)
        await expect(page.locator("#result")).to_have_count(0)
        await page.locator("body").click()
        await scan(cashier, "978020137962")

        await expect(page.get_by_role("heading", level=1)).to_have_text("Ikke bekreftet")
        await accessible(cashier)


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_company_sees_how_much_it_checks(demo: Demo, chromium: Browser, width: int) -> None:
    """Per day, place and purpose, in a plot, in numbers and in a file; test persons do not count."""
    async with visiting(demo, chromium, width=PHONE) as holder, visiting(demo, chromium, width=width) as customer:
        page = customer.page
        await page.goto(f"{demo.till}/tills/torget-1")
        await page.locator("label.purpose", has_text="Energidrikk").click()
        await scan(customer, await code_on(holder, "aase"))
        await customer.log_in("tuva")
        await page.wait_for_url("**/company/*")
        await accessible(customer)
        await page.get_by_role("link", name="Se bruken").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sjekk av kort")
        await expect(page.get_by_role("table", name="Sjekker per dag og formål")).to_contain_text("Energidrikk")
        await accessible(customer)
        await page.get_by_label("Sted", exact=True).select_option("Jordnær Torget")
        await page.get_by_role("button", name="Vis", exact=True).click()
        await expect(page.locator("svg.plot")).to_be_visible()
        await accessible(customer)
        link = await page.get_by_role("link", name="Last ned som CSV").get_attribute("href")
        file = await page.request.get(f"{demo.portal}{link}")

        assert "Jordnær Torget,energy_drink_16," in await file.text()


async def test_the_tour_leads_to_phone_and_till(demo: Demo, chromium: Browser) -> None:
    """And its programs can log in."""
    async with visiting(demo, chromium) as newcomer:
        await newcomer.go("/demo")
        links = [await newcomer.page.get_by_role("link", name=name).get_attribute("href") for name in ("Åpne en telefon", "Åpne en kasse")]
        await newcomer.page.get_by_text("Kall API-et med et eget program").click()
        shown = newcomer.page.locator("dd", has_text="skranke_secret_").first
        await expect(shown).to_be_visible()
        secret = await shown.inner_text()
        await accessible(newcomer)
        async with httpx2.AsyncClient() as http:
            token = await http.post(
                f"{demo.portal}/oauth2/token", data={"grant_type": "client_credentials"}, auth=("jordnaer-till", secret.strip())
            )

        assert [demo.phone, demo.till] == links
        assert 200 == token.status_code
