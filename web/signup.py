"""Following a signup: the page, its live part, and taking the signup back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from database.company_pages import SignupView, signup_view
from database.desk_inbox import expect
from database.desk_questions import QuestionView
from domain.desk.expectation import Expectation
from domain.desk.fairness import may_appeal
from domain.ids import ProfileId, SignupId
from domain.refusals import Refusal
from domain.rulings import REASONS, RejectionReason
from domain.stages import Ball, LogEntry, Position, Stage, position
from web.access import SignupOwner
from web.forms import Click
from web.pages import nonce_of, page, see_other
from web.portal import Portal
from web.render import render
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

CONFLICT = 409
LOOK_AGAIN = timedelta(seconds=1)
# The queue moves though the signup does not; so many looks apart its place is counted again.
COUNT_AGAIN = 30
# A connection that has lasted this long ends, and the browser opens another if its page is still there.
LONGEST_WATCH = timedelta(minutes=5)
# What a customer has just done, as the page says it.
SAID = frozenset({"answered", "appealed"})
_ASKED = frozenset({Stage.CUSTOMER_ASKED, Stage.LAID_ASIDE})
router = APIRouter(prefix="/signup/{signup}")


class Shown(TypedDict):
    """What the page and its live part show of a signup."""

    signup: SignupView
    position: Position
    log: Sequence[LogEntry]
    refusal: Refusal | None
    rejection: str | None
    profile_id: ProfileId | None
    question: QuestionView | None
    expectation: Expectation | None
    may_appeal: bool
    now: datetime


@router.get("")
async def show(customer: SignupOwner, signup: UUID, said: str = "") -> Response:
    """Show where a signup stands: what is done, who has the ball, for what and since when, and what we ask."""
    return await status_page(customer, signup, said=said if said in SAID else "")


@router.get("/events", response_class=EventSourceResponse)
async def watch(customer: SignupOwner, signup: UUID) -> AsyncIterator[ServerSentEvent]:
    """Send the live part of the page again whenever the signup moves, and say when there is nothing more to come."""
    seen: Position | None = None
    for turn in range(LONGEST_WATCH // LOOK_AGAIN):
        view = await signup_view(customer.portal.engine, SignupId(signup))
        now = position(view.log) if view else None
        if view and (now != seen or turn % COUNT_AGAIN == 0):
            seen = now
            html = render("signup_progress.html", customer.language, nonce_of(customer.request), **await shown_of(customer.portal, view))
            yield ServerSentEvent(raw_data=html)
        if now and now.ended:
            yield ServerSentEvent(event="done", raw_data="done")
            return
        await asyncio.sleep(LOOK_AGAIN.total_seconds())


@router.post("/withdraw")
async def withdraw(customer: SignupOwner, signup: UUID, click: Click) -> Response:
    """Take the signup back. Whoever comes too late is shown how it ended, unless that was by this very wish."""
    problem = problem_in(await customer.portal.signups.withdraw(SignupId(signup), customer.account.user, click))
    view = await signup_view(customer.portal.engine, SignupId(signup))
    if problem is None or view is None or position(view.log).stage is Stage.WITHDRAWN:
        return see_other(customer, f"/signup/{signup}")
    return await status_page(customer, signup, problem=problem, status=CONFLICT)


async def status_page(  # noqa: PLR0913 - what was just said, and what came of it
    customer: Customer, signup: UUID, *, problem: Refusal | None = None, status: int = 200, typed: str = "", said: str = ""
) -> Response:
    """Show where a signup stands, or that it is received and being written down. `typed` is what somebody has just tried to say."""
    view = await signup_view(customer.portal.engine, SignupId(signup))
    if view is None:
        return page(customer, "signup_received.html")
    shown = await shown_of(customer.portal, view)
    spoken = {"problem": problem, "typed": typed, "said": said}
    return page(customer, "signup_status.html", status=status, path=f"/signup/{signup}", **shown, **spoken)


async def shown_of(portal: Portal, view: SignupView) -> Shown:
    """What there is to show of a signup."""
    where, now = position(view.log), portal.clock.now()
    is_asked, is_looked_at = where.stage in _ASKED, where.ball is Ball.SUPPORT
    stages, rejected = {entry.stage for entry in view.log}, where.stage is Stage.REJECTED
    return {
        "signup": view,
        "position": where,
        "log": view.log,
        "refusal": _refusal(where.why),
        "rejection": REASONS[RejectionReason(where.why)] if rejected and where.why else None,
        "profile_id": view.profile_id,
        "question": await portal.questions.standing_question(view.id) if is_asked else None,
        "expectation": await expect(portal.engine, view.id, now) if is_looked_at else None,
        "may_appeal": may_appeal(rejected=rejected, appealed=Stage.APPEALED in stages, decided_at=where.since, now=now),
        "now": now,
    }


def _refusal(code: str | None) -> Refusal | None:
    """Tell the refusal again whose code stands in the log; one that needs more facts than the log has is told in general words."""
    try:
        return Refusal.named(code, {}) if code else None
    except KeyError:
        return None
