"""What people decide about themselves: which letters they get, where they are logged in, what we hold of them, and to go."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, Response

from database.own import administered_alone, choose_letters, end_other_sessions, own_sessions, unwanted_letters
from database.own_data import own_data
from domain.own import NOT_REFUSABLE, REFUSABLE, LastAdministratorOf, TickToDelete
from domain.refusals import Refusal
from web.access import LoggedIn, Public
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer, give_cookie, new_cookie_value
from workflows.front_desk.desk import problem_in

CONFLICT, UNPROCESSABLE = 409, 422
router = APIRouter()


@router.get("/account/letters")
async def ask_letters(customer: LoggedIn, saved: str = "") -> Response:
    """Show which letters somebody gets, and which cannot be refused."""
    unwanted = await unwanted_letters(customer.portal.engine, customer.account.user)
    kinds = [(kind, words, kind not in unwanted) for kind, words in REFUSABLE.items()]
    return page(customer, "account_letters.html", path="/account/letters", kinds=kinds, always=NOT_REFUSABLE, saved=bool(saved))


@router.post("/account/letters")
async def take_letters(customer: LoggedIn, kind: Annotated[list[str] | None, Form()] = None) -> Response:
    """Keep which letters somebody wants."""
    wanted = [known for known in REFUSABLE if known.value in (kind or ())]
    await choose_letters(customer.portal.engine, customer.account.user, wanted, customer.portal.clock.now())
    return see_other(customer, "/account/letters?saved=1")


@router.get("/account/sessions")
async def show_sessions(customer: LoggedIn, done: str = "") -> Response:
    """List the browsers in which somebody is logged in."""
    portal = customer.portal
    sessions = await own_sessions(portal.engine, customer.account.user, customer.browser, portal.wall_clock.now())
    return page(customer, "account_sessions.html", path="/account/sessions", sessions=sessions, done=bool(done))


@router.post("/account/sessions")
async def end_sessions(customer: LoggedIn, session: Annotated[str, Form()] = "") -> Response:
    """Log somebody out in another browser, or in all others."""
    portal = customer.portal
    await end_other_sessions(portal.engine, customer.account.user, customer.browser, session or None, portal.wall_clock.now())
    return see_other(customer, "/account/sessions?done=1")


@router.get("/account/data")
async def show_data(customer: LoggedIn) -> Response:
    """Show what kinds of things we hold of somebody, and how many."""
    held = await own_data(customer.portal.engine, customer.account.user)
    return page(customer, "account_data.html", path="/account/data", sections={name: len(rows) for name, rows in held.items() if rows})


@router.get("/account/data.json")
async def download_data(customer: LoggedIn) -> Response:
    """Hand everything out that we hold of somebody."""
    held = await own_data(customer.portal.engine, customer.account.user)
    told = {"made_at": customer.portal.clock.now().isoformat(), **held}
    return JSONResponse(told, headers={"Content-Disposition": 'attachment; filename="skranke-my-data.json"'})


@router.get("/account/delete")
async def ask_farewell(customer: LoggedIn) -> Response:
    """Ask whether somebody really wants to go, or say what stands in the way."""
    return await _farewell_page(customer)


@router.post("/account/delete")
async def take_farewell(customer: LoggedIn, click: Click, sure: Annotated[str, Form()] = "") -> Response:  # noqa: ARG001 - an account is deleted once
    """Delete the account. The browser goes on under a new cookie."""
    if sure != "yes":
        return await _farewell_page(customer, TickToDelete())
    problem = problem_in(await customer.portal.farewells.begin(customer.account.user))
    if problem is not None:
        return await _farewell_page(customer, problem)
    response = see_other(customer, "/goodbye")
    give_cookie(response, customer.portal, new_cookie_value())
    return response


@router.get("/goodbye")
async def goodbye(visitor: Public) -> Response:
    """Say that an account is deleted, to whoever had it."""
    return page(visitor, "goodbye.html")


async def _farewell_page(customer: Customer, problem: Refusal | None = None) -> Response:
    companies = await administered_alone(customer.portal.engine, customer.account.user)
    memberships = await customer.portal.accounts.companies(customer.account.user)
    return page(
        customer,
        "account_delete.html",
        status=200 if problem is None else UNPROCESSABLE if isinstance(problem, TickToDelete) else CONFLICT,
        path="/account/delete",
        blocked_by=[company for company in memberships if company.name in companies],
        companies=memberships,
        problem=None if isinstance(problem, LastAdministratorOf) and companies else problem,
    )
