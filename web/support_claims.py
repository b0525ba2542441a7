"""Power over a company that changes hands on support's word: two people have to say the same."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.claim_pages import claim_view, claims_with_support, recoveries_with_support, recovery_view
from domain.conversations import NobodyIsListening
from domain.ids import StaffId
from domain.members.claims import ClaimIsOver
from domain.members.four_eyes import SupportsWord
from domain.refusals import Refusal
from web.access import Support
from web.forms import Click
from web.pages import see_other, staff_page
from web.visitor import Colleague
from workflows.front_desk.desk import problem_in

NOT_FOUND, CONFLICT = 404, 409
# What can be said, by the word on the button.
WORDS = {"yes": True, "no": False}
router = APIRouter(prefix="/support")


@router.get("/claims")
async def queue(colleague: Support, done: str = "") -> Response:
    """List what waits, the oldest first: claims on companies, and memberships that are asked for under another eID."""
    return await _page(colleague, done=bool(done))


@router.post("/claims/{claim}")
async def rule_on_claim(colleague: Support, claim: UUID, click: Click, decision: Annotated[str, Form()] = "") -> Response:
    """Propose, or agree with what a colleague has proposed."""
    claimed = await claim_view(colleague.portal.engine, claim)
    if claimed is None or decision not in WORDS:
        raise HTTPException(NOT_FOUND)
    problem = problem_in(await colleague.portal.company_claims.rule(claimed.id, _word(colleague, decision), click))
    return await _said(colleague, problem)


@router.post("/recoveries/{recovery}")
async def rule_on_recovery(colleague: Support, recovery: UUID, click: Click, decision: Annotated[str, Form()] = "") -> Response:
    """Propose, or agree with what a colleague has proposed."""
    asked = await recovery_view(colleague.portal.engine, recovery)
    if asked is None or decision not in WORDS:
        raise HTTPException(NOT_FOUND)
    problem = problem_in(await colleague.portal.recoveries.rule(asked.id, _word(colleague, decision), click))
    return await _said(colleague, problem)


def _word(colleague: Colleague, decision: str) -> SupportsWord:
    return SupportsWord(StaffId(colleague.staff.id), WORDS[decision])


async def _said(colleague: Colleague, problem: Refusal | None) -> Response:
    if problem is None:
        return see_other(colleague, "/support/claims?done=1")
    return await _page(colleague, problem=ClaimIsOver() if isinstance(problem, NobodyIsListening) else problem)


async def _page(colleague: Colleague, *, done: bool = False, problem: Refusal | None = None) -> Response:
    engine = colleague.portal.engine
    return staff_page(
        colleague,
        "support_claims.html",
        status=CONFLICT if problem else 200,
        path="/support/claims",
        claims=await claims_with_support(engine),
        recoveries=await recoveries_with_support(engine),
        me=colleague.staff.id,
        done=done,
        problem=problem,
        now=colleague.portal.clock.now(),
    )
