"""A company lets its colleagues in: one is invited, one asks, and the first hands over, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, Visit, link_in, visiting
from .test_new_customer import accessible

pytestmark = pytest.mark.browser

FJORDBRUS = "315001013"
INVITED = "gustav@firma.example"


async def invite(ingrid: Visit) -> None:
    """From the company's page to the letter."""
    await ingrid.page.get_by_role("link", name="Medlemmer og invitasjoner").click()
    await accessible(ingrid)
    await ingrid.page.get_by_role("link", name="Inviter en kollega").click()
    await accessible(ingrid)
    await ingrid.page.locator("#email").fill(INVITED)
    await ingrid.page.locator("#role-developer").check()
    await ingrid.press("Send invitasjonen")
    await expect(ingrid.page.locator("main")).to_contain_text("Invitasjonen er på vei")
    await accessible(ingrid)


async def say_yes(gustav: Visit, link: str) -> None:
    """From the letter to the company's page, with a Swedish eID and one click for the terms."""
    await gustav.page.goto(link)
    await expect(gustav.page.locator("main")).to_contain_text("Ingrid Nordheim inviterer deg")
    await accessible(gustav)
    await gustav.log_in("gustav", "se-bankid")
    await gustav.page.goto(link)
    await accessible(gustav)
    await gustav.page.get_by_role("checkbox").check()
    await gustav.press("Ja, jeg handler for selskapet")
    await expect(gustav.page.get_by_role("heading", level=1)).to_contain_text("FJORDBRUS")
    await gustav.page.goto(link)
    await expect(gustav.page.locator("main")).to_contain_text("Du har sagt ja")


async def ask_to_join(mari: Visit, used_link: str) -> None:
    """Come too late for somebody else's invitation, and ask instead."""
    await mari.page.goto(used_link)
    await expect(mari.page.get_by_role("heading", level=1)).to_contain_text("Invitasjonen er brukt")
    await accessible(mari)
    await mari.onboard("mari")
    await mari.go(f"/workplace/{FJORDBRUS}")
    await mari.page.get_by_role("link", name="Be om å bli med i selskapet").click()
    await accessible(mari)
    await mari.press("Be om å bli med")
    await expect(mari.page.locator("main")).to_contain_text("Selskapet ditt må svare")
    await accessible(mari)


async def let_in_and_hand_over(ingrid: Visit, link: str) -> None:
    """Answer the letter with one click, hand the company over, and leave it."""
    await ingrid.page.goto(link)
    await accessible(ingrid)
    await ingrid.press("Slipp inn")
    await expect(ingrid.page.locator("main")).to_contain_text("Forespørselen er besvart")
    await ingrid.page.get_by_role("link", name="Endre eller fjern Mari Haugland").click()
    await accessible(ingrid)
    await ingrid.page.get_by_role("button", name="Overlat", exact=True).click()
    await expect(ingrid.page.locator("main")).to_contain_text("Selskapet er overlatt")
    await ingrid.page.get_by_role("link", name="Forlat selskapet").click()
    await accessible(ingrid)
    await ingrid.press("Ja, forlat")
    await ingrid.page.wait_for_url("**/account")


async def test_one_is_invited_one_asks_and_the_first_hands_over(demo: Demo, chromium: Browser) -> None:
    """Every page on the way can be used by everybody, on a desk and on a phone."""
    async with visiting(demo, chromium) as ingrid, visiting(demo, chromium, width=390) as gustav, visiting(demo, chromium) as mari:
        inbox = await ingrid.onboard("ingrid")
        await ingrid.sign_up(FJORDBRUS)
        await ingrid.page.locator("#progress a.ds-button").click()
        await invite(ingrid)
        link = link_in((await demo.letters_to(INVITED))[0], "/invitation/")
        await say_yes(gustav, link)
        await ask_to_join(mari, link)
        (asked,) = [letter for letter in await demo.letters_to(inbox, 4) if "Mari Haugland" in letter["subject"]]
        await let_in_and_hand_over(ingrid, link_in(asked, "/company/"))

        members = link_in(asked, "/company/").partition("/join-requests")[0] + "/members"
        answer = await ingrid.page.goto(members)
        assert answer is not None
        assert 404 == answer.status
        await mari.page.goto(members)
        await expect(mari.page.locator("main")).to_contain_text("Administrator")
        await accessible(mari)
