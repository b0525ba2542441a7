"""Every route says who may open it, and means it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import insert, update

from database.tables import Company, EmailAddress, Membership, Profile, Signup
from domain.ids import UserId
from tests.web.browser import Browser, led_to
from web import app as application
from web.access import RULES, STAFF_RULES, company_administrator, company_member, for_machines, public, signup_owner, staff_door
from web.portal import Portal
from web.visitor import hashed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOMEBODYS = "b2f5ff47-4366-4b6b-a533-d2bf6b1c7e3a"


def all_routes() -> Iterator[APIRoute]:
    for pages in application.PAGES:
        for route in pages.router.routes:
            assert isinstance(route, APIRoute), route
            yield route


def rules(route: APIRoute) -> list[object]:
    return [needed.call for needed in route.dependant.dependencies if needed.call in RULES]


ROUTES = list(all_routes())
SOMEWHERE = {
    "signup": SOMEBODYS,
    "profile": SOMEBODYS,
    "number": "310279323",
    "token": "x",
    "eid": "no-bankid",
    "slug": "x",
    "code": "x",
    "name": "first_check.py",
    "task": SOMEBODYS,
    "key": SOMEBODYS,
    "membership": SOMEBODYS,
    "invitation": SOMEBODYS,
    "request": SOMEBODYS,
    "reply": SOMEBODYS,
    "document": SOMEBODYS,
    "view": SOMEBODYS,
    "subject": SOMEBODYS,
    "kind": "welcome",
    "nth": "0",
    "language": "en",
    "claim": SOMEBODYS,
    "recovery": SOMEBODYS,
}


# Rules by which a stranger may open a page.
OPEN = {public, for_machines, staff_door}


def address(route: APIRoute) -> str:
    return route.path.format(**SOMEWHERE)


def methods(route: APIRoute) -> set[str]:
    return route.methods or set()


def named(route: APIRoute) -> str:
    return f"{','.join(sorted(methods(route)))} {route.path}"


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_every_route_names_exactly_one_rule(route: APIRoute) -> None:
    """A page that forgot to say who may open it would be everybody's."""
    assert 1 == len(rules(route)), f"{named(route)} names {rules(route)}"


def test_nothing_is_served_beside_those_routes(app: FastAPI) -> None:
    """No documentation, no schema, nothing but pages and static files."""
    served = {getattr(route, "path", None) for route in app.routes} - {None}

    assert {"/static"} == served


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/metrics", "/.env", "/static/", "/static/../app.py"])
async def test_there_is_nothing_at_the_usual_addresses(browser: Browser, path: str) -> None:
    """What is not there cannot be searched for holes."""
    assert 404 == (await browser.get(path)).status_code


async def test_a_stranger_is_asked_to_log_in(browser: Browser) -> None:
    """Whatever they open, and whatever they send; at the door that the page belongs to."""
    got_in = []
    for route in ROUTES:
        entrance = "/staff/login" if rules(route)[0] in STAFF_RULES else "/"
        if rules(route)[0] in OPEN:
            continue
        if methods(route) & {"GET", "HEAD"}:
            refused = led_to(await browser.get(address(route))).startswith(f"{entrance}?return_to=")
        else:
            refused = 401 == (await browser.post(address(route))).status_code
        got_in += [] if refused else [named(route)]

    assert [] == got_in


async def test_a_piece_of_a_page_sends_the_whole_page_to_the_login(browser: Browser) -> None:
    """A front page inside a list of companies would be a puzzle."""
    shown = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/workplace?q=fjell"}
    answer = await browser.get("/workplace/search?q=fjell", **shown)

    assert (401, "/?return_to=%2Fworkplace%3Fq%3Dfjell") == (answer.status_code, answer.headers["HX-Redirect"])


async def onboard(portal: Portal, browser: Browser) -> UserId:
    """Take somebody through terms and address."""
    assert browser.cookie
    session = await portal.sessions.find(hashed(browser.cookie), portal.wall_clock.now())
    assert session
    user = session.account.user
    await portal.accounts.accept_terms(user, "2026-11-01", NOW)
    given = {"id": uuid4(), "user_id": user, "address": "kari@skranke.example", "given_at": NOW, "confirmed_at": NOW}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(EmailAddress).values(given))
    return user


