"""How the desk does, for leads: numbers, plots and a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from database.desk_statistics import Week, WeekOfKind, Why
from domain.desk.kinds import TaskKind
from domain.desk.reasons import APPROVALS
from domain.rulings import REASONS, TaskOutcome
from web.access import SupportLead
from web.pages import staff_page
from web.plots import Plot, plot

MOST_WEEKS, HOUR = 104, timedelta(hours=1)
COLUMNS = ("week", "kind", "opened", "decided", "approved", "on_time", "half_hours", "nine_tenths_hours")
WHYS: Sequence[Why] = [
    *((TaskOutcome.APPROVED, reason.value) for reason in APPROVALS),
    *((TaskOutcome.REJECTED, reason.value) for reason in REASONS),
]
router = APIRouter(prefix="/support")

Weeks = Annotated[int, Query(ge=1, le=MOST_WEEKS)]


@router.get("/statistics")
async def show(lead: SupportLead, weeks: Weeks = 12) -> Response:
    """Plot what was opened and decided, how long it took, how much was in time, how old what is open is, and why."""
    desk, now = lead.portal.desk_statistics, lead.portal.clock.now()
    since, every = _since(now, weeks), {}
    rows = await desk.weeks(since, now)
    for kind in TaskKind:
        of_kind = [row for row in rows if row.kind is kind]
        every[kind] = {"weeks": of_kind, "plots": _plots(of_kind)}
    reasons, ages = await desk.reasons(since, now), await desk.ages(now)
    words = {reason.value: said for reason, said in (*APPROVALS.items(), *REASONS.items())}
    return staff_page(lead, "support_statistics.html", kinds=every, reasons=reasons, ages=ages, words=words, weeks=weeks)


@router.get("/statistics.csv")
async def download(lead: SupportLead, weeks: Weeks = 12) -> Response:
    """The same numbers, week by week, for a spreadsheet. Times are opening hours; each reason for a decision has its column."""
    desk, now = lead.portal.desk_statistics, lead.portal.clock.now()
    since = _since(now, weeks)
    text = as_csv(await desk.weeks(since, now), await desk.weekly_reasons(since, now))
    return Response(text, media_type="text/csv", headers={"Content-Disposition": 'attachment; filename="skranke-desk.csv"'})


def as_csv(weeks: Sequence[Week], reasons: Mapping[WeekOfKind, Mapping[Why, int]]) -> str:
    """Write weeks as RFC 4180 has it, with a head."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([*COLUMNS, *(f"{outcome}:{reason}" for outcome, reason in WHYS)])
    for week in weeks:
        times = (_hours(week.half), _hours(week.nine_tenths))
        why = reasons.get((week.monday, week.kind), {})
        counts = (week.opened, week.decided, week.approved, week.on_time)
        table.writerow([week.monday, week.kind, *counts, *times, *(why.get(one, 0) for one in WHYS)])
    return written.getvalue()


def _since(now: datetime, weeks: int) -> datetime:
    return now - weeks * timedelta(weeks=1)


def _plots(weeks: Sequence[Week]) -> dict[str, Plot]:
    labels = [f"{week.monday:%d.%m}" for week in weeks]
    shares = [None if week.share_on_time is None else round(100 * week.share_on_time) for week in weeks]
    return {
        "count": plot(labels, [week.opened for week in weeks], [week.decided for week in weeks]),
        "time": plot(labels, [_hours(week.half) for week in weeks], [_hours(week.nine_tenths) for week in weeks]),
        "share": plot(labels, shares),
    }


def _hours(time: timedelta | None) -> float | None:
    return None if time is None else round(time / HOUR, 1)
