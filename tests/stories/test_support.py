"""What the register could not confirm: a person in support decides, once, and the customer sees it."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, visiting
from .test_new_customer import accessible

pytestmark = pytest.mark.browser

# A company that those who name it here hold no role in.
ELSEWHERE = "315006198"


async def open_task(colleague: Visit, persona: str, name: str) -> None:
    """Log in as somebody in support and open the task of this customer."""
    await colleague.go(f"/staff/login?persona={persona}")
    await colleague.go("/support")
    await accessible(colleague)
    await colleague.page.locator(".hit", has_text=name).click()
    await expect(colleague.page.get_by_role("heading", level=1)).to_contain_text(name)
    await accessible(colleague)


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_a_rejection_reaches_the_customer_with_its_reason(demo: Demo, chromium: Browser, width: int) -> None:
    """In plain words, on the status page and in a letter; and without a reason nothing is rejected."""
    persona, name = {1280: ("siv", "Siv Rognerud"), 390: ("elin", "Elin Fossum")}[width]
    async with visiting(demo, chromium, width=width) as customer, visiting(demo, chromium, width=width) as colleague:
        address = await customer.onboard(persona)
        await customer.sign_up(ELSEWHERE)
        await expect(customer.page.locator("#progress")).to_contain_text("En person hos oss ser på det")
        await open_task(colleague, "liv", name)
        await colleague.press("Avslå, og skriv til kunden")
        await expect(colleague.page.locator("main")).to_contain_text("Velg hvorfor du avslår")
        await accessible(colleague)
        await colleague.page.get_by_label("Det ser ut som du jobber i et annet selskap").check()
        await colleague.press("Avslå, og skriv til kunden")
        await expect(colleague.page.locator("main")).to_contain_text("Avgjort")

        await expect(customer.page.locator("#progress")).to_contain_text("Vi kunne ikke slippe deg inn")
        await expect(customer.page.locator("#progress")).to_contain_text("et annet selskap med et lignende navn")
        await accessible(customer)
        letter = (await demo.letters_to(address, 3))[0]
        assert "et annet selskap med et lignende navn" in letter["text"]


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
        await first.press("Godkjenn: åpne profilen")
        await expect(first.page.locator("main")).to_contain_text("Avgjort")
        await second.page.get_by_label("Vi spurte selskapet").check()
        await second.press("Avslå, og skriv til kunden")

        await expect(second.page.locator("main")).to_contain_text("Dette ble ikke gjort")
        await expect(second.page.locator("main")).to_contain_text("Godkjent")
        await expect(second.page.locator("main")).to_contain_text("Liv Myhre")
        await accessible(second)
        await expect(customer.page.locator("#progress")).to_contain_text("Profilen til selskapet er åpnet")


async def test_sales_may_not_decide(demo: Demo, chromium: Browser) -> None:
    """Each role has its own door."""
    async with visiting(demo, chromium) as seller:
        await seller.go("/staff/login?persona=solheim")
        answer = await seller.page.goto(f"{demo.portal}/support")

        assert answer is not None
        assert 403 == answer.status
