"""Nothing leaks between companies: every route of a company, called by whoever does not belong there, found in the table of routes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import insert, select, update

from database.tables import Base, Company, Membership, Profile
from tests.web.browser import Browser
from tests.web.test_access import NOW, ROUTES, SOMEBODYS, company_of, onboard, rules, tried
from web.access import company_administrator, company_member
from web.portal import Portal

OF_A_COMPANY = [route for route in ROUTES if "{profile}" in route.path]
# Tables that every visit writes to, whoever comes.
EVERY_VISIT = {"session", "login_attempt", "kept_form", "staff_session"}
Caller = Callable[[Portal, Browser], Awaitable[None]]


async def stranger(portal: Portal, browser: Browser) -> None:
    """Somebody who belongs to no company."""
    await browser.log_in("jonas")
    await onboard(portal, browser)


async def member_elsewhere(portal: Portal, browser: Browser) -> None:
    """An administrator, but of another company."""
    await browser.log_in("jonas")
    user, profile = await onboard(portal, browser), uuid4()
    place = {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": NOW}
    company = {"organisation_number": "315001013", "name": "ANDRE AS", "form_code": "AS", "form": "Aksjeselskap"}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(Company).values(company | place))
        await connection.execute(insert(Profile).values(id=profile, organisation_number="315001013", opened_at=NOW))
        await connection.execute(insert(Membership).values(id=uuid4(), profile_id=profile, user_id=user, role="administrator", since=NOW))


async def removed(portal: Portal, browser: Browser) -> None:
    """Somebody who was an administrator of this very company, and has just had its page open."""
    await browser.log_in("jonas")
    user = await onboard(portal, browser)
    mine = {"id": uuid4(), "profile_id": SOMEBODYS, "user_id": user, "role": "administrator", "since": NOW}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(Membership).values(mine))
    assert "FJELLBRYGG" in (await browser.get(f"/company/{SOMEBODYS}/members")).text
    async with portal.engine.begin() as connection:
        await connection.execute(update(Membership).where(Membership.user_id == user).values(ended_at=NOW))


async def everything(portal: Portal) -> Mapping[str, list[str]]:
    """Every row of every table, but those that a visit alone writes."""
    async with portal.engine.connect() as connection:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in EVERY_VISIT]
        return {table.name: sorted(str(row) for row in await connection.execute(select(table))) for table in tables}


def named(route: APIRoute) -> str:
    """What a route is called in the report of a test."""
    return f"{','.join(sorted(route.methods or ()))} {route.path}"


@pytest.mark.parametrize("route", OF_A_COMPANY, ids=named)
def test_every_route_of_a_company_asks_who_belongs_there(route: APIRoute) -> None:
    """A route under a company with a weaker rule would be everybody's."""
    assert rules(route)[0] in {company_member, company_administrator}
    assert re.match(r"/company/\{profile\}(/|$)", route.path)


@pytest.mark.parametrize("caller", [stranger, member_elsewhere, removed])
async def test_who_does_not_belong_sees_nothing_and_changes_nothing(
    portal: Portal, new_browser: Callable[[], Browser], caller: Caller
) -> None:
    """Every page and every form is as if the company did not exist, and no row anywhere is another than before."""
    owner, other = new_browser(), new_browser()
    await owner.log_in("ingrid")
    await company_of(portal, await onboard(portal, owner))
    await caller(portal, other)
    await other.get("/account")
    before = await everything(portal)
    answers = await tried(other, OF_A_COMPANY)

    assert len(answers) == len(OF_A_COMPANY) >= 20
    assert {404} == set(answers.values()), answers
    assert before == await everything(portal)
    assert "FJELLBRYGG" not in (await other.get(f"/company/{SOMEBODYS}")).text
    assert "FJELLBRYGG" not in (await other.get("/account")).text
