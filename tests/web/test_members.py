"""Inviting, asking and deciding, on the pages, with a worker behind them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from temporalio.testing import WorkflowEnvironment

from database.tables import Company, Membership, Profile
from domain.ids import UserId
from tests.web.browser import Browser, led_to, title
from tests.web.house import Customer, House

NUMBER = "310279323"
OLA = "ola@firma.example"


async def administrator(house: House, profile: UUID) -> Customer:
    """Somebody who administers a company that is a customer."""
    kari, now = await house.customer("ingrid"), house.portal.clock.now()
    place = {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": now}
    async with house.portal.engine.begin() as connection:
        named = {"organisation_number": NUMBER, "name": "FJELLBRYGG AS", "form_code": "AS", "form": "Aksjeselskap"}
        await connection.execute(insert(Company).values(named | place))
        await connection.execute(insert(Profile).values(id=profile, organisation_number=NUMBER, opened_at=now))
    await _join(house, profile, kari.user, "administrator")
    return kari


async def _join(house: House, profile: UUID, user: UserId, role: str) -> None:
    async with house.portal.engine.begin() as connection:
        row = {"id": uuid4(), "profile_id": profile, "user_id": user, "role": role, "since": house.portal.clock.now()}
        await connection.execute(insert(Membership).values(row))


@pytest.fixture(autouse=True)
def still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """No invitation runs out while a page is being read."""
    with temporal.with_time_skipping_disabled():
        yield


@pytest.fixture
def profile() -> UUID:
    """The company's id."""
    return uuid4()


async def invite(kari: Customer, profile: UUID, email: str = OLA, role: str = "member") -> None:
    """Fill in the form, and see that it was taken."""
    await kari.sees(f"/company/{profile}/invite")
    answer = await kari.browser.post(f"/company/{profile}/invite", email=email, role=role, language="en", click_id=str(uuid4()))
    assert f"/company/{profile}/members?done=invited" == led_to(answer)


async def link_to(house: House, address: str, path: str) -> str:
    """Wait for a letter to this address with a link to such a page, and follow it in mind."""
    for _ in range(200):
        for letter in house.letters.to(address):
            found = re.search(rf"http\S+?({path}\S+)", letter.text)
            if found:
                return found[1]
        await asyncio.sleep(0.1)
    raise AssertionError(f"no letter to {address} leads to {path}")


async def test_somebody_new_comes_in_by_a_letter(house: House, profile: UUID, new_browser: Callable[[], Browser]) -> None:
    """The link is opened by a mail scanner, by a stranger and by the one it is for; terms and address are done with one click."""
    kari = await administrator(house, profile)
    await invite(kari, profile, role="developer")
    link = await link_to(house, OLA, "/invitation/")
    ola = new_browser()
    for _ in range(3):
        assert 200 == (await new_browser().get(link)).status_code
    await ola.get("/")
    await ola.log_in("jonas", return_to=link)
    shown = await ola.get(link)
    assert "FJELLBRYGG AS" in shown.text
    assert 422 == (await ola.post(f"{link}/accept")).status_code

    assert f"/company/{profile}" == led_to(await ola.post(f"{link}/accept", accepted="yes"))

    assert 200 == (await ola.get(f"/company/{profile}/members")).status_code
    assert "Jonas Bakke Lunde" in await kari.sees(f"/company/{profile}/members", "Developer", "Norwegian BankID")
    again = await ola.get(link)
    assert (410, "You have said yes") == (again.status_code, title(again))
    other = await new_browser().get(link)
    assert 410 == other.status_code
    assert f"/join/{NUMBER}" in other.text


async def test_a_no_needs_no_login(house: House, profile: UUID, new_browser: Callable[[], Browser]) -> None:
    """And a link that was taken back says so, and what can be done instead."""
    kari = await administrator(house, profile)
    await invite(kari, profile)
    link = await link_to(house, OLA, "/invitation/")
    stranger = new_browser()
    await stranger.get(link)

    assert link == led_to(await stranger.post(f"{link}/decline"))

    assert (410, "The invitation has been declined") == ((gone := await stranger.get(link)).status_code, title(gone))
    assert OLA not in await kari.sees(f"/company/{profile}/members")


async def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(house: House, profile: UUID) -> None:
    """A misspelt address, a role that there is not, an address that is invited already."""
    kari = await administrator(house, profile)
    path = f"/company/{profile}/invite"
    await kari.sees(path)
    for fields, words in (({"email": "ola", "role": "member"}, "has an @"), ({"email": OLA, "role": "boss"}, "Choose what your colleague")):
        answer = await kari.browser.post(path, **fields)
        assert (422, True) == (answer.status_code, words in answer.text)
        assert f'value="{fields["email"]}"' in answer.text
    await invite(kari, profile)

    again = await kari.browser.post(path, email=OLA.upper(), role="member", language="nb", click_id=str(uuid4()))

    assert 422 == again.status_code
    assert "open invitation to this address" in again.text


