"""A company lets its colleagues in: one is invited, one asks, and the first hands over, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from .conftest import Demo, link_in, visiting
from .test_new_customer import accessible

pytestmark = pytest.mark.browser

FJORDBRUS = "315001013"


async def test_one_is_invited_one_asks_and_the_first_hands_over(demo: Demo, chromium: Browser) -> None:
    """Every page on the way can be used by everybody, on a desk and on a phone."""
    async with (
        visiting(demo, chromium) as ingrid,
        visiting(demo, chromium, width=390) as sven,
        visiting(demo, chromium) as mari,
    ):
        inbox = await ingrid.onboard("ingrid")
        await ingrid.sign_up(FJORDBRUS)
        await ingrid.page.locator("#progress a.ds-button").click()
        await ingrid.page.get_by_role("link", name="Medlemmer og invitasjoner").click()
        await accessible(ingrid)
        members = ingrid.page.url

        await ingrid.page.get_by_role("link", name="Inviter en kollega").click()
        await accessible(ingrid)
        await ingrid.page.locator("#email").fill("sven@firma.example")
        await ingrid.page.locator("#role-developer").check()
        await ingrid.press("Send invitasjonen")
        await expect(ingrid.page.locator("main")).to_contain_text("Invitasjonen er på vei")
        await accessible(ingrid)

        link = link_in((await demo.letters_to("sven@firma.example"))[0], "/invitation/")
        await sven.page.goto(link)
        await expect(sven.page.locator("main")).to_contain_text("Ingrid Nordheim inviterer deg")
        await accessible(sven)
        await sven.log_in("gustav", "se-bankid")
        await sven.page.goto(link)
        await accessible(sven)
        await sven.page.get_by_role("checkbox").check()
        await sven.press("Ja, jeg handler for selskapet")
        await expect(sven.page.get_by_role("heading", level=1)).to_contain_text("FJORDBRUS")
        await sven.page.goto(link)
        await expect(sven.page.locator("main")).to_contain_text("Du har sagt ja")

        await mari.page.goto(link)
        await expect(mari.page.get_by_role("heading", level=1)).to_contain_text("Invitasjonen er brukt")
        await accessible(mari)
        await mari.onboard("mari")
        await mari.go(f"/workplace/{FJORDBRUS}")
        await mari.page.get_by_role("link", name="Be om å bli med i selskapet").click()
        await accessible(mari)
        await mari.press("Be om å bli med")
        await expect(mari.page.locator("main")).to_contain_text("Selskapet ditt må svare")
        await accessible(mari)

        letters = await demo.letters_to(inbox, 4)
        (asked,) = [letter for letter in letters if "Mari Haugland" in letter["subject"]]
        await ingrid.page.goto(link_in(asked, "/company/"))
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

        answer = await ingrid.page.goto(members)
        assert answer is not None
        assert 404 == answer.status
        await mari.page.goto(members)
        await expect(mari.page.locator("main")).to_contain_text("Administrator")
        await accessible(mari)
