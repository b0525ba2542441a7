"""How much a company's tills check: for its members, as a plot, a table and a file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from database.company_pages import company_view
from database.usage import OSLO, DayCount, PlaceName, Usage, usage_of
from domain.ids import ProfileId
from domain.plots import Plot, stacked
from web.access import CompanyMember
from web.pages import page
from web.visitor import Customer

NOT_FOUND = 404
PERIODS = (7, 28, 90)
USUAL_PERIOD = 28
# The plot's frame, in units of its own; it takes as much room as there is.
WIDTH, HEIGHT = 620, 240
# A spreadsheet takes a cell that begins like this for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PurposeSum:
    """How often cards were checked for a purpose in all, and at each place."""

    purpose: str
    total: int
    at: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class UsageView:
    """What the page shows: days that nothing happened on are there too."""

    days: Sequence[date]
    places: Sequence[PlaceName]
    sums: Sequence[PurposeSum]
    by_day: Mapping[date, Sequence[int]]
    plot: Plot
    total: int


def view_of(usage: Usage, days: Sequence[date], place: UUID | None) -> UsageView:
    """Put the counts together, of one place or of all; the purpose that is most asked for comes first."""
    counts = [count for count in usage.counts if place in {None, count.place_id}]
    purposes = [purpose for purpose, _ in _totals(counts).most_common()]
    by_day = {day: _on(day, counts, purposes) for day in days}
    sums = [PurposeSum(purpose, sum(c.checks for c in counts if c.purpose == purpose), _at_places(counts, purpose)) for purpose in purposes]
    plot = stacked({day.isoformat(): values for day, values in by_day.items()}, WIDTH, HEIGHT)
    return UsageView(days, usage.places, sums, by_day, plot, sum(count.checks for count in counts))


def _totals(counts: Sequence[DayCount]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for count in counts:
        totals[count.purpose] += count.checks
    return totals


def _on(day: date, counts: Sequence[DayCount], purposes: Sequence[str]) -> Sequence[int]:
    totals = _totals([count for count in counts if count.day == day])
    return [totals.get(purpose, 0) for purpose in purposes]


def _at_places(counts: Sequence[DayCount], purpose: str) -> Mapping[UUID, int]:
    at: Counter[UUID] = Counter()
    for count in counts:
        at[count.place_id] += count.checks if count.purpose == purpose else 0
    return at


@router.get("/company/{profile}/usage")
async def show(customer: CompanyMember, profile: UUID, days: str = "", place: str = "") -> Response:
    """Show a company how many cards it has checked: per day in a plot, per purpose and place in tables."""
    view = await company_view(customer.portal.engine, ProfileId(profile), customer.account.user)
    if view is None:
        raise HTTPException(NOT_FOUND)
    period = _period(customer, days)
    usage = await usage_of(customer.portal.engine, ProfileId(profile), period[0], period[-1])
    chosen = next((known.id for known in usage.places if str(known.id) == place), None)
    return page(
        customer,
        "usage.html",
        company=view.company,
        profile_id=profile,
        usage=view_of(usage, period, chosen),
        period=len(period),
        periods=PERIODS,
        place=chosen,
    )


@router.get("/company/{profile}/usage.csv")
async def download(customer: CompanyMember, profile: UUID, days: str = "") -> Response:
    """The same counts as a file: one line per day, place and purpose; columns in English, so that programs find them."""
    period = _period(customer, days)
    usage = await usage_of(customer.portal.engine, ProfileId(profile), period[0], period[-1])
    names = {place.id: place.name for place in usage.places}
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(["day", "place", "purpose", "checks"])
    lines.writerows([c.day.isoformat(), _plain(names.get(c.place_id, "")), c.purpose, c.checks] for c in usage.counts)
    name = f"usage-{period[0]}-{period[-1]}.csv"
    # Excel takes a file without the mark for Windows-1252.
    return Response("\ufeff" + written.getvalue(), media_type="text/csv", headers={"content-disposition": f'attachment; filename="{name}"'})


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _period(customer: Customer, days: str) -> Sequence[date]:
    """List the days up to today in Oslo; as many as usual where something odd was asked for."""
    today = customer.portal.wall_clock.now().astimezone(OSLO).date()
    count = next((period for period in PERIODS if str(period) == days), USUAL_PERIOD)
    return [today - timedelta(days=count - 1 - nth) for nth in range(count)]
