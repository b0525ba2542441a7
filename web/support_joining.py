"""Requests to join that no administrator has answered: support finds out, and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.member_pages import OpenRequest, request_view, requests_with_support
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
async def queue(colleague: Support, done: str = "") -> Response:
    """List what no administrator has answered in time, the oldest first."""
    requests = await requests_with_support(colleague.portal.engine)
    return _page(colleague, requests, done=bool(done))


@router.post("/{request}")
async def answer(
    colleague: Support, request: UUID, click: Click, decision: Annotated[str, Form()] = "", role: Annotated[str, Form()] = ""
) -> Response:
    """Let somebody in, or do not. Whoever comes second is told."""
    asked = await request_view(colleague.portal.engine, request)
    if asked is None:
        raise HTTPException(NOT_FOUND)
    by = StaffId(colleague.staff.id)
    try:
        chosen = role_named(role) if decision == "yes" else None
    except Refusal as refusal:
        return _page(colleague, await requests_with_support(colleague.portal.engine), problem=refusal)
    problem = problem_in(await colleague.portal.join_requests.rule(asked.profile, asked.user, by, chosen, click))
    if problem is None:
        return see_other(colleague, "/support/join-requests?done=1")
    shown = RequestIsOver() if isinstance(problem, NobodyIsListening) else problem
    return _page(colleague, await requests_with_support(colleague.portal.engine), problem=shown)


def _page(colleague: Colleague, requests: Sequence[OpenRequest], *, done: bool = False, problem: Refusal | None = None) -> Response:
    return staff_page(
        colleague,
        "support_joining.html",
        status=CONFLICT if problem else 200,
        path="/support/join-requests",
        requests=requests,
        role_names=ROLE_NAMES,
        done=done,
        problem=problem,
        now=colleague.portal.clock.now(),
    )
