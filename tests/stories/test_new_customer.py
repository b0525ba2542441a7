"""A new customer signs their company up, in a real browser, from the front page to the company's own."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, code_in, link_in, visiting

pytestmark = pytest.mark.browser

NORDLYS, HAVBRIS = "Nordlys Kaffe", "Havbris Sjømat"
# A company that those who name it hold no role in.
SOMEWHERE_ELSE = "315006198"
CUSTOMERS = {1280: ("Ingrid Nordheim", "fjordbrus", "FJORDBRUS BRYGGERI AS"), 390: ("Máret Áŋŋa Čáhppesjávri", "duodji", "DUODJI RÁIDU AS")}


async def accessible(somebody: Visit) -> None:
    """Fail on anything that axe finds on the page, or that sticks out at the side."""
    assert [] == await somebody.accessibility_faults(), somebody.page.url
    sticks_out = await somebody.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert 0 >= sticks_out, somebody.page.url


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_a_managing_director_opens_the_companys_profile(demo: Demo, chromium: Browser, width: int) -> None:
    """The whole way, with every page it passes checked for what keeps people out."""
    name, search, company = CUSTOMERS[width]
    async with visiting(demo, chromium, width=width) as customer:
        page = customer.page
        await customer.go("/")
        await accessible(customer)
        await customer.press("Logg inn med BankID")
        await page.wait_for_url(f"{demo.eid}/**")
        await page.get_by_role("button", name=name).click()

        await page.wait_for_url("**/terms")
        await accessible(customer)
        await page.get_by_role("checkbox").check()
        await customer.send()

        await page.wait_for_url("**/email")
        await accessible(customer)
        address = f"somebody-{width}@firma.example"
        await page.locator("#address").fill(address)
        await customer.send()

        await page.wait_for_url("**/email/code")
        await accessible(customer)
        letter = (await demo.letters_to(address))[0]
        await page.goto(link_in(letter, "/email/link/"))
        await accessible(customer)
        await customer.send()

        await page.wait_for_url("**/workplace")
        await page.locator("#q").press_sequentially(search, delay=30)
        await page.locator(".hit").first.wait_for()
        await accessible(customer)
        await page.locator(".hit").first.click()
        await expect(page.locator("main")).to_contain_text(company)
        await accessible(customer)
        await page.locator("#confirm button").click()

        await page.wait_for_url("**/signup/*")
        await expect(page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")
        await accessible(customer)
        await page.locator("#progress a.ds-button").click()

        await page.wait_for_url("**/company/*")
        await expect(page.locator("main")).to_contain_text(company)
        await expect(page.locator("main")).to_contain_text("Administrator")
        await expect(page.locator("main")).to_contain_text("@skranke.example")
        await accessible(customer)
        welcome = (await demo.letters_to(address, 2))[0]
        assert company in welcome["text"]


async def test_a_colleague_who_comes_second_is_told_whom_to_ask(demo: Demo, chromium: Browser) -> None:
    """A company has one profile; who its administrator is stays between the colleagues."""
    async with visiting(demo, chromium) as first:
        await first.onboard("synnove")
        await first.page.locator("#q").fill("Prokura Partner")
        await first.press("Søk")
        await first.page.locator(".hit").first.click()
        number = first.page.url.rsplit("/", 1)[-1]
        await first.sign_up(number)
        await expect(first.page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")
    async with visiting(demo, chromium) as second:
        await second.onboard("torbjorn")
        await second.go(f"/workplace/{number}")

        await expect(second.page.get_by_role("link", name="Be om å bli med i selskapet")).to_be_visible()
        assert "Synnøve" not in await second.page.content()
        assert await second.page.locator("#confirm").count() == 0
        await accessible(second)


async def test_every_other_page_is_accessible(demo: Demo, chromium: Browser) -> None:
    """The pages that no journey passes are read too."""
    for width in (1280, 390):
        async with visiting(demo, chromium, width=width) as visitor:
            for path in ("/help", "/help?q=epost", "/privacy", "/accessibility", "/demo", "/no-such-page"):
                await visitor.go(path)
                await accessible(visitor)
            await visitor.go("/help")
            await visitor.page.locator("main a[href^='/help/']").first.click()
            await accessible(visitor)


async def test_a_swede_signs_up_in_english(demo: Demo, chromium: Browser) -> None:
    """The eID is Swedish, the language the browser's, and the letter speaks it too."""
    async with visiting(demo, chromium, locale="en-GB") as swede:
        address = await swede.onboard("astrid", "se-bankid")
        await swede.page.get_by_label("The company's name or organisation number").fill(NORDLYS)
        await swede.press("Search")
        await swede.page.locator(".hit").first.click()
        await swede.press("Yes, I work here")
        await expect(swede.page.locator("#progress")).to_contain_text("The company's profile is open")

        letters = await demo.letters_to(address, 2)

        assert "Skranke" in letters[0]["subject"] or "NORDLYS" in letters[0]["text"]
        assert "English" in await swede.page.content() or "Norsk" in await swede.page.content()
        await accessible(swede)


