"""Deciding on a task: the letter is shown before it goes, and of two decisions the second is told of the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from database.desk_letters import preview
from database.desk_questions import QuestionDraft
from database.tasks import TaskView
from domain.conversations import NotTakenDown
from domain.desk.conversation import Question, QuestionNeedsReason, text_in
from domain.desk.reasons import APPROVALS, QUESTIONS, ApprovalReason, QuestionReason
from domain.ids import SignupId, StaffId
from domain.post import LetterKind
from domain.refusals import Refusal
from domain.rulings import REASONS, ApprovalNeedsReason, RejectionNeedsReason, RejectionReason, Ruling, TaskIsDecided
from gateways.letters import Sender, render_letter
from web.access import Support
from web.desk_pages import UNAVAILABLE, Typed, conflict_page, task_of, task_page
from web.forms import Click
from web.pages import see_other, staff_page
from web.support import go_on_to_next
from web.visitor import Colleague
from workflows.front_desk.desk import problem_in

router = APIRouter(prefix="/support/tasks/{task}")


@dataclass(frozen=True, slots=True)
class Asking:
    """What the customer is to be asked."""

    reason: QuestionReason
    text: str
    wants_document: bool


Intent: TypeAlias = Ruling | Asking


async def typed_in(  # noqa: PLR0913, PLR0917 - the form has all of these fields
    decision: Annotated[str, Form()] = "",
    approved: Annotated[str, Form()] = "",
    rejected: Annotated[str, Form()] = "",
    question: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    wants_document: Annotated[str, Form()] = "",
) -> Typed:
    """Read the form of a decision as it was filled in."""
    return Typed(decision, approved, rejected, question, text, bool(wants_document))


Filled = Annotated[Typed, Depends(typed_in)]


@router.post("/preview")
async def look_ahead(colleague: Support, task: UUID, typed: Filled) -> Response:
    """Show what a decision would say to the customer, and keep the task for whoever reads it."""
    view = await task_of(colleague, task)
    try:
        intent = _intent(view, colleague, typed)
    except Refusal as problem:
        return await task_page(colleague, task, typed, problem=problem)
    try:
        await colleague.portal.claims.claim(task, colleague.staff, colleague.portal.clock.now())
    except Refusal as problem:
        return await conflict_page(colleague, task, problem)
    return await _preview(colleague, view, typed, intent)


@router.post("/decide")
async def decide(colleague: Support, task: UUID, click: Click, typed: Filled, go_on: Annotated[str, Form()] = "") -> Response:
    """Approve, reject or ask. Whoever comes second is shown who decided what, and when."""
    view = await task_of(colleague, task)
    try:
        intent = _intent(view, colleague, typed)
    except Refusal as refused:
        return await task_page(colleague, task, typed, problem=refused)
    problem = await _carry_out(colleague, view, intent, click)
    if isinstance(problem, NotTakenDown):
        return await _preview(colleague, view, typed, intent, problem=problem)
    if problem is not None:
        return await conflict_page(colleague, task, problem)
    said = "asked" if isinstance(intent, Asking) else "decided"
    return await go_on_to_next(colleague, said) if go_on else see_other(colleague, f"/support?said={said}")


async def _carry_out(colleague: Colleague, view: TaskView, intent: Intent, click: UUID) -> Refusal | None:
    """Say it to the process, which is the judge; the desk only sees to it that a task is not decided by somebody who must not."""
    portal, now, signup = colleague.portal, colleague.portal.clock.now(), SignupId(view.signup_id)
    try:
        await portal.claims.claim(view.id, colleague.staff, now)
    except TaskIsDecided:
        # Perhaps by this very click, sent twice: the process knows.
        pass
    except Refusal as problem:
        return problem
    if isinstance(intent, Ruling):
        return problem_in(await portal.signups.rule(signup, intent, click))
    by = StaffId(colleague.staff.id)
    draft = QuestionDraft(click, view.id, by, intent.reason, intent.text, intent.wants_document)
    await portal.questions.draft_question(draft, now)
    return problem_in(await portal.signups.ask_for_more(signup, Question(view.id, by, click), click))


def _intent(task: TaskView, colleague: Colleague, typed: Typed) -> Intent:
    """Read what somebody wants. Raises the Refusal that says what is missing."""
    by = StaffId(colleague.staff.id)
    match typed.decision:
        case "approve":
            if typed.approved not in set(ApprovalReason):
                raise ApprovalNeedsReason
            return Ruling(task.id, by, approved=ApprovalReason(typed.approved))
        case "ask":
            if typed.question not in set(QuestionReason):
                raise QuestionNeedsReason
            return Asking(QuestionReason(typed.question), text_in(typed.text), typed.wants_document)
        case _:
            if typed.rejected not in set(RejectionReason):
                raise RejectionNeedsReason
            return Ruling(task.id, by, RejectionReason(typed.rejected))


async def _preview(colleague: Colleague, view: TaskView, typed: Typed, intent: Intent, problem: Refusal | None = None) -> Response:
    portal = colleague.portal
    kind = LetterKind.QUESTION if isinstance(intent, Asking) else LetterKind.REJECTED if intent.rejected else LetterKind.WELCOME
    composed = await preview(portal.engine, view.id, kind, typed.rejected or None)
    letter = render_letter(*composed, Sender(portal.public_url, portal.support_email, portal.support_phone)) if composed else None
    if isinstance(intent, Asking):
        reason = QUESTIONS[intent.reason]
    else:
        reason = REASONS[intent.rejected] if intent.rejected else APPROVALS[intent.approved or ApprovalReason.OTHER]
    return staff_page(
        colleague,
        "support_decision.html",
        status=UNAVAILABLE if problem else 200,
        path=f"/support/tasks/{view.id}",
        task=view,
        typed=replace(typed, text=intent.text) if isinstance(intent, Asking) else typed,
        decision="ask" if isinstance(intent, Asking) else "reject" if intent.rejected else "approve",
        reason=reason,
        letter=letter,
        problem=problem,
    )
