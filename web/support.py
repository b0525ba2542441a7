"""What people in support have to look at, and their decisions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.tasks import TaskView, open_tasks, read_task
from domain.ids import SignupId, StaffId
from domain.refusals import Refusal
from domain.rulings import REASONS, RejectionNeedsReason, RejectionReason, Ruling
from web.access import Support
from web.forms import Click
from web.pages import see_other, staff_page
from web.visitor import Colleague
from workflows.front_desk.desk import Refused, problem_in

NOT_FOUND, CONFLICT, UNPROCESSABLE, UNAVAILABLE = 404, 409, 422, 503
router = APIRouter(prefix="/support")


@router.get("")
async def queue(colleague: Support, done: str = "") -> Response:
    """List what waits, what has waited longest first."""
    tasks = await open_tasks(colleague.portal.engine)
    return staff_page(colleague, "support.html", tasks=tasks, now=colleague.portal.clock.now(), done=bool(done))


@router.get("/tasks/{task}")
async def show(colleague: Support, task: UUID) -> Response:
    """Show one task with its evidence, or how it was decided."""
    return _show(colleague, await _task(colleague, task))


@router.post("/tasks/{task}")
async def decide(
    colleague: Support, task: UUID, click: Click, decision: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = ""
) -> Response:
    """Approve or reject. Whoever comes second is shown who decided what, and when."""
    waiting = await _task(colleague, task)
    try:
        ruling = _ruling(waiting, colleague, decision, reason)
    except Refusal as refusal:
        return _show(colleague, waiting, status=UNPROCESSABLE, problem=refusal, reason=reason)
    answer = await colleague.portal.signups.rule(SignupId(waiting.signup_id), ruling, click)
    problem = problem_in(answer)
    if problem is None:
        return see_other(colleague, "/support?done=1")
    status = CONFLICT if isinstance(answer, Refused) else UNAVAILABLE
    return _show(colleague, await _task(colleague, task), status=status, problem=problem, reason=reason)


def _ruling(task: TaskView, colleague: Colleague, decision: str, reason: str) -> Ruling:
    """Read a decision. Raises RejectionNeedsReason."""
    by = StaffId(colleague.staff.id)
    if decision == "approve":
        return Ruling(task.id, by)
    if decision != "reject" or reason not in set(RejectionReason):
        raise RejectionNeedsReason
    return Ruling(task.id, by, RejectionReason(reason))


async def _task(colleague: Colleague, task: UUID) -> TaskView:
    found = await read_task(colleague.portal.engine, task)
    if found is None:
        raise HTTPException(NOT_FOUND)
    return found


def _show(colleague: Colleague, task: TaskView, *, status: int = 200, problem: Refusal | None = None, reason: str = "") -> Response:
    return staff_page(
        colleague,
        "support_task.html",
        status=status,
        path=f"/support/tasks/{task.id}",
        task=task,
        reasons=REASONS,
        reason=reason,
        problem=problem,
        now=colleague.portal.clock.now(),
    )
