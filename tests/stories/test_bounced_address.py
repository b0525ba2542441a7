"""Somebody mistypes their address, and is told so before they have begun to wonder."""

from __future__ import annotations

import httpx2
import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, code_in, visiting

pytestmark = pytest.mark.browser

MISTYPED, RIGHT = "synne@bryggen-feil.example", "synne@bryggen-riktig.example"
BANNER = "E-postene våre til deg kommer i retur"


async def bounces(demo: Demo, address: str) -> None:
    """Let every letter to an address come back."""
    async with httpx2.AsyncClient() as http:
        await http.post(f"{demo.mailbox}/_control/moods", json={"bounce": address})


async def give(somebody: Visit, address: str) -> None:
    """Type an address and send it."""
    await somebody.page.wait_for_url("**/email")
    await somebody.page.locator("#address").fill(address)
    await somebody.send()
    await somebody.page.wait_for_url("**/email/code")


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_a_mistyped_address_is_shown_changed_and_confirmed(demo: Demo, chromium: Browser, width: int) -> None:
    """The page says by itself that the letter came back; later letters that come back are told of on every page."""
    mistyped, right = f"{width}-{MISTYPED}", f"{width}-{RIGHT}"
    await bounces(demo, mistyped)
    async with visiting(demo, chromium, width=width) as somebody:
        page = somebody.page
        await somebody.log_in("helle" if width == 390 else "nina")
        await page.wait_for_url("**/terms")
        await page.get_by_role("checkbox").check()
        await somebody.send()
        await give(somebody, mistyped)
        await expect(page.locator("#delivery")).to_contain_text("E-posten vår kom i retur")
        assert [] == await somebody.accessibility_faults()
        await page.locator("#delivery").get_by_role("link").click()
        assert mistyped == await page.locator("#address").input_value()
        await give(somebody, right)
        await expect(page.locator("#delivery")).to_contain_text("Sendt")
        await page.locator("#code").fill(code_in((await demo.letters_to(right))[0]))
        await somebody.send()
        await page.wait_for_url("**/workplace")

        await bounces(demo, right)
        await somebody.sign_up("315006198")
        await expect(page.locator("#progress")).to_contain_text("En person hos oss ser på det")
        await page.wait_for_timeout(1000)
        await page.reload()
        await expect(page.locator("aside.banner")).to_contain_text(BANNER)
        assert [] == await somebody.accessibility_faults()
        sticks_out = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert 0 >= sticks_out
