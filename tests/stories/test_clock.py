"""Time is moved on in the demo, and everything that goes by time agrees."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, code_in, visiting

pytestmark = pytest.mark.browser

STEPS = {1280: "+1 dag", 390: "+3 dager"}


async def accessible(somebody: Visit) -> None:
    """Fail on anything that axe finds on the page, or that sticks out at the side."""
    assert [] == await somebody.accessibility_faults(), somebody.page.url
    sticks_out = await somebody.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert 0 >= sticks_out, somebody.page.url


async def give_an_address(somebody: Visit, persona: str) -> str:
    """Log in for the first time and give an address, but do not confirm it; tells the address."""
    address = f"{persona}-{uuid4().hex[:8]}@firma.example"
    await somebody.log_in(persona)
    await somebody.page.wait_for_url("**/terms")
    await somebody.page.get_by_role("checkbox").check()
    await somebody.send()
    await somebody.page.wait_for_url("**/email")
    await somebody.page.locator("#address").fill(address)
    await somebody.send()
    await somebody.page.wait_for_url("**/email/code")
    return address


@pytest.mark.parametrize(("width", "persona"), [(1280, "halvor"), (390, "siv")], ids=["desk", "phone"])
async def test_a_day_later_the_reminder_is_there_and_the_code_too_old(demo: Demo, chromium: Browser, width: int, persona: str) -> None:
    """What would take a day is seen within seconds, by somebody who stays logged in; a new letter begins anew."""
    async with visiting(demo, chromium, width=width) as newcomer:
        address = await give_an_address(newcomer, persona)
        (first,) = await demo.letters_to(address)

        await newcomer.go("/demo")
        await newcomer.page.get_by_role("link", name="Åpne klokken").click()
        await accessible(newcomer)
        await newcomer.press(STEPS[width])
        await expect(newcomer.page.locator(".ds-alert")).to_contain_text("fulgte med")
        await accessible(newcomer)
        reminder = (await demo.letters_to(address, 2))[0]

        assert first["subject"] != reminder["subject"]
        await newcomer.go("/email/code")
        await newcomer.page.locator("#code").fill(code_in(first))
        await newcomer.send()
        await expect(newcomer.page.locator("main")).to_contain_text("15 minutter")
        await newcomer.press("Send en ny kode")
        fresh = (await demo.letters_to(address, 3))[0]
        await newcomer.page.locator("#code").fill(code_in(fresh))
        await newcomer.send()
        await newcomer.page.wait_for_url("**/workplace")


async def test_two_weeks_later_the_process_has_ended_quietly(visit: Visit) -> None:
    """One reminder and no more; whoever comes back after all begins anew with the next letter."""
    address = await give_an_address(visit, "nora")
    await visit.demo.letters_to(address)
    await visit.go("/demo/clock")
    await visit.press("+2 uker")
    await expect(visit.page.locator(".ds-alert")).to_contain_text("14 dager")
    forgotten = await visit.demo.letters_to(address, 2)
    await visit.go("/email/code")
    await visit.press("Send en ny kode")
    letters = await visit.demo.letters_to(address, 3)
    await visit.page.locator("#code").fill(code_in(letters[0]))
    await visit.send()
    await visit.page.wait_for_url("**/workplace")

    assert [2, 3] == [len(forgotten), len(letters)]
