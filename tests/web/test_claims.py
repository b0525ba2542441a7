"""A company in other hands, a membership under another eID, a signup for a colleague: on the pages, with a worker behind them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, insert, select
from temporalio.testing import WorkflowEnvironment

from database.claim_tables import CompanyClaim, MembershipRecovery
from database.member_tables import JoinRequest
from database.open_matters import open_matters
from database.tables import Company, Membership, Profile
from domain.members.four_eyes import SupportsWord
from domain.operations import MAY_STILL_COME
from domain.staff import StaffRole
from tests.web.browser import Browser, led_to, title
from tests.web.conftest import RegisterAt, Watch
from tests.web.house import Customer, House
from tests.web.operator import at_the_staff_door
from tests.web.test_members import link_to
from tests.workflows.conftest import new_colleague
from web.reconciling import begin_missing, drift_of
from workflows.front_desk.matters import process_of

NUMBER = "315001013"


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Nobody's time runs out while a page is being read."""
    with temporal.with_time_skipping_disabled():
        yield


@pytest.fixture
def register(register_site: httpx2.AsyncClient) -> RegisterAt:
    """The register with invented companies."""
    return RegisterAt(str(register_site.base_url))


@pytest.fixture
def profile() -> UUID:
    """The company's id."""
    return uuid4()


