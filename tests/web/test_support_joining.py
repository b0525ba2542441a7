"""Requests to join that have come to support lie in the inbox beside the tasks, and are answered by nobody who belongs there."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from database.desk_joining import JoinTasks
from database.member_tables import JoinRequest
from database.tables import Profile
from domain.members.requests import JoinRequestState
from domain.staff import StaffRole
from tests.database.desk_examples import NUMBER, colleague, company, customer
from tests.web.browser import Browser, led_to
from tests.web.operator import at_the_staff_door
from web.portal import Portal

SIRI = "Siri Dahl"


async def asked(engine: AsyncEngine, since: datetime) -> UUID:
    """Have somebody ask to be let into a company whose administrators have not answered."""
    profile, request = uuid4(), uuid4()
    await company(engine)
    user = await customer(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(Profile).values(id=profile, organisation_number=NUMBER, opened_at=since))
        row = {"id": request, "profile_id": profile, "user_id": user, "asked_at": since - timedelta(days=5), "state": "open"}
        await connection.execute(insert(JoinRequest).values(row | {"with_support_since": since}))
    return request


async def at_the_desk(app: FastAPI, portal: Portal, name: str = SIRI) -> Browser:
    """Let somebody of support in."""
    browser, _ = await at_the_staff_door(app, portal, StaffRole.SUPPORT, name=name)
    await browser.get("/staff")
    return browser


@pytest.mark.parametrize(("query", "found"), [
    ("", 1), ("kind=join-request", 1), ("shelf=open", 1), ("shelf=overdue", 1), ("q=fjell", 1), ("q=310+279", 1),
    ("q=havre", 0), ("q=%3C", 0), ("kind=appeal", 0), ("shelf=mine", 0), ("shelf=closed", 0),
])  # fmt: skip
async def test_they_lie_in_the_inbox_as_tasks_do(app: FastAPI, portal: Portal, query: str, found: int) -> None:
    """With how long they have waited and when they were due, found by company, kind and shelf."""
    request = await asked(portal.engine, portal.clock.now() - timedelta(days=10))
    shown = (await (await at_the_desk(app, portal)).get(f"/support?{query}")).text

    assert found == shown.count(f"/support/join-requests#request-{request}")
    assert found == shown.count("Overdue since")


async def test_take_next_leads_to_them_when_nothing_else_waits(app: FastAPI, portal: Portal) -> None:
    """Nobody is told that nothing waits while somebody does."""
    request = await asked(portal.engine, portal.clock.now())
    siri = await at_the_desk(app, portal)
    place = led_to(await siri.post("/support/next"))
    shown = (await siri.get(place)).text

    assert "/support/join-requests?said=" == place
    assert (True, True) == (f'id="request-{request}"' in shown, "In time, due" in shown)


async def test_nobody_answers_for_a_company_they_belong_to(app: FastAPI, portal: Portal) -> None:
    """Whoever bears the name of the one who asks is taken for them."""
    request = await asked(portal.engine, portal.clock.now())
    kari = await at_the_desk(app, portal, "Kari Nordmann")
    shown = (await kari.get("/support/join-requests")).text
    refused = await kari.post(f"/support/join-requests/{request}", decision="no")

    assert (True, False) == ("This is not for you to decide" in shown, "Say no" in shown)
    assert (409, True) == (refused.status_code, "You seem to belong to this company yourself" in refused.text)


async def test_whoever_comes_second_learns_who_was_first(portal: Portal) -> None:
    """What, when, and which colleague."""
    engine, now = portal.engine, portal.clock.now()
    request, siri = await asked(engine, now), await colleague(engine)
    tasks = JoinTasks(engine, siri)
    assert None is await tasks.end_of(request)
    ended = {"state": "declined", "answered_at": now, "answered_by_staff": siri.id}
    async with engine.begin() as connection:
        await connection.execute(update(JoinRequest).where(JoinRequest.id == request).values(ended))
    end = await tasks.end_of(request)

    assert end
    assert (JoinRequestState.DECLINED, now, SIRI) == (end.state, end.at, end.by_name)
    assert [] == await tasks.open_ones(now)
