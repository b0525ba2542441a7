"""Asking to be let into a company that has a profile."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from database.member_pages import JoinPlace, join_place
from domain.conversations import NobodyIsListening
from domain.members.requests import JoinRequestState, RequestIsOver
from domain.organisation_number import NotAnOrganisationNumber, OrganisationNumber
from domain.refusals import Refusal
from web.access import GoOnThere, Onboarded
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

CONFLICT = 409
router = APIRouter(prefix="/join/{number}")


@router.get("")
async def show(customer: Onboarded, number: str) -> Response:
    """Offer to ask, or show where the request stands. Who the administrators are is not said."""
    return _page(customer, await _place(customer, number))


@router.post("")
async def ask(customer: Onboarded, number: str, click: Click) -> Response:  # noqa: ARG001 - asking twice is asking once
    """Ask the company's administrators; whoever is invited already is in with that."""
    place = await _place(customer, number)
    answer = await customer.portal.join_requests.begin(place.profile, customer.account.user, place.organisation_number)
    problem = problem_in(answer)
    return _page(customer, place, problem) if problem else see_other(customer, f"/join/{place.organisation_number}")


@router.post("/withdraw")
async def withdraw(customer: Onboarded, number: str, click: Click) -> Response:
    """Take the request back. Whoever comes too late is shown how it ended."""
    place = await _place(customer, number)
    problem = problem_in(await customer.portal.join_requests.withdraw(place.profile, customer.account.user, click))
    place = await _place(customer, number)
    if problem is None or place.state is JoinRequestState.WITHDRAWN:
        return see_other(customer, f"/join/{place.organisation_number}")
    return _page(customer, place, RequestIsOver() if isinstance(problem, NobodyIsListening) else problem)


async def _place(customer: Customer, number: str) -> JoinPlace:
    """Find the company; one that has no profile is signed up instead, and a member is shown in."""
    try:
        wanted = OrganisationNumber.parse(number)
    except NotAnOrganisationNumber:
        raise GoOnThere("/workplace") from None
    place = await join_place(customer.portal.engine, wanted, customer.account.user)
    if place is None:
        raise GoOnThere(f"/workplace/{wanted}")
    if place.member:
        raise GoOnThere(f"/company/{place.profile}")
    return place


def _page(customer: Customer, place: JoinPlace, problem: Refusal | None = None) -> Response:
    return page(
        customer,
        "join.html",
        status=CONFLICT if problem else 200,
        path=f"/join/{place.organisation_number}",
        place=place,
        problem=problem,
        now=customer.portal.clock.now(),
    )
