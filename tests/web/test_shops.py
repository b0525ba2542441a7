"""A company's shops: what the register lists, and where terminals can stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import delete, insert, select

from database.card_tables import Place, Terminal
from database.shops import keep_below
from database.stage_log import read_company
from database.tables import Company, Membership, Profile
from domain.organisation_number import OrganisationNumber
from domain.shops import Below, Shop
from domain.stages import Stage
from tests.web.browser import Browser, led_to
from tests.web.conftest import RegisterAt, Watch
from tests.web.test_access import onboard
from web.portal import Portal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHAIN, MUNICIPALITY, BREWERY = "315002869", "315007674", "310279323"
SHOP = OrganisationNumber("317003595")


@pytest.fixture
def register(register_site: httpx2.AsyncClient) -> RegisterAt:
    """The stand-in."""
    return RegisterAt(str(register_site.base_url).rstrip("/"), timedelta(seconds=5))


@pytest.fixture(autouse=True)
async def well(register_site: httpx2.AsyncClient) -> None:
    """Nothing is wrong with the register at first."""
    await register_site.post("/_control/reset")
    await register_site.delete("/_control/behaviours")


async def company(portal: Portal, browser: Browser, number: str, role: str = "administrator") -> str:
    """Give whoever sits at the browser a company, and say where its shops are."""
    await browser.log_in()
    user, profile = await onboard(portal, browser), uuid4()
    said = {"name": "HYLLEPLASS HANDEL AS", "form_code": "AS", "form": "Aksjeselskap", "address_lines": [], "postcode": "", "city": ""}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(Company).values(organisation_number=number, country="", fetched_at=NOW, **said))
        await connection.execute(insert(Profile).values(id=profile, organisation_number=number, opened_at=NOW))
        await connection.execute(insert(Membership).values(id=uuid4(), profile_id=profile, user_id=user, role=role, since=NOW))
    return f"/company/{profile}/shops"


async def places(portal: Portal) -> dict[str, UUID]:
    """The places that are shops, by number."""
    async with portal.engine.connect() as connection:
        return {row.shop_number: row.id for row in await connection.execute(select(Place))}


async def test_a_long_chain_is_paged_and_searched(portal: Portal, browser: Browser) -> None:
    """More shops than one answer of the register holds, and far more than anybody reads."""
    here = await company(portal, browser, CHAIN)
    first = await browser.get(here)
    found = await browser.get(f"{here}?q=tromsø+storgata")
    last = await browser.get(f"{here}?page=9999")
    one = await browser.get(f"{here}?q=317 003 595")

    assert "1241 shops and departments" in first.text
    assert "page 1 of 25" in first.text
    assert 50 == first.text.count('name="shop"')
    assert "HYLLEPLASS TROMSØ" in found.text
    assert "HYLLEPLASS BERGEN" not in found.text
    assert "page 25 of 25" in last.text
    assert 41 == last.text.count('name="shop"')
    assert "HYLLEPLASS FREDRIKSTAD" in one.text
    assert 1 == one.text.count('name="shop"')


async def test_units_under_the_company_are_shown_as_a_tree(portal: Portal, browser: Browser) -> None:
    """A municipality's school belongs to a unit that belongs to the municipality."""
    shown = (await browser.get(await company(portal, browser, MUNICIPALITY))).text

    assert "3 units under the company" in shown
    assert shown.index("VIDDEBY KOMMUNE HELSE OG OMSORG</h2>") < shown.index("VIDDEBY SYKEHJEM") < shown.index("OPPVEKST</h2>")


async def test_shops_are_chosen_and_taken_back_until_a_terminal_stands_there(portal: Portal, browser: Browser) -> None:
    """A place that a till checks cards at does not vanish under it, and nor does anything else that was ticked with it."""
    here = await company(portal, browser, CHAIN)
    await browser.get(f"{here}?q=FREDRIKSTAD")
    chosen = await browser.post(here, do="choose", shop=SHOP.value, click_id=str(uuid4()), q="FREDRIKSTAD")
    place = (await places(portal))[SHOP.value]
    async with portal.engine.begin() as connection:
        terminal = {"organisation_number": CHAIN, "id": uuid4(), "place_id": place, "code": "till-1"}
        await connection.execute(insert(Terminal).values(terminal))
    shown = await browser.get(led_to(chosen))
    refused = await browser.post(here, do="take-back", shop=SHOP.value)

    assert f"{here}?q=FREDRIKSTAD&page=1&done=chosen" == led_to(chosen)
    assert "1 terminal<" in shown.text
    assert 409 == refused.status_code
    assert "Terminals stand at HYLLEPLASS FREDRIKSTAD" in refused.text
    async with portal.engine.begin() as connection:
        await connection.execute(delete(Terminal))
    assert 303 == (await browser.post(here, do="take-back", shop=SHOP.value)).status_code
    assert {} == await places(portal)
    async with portal.engine.connect() as connection:
        assert [Stage.PLACES_CHOSEN, Stage.PLACES_TAKEN_BACK] == [step.stage for step in await read_company(connection, CHAIN)]


