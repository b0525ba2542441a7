"""What the support desk costs when it is full: the inbox beside an empty one, and the next task beside the bare statement."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database.desk_claims import DeskClaims
from domain.staff import StaffRole
from gateways.clock import SystemClock
from tests.bench.measurement import Measurement
from tests.bench.timing import seconds
from tests.database.desk_examples import fill, task
from tests.web.browser import Browser
from tests.web.operator import at_the_staff_door
from web.app import build_app
from web.portal import Portal

ROUNDS, LOOKS, TAKERS, TAKEN = 4, 40, 8, 400
FEW, MANY, DECIDED = 100, 10_000, 200_000
# At most so many times the page with few tasks; at least so much of the bare statement's rate.
LIMIT_INBOX, LIMIT_TAKE = 5, 0.25

BARE = text("""
    update task set claimed_by = :staff, lease_until = now() + interval '20 minutes'
    where id = (
        select id from task
        where closed_at is null and waiting_since is null and claimed_by is null and held_until is null
        order by rank_at, id limit 1 for update skip locked
    )
    returning id
""")


async def the_desk_when_it_is_full(portal: Portal) -> Sequence[Measurement]:
    """Measure the inbox with few tasks and with many, and then hand out what is there."""
    engine, (browser, staff) = portal.engine, await at_the_staff_door(build_app(portal), portal, StaffRole.SUPPORT)
    await task(engine, SystemClock().now())
    await fill(engine, open_ones=FEW, decided=0, staff=staff)
    few = await _looks(browser)
    await fill(engine, open_ones=MANY - FEW, decided=DECIDED, staff=staff)
    many = await _looks(browser)
    await browser.http.aclose()
    ours, bare = await _hand_outs(engine, staff)
    return [
        Measurement(f"inbox with {FEW} open tasks, p95", few * 1000, "ms"),
        Measurement(f"inbox with {MANY} open and {DECIDED} decided, p95", many * 1000, "ms"),
        Measurement("  full beside that with few", many / few, "x", limit=LIMIT_INBOX),
        Measurement(f"next tasks taken by {TAKERS} at once", ours, "/s"),
        Measurement("bare statement that takes one", bare, "/s"),
        Measurement("  taking beside that", ours / bare, "x", limit=LIMIT_TAKE, more_is_better=True),
    ]


async def _looks(browser: Browser) -> float:
    """Open the inbox again and again; the time that nineteen of twenty kept to, in the round that nobody disturbed."""

    async def look() -> None:
        if (await browser.get("/support")).status_code != 200:
            raise RuntimeError("the inbox does not open")

    rounds = [[await seconds(look) for _ in range(LOOKS)] for _ in range(ROUNDS)]
    return min(quantiles(times, n=20)[-1] for times in rounds)


async def _hand_outs(engine: AsyncEngine, staff: UUID) -> tuple[float, float]:
    """Hand tasks out, in turns by the desk and by the bare statement, so that whatever else the machine does falls on both."""
    claims, now = DeskClaims(engine), SystemClock().now()

    async def ours() -> object:
        return await claims.take_next(staff, now)

    async def bare() -> object:
        async with engine.begin() as connection:
            return await connection.scalar(BARE, {"staff": staff})

    took: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS + 1):
        took["ours"].append(await _all(ours))
        took["bare"].append(await _all(bare))
    return TAKEN / median(took["ours"]), TAKEN / median(took["bare"])


async def _all(take: Callable[[], Awaitable[object]]) -> float:
    """Take so many tasks, so many at once; tells how long it took."""

    async def taker() -> None:
        for _ in range(TAKEN // TAKERS):
            if await take() is None:
                raise RuntimeError("nothing is left")

    began = time.perf_counter()
    await asyncio.gather(*(taker() for _ in range(TAKERS)))
    return time.perf_counter() - began
