"""Requests to join that no administrator has answered: support finds out, and answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.desk_joining import JoinTasks
from database.member_pages import request_view
from domain.conversations import NobodyIsListening
from domain.ids import StaffId
from domain.members.requests import RequestIsOver
from domain.members.roles import ROLE_NAMES, role_named
from domain.refusals import Refusal
from web.access import Support
from web.forms import Click
from web.pages import see_other, staff_page
from web.visitor import Colleague
from workflows.front_desk.desk import problem_in

NOT_FOUND, CONFLICT = 404, 409
router = APIRouter(prefix="/support/join-requests")


@router.get("")
async def queue(colleague: Support, done: str = "", said: str = "") -> Response:
    """List what no administrator has answered in time, what is due first first. `said` is what was just done with a task."""
    return await _page(colleague, done=bool(done), said=said if said in {"decided", "asked"} else "")


@router.post("/{request}")
async def answer(
    colleague: Support, request: UUID, click: Click, decision: Annotated[str, Form()] = "", role: Annotated[str, Form()] = ""
) -> Response:
    """Let somebody in, or do not. Whoever comes second is told who was first, and nobody answers for a company they belong to."""
    asked = await request_view(colleague.portal.engine, request)
    if asked is None:
        raise HTTPException(NOT_FOUND)
    by = StaffId(colleague.staff.id)
    try:
        chosen = role_named(role) if decision == "yes" else None
        await JoinTasks(colleague.portal.engine, colleague.staff).refuse_unless_may_answer(request)
    except Refusal as refusal:
        return await _page(colleague, problem=refusal)
    problem = problem_in(await colleague.portal.join_requests.rule(asked.profile, asked.user, by, chosen, click))
    if problem is None:
        return see_other(colleague, "/support/join-requests?done=1")
    shown = RequestIsOver() if isinstance(problem, NobodyIsListening) else problem
    return await _page(colleague, problem=shown, about=request)


async def _page(
    colleague: Colleague, *, done: bool = False, said: str = "", problem: Refusal | None = None, about: UUID | None = None
) -> Response:
    joining, now = JoinTasks(colleague.portal.engine, colleague.staff), colleague.portal.clock.now()
    return staff_page(
        colleague,
        "support_joining.html",
        status=CONFLICT if problem else 200,
        path="/support/join-requests",
        requests=await joining.open_ones(now, bonds=True),
        role_names=ROLE_NAMES,
        done=done,
        said=said,
        problem=problem,
        end=await joining.end_of(about) if about else None,
        now=now,
    )
