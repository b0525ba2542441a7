"""How much a company's tills check: for its members, as a plot, a table and a file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from database.company_pages import CompanyFacts, company_view
from database.usage import HourOfChecks, checks_by_hour
from domain.ids import ProfileId
from domain.plots import Plot, stacked
from web.access import CompanyMember
from web.pages import page
from web.visitor import Customer

OSLO = ZoneInfo("Europe/Oslo")
NOT_FOUND = 404
PERIODS = (7, 28, 90)
USUAL_PERIOD = 28
# The plot's frame, in units of its own; it takes as much room as there is.
WIDTH, HEIGHT = 620, 240
# A spreadsheet takes a cell that begins like this for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

router = APIRouter()


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many cards were checked at a place for a purpose on a Norwegian day, whatever came of it."""

    day: date
    place_id: UUID
    place: str
    purpose: str
    checks: int


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
    places: Mapping[UUID, str]
    sums: Sequence[PurposeSum]
    by_day: Mapping[date, Sequence[int]]
    plot: Plot
    total: int


def days_of(hours: Sequence[HourOfChecks]) -> Sequence[DayCount]:
    """Add hours up to days."""
    added: Counter[tuple[date, str, UUID, str]] = Counter()
    for hour in hours:
        added[hour.hour.astimezone(OSLO).date(), hour.shop, hour.place_id, hour.purpose] += hour.checks
    return [DayCount(day, place_id, place, purpose, checks) for (day, place, place_id, purpose), checks in sorted(added.items())]


def view_of(every: Sequence[DayCount], days: Sequence[date], place: UUID | None) -> UsageView:
    """Put the counts together, of one place or of all; the purpose that is most asked for comes first."""
    places = {count.place_id: count.place for count in sorted(every, key=lambda count: count.place)}
    counts = [count for count in every if place in {None, count.place_id}]
    purposes = [purpose for purpose, _ in _totals(counts).most_common()]
    by_day = {day: _on(day, counts, purposes) for day in days}
    sums = [PurposeSum(purpose, sum(c.checks for c in counts if c.purpose == purpose), _at_places(counts, purpose)) for purpose in purposes]
    plot = stacked({day.isoformat(): values for day, values in by_day.items()}, WIDTH, HEIGHT)
    return UsageView(days, places, sums, by_day, plot, sum(count.checks for count in counts))


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
    company, period = await _company(customer, profile), _period(customer, days)
    counts = await _counts(customer, company, period)
    chosen = next((count.place_id for count in counts if str(count.place_id) == place), None)
    return page(
        customer,
        "usage.html",
        company=company,
        profile_id=profile,
        usage=view_of(counts, period, chosen),
        period=len(period),
        periods=PERIODS,
        place=chosen,
    )


@router.get("/company/{profile}/usage.csv")
async def download(customer: CompanyMember, profile: UUID, days: str = "") -> Response:
    """The same counts as a file: one line per day, place and purpose; columns in English, so that programs find them."""
    company, period = await _company(customer, profile), _period(customer, days)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(["day", "place", "purpose", "checks"])
    lines.writerows([c.day.isoformat(), _plain(c.place), c.purpose, c.checks] for c in await _counts(customer, company, period))
    name = f"usage-{period[0]}-{period[-1]}.csv"
    # Excel takes a file without the mark for Windows-1252.
    return Response("\ufeff" + written.getvalue(), media_type="text/csv", headers={"content-disposition": f'attachment; filename="{name}"'})


async def _company(customer: Customer, profile: UUID) -> CompanyFacts:
    view = await company_view(customer.portal.engine, ProfileId(profile), customer.account.user)
    if view is None:
        raise HTTPException(NOT_FOUND)
    return view.company


async def _counts(customer: Customer, company: CompanyFacts, period: Sequence[date]) -> Sequence[DayCount]:
    since, until = _midnight(period[0]), _midnight(period[-1] + timedelta(days=1))
    async with customer.portal.engine.connect() as connection:
        return days_of(await checks_by_hour(connection, company.organisation_number, since, until))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, OSLO)


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _period(customer: Customer, days: str) -> Sequence[date]:
    """List the days up to today in Oslo; as many as usual where something odd was asked for."""
    today = customer.portal.wall_clock.now().astimezone(OSLO).date()
    count = next((period for period in PERIODS if str(period) == days), USUAL_PERIOD)
    return [today - timedelta(days=count - 1 - nth) for nth in range(count)]