async def test_an_invitation_is_taken_back_or_sent_again(house: House, profile: UUID, new_browser: Callable[[], Browser]) -> None:
    """From the list, and only an invitation of this very company."""
    kari = await administrator(house, profile)
    await invite(kari, profile)
    shown = await kari.sees(f"/company/{profile}/members", OLA)
    found = re.search(r"/invitations/([\w-]+)/revoke", shown)
    assert found
    soon = await kari.browser.post(f"/company/{profile}/invitations/{found[1]}/again")
    assert (409, True) == (soon.status_code, "went out a moment ago" in soon.text)
    assert 404 == (await kari.browser.post(f"/company/{profile}/invitations/{uuid4()}/revoke")).status_code

    led = led_to(await kari.browser.post(f"/company/{profile}/invitations/{found[1]}/revoke"))

    assert led.endswith("done=revoked")
    link = await link_to(house, OLA, "/")
    assert link
    assert 404 == (await new_browser().get("/invitation/x")).status_code


async def test_who_finds_the_company_there_asks_and_is_let_in(house: House, profile: UUID) -> None:
    """Without learning who its administrators are, and with one click of any of them."""
    kari = await administrator(house, profile)
    mari = await house.customer("mari")
    page = await mari.sees(f"/join/{NUMBER}", "Ask to join")
    assert f"/join/{NUMBER}" == led_to(await mari.browser.post(f"/join/{NUMBER}"))
    page += await mari.sees(f"/join/{NUMBER}", "Your company has to answer")
    assert "Nordheim" not in page
    assert f'href="/join/{NUMBER}"' in await mari.sees("/account")
    link = await link_to(house, kari.address, f"/company/{profile}/join-requests/")
    await kari.sees(link, "Mari Haugland asks to join FJELLBRYGG AS")

    assert led_to(await kari.browser.post(link, decision="yes", role="member")).endswith("done=answered")

    await mari.sees(f"/company/{profile}", "Mari Haugland")
    late = await kari.browser.post(link, decision="no", click_id=str(uuid4()))
    assert (409, True) == (late.status_code, "answered already" in late.text)


async def test_a_request_is_taken_back_or_declined(house: House, profile: UUID) -> None:
    """And a company that is no customer is signed up instead."""
    kari = await administrator(house, profile)
    mari = await house.customer("mari")
    await mari.sees(f"/join/{NUMBER}")
    await mari.browser.post(f"/join/{NUMBER}")
    assert f"/join/{NUMBER}" == led_to(await mari.browser.post(f"/join/{NUMBER}/withdraw"))
    await mari.browser.post(f"/join/{NUMBER}")
    shown = await kari.sees(f"/company/{profile}/members", "Asking to join")
    found = re.search(r"/company/[\w-]+/join-requests/[\w-]+", shown)
    assert found

    assert led_to(await kari.browser.post(found[0], decision="no")).endswith("done=answered")

    await mari.sees(f"/join/{NUMBER}", "The answer to your last request was no")
    assert 409 == (await mari.browser.post(f"/join/{NUMBER}")).status_code
    assert "/workplace/311263315" == led_to(await mari.browser.get("/join/311263315"))
    assert "/workplace" == led_to(await mari.browser.get("/join/123"))


async def test_members_are_changed_removed_and_handed_over(house: House, profile: UUID) -> None:
    """The last administrator stays until there is another."""
    kari, mari = await administrator(house, profile), await house.customer("mari")
    await _join(house, profile, mari.user, "member")
    await kari.sees(f"/company/{profile}/leave", "You are the company's last administrator")
    refused = await kari.browser.post(f"/company/{profile}/leave")
    assert (409, True) == (refused.status_code, "without an administrator" in refused.text)
    shown = await kari.sees(f"/company/{profile}/members", "Mari Haugland")
    found = re.search(r"/company/[\w-]+/members/[\w-]{36}", shown)
    assert found
    await kari.sees(found[0], "Hand over to Mari Haugland")

    assert led_to(await kari.browser.post(f"{found[0]}/role", role="developer")).endswith("done=changed")
    assert led_to(await kari.browser.post(f"{found[0]}/hand-over", click_id=str(uuid4()))).endswith("done=handed-over")

    assert 403 == (await kari.browser.post(f"{found[0]}/remove")).status_code
    assert "/account" == led_to(await kari.browser.post(f"/company/{profile}/leave", click_id=str(uuid4())))
    assert 404 == (await kari.browser.get(f"/company/{profile}/members")).status_code
    await mari.sees(f"/company/{profile}/members", "Administrator")


async def test_somebody_with_two_companies_switches_between_them(house: House, profile: UUID) -> None:
    """From the company's own page and from its members."""
    kari, now, second = await administrator(house, profile), house.portal.clock.now(), uuid4()
    number, place = "311263315", {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": now}
    async with house.portal.engine.begin() as connection:
        named = {"organisation_number": number, "name": "DALBRYGG AS", "form_code": "AS", "form": "Aksjeselskap"}
        await connection.execute(insert(Company).values(named | place))
        await connection.execute(insert(Profile).values(id=second, organisation_number=number, opened_at=now))
    assert "DALBRYGG" not in await kari.sees(f"/company/{profile}")
    await _join(house, second, kari.user, "member")

    for path in (f"/company/{profile}", f"/company/{profile}/members"):
        assert f'href="/company/{second}"' in await kari.sees(path, "DALBRYGG AS")