async def administrator(house: House, profile: UUID) -> Customer:
    """Somebody who administers a company that the register knows."""
    kari, now = await house.customer("ingrid"), house.portal.clock.now()
    place = {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": now}
    async with house.portal.engine.begin() as connection:
        named = {"organisation_number": NUMBER, "name": "FJORDBRUS BRYGGERI AS", "form_code": "AS", "form": "Aksjeselskap"}
        await connection.execute(insert(Company).values(named | place))
        await connection.execute(insert(Profile).values(id=profile, organisation_number=NUMBER, opened_at=now))
    await _join(house, profile, kari, "administrator")
    return kari


async def row_of(house: House, table: type[CompanyClaim | MembershipRecovery]) -> Any:  # noqa: ANN401 - either table's row
    """Read the only row."""
    async with house.portal.engine.connect() as connection:
        return (await connection.execute(select(table))).one()


async def claims(claimant: Customer) -> str:
    """Claim the company, and wait until the register has answered; tells what the page says."""
    await claimant.sees(f"/join/{NUMBER}", "Nobody who administers the company can be reached any more")
    await claimant.sees(f"/claim/{NUMBER}", "I want to administer the company")
    assert f"/claim/{NUMBER}" == led_to(await claimant.browser.post(f"/claim/{NUMBER}"))
    return await claimant.waits_for("Next move", "Our support is looking at it", path=f"/claim/{NUMBER}")


async def test_two_colleagues_decide_about_a_claim(house: House, profile: UUID, app: FastAPI) -> None:
    """One proposes, and is offered no second word; another agrees, and the company has a new administrator."""
    kari, mari = await administrator(house, profile), await house.customer("mari")
    await claims(mari)
    link = await link_to(house, kari.address, f"/company/{profile}/claims/")
    await kari.sees(link, "Mari Haugland wants to administer FJORDBRUS BRYGGERI AS", "I object")
    per = await house.customer("per")
    await _join(house, profile, per)
    await per.sees(link, "I object")
    assert link == led_to(await per.browser.post(link))
    assert "I object" not in await per.sees(link, "You have objected")
    olga, _ = await at_the_staff_door(app, house.portal, StaffRole.SUPPORT)
    assert re.search(r'href="/support/claims">[^<]*<span class="shelf-count">1<', (await olga.get("/support")).text)
    shown = (await olga.get("/support/claims")).text
    found = re.search(r"/support/claims/[\w-]{36}", shown)
    assert found
    assert led_to(await olga.post(found[0], decision="yes")).endswith("done=1")
    assert "Agree: yes" not in (await olga.get("/support/claims")).text
    again = await olga.post(found[0], decision="yes", click_id=str(uuid4()))
    assert (409, True) == (again.status_code, "proposed this yourself" in again.text)
    assert 404 == (await olga.post(found[0], decision="perhaps")).status_code
    claim = (await row_of(house, CompanyClaim)).id
    await house.portal.company_claims.rule(claim, SupportsWord(await new_colleague(house.portal.engine), grant=True), uuid4())

    await mari.sees(f"/company/{profile}/members", "Administrator", "Mari Haugland")
    await mari.sees(f"/claim/{NUMBER}", "You have become administrator")
    late = await kari.browser.post(link, click_id=str(uuid4()))
    assert (409, True) == (late.status_code, "decided already" in late.text)
    assert await link_to(house, mari.address, "/company/") == f"/company/{profile}"
    await olga.http.aclose()


async def test_an_administrator_objects_from_the_letter(house: House, profile: UUID, new_browser: Callable[[], Browser]) -> None:
    """Behind the login, and only members see the page; the claimant is told, and may not ask again at once."""
    kari, mari = await administrator(house, profile), await house.customer("mari")
    await claims(mari)
    link = await link_to(house, kari.address, f"/company/{profile}/claims/")
    assert led_to(await new_browser().get(link)).startswith("/?return_to=")
    assert 404 == (await mari.browser.get(link)).status_code
    assert 404 == (await kari.browser.get(f"/company/{profile}/claims/{uuid4()}")).status_code
    await kari.sees(f"/company/{profile}/members", "Mari Haugland wants to administer the company", f'href="{link}"')
    await kari.sees(link)
    assert link == led_to(await kari.browser.post(link))

    await kari.sees(link, "Ended by an administrator's objection")
    await mari.sees(f"/claim/{NUMBER}", "An administrator of the company has objected.")
    again = await mari.browser.post(f"/claim/{NUMBER}", click_id=str(uuid4()))
    assert (409, True) == (again.status_code, "a week after that" in again.text)


async def test_a_claim_is_taken_back(house: House, profile: UUID) -> None:
    """And what is not there cannot be claimed."""
    await administrator(house, profile)
    mari = await house.customer("mari")
    await claims(mari)
    assert f"/claim/{NUMBER}" == led_to(await mari.browser.post(f"/claim/{NUMBER}/withdraw"))

    late = await mari.browser.post(f"/claim/{NUMBER}/withdraw", click_id=str(uuid4()))
    assert (409, True) == (late.status_code, "decided already" in late.text)
    assert "/workplace/311263315" == led_to(await mari.browser.get("/claim/311263315"))
    assert "/workplace" == led_to(await mari.browser.get("/claim/123"))


async def test_a_member_gets_their_membership_back(house: House, profile: UUID, new_browser: Callable[[], Browser]) -> None:
    """The old address confirms without a login, mail scanners confirm nothing, and an administrator agrees."""
    kari, old, mari = await administrator(house, profile), await house.customer("jonas"), await house.customer("mari")
    await _join(house, profile, old)
    path = f"/join/{NUMBER}/old"
    await mari.sees(path, "The e-mail address that you used then")
    wrong = await mari.browser.post(path, email="jonas")
    assert (422, True) == (wrong.status_code, "has an @" in wrong.text)
    assert path == led_to(await mari.browser.post(path, email=old.address.upper(), click_id=str(uuid4())))
    await mari.sees(path, "Look into your old mailbox")
    link, stranger = await link_to(house, old.address, "/recovery/"), new_browser()
    for _ in range(3):
        assert 200 == (await stranger.get(link)).status_code
    recovery = (await row_of(house, MembershipRecovery)).id
    hidden = f"/company/{profile}/recoveries/{recovery}"
    assert 404 == (await kari.browser.get(hidden)).status_code
    assert hidden not in await kari.sees(f"/company/{profile}/members")
    assert link == led_to(await stranger.post(link, decision="yes"))
    await mari.sees(path, "Your company has to answer")
    assert hidden == await link_to(house, kari.address, f"/company/{profile}/recoveries/")
    await kari.sees(f"/company/{profile}/members", "Mari Haugland asks for the membership of Jonas Bakke Lunde", f'href="{hidden}"')
    await kari.sees(hidden, "Is Mari Haugland your colleague?", "Jonas Bakke Lunde")

    assert led_to(await kari.browser.post(hidden, decision="yes")).endswith("done=answered")

    await mari.sees(f"/company/{profile}/members", "Mari Haugland")
    assert led_to(await old.browser.get("/account")).startswith("/?return_to=")
    assert (410, "This has been answered") == ((gone := await stranger.get(link)).status_code, title(gone))
    assert 404 == (await stranger.get("/recovery/x")).status_code


async def test_nobody_learns_whose_an_address_is(house: House, profile: UUID) -> None:
    """Page for page the same, whether a member has the address or nobody."""
    await administrator(house, profile)
    old, path, shown = await house.customer("per"), f"/join/{NUMBER}/old", []
    await _join(house, profile, old)
    for persona, named in (("mari", old.address), ("jonas", "nobody@firma.example")):
        asker = await house.customer(persona)
        await asker.sees(path)
        await asker.browser.post(path, email=named)
        text = await asker.sees(path, "Look into your old mailbox")
        shown.append(re.sub(r"\d+", "0", re.sub(r"<main.*?>", "", text.partition("<main")[2]).partition("</main>")[0]))
        assert path == led_to(await asker.browser.post(f"{path}/no-mail"))
        await asker.sees(path, "Our support is looking at it")
        assert path == led_to(await asker.browser.post(f"{path}/withdraw", click_id=str(uuid4())))

    assert without_secrets(shown[0]) == without_secrets(shown[1])


def without_secrets(text: str) -> str:
    """Take out what is different in every form."""
    return re.sub(r'value="[^"]*"', "", text)


async def test_a_colleague_finishes_a_signup(house: House, new_browser: Callable[[], Browser]) -> None:
    """The letter's link is opened by a mail scanner first; the colleague is the one who signs up then."""
    mari = await house.customer("mari")
    await mari.signs_up(NUMBER)
    await mari.waits_for("A person here will look at it")
    path = f"{mari.place}/hand-over"
    await mari.sees(path, "A colleague should finish this")
    wrong = await mari.browser.post(path, email="ingrid")
    assert (422, True) == (wrong.status_code, "has an @" in wrong.text)
    assert led_to(await mari.browser.post(path, email="ingrid@firma.example", language="en", click_id=str(uuid4()))).endswith("done=1")
    link = await link_to(house, "ingrid@firma.example", "/handover/")
    assert "FJORDBRUS" in (await new_browser().get(link)).text
    assert 409 == (await mari.browser.post(link)).status_code
    ingrid = await house.customer("ingrid")
    await ingrid.sees(link, "Yes, I work here and go on")
    ingrid.place = led_to(await ingrid.browser.post(link))
    assert re.fullmatch(r"/signup/[\w-]{36}", ingrid.place)
    await ingrid.waits_for("Next move")

    await mari.waits_for("A colleague goes on with the signup")
    assert mari.place == led_to(await mari.browser.get(path))
    await link_to(house, mari.address, "/signup/")
    other = await house.customer("jonas")
    used = await other.browser.get(link)
    assert (410, "There is nothing left to finish") == (used.status_code, title(used))
    assert 404 == (await other.browser.get("/handover/x")).status_code


async def test_whoever_was_signing_up_asks_to_join_by_themselves(house: House) -> None:
    """A colleague opens the profile meanwhile."""
    mari = await house.customer("mari")
    await mari.signs_up(NUMBER)
    await mari.waits_for("A person here will look at it")
    ingrid = await house.customer("ingrid")
    await ingrid.signs_up(NUMBER)
    await ingrid.waits_for("The company's profile is open")

    await mari.waits_for("The company has a profile already", "We have asked for you already")
    await mari.waits_for("Your company has to answer", path=f"/join/{NUMBER}")


async def test_what_has_lost_its_process_is_begun_again_where_it_stood(
    house: House, profile: UUID, temporal: WorkflowEnvironment, watch: Watch
) -> None:
    """A request to join and a claim, under the ids they had; nothing is written twice."""
    await administrator(house, profile)
    mari, jonas = await house.customer("mari"), await house.customer("jonas")
    await claims(mari)
    await jonas.sees(f"/join/{NUMBER}")
    await jonas.browser.post(f"/join/{NUMBER}")
    async with asyncio.timeout(20):
        while len(await open_matters(house.portal.engine)) < 2:  # noqa: ASYNC110 - another program writes it
            await asyncio.sleep(0.1)
    for matter, _ in await open_matters(house.portal.engine):
        await temporal.client.get_workflow_handle(process_of(matter)).terminate()

    watch.ahead = 2 * MAY_STILL_COME
    drift = await drift_of(house.portal)
    assert 2 == len(drift.matters)
    await begin_missing(house.portal, drift)

    assert () == tuple((await drift_of(house.portal)).matters)
    async with house.portal.engine.connect() as connection:
        counts = [await connection.scalar(select(func.count()).select_from(table)) for table in (JoinRequest, CompanyClaim)]
    assert [1, 1] == counts
    await mari.sees(f"/claim/{NUMBER}", "Our support is looking at it")


async def _join(house: House, profile: UUID, customer: Customer, role: str = "member") -> None:
    row = {"id": uuid4(), "profile_id": profile, "user_id": customer.user, "role": role, "since": house.portal.clock.now()}
    async with house.portal.engine.begin() as connection:
        await connection.execute(insert(Membership).values(row))