async def test_a_whole_chain_is_chosen_with_one_click_and_a_second_click_changes_nothing(portal: Portal, browser: Browser) -> None:
    """Nobody ticks a thousand boxes."""
    here = await company(portal, browser, CHAIN)
    await browser.get(here)
    click = str(uuid4())
    for _ in range(2):
        assert 303 == (await browser.post(here, do="choose-all", q="bergen", click_id=click)).status_code

    assert 124 == len(await places(portal))
    async with portal.engine.connect() as connection:
        assert 1 == len(await read_company(connection, CHAIN))


@pytest.mark.parametrize("shop", ["", "310279323", "zzz", "<b>"])
async def test_what_is_no_open_shop_of_the_company_is_not_chosen(portal: Portal, browser: Browser, shop: str) -> None:
    """Whatever a form names, only what the page lists can become a place."""
    here = await company(portal, browser, CHAIN)
    await browser.get(here)

    assert 409 == (await browser.post(here, do="choose", **({"shop": shop} if shop else {}))).status_code
    assert {} == await places(portal)


async def test_a_silent_register_is_said_and_what_was_known_stays(
    portal: Portal, browser: Browser, register_site: httpx2.AsyncClient, watch: Watch
) -> None:
    """An outage there is no reason to lose a list here."""
    here = await company(portal, browser, CHAIN)
    await register_site.post("/_control/behaviours", json={"kind": "unavailable"})
    never_asked = await browser.get(here)
    await register_site.delete("/_control/behaviours")
    await browser.get(here)
    watch.ahead += timedelta(minutes=5)
    await register_site.post("/_control/behaviours", json={"kind": "unavailable"})
    silent = await browser.post(f"{here}/refresh")

    assert "we know of no shops yet" in never_asked.text
    assert "The register does not answer" in silent.text
    assert "Below is what it said" in silent.text
    assert 50 == silent.text.count('name="shop"')


async def test_a_place_whose_shop_the_register_has_dropped_stays_and_says_so(portal: Portal, browser: Browser) -> None:
    """It can be taken back, but not chosen anew; its name follows the register until then."""
    here = await company(portal, browser, BREWERY)
    number, later = OrganisationNumber(BREWERY), datetime.now(UTC) + timedelta(hours=1)
    shop = Shop(SHOP, "OLD NAME", number, None)
    await keep_below(portal.engine, number, Below([], [shop]), NOW)
    await browser.get(here)
    assert 303 == (await browser.post(here, do="choose", shop=SHOP.value)).status_code
    renamed = Shop(SHOP, "NEW NAME", number, None, closed_on=date(2026, 1, 2))
    await keep_below(portal.engine, number, Below([], [renamed]), NOW + timedelta(hours=1))
    assert "closed 2 January 2026" in (await browser.get(here)).text
    await keep_below(portal.engine, number, Below([], []), later)
    await keep_below(portal.engine, number, Below([], [shop]), NOW)
    shown = await browser.get(here)

    assert "NEW NAME" in shown.text
    assert "not in the register any longer" in shown.text
    assert 409 == (await browser.post(here, do="choose", shop=SHOP.value)).status_code
    assert 303 == (await browser.post(here, do="take-back", shop=SHOP.value)).status_code
    assert "NEW NAME" not in (await browser.get(here)).text


async def test_a_member_sees_the_shops_and_chooses_none(portal: Portal, browser: Browser) -> None:
    """Where terminals stand is for administrators to say."""
    here = await company(portal, browser, CHAIN, role="member")
    shown = await browser.get(here)

    assert 0 == shown.text.count('name="shop"')
    assert "An administrator of the company chooses" in shown.text
    assert 403 == (await browser.post(here, do="choose", shop=SHOP.value)).status_code
    assert 200 == (await browser.get(f"{here}?q=%00%27%25&page=-3")).status_code
