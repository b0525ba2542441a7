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
from domain.ids import ProfileId, SignupId
from domain.refusals import Refusal
from domain.rulings import REASONS, RejectionReason
from domain.stages import LogEntry, Position, Stage, position
from web.access import SignupOwner
from web.forms import Click
from web.pages import nonce_of, page, see_other
from web.render import render
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

CONFLICT = 409
LOOK_AGAIN = timedelta(seconds=1)
# A connection that has lasted this long ends, and the browser opens another if its page is still there.
LONGEST_WATCH = timedelta(minutes=5)
router = APIRouter(prefix="/signup/{signup}")


class Shown(TypedDict):
    """What the page and its live part show of a signup."""

    signup: SignupView
    position: Position
    log: Sequence[LogEntry]
    refusal: Refusal | None
    rejection: str | None
    profile_id: ProfileId | None
    now: datetime


@router.get("")
async def show(customer: SignupOwner, signup: UUID) -> Response:
    """Show where a signup stands: what is done, who has the ball, for what and since when."""
    view = await signup_view(customer.portal.engine, SignupId(signup))
    if view is None:
        return page(customer, "signup_received.html")
    return page(customer, "signup_status.html", **_shown(customer, view), problem=None)


@router.get("/events", response_class=EventSourceResponse)
async def watch(customer: SignupOwner, signup: UUID) -> AsyncIterator[ServerSentEvent]:
    """Send the live part of the page again whenever the signup moves, and say when there is nothing more to come."""
    seen: Position | None = None
    for _ in range(LONGEST_WATCH // LOOK_AGAIN):
        view = await signup_view(customer.portal.engine, SignupId(signup))
        now = position(view.log) if view else None
        if view and now != seen:
            seen = now
            html = render("signup_progress.html", customer.language, nonce_of(customer.request), **_shown(customer, view))
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
    shown = _shown(customer, view)
    return page(customer, "signup_status.html", status=CONFLICT, path=f"/signup/{signup}", **shown, problem=problem)


def _shown(customer: Customer, view: SignupView) -> Shown:
    return shown_of(view, customer.portal.clock.now())


def shown_of(view: SignupView, now: datetime) -> Shown:
    """What there is to show of a signup."""
    where = position(view.log)
    return {
        "signup": view,
        "position": where,
        "log": view.log,
        "refusal": _refusal(where.why),
        "rejection": REASONS[RejectionReason(where.why)] if where.stage is Stage.REJECTED and where.why else None,
        "profile_id": view.profile_id,
        "now": now,
    }


def _refusal(code: str | None) -> Refusal | None:
    """Tell the refusal again whose code stands in the log; one that needs more facts than the log has is told in general words."""
    try:
        return Refusal.named(code, {}) if code else None
    except KeyError:
        return None
