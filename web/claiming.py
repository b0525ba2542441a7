"""Claiming a company whose administrators cannot be reached."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from database.claim_pages import latest_claim
from database.member_pages import JoinPlace, join_place
from domain.conversations import NobodyIsListening
from domain.ids import ClaimId, derived
from domain.members.claims import TO_OBJECT, ClaimIsOver, ClaimStart, ClaimState
from domain.organisation_number import NotAnOrganisationNumber, OrganisationNumber
from domain.refusals import Refusal
from web.access import GoOnThere, Onboarded
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

CONFLICT = 409
router = APIRouter(prefix="/claim/{number}")


@router.get("")
async def show(customer: Onboarded, number: str) -> Response:
    """Say what a claim is and offer to make one, or show where it stands."""
    return await _page(customer, await company_of(customer, number))


@router.post("")
async def claim(customer: Onboarded, number: str, click: Click) -> Response:
    """Claim the company. The same click twice is one claim."""
    place, user = await company_of(customer, number), customer.account.user
    start = ClaimStart(ClaimId(derived(str(click), f"claim {user}")), place.profile, user, place.organisation_number)
    problem = problem_in(await customer.portal.company_claims.begin(start))
    return await _page(customer, place, problem) if problem else see_other(customer, f"/claim/{place.organisation_number}")


@router.post("/withdraw")
async def withdraw(customer: Onboarded, number: str, click: Click) -> Response:
    """Take the claim back. Whoever comes too late is shown how it ended."""
    place, user = await company_of(customer, number), customer.account.user
    claimed = await latest_claim(customer.portal.engine, place.profile, user)
    problem: Refusal | None = ClaimIsOver()
    if claimed is not None and claimed.state is ClaimState.OPEN:
        problem = problem_in(await customer.portal.company_claims.withdraw(claimed.id, user, click))
    if problem is None:
        return see_other(customer, f"/claim/{place.organisation_number}")
    return await _page(customer, place, ClaimIsOver() if isinstance(problem, NobodyIsListening) else problem)


async def company_of(customer: Customer, number: str) -> JoinPlace:
    """Find the company; one that has no profile is signed up instead."""
    try:
        wanted = OrganisationNumber.parse(number)
    except NotAnOrganisationNumber:
        raise GoOnThere("/workplace") from None
    place = await join_place(customer.portal.engine, wanted, customer.account.user)
    if place is None:
        raise GoOnThere(f"/workplace/{wanted}")
    return place


async def _page(customer: Customer, place: JoinPlace, problem: Refusal | None = None) -> Response:
    return page(
        customer,
        "claim.html",
        status=CONFLICT if problem else 200,
        path=f"/claim/{place.organisation_number}",
        place=place,
        claim=await latest_claim(customer.portal.engine, place.profile, customer.account.user),
        days=TO_OBJECT,
        problem=problem,
        now=customer.portal.clock.now(),
    )