async def test_a_dane_signs_up_without_javascript(demo: Demo, chromium: Browser) -> None:
    """Pages work by links, forms and reloading alone."""
    async with visiting(demo, chromium, javascript=False) as dane:
        await dane.onboard("soeren", "dk-mitid")
        await dane.page.locator("#q").fill(HAVBRIS)
        await dane.press("Søk")
        await dane.page.locator(".hit").first.click()
        await dane.page.locator("#confirm button").click()
        await dane.page.wait_for_url("**/signup/*")
        for _ in range(20):
            if await dane.page.locator("#progress a.ds-button").count():
                break
            await dane.page.wait_for_timeout(500)
            await dane.page.reload()

        await expect(dane.page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")


async def test_an_employee_without_a_role_is_told_that_a_person_will_look(visit: Visit) -> None:
    """Nobody is refused by a machine for not being on the board; and another device shows the same place."""
    address = await visit.onboard("mari")
    await visit.sign_up(SOMEWHERE_ELSE)
    await expect(visit.page.locator("#progress")).to_contain_text("En person hos oss ser på det")
    await accessible(visit)
    letter = (await visit.demo.letters_to(address, 2))[0]
    assert "/signup/" in letter["text"]


async def test_another_device_shows_the_same_place(demo: Demo, chromium: Browser) -> None:
    """Where somebody stands is kept here and not in their browser."""
    async with visiting(demo, chromium) as first:
        await first.onboard("kaare")
        await first.sign_up(SOMEWHERE_ELSE)
        place = first.page.url
        await first.go("/account")
        await first.page.locator("main").get_by_role("button", name="Logg ut").click()
    async with visiting(demo, chromium, width=390) as second:
        await second.log_in("kaare")

        await second.page.wait_for_url("**/signup/*")

        assert place == second.page.url


async def test_a_signup_can_be_withdrawn_and_another_company_named(visit: Visit) -> None:
    """The wrong company is not a dead end."""
    await visit.onboard("helle")
    await visit.sign_up(SOMEWHERE_ELSE)
    await expect(visit.page.locator("#progress")).to_contain_text("En person hos oss ser på det")
    await visit.press("Trekk registreringen")
    await expect(visit.page.locator("#progress")).to_contain_text("Du har trukket registreringen")
    await visit.page.locator("#progress a.ds-button").click()

    await expect(visit.page).to_have_url(re.compile("/workplace$"))


async def test_one_twin_is_confirmed_and_the_other_is_not(demo: Demo, chromium: Browser) -> None:
    """Same birthday, same family name: one letter must be enough to tell them apart."""
    for persona, said in (("nina", "En person hos oss ser på det"), ("nora", "Profilen til selskapet er åpnet")):
        async with visiting(demo, chromium) as twin:
            await twin.onboard(persona)
            await twin.page.locator("#q").fill("Dobbeltgjenger")
            await twin.press("Søk")
            await twin.page.locator(".hit").first.click()
            await twin.page.locator("#confirm button").click()

            await expect(twin.page.locator("#progress")).to_contain_text(said)


async def test_the_owner_of_a_bankrupt_company_is_told_why(visit: Visit) -> None:
    """Refused in its own words, with no button to press in vain."""
    await visit.onboard("vidar")
    await visit.page.locator("#q").fill("Slukket Stjerne")
    await visit.press("Søk")
    await visit.page.locator(".hit").first.click()

    await expect(visit.page.locator("main")).to_contain_text("konkurs")
    assert 0 == await visit.page.locator("#confirm").count()
    await accessible(visit)


async def test_a_code_wrong_five_times_is_refused_and_a_new_letter_helps(visit: Visit) -> None:
    """Every answer says what to do next, and the code may be typed with a space in it."""
    await visit.log_in("per")
    await visit.page.get_by_role("checkbox").check()
    await visit.send()
    await visit.page.locator("#address").fill("per@firma.example")
    await visit.send()
    await visit.page.wait_for_url("**/email/code")
    right = code_in((await visit.demo.letters_to("per@firma.example"))[0])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for left in ("4", "3", "2", "1"):
        await visit.page.locator("#code").fill(wrong)
        await visit.send()
        await expect(visit.page.locator("#code-error")).to_contain_text(left)
    await visit.page.locator("#code").fill(wrong)
    await visit.send()
    await expect(visit.page.locator("#code-error")).to_contain_text("fem ganger")
    await accessible(visit)
    await visit.press("Send en ny kode")
    await visit.page.wait_for_url("**/email/code?resent=1")
    new = code_in((await visit.demo.letters_to("per@firma.example", 2))[0])
    await visit.page.locator("#code").fill(f"{new[:3]} {new[3:]}")
    await visit.send()

    await expect(visit.page).to_have_url(re.compile("/workplace$"))
