"""What the register could not confirm: a person in support decides, once, and the customer sees it."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, visiting
from .test_new_customer import accessible

pytestmark = pytest.mark.browser

# Companies that those who name them here hold no role in.
ELSEWHERE, BREWERY, BRIDGES = "315006198", "315001013", "315012856"
PDF = b"%PDF-1.7\ntrailer <<>>\n%%EOF\n"
YES, NO, ASK = "Gå videre og godkjenn", "Gå videre og avslå", "Gå videre og spør"


async def press_alt(somebody: Visit, key: str) -> None:
    """Press an access key. Playwright's own keyboard leaves out what the browser tells it by."""
    keyboard = await somebody.context.new_cdp_session(somebody.page)
    event = {"modifiers": 1, "key": key, "text": key, "unmodifiedText": key, "windowsVirtualKeyCode": ord(key.upper())}
    await keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **event})
    await keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})


async def come_to_work(colleague: Visit, persona: str) -> None:
    """Log in as somebody in support and open the inbox."""
    await colleague.go(f"/staff/login?persona={persona}")
    await colleague.go("/support")


async def open_task(colleague: Visit, persona: str, name: str) -> None:
    """Log in as somebody in support and open the task of this customer."""
    await come_to_work(colleague, persona)
    await accessible(colleague)
    await expect(colleague.page.locator(".hit").first).to_be_visible()
    for place in await colleague.page.locator(".hit").evaluate_all("hits => hits.map(hit => hit.getAttribute('href'))"):
        await colleague.go(place)
        if name in await colleague.heading():
            break
    await expect(colleague.page.get_by_role("heading", level=1)).to_contain_text(name)
    await accessible(colleague)


