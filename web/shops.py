"""A company's shops and departments: what the register lists, and which of them are places where terminals can stand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.company_pages import CompanyFacts, company_facts
from database.shops import Choosing, ShopsView, choose, keep_below, shops_found, shops_view, unchoose
from domain.company import RegisterIsAway
from domain.ids import ProfileId
from domain.members.roles import Right, may
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from domain.shops import NoShopsChosen
from gateways.brreg import RegisterUnavailable
from web.access import CompanyAdministrator, CompanyMember
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer

NOT_FOUND, CONFLICT = 404, 409
# A long chain is several answers of the register, and somebody waits for them.
PATIENCE = timedelta(seconds=20)
# The register changes once a day at most, and is not ours to be hammered.
FRESH_ENOUGH = timedelta(minutes=1)
LONGEST_SEARCH = 100
CHOSEN, TAKEN_BACK, REFRESHED = "chosen", "taken-back", "refreshed"
router = APIRouter(prefix="/company/{profile}/shops")


@router.get("")
async def show(customer: CompanyMember, profile: UUID, q: str = "", page: int = 1, done: str = "") -> Response:
    """List the shops, page by page; the first time the register is asked for them."""
    company, q = await _company(customer, profile), _searched(q)
    view = await shops_view(customer.portal.engine, _number(company), q, page)
    problem = None
    if view.fetched_at is None:
        problem = await _fetch(customer, company)
        view = await shops_view(customer.portal.engine, _number(company), q, page)
    return await _page(customer, profile, company, view, q=q, done=done, problem=problem)


@router.post("/refresh")
async def refresh(customer: CompanyMember, profile: UUID) -> Response:
    """Ask the register again. When it is silent, what was known stays."""
    company = await _company(customer, profile)
    view = await shops_view(customer.portal.engine, _number(company), "", 1)
    if view.fetched_at is None or customer.portal.clock.now() - view.fetched_at >= FRESH_ENOUGH:
        problem = await _fetch(customer, company)
        if problem is not None:
            return await _page(customer, profile, company, view, problem=problem)
    return see_other(customer, f"/company/{profile}/shops?done={REFRESHED}")


@router.post("")
async def decide(  # noqa: PLR0913, PLR0917 - the form has all of these
    customer: CompanyAdministrator,
    profile: UUID,
    click: Click,
    shop: Annotated[list[str] | None, Form()] = None,
    do: Annotated[str, Form()] = "",
    q: Annotated[str, Form()] = "",
    page: Annotated[int, Form()] = 1,
) -> Response:
    """Make the ticked shops places for terminals, or places no longer; or all that the search finds."""
    company = await _company(customer, profile)
    number, portal, q = _number(company), customer.portal, _searched(q)
    shops = await shops_found(portal.engine, number, q) if do == "choose-all" else (shop or [])
    choosing = Choosing(ProfileId(profile), number, frozenset(shops), customer.account.user, str(click))
    try:
        if not shops:
            raise NoShopsChosen
        await (unchoose if do == "take-back" else choose)(portal.engine, choosing, portal.clock.now())
    except Refusal as refusal:
        view = await shops_view(portal.engine, number, q, page)
        return await _page(customer, profile, company, view, q=q, ticked=shops, problem=refusal)
    done = TAKEN_BACK if do == "take-back" else CHOSEN
    return see_other(customer, f"/company/{profile}/shops?{urlencode({'q': q, 'page': page, 'done': done})}")


async def _fetch(customer: Customer, company: CompanyFacts) -> Refusal | None:
    """Ask the register and keep what it says; tells the reader when it says nothing."""
    portal, at = customer.portal, customer.portal.clock.now()
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            below = await portal.register.below(_number(company))
    except TimeoutError:
        return RegisterIsAway()
    except RegisterUnavailable as unavailable:
        portal.meters.register_trouble(unavailable.trouble.value)
        return RegisterIsAway()
    await keep_below(portal.engine, _number(company), below, at)
    return None


async def _company(customer: Customer, profile: UUID) -> CompanyFacts:
    company = await company_facts(customer.portal.engine, ProfileId(profile))
    if company is None:
        raise HTTPException(NOT_FOUND)
    return company


def _number(company: CompanyFacts) -> OrganisationNumber:
    return OrganisationNumber(company.organisation_number)


def _searched(q: str) -> str:
    """What is searched for, on one line; PostgreSQL cannot hold the character NUL."""
    return " ".join(q.replace("\0", " ").split())[:LONGEST_SEARCH]


async def _page(  # noqa: PLR0913 - the page and what came of the form on it
    customer: Customer,
    profile: UUID,
    company: CompanyFacts,
    view: ShopsView,
    *,
    q: str = "",
    ticked: Sequence[str] = (),
    done: str = "",
    problem: Refusal | None = None,
) -> Response:
    portal, user = customer.portal, customer.account.user
    role = await portal.accounts.role_in(user, profile, portal.clock.now())
    return page(
        customer,
        "shops.html",
        status=CONFLICT if problem is not None and not isinstance(problem, RegisterIsAway) else 200,
        path=f"/company/{profile}/shops",
        profile_id=profile,
        company_name=company.name,
        companies=await portal.accounts.companies(user),
        administers=role is not None and may(role, Right.MANAGE_MEMBERS),
        view=view,
        q=q,
        ticked=ticked,
        done=done if done in {CHOSEN, TAKEN_BACK, REFRESHED} else "",
        problem=problem,
        silent=isinstance(problem, RegisterIsAway),
    )
