"""Turning a decision round: for leads, with the letter shown first, as a step of the same process."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from database.desk_letters import preview_reversal
from domain.conversations import NotTakenDown
from domain.desk.conversation import NotToBeReversed, Reversal, ReversalNeedsReason
from domain.desk.reasons import REVERSALS, ReversalReason
from domain.ids import SignupId, StaffId
from domain.refusals import Refusal
from domain.stages import Stage
from gateways.letters import Sender, render_letter
from web.access import SupportLead
from web.desk_pages import REVERSIBLE, UNAVAILABLE, conflict_page, task_of, task_page
from web.forms import Click
from web.pages import see_other, staff_page
from web.visitor import Colleague
from workflows.front_desk.desk import problem_in

router = APIRouter(prefix="/support/tasks/{task}/reverse")

Text = Annotated[str, Form()]


@router.post("/preview")
async def look_ahead(lead: SupportLead, task: UUID, reason: Text = "", stands: Text = "") -> Response:
    """Show what the customer would be told."""
    await task_of(lead, task)
    if reason not in set(ReversalReason):
        return await task_page(lead, task, problem=ReversalNeedsReason())
    if stands not in REVERSIBLE:
        return await conflict_page(lead, task, NotToBeReversed())
    return await _preview(lead, task, ReversalReason(reason), Stage(stands))


@router.post("")
async def reverse(lead: SupportLead, task: UUID, click: Click, reason: Text = "", stands: Text = "") -> Response:
    """Turn the decision round. Of two leads who do it at once, one is told."""
    view = await task_of(lead, task)
    if reason not in set(ReversalReason) or stands not in REVERSIBLE:
        return await conflict_page(lead, task, NotToBeReversed())
    reversal = Reversal(task, StaffId(lead.staff.id), ReversalReason(reason), Stage(stands), click)
    problem = problem_in(await lead.portal.signups.reverse(SignupId(view.signup_id), reversal, click))
    if isinstance(problem, NotTakenDown):
        return await _preview(lead, task, reversal.reason, reversal.stands, problem)
    if problem is not None:
        return await conflict_page(lead, task, problem)
    return see_other(lead, f"/support/tasks/{task}?said=reversed")


async def _preview(lead: Colleague, task: UUID, reason: ReversalReason, stands: Stage, problem: Refusal | None = None) -> Response:
    portal = lead.portal
    composed = await preview_reversal(portal.engine, task, stands, reason)
    letter = render_letter(*composed, Sender(portal.public_url, portal.support_email, portal.support_phone)) if composed else None
    return staff_page(
        lead,
        "support_reversal.html",
        status=UNAVAILABLE if problem else 200,
        path=f"/support/tasks/{task}",
        task=await task_of(lead, task),
        reason=reason,
        words=REVERSALS[reason],
        stands=stands,
        letter=letter,
        problem=problem,
    )
