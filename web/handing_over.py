"""Asking a colleague to finish a signup, and taking one over."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from database.company_pages import signup_view
from database.handovers import HandoverView
from domain.email_address import EmailAddress
from domain.handovers import Handover, HandoverIsUsed, SignupIsOver, YourOwnHandover
from domain.ids import HandoverId, SignupId, derived
from domain.languages import Language
from domain.organisation_number import OrganisationNumber
from domain.post import LetterOrder
from domain.refusals import Refusal
from domain.signups import SignupAlreadyOpen
from domain.stages import position
from web.access import GoOnThere, Onboarded, Public, SignupOwner
from web.forms import Click
from web.pages import page, see_other
from web.portal import Portal
from web.visitor import Customer, Visitor
from workflows.front_desk.desk import NotBegun, problem_in

NOT_FOUND, CONFLICT, GONE, UNPROCESSABLE = 404, 409, 410, 422
router = APIRouter()


@router.get("/signup/{signup}/hand-over")
async def ask_whom(customer: SignupOwner, signup: UUID, done: str = "") -> Response:
    """Ask for a colleague's address."""
    return await _form(customer, signup, done=bool(done))


@router.post("/signup/{signup}/hand-over")
async def hand_over(
    customer: SignupOwner, signup: UUID, click: Click, email: Annotated[str, Form()] = "", language: Annotated[str, Form()] = ""
) -> Response:
    """Write to a colleague. Nothing changes for the signup until they take it over."""
    portal, user = customer.portal, customer.account.user
    spoken = Language(language) if language in set(Language) else customer.language
    handover = HandoverId(derived(str(click), f"handover {signup}"))
    try:
        address = EmailAddress.parse(email)
        order = await portal.handovers.hand(Handover(handover, SignupId(signup), user, address.value, spoken), portal.clock.now())
    except Refusal as refusal:
        return await _form(customer, signup, email=email, problem=refusal)
    await _set_going(portal, order)
    return see_other(customer, f"/signup/{signup}/hand-over?done=1")


@router.get("/handover/{token}")
async def show(visitor: Public, token: str) -> Response:
    """Show who asks whom to finish what. Mail scanners open links too, so opening it takes nothing over."""
    return _page(visitor, token, await _behind(visitor, token))


@router.post("/handover/{token}")
async def take_over(customer: Onboarded, token: str, click: Click) -> Response:  # noqa: ARG001 - the letter is good for one signup
    """Go on as the one who signs the company up; the colleague's signup ends with that."""
    handover, portal, user = await _behind(customer, token), customer.portal, customer.account.user
    if handover is None:
        return _page(customer, token, None)
    signup = SignupId(derived(str(handover.id), f"signup {user}"))
    try:
        _refuse_to_take(customer, handover, signup)
        await portal.handovers.take(handover, user, portal.clock.now())
    except Refusal as refusal:
        return _page(customer, token, await _behind(customer, token), refusal)
    company = OrganisationNumber.parse(handover.organisation_number)
    problem = problem_in(await portal.signups.begin(signup, user, company, handover.signup, handed_by=handover.by))
    if problem is not None:
        return _page(customer, token, await _behind(customer, token), problem)
    await _set_going(portal, await portal.handovers.tell(handover, portal.clock.now()))
    return see_other(customer, f"/signup/{signup}")


def _refuse_to_take(customer: Customer, handover: HandoverView, signup: SignupId) -> None:
    """Raise the Refusal for a signup that is over, one's own, or a second one beside another."""
    if handover.by == customer.account.user:
        raise YourOwnHandover
    if handover.taken_by not in {None, customer.account.user}:
        raise HandoverIsUsed
    if customer.account.open_signup not in {None, signup}:
        raise SignupAlreadyOpen
    if handover.taken_by is None and not handover.open:
        raise SignupIsOver


async def _set_going(portal: Portal, order: LetterOrder) -> None:
    # A letter that could not be set going stands in the book, and operators begin it again.
    with suppress(NotBegun):
        await portal.letters.set_going(order)


async def _behind(visitor: Visitor, token: str) -> HandoverView | None:
    named = visitor.portal.letter_secrets.handover_of(token)
    return await visitor.portal.handovers.view(named) if named else None


async def _form(customer: Customer, signup: UUID, *, email: str = "", done: bool = False, problem: Refusal | None = None) -> Response:
    view = await signup_view(customer.portal.engine, SignupId(signup))
    if view is None or (problem is None and position(view.log).ended):
        raise GoOnThere(f"/signup/{signup}")
    return page(
        customer,
        "hand_over.html",
        status=UNPROCESSABLE if problem else 200,
        path=f"/signup/{signup}/hand-over",
        signup=view,
        email=email,
        done=done,
        problem=problem,
    )


def _page(visitor: Visitor, token: str, handover: HandoverView | None, problem: Refusal | None = None) -> Response:
    gone = handover is not None and not handover.open
    status = NOT_FOUND if handover is None else GONE if gone else CONFLICT if problem else 200
    return page(visitor, "handover.html", status=status, path=f"/handover/{token}", token=token, handover=handover, problem=problem)