async def waits(customer: Visit, persona: str, company: str) -> str:
    """Let somebody sign up whom the register does not know there; tells their address."""
    address = await customer.onboard(persona)
    await customer.sign_up(company)
    await expect(customer.page.locator("#progress")).to_contain_text("En person hos oss ser på det")
    return address


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_asked_answered_and_approved(demo: Demo, chromium: Browser, width: int) -> None:
    """The question appears on the open page and cannot be overlooked; the answer comes back to whoever asked."""
    persona, name, company = {1280: ("siv", "Siv Rognerud", ELSEWHERE), 390: ("elin", "Elin Fossum", BREWERY)}[width]
    async with visiting(demo, chromium, width=width) as customer, visiting(demo, chromium, width=width) as colleague:
        address = await waits(customer, persona, company)
        await expect(customer.page.locator("#progress")).to_contain_text("Plassen din")
        await open_task(colleague, "liv", name)
        await colleague.press("Ta denne oppgaven")
        await expect(colleague.page.locator("#lease")).to_contain_text("Oppgaven er din til")
        await colleague.page.get_by_label("Et dokument som viser arbeidsforholdet").check()
        await colleague.page.get_by_label("Spørsmålet, slik kunden leser det").fill("Har du en arbeidsavtale?")
        await colleague.press(ASK)
        await expect(colleague.page.locator("main")).to_contain_text("Brevet som går til kunden")
        await accessible(colleague)
        await colleague.page.get_by_role("button", name="Spør", exact=True).click()
        await colleague.page.wait_for_url("**/support?said=asked")

        await customer.page.get_by_role("link", name="Svar på spørsmålet").click()
        await expect(customer.page.locator("#question")).to_contain_text("Har du en arbeidsavtale?")
        await accessible(customer)
        await customer.page.get_by_label("Svaret ditt").fill("Ja, her er den.")
        await customer.page.locator("#documents").set_input_files({"name": "avtale.pdf", "mimeType": "application/pdf", "buffer": PDF})
        await customer.press("Send svaret")
        await expect(customer.page.locator("main")).to_contain_text("Vi har fått svaret ditt")
        assert "Har du en arbeidsavtale?" not in (await demo.letters_to(address, 3))[0]["text"]

        await colleague.go("/support?shelf=mine")
        await colleague.page.locator(".hit").first.click()
        await expect(colleague.page.locator("main")).to_contain_text("avtale.pdf")
        await accessible(colleague)
        await colleague.page.get_by_label("Et dokument viser det").check()
        await colleague.press(YES)
        await colleague.page.get_by_role("button", name="Godkjenn", exact=True).click()
        await colleague.page.wait_for_url("**/support?said=decided")
        await expect(customer.page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")


async def test_rejected_with_the_keyboard_and_looked_at_again(demo: Demo, chromium: Browser) -> None:
    """In plain words, with a reason, on the status page and in a letter; without JavaScript all the same."""
    async with visiting(demo, chromium, javascript=False) as customer, visiting(demo, chromium) as liv, visiting(demo, chromium) as amina:
        address = await customer.onboard("vidar")
        await customer.sign_up(BRIDGES)
        while "En person hos oss ser på det" not in await customer.page.locator("#progress").inner_text():
            await customer.page.reload()
        await open_task(liv, "liv", "Vidar")
        await press_alt(liv, "r")
        await liv.page.keyboard.press("Space")
        await liv.page.keyboard.press("Enter")
        await expect(liv.page.locator("main")).to_contain_text("Avslå denne registreringen?")
        await press_alt(liv, "y")
        await liv.page.wait_for_url("**/support?said=decided")
        letter = (await demo.letters_to(address, 3))[0]
        assert "at du jobber i" in letter["text"]

        await customer.page.reload()
        await customer.page.get_by_label("Hva skal vi se på på nytt?").fill("Jeg jobber der!")
        await customer.press("Be om ny vurdering")
        await expect(customer.page.locator("#progress")).to_contain_text("En annen hos oss ser på det på nytt")
        await liv.press("Ta neste")
        await expect(liv.page.locator("main")).to_contain_text("Ingenting venter på deg")
        await come_to_work(amina, "amina")
        await press_alt(amina, "n")
        await expect(amina.page.locator("main")).to_contain_text("Jeg jobber der!")
        await accessible(amina)


async def test_of_two_colleagues_the_second_is_told_who_was_first(demo: Demo, chromium: Browser) -> None:
    """Who, what and when, on a page of its own; and the customer's profile is open."""
    async with visiting(demo, chromium) as customer, visiting(demo, chromium) as first, visiting(demo, chromium) as second:
        await customer.onboard("halvor")
        await customer.page.locator("#q").fill("Myrvold Maskin")
        await customer.press("Søk")
        await customer.page.locator(".hit").first.click()
        await customer.page.locator("#confirm button").click()
        await expect(customer.page.locator("#progress")).to_contain_text("En person hos oss ser på det")
        await open_task(first, "liv", "Halvor Myrvold")
        await open_task(second, "amina", "Halvor Myrvold")
        await first.page.get_by_label("Et dokument viser det").check()
        await first.press(YES)
        await first.page.get_by_role("button", name="Godkjenn", exact=True).click()
        await expect(first.page.locator("main")).to_contain_text("Avgjort")
        await second.page.get_by_label("Vi spurte selskapet").check()
        await second.press(NO)

        await expect(second.page.locator("main")).to_contain_text("Dette ble ikke gjort")
        await expect(second.page.locator("main")).to_contain_text("Godkjent")
        await expect(second.page.locator("main")).to_contain_text("Liv Myhre")
        await accessible(second)
        await expect(customer.page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")


async def test_leads_look_after_the_desk(demo: Demo, chromium: Browser) -> None:
    """Replies, statistics and keys, each a page that anybody can use."""
    async with visiting(demo, chromium) as lead:
        await come_to_work(lead, "gunnar")
        for path in ("/support", "/support/replies", "/support/statistics", "/support/keys"):
            await lead.go(path)
            await accessible(lead)
        await lead.go("/support/replies")
        await lead.page.locator("#title-new").fill("Avtale")
        await lead.page.locator("#nb-new").fill("Har du en avtale?")
        await lead.page.locator("#en-new").fill("Do you have a contract?")
        await lead.page.locator("section form button").last.click()
        await expect(lead.page.locator("main")).to_contain_text("Gjort")
        await press_alt(lead, "i")
        await lead.page.wait_for_url("**/support")


async def test_sales_may_not_decide(demo: Demo, chromium: Browser) -> None:
    """Each role has its own door."""
    async with visiting(demo, chromium) as seller:
        await seller.go("/staff/login?persona=solheim")
        answer = await seller.page.goto(f"{demo.portal}/support")

        assert answer is not None
        assert 403 == answer.status


async def test_time_reminds_and_tells_the_truth_and_decides_nothing(demo: Demo, chromium: Browser) -> None:
    """Two weeks without a decision: the customer is told that we are late, by letter and on the open page, and still waits for a person."""
    async with visiting(demo, chromium) as customer, visiting(demo, chromium) as clock, visiting(demo, chromium, width=390) as colleague:
        address = await waits(customer, "nina", BRIDGES)
        await clock.go("/demo/clock")
        await clock.press("+2 uker")
        await expect(clock.page.locator(".ds-alert")).to_contain_text("14 dager")

        await expect(customer.page.locator("#progress")).to_contain_text("Vi bruker lengre tid enn vi skal")
        await accessible(customer)
        assert "tar lengre tid enn den skal" in (await demo.letters_to(address, 3))[0]["subject"]
        await open_task(colleague, "liv", "Nina")
        await expect(colleague.page.locator("main")).to_contain_text("Fristen gikk ut")
        await colleague.page.get_by_label("Et dokument viser det").check()
        await colleague.press(YES)
        await colleague.page.get_by_role("button", name="Godkjenn", exact=True).click()
        await expect(customer.page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")