async def company_of(portal: Portal, user: UserId) -> None:
    """Give somebody a company and a signup, both under the id that every route is tried with."""
    company = {"organisation_number": "310279323", "name": "FJELLBRYGG AS", "form_code": "AS", "form": "Aksjeselskap"}
    place = {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": NOW}
    number = {"organisation_number": "310279323"}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(Company).values(company | place))
        await connection.execute(insert(Profile).values(id=SOMEBODYS, opened_at=NOW, **number))
        await connection.execute(insert(Membership).values(id=uuid4(), profile_id=SOMEBODYS, user_id=user, role="administrator", since=NOW))
        await connection.execute(insert(Signup).values(id=SOMEBODYS, user_id=user, started_at=NOW, ended_at=NOW, **number))


OBJECTS = [route for route in ROUTES if rules(route)[0] in {signup_owner, company_member, company_administrator}]
OF_A_COMPANY = [route for route in OBJECTS if rules(route)[0] is not signup_owner]


async def tried(browser: Browser, routes: list[APIRoute]) -> dict[str, int]:
    """Open every page and send every form, and say what came of it."""
    return {
        named(route): (await (browser.get if "GET" in methods(route) else browser.post)(address(route))).status_code for route in routes
    }


async def test_what_is_somebodys_does_not_exist_for_others(portal: Portal, new_browser: Callable[[], Browser]) -> None:
    """Neither to be seen nor to be changed, and not told apart from what is not there."""
    owner, other = new_browser(), new_browser()
    await owner.log_in("ingrid")
    await company_of(portal, await onboard(portal, owner))
    await other.log_in("jonas")
    await onboard(portal, other)
    await other.get("/account")
    answers = await tried(other, OBJECTS)

    assert len(answers) >= 16
    assert {404} == set(answers.values()), answers
    assert 200 == (await owner.get(f"/company/{SOMEBODYS}")).status_code


async def test_who_has_left_a_company_does_not_see_it_any_more(portal: Portal, browser: Browser) -> None:
    """From the next click on, on whatever page and in whatever role."""
    await browser.log_in()
    user = await onboard(portal, browser)
    await company_of(portal, user)
    assert f"/company/{SOMEBODYS}" in (await browser.get("/")).text
    async with portal.engine.begin() as connection:
        await connection.execute(update(Membership).where(Membership.user_id == user).values(ended_at=NOW))

    assert {404} == set((await tried(browser, OF_A_COMPANY)).values())


@pytest.mark.parametrize("role", ["member", "developer"])
async def test_an_ordinary_member_decides_nothing_about_others(portal: Portal, browser: Browser, role: str) -> None:
    """They see who acts for the company, and may leave it; what is for administrators is closed to them."""
    await browser.log_in()
    user = await onboard(portal, browser)
    await company_of(portal, user)
    async with portal.engine.begin() as connection:
        await connection.execute(update(Membership).where(Membership.user_id == user).values(role=role))
    await browser.get("/account")

    for_administrators = [route for route in OF_A_COMPANY if rules(route)[0] is company_administrator]
    answers = await tried(browser, for_administrators)
    assert {403} == set(answers.values()), answers
    assert len(answers) >= 10
    assert 200 == (await browser.get(f"/company/{SOMEBODYS}/members")).status_code
    assert 409 == (await browser.post(f"/company/{SOMEBODYS}/leave")).status_code


async def test_an_id_that_is_none_is_no_page(portal: Portal, browser: Browser) -> None:
    """And what was typed is not repeated."""
    await browser.log_in()
    await onboard(portal, browser)

    for path in ("/company/x", "/signup/<b>", "/signup/1;drop table"):
        answer = await browser.get(path)
        assert 404 == answer.status_code
        assert "<b>" not in answer.text


async def test_who_is_not_through_yet_is_sent_to_the_step_that_is_missing(portal: Portal, browser: Browser) -> None:
    """Terms, then the address, then its code, then the company; a link into the middle skips nothing."""
    await browser.log_in()
    assert "/terms" == led_to(await browser.get("/workplace"))
    assert "/terms" == led_to(await browser.get("/email"))
    await browser.get("/terms")
    assert "/email" == led_to(await browser.post("/terms", version="2026-11-01", accepted="yes"))
    assert "/email" == led_to(await browser.get("/workplace"))
    await onboard(portal, browser)

    assert 200 == (await browser.get("/workplace")).status_code
