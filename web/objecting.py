"""What those who act for a company are asked about it: to object to a claim, to say yes to a colleague's other eID."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.claim_pages import ClaimView, RecoveryView, claim_view, recovery_view
from domain.conversations import NobodyIsListening
from domain.members.claims import ClaimIsOver, ClaimState
from domain.members.recoveries import RecoveryHeard, RecoveryIsOver, RecoverySaid
from domain.refusals import Refusal
from web.access import CompanyAdministrator, CompanyMember
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

NOT_FOUND, CONFLICT = 404, 409
router = APIRouter(prefix="/company/{profile}")


@router.get("/claims/{claim}")
async def show_claim(customer: CompanyMember, profile: UUID, claim: UUID) -> Response:
    """Show who claims the company. Opening the page answers nothing."""
    return _claim_page(customer, await _claim(customer, profile, claim))


@router.post("/claims/{claim}")
async def object_to(customer: CompanyMember, profile: UUID, claim: UUID, click: Click) -> Response:
    """Object. An administrator's objection ends the claim, any other member's brings it to support."""
    claimed = await _claim(customer, profile, claim)
    problem = problem_in(await customer.portal.company_claims.object_to(claimed.id, customer.account.user, click))
    if problem is None:
        return see_other(customer, f"/company/{profile}/claims/{claim}")
    shown = ClaimIsOver() if isinstance(problem, NobodyIsListening) else problem
    return _claim_page(customer, await _claim(customer, profile, claim), shown)


@router.get("/recoveries/{recovery}")
async def show_recovery(customer: CompanyAdministrator, profile: UUID, recovery: UUID) -> Response:
    """Show who asks for whose membership. Opening the page answers nothing."""
    return _recovery_page(customer, await _recovery(customer, profile, recovery))


@router.post("/recoveries/{recovery}")
async def answer(
    customer: CompanyAdministrator, profile: UUID, recovery: UUID, click: Click, decision: Annotated[str, Form()] = ""
) -> Response:
    """Say yes or no; anything else is no answer."""
    asked = await _recovery(customer, profile, recovery)
    if decision not in {"yes", "no"}:
        return see_other(customer, f"/company/{profile}/recoveries/{recovery}")
    said = RecoverySaid(RecoveryHeard.ANSWER, customer.account.user, decision == "yes")
    problem = problem_in(await customer.portal.recoveries.say(asked.id, said, click))
    if problem is None:
        return see_other(customer, f"/company/{profile}/members?done=answered")
    shown = RecoveryIsOver() if isinstance(problem, NobodyIsListening) else problem
    return _recovery_page(customer, await _recovery(customer, profile, recovery), shown)


async def _claim(customer: Customer, profile: UUID, claim: UUID) -> ClaimView:
    found = await claim_view(customer.portal.engine, claim)
    if found is None or found.profile != profile:
        raise HTTPException(NOT_FOUND)
    return found


async def _recovery(customer: Customer, profile: UUID, recovery: UUID) -> RecoveryView:
    found = await recovery_view(customer.portal.engine, recovery)
    # What the old address has not confirmed is nobody's business yet.
    if found is None or found.profile != profile or found.confirmed_at is None or found.old_name is None:
        raise HTTPException(NOT_FOUND)
    return found


def _claim_page(customer: Customer, claim: ClaimView, problem: Refusal | None = None) -> Response:
    return page(
        customer,
        "objection.html",
        status=CONFLICT if problem else 200,
        path=f"/company/{claim.profile}/claims/{claim.id}",
        claim=claim,
        yours=claim.user == customer.account.user,
        objected=claim.objected_by == customer.account.user,
        open=claim.state is ClaimState.OPEN,
        problem=problem,
        now=customer.portal.clock.now(),
    )


def _recovery_page(customer: Customer, recovery: RecoveryView, problem: Refusal | None = None) -> Response:
    return page(
        customer,
        "recovery_answer.html",
        status=CONFLICT if problem else 200,
        path=f"/company/{recovery.profile}/recoveries/{recovery.id}",
        recovery=recovery,
        problem=problem,
        now=customer.portal.clock.now(),
    )
