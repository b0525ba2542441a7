"""The demo's clock, which can be moved on, where the portal runs as a demo."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from gateways.demo_time import DemoTime, TemporalIsAway
from web.access import Public
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Visitor

UNAVAILABLE = 503
STEPS = {"1": timedelta(days=1), "3": timedelta(days=3), "14": timedelta(days=14)}

router = APIRouter()


@router.get("/demo/clock")
async def demo_clock(visitor: Public, moved: UUID | None = None) -> Response:
    """Show what time it is in the demo, and what came of moving it."""
    return _clock_page(visitor, moved)


@router.post("/demo/clock")
async def move_demo_clock(visitor: Public, click: Click, days: Annotated[str, Form()] = "") -> Response:
    """Move the demo's time on by one of the steps."""
    time = _time(visitor)
    if days not in STEPS:
        return see_other(visitor, "/demo/clock")
    try:
        await time.move(STEPS[days], click)
    except TemporalIsAway:
        return _clock_page(visitor, None, away=True)
    return see_other(visitor, f"/demo/clock?moved={click}")


def _time(visitor: Visitor) -> DemoTime:
    time = visitor.portal.demo_time
    if time is None:
        raise HTTPException(404)
    return time


def _clock_page(visitor: Visitor, click: UUID | None, *, away: bool = False) -> Response:
    time = _time(visitor)
    context = {"now": time.clock.now(), "days_ahead": time.clock.ahead.days, "moved": time.came_of(click) if click else None}
    return page(visitor, "demo_clock.html", status=UNAVAILABLE if away else 200, path="/demo/clock", away=away, **context)
