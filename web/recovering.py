"""Asking for the membership that one had under another eID. Whether an address is anybody's is never said."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from database.claim_pages import RecoveryView, latest_recovery, recovery_view
from database.member_pages import JoinPlace
from database.recoveries import draft_recovery
from domain.conversations import NobodyIsListening
from domain.email_address import EmailAddress
from domain.ids import RecoveryId, derived
from domain.members.recoveries import RecoveryDraft, RecoveryHeard, RecoveryIsOver, RecoverySaid, RecoveryStart, RecoveryState
from domain.refusals import Refusal
from web.access import GoOnThere, Onboarded, Public
from web.claiming import company_of
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer, Visitor
from workflows.front_desk.desk import problem_in

NOT_FOUND, CONFLICT, GONE, UNPROCESSABLE = 404, 409, 410, 422
router = APIRouter()


@router.get("/join/{number}/old")
async def show(customer: Onboarded, number: str) -> Response:
    """Ask for the old address, or show where the request stands."""
    return await _page(customer, await _place(customer, number))


@router.post("/join/{number}/old")
async def ask(customer: Onboarded, number: str, click: Click, email: Annotated[str, Form()] = "") -> Response:
    """Ask for the membership. The answer is the same whoever the address belongs to."""
    place, portal, user = await _place(customer, number), customer.portal, customer.account.user
    try:
        address = EmailAddress.parse(email)
    except Refusal as refusal:
        return await _page(customer, place, refusal, email=email, status=UNPROCESSABLE)
    recovery = RecoveryId(derived(str(click), f"recovery {user}"))
    await draft_recovery(portal.engine, RecoveryDraft(recovery, place.profile, user, address.value), portal.clock.now())
    problem = problem_in(await portal.recoveries.begin(RecoveryStart(recovery, place.profile, user, place.organisation_number)))
    if problem is None:
        return see_other(customer, f"/join/{place.organisation_number}/old")
    return await _page(customer, place, problem, email=email)


@router.post("/join/{number}/old/no-mail")
async def cannot_read(customer: Onboarded, number: str, click: Click) -> Response:
    """Say that the old address cannot be read any more, so that support looks at it."""
    return await _say(customer, number, RecoveryHeard.NO_MAIL, click)


@router.post("/join/{number}/old/withdraw")
async def withdraw(customer: Onboarded, number: str, click: Click) -> Response:
    """Take the request back."""
    return await _say(customer, number, RecoveryHeard.TAKEN_BACK, click)


@router.get("/recovery/{token}")
async def show_letters_page(visitor: Public, token: str) -> Response:
    """The page behind the old address's link. Mail scanners open links too, so opening it confirms nothing."""
    return _letters_page(visitor, token, await _behind(visitor, token))


@router.post("/recovery/{token}")
async def confirm(visitor: Public, token: str, click: Click, decision: Annotated[str, Form()] = "") -> Response:
    """Confirm, or say that it was somebody else. The letter is enough for that: the old eID may be gone."""
    asked = await _behind(visitor, token)
    problem: Refusal | None = None
    if asked is not None and decision in {"yes", "no"}:
        heard = RecoveryHeard.CONFIRMED if decision == "yes" else RecoveryHeard.NOT_ME
        problem = problem_in(await visitor.portal.recoveries.say(asked.id, RecoverySaid(heard), click))
    if problem is None:
        return see_other(visitor, f"/recovery/{token}")
    return _letters_page(visitor, token, await _behind(visitor, token), problem)


async def _say(customer: Customer, number: str, heard: RecoveryHeard, click: Click) -> Response:
    place, user = await _place(customer, number), customer.account.user
    asked = await latest_recovery(customer.portal.engine, place.profile, user)
    problem: Refusal | None = RecoveryIsOver()
    if asked is not None and asked.state is RecoveryState.OPEN:
        problem = problem_in(await customer.portal.recoveries.say(asked.id, RecoverySaid(heard, user), click))
    if problem is None:
        return see_other(customer, f"/join/{place.organisation_number}/old")
    return await _page(customer, place, RecoveryIsOver() if isinstance(problem, NobodyIsListening) else problem)


async def _place(customer: Customer, number: str) -> JoinPlace:
    place = await company_of(customer, number)
    if place.member:
        raise GoOnThere(f"/company/{place.profile}")
    return place


async def _behind(visitor: Visitor, token: str) -> RecoveryView | None:
    named = visitor.portal.letter_secrets.recovery_of(token)
    return await recovery_view(visitor.portal.engine, named) if named else None


async def _page(
    customer: Customer, place: JoinPlace, problem: Refusal | None = None, *, email: str = "", status: int = CONFLICT
) -> Response:
    return page(
        customer,
        "old_membership.html",
        status=status if problem else 200,
        path=f"/join/{place.organisation_number}/old",
        place=place,
        recovery=await latest_recovery(customer.portal.engine, place.profile, customer.account.user),
        email=email,
        problem=problem,
        now=customer.portal.clock.now(),
    )


def _letters_page(visitor: Visitor, token: str, recovery: RecoveryView | None, problem: Refusal | None = None) -> Response:
    over = recovery is not None and recovery.state is not RecoveryState.OPEN
    status = NOT_FOUND if recovery is None else GONE if over else CONFLICT if problem else 200
    return page(visitor, "recovery.html", status=status, path=f"/recovery/{token}", token=token, recovery=recovery, problem=problem)
