"""The inbox: what stands on which shelf, in which order, found by what, page after page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from database.connection import build_engine
from database.desk_claims import DeskClaims
from database.desk_inbox import PAGE, Inbox, Shelf, expect
from database.desk_statistics import DeskStatistics
from database.task_tables import Task
from database.tasks import close_task, read_task
from domain.desk.clock import Urgency
from domain.desk.kinds import TaskKind
from domain.desk.reasons import ApprovalReason, HoldReason
from domain.ids import StaffId
from domain.rulings import RejectionReason, Ruling, TaskOutcome
from domain.staff import StaffMember

from .desk_examples import NOW, colleague, company, fill, task, tasks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER = "311263315"


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A database of the test's own."""
    engine = build_engine(fresh_database, program="tests")
    yield engine
    await engine.dispose()


async def ids(inbox: Inbox, shelf: Shelf, **how: str) -> Sequence[UUID]:
    """Read which tasks stand on a shelf, in their order."""
    return [row.id for row in (await inbox.page(shelf, NOW, **how)).rows]  # type: ignore[arg-type]  # search and after are texts


async def decide(engine: AsyncEngine, decided: UUID, by: StaffMember, rejected: RejectionReason | None = None, *, days: float = 0) -> None:
    """Decide a task."""
    found = await read_task(engine, decided)
    assert found is not None
    ruling = Ruling(decided, StaffId(by.id), rejected, None if rejected else ApprovalReason.DOCUMENT)
    outcome = TaskOutcome.REJECTED if rejected else TaskOutcome.APPROVED
    async with engine.begin() as connection:
        await close_task(connection, found.signup_id, outcome, NOW + days * DAY, ruling)


async def test_every_task_stands_on_its_shelves(engine: AsyncEngine) -> None:
    """And is counted there."""
    siri = await colleague(engine)
    inbox, claims = Inbox(engine, siri.id), DeskClaims(engine)
    late, mine, held, waiting, free = await tasks(engine, [NOW - 7 * DAY, *(NOW + hours * HOUR for hours in range(4))])
    await claims.claim(mine, siri, NOW)
    await claims.claim(held, siri, NOW)
    await claims.hold(held, siri, NOW + DAY, HoldReason.OTHER, NOW)
    async with engine.begin() as connection:
        await connection.execute(update(Task).where(Task.id == waiting).values(waiting_since=NOW))

    shelves = {shelf: await ids(inbox, shelf) for shelf in Shelf}

    assert [late, free] == shelves[Shelf.QUEUE]
    assert ([mine], [late], [held], [waiting], []) == tuple(
        shelves[shelf] for shelf in (Shelf.MINE, Shelf.OVERDUE, Shelf.HELD, Shelf.WAITING, Shelf.CLOSED)
    )
    assert {shelf: len(found) for shelf, found in shelves.items() if shelf is not Shelf.CLOSED} == await inbox.counts(NOW)
    assert {TaskKind.EMPLOYMENT: 2} == await inbox.counts_by_kind(NOW)
    first = (await inbox.page(Shelf.QUEUE, NOW)).rows[0]
    assert (Urgency.OVERDUE, None) == (first.urgency, first.holder)
    assert first.score.hours == (NOW - (first.due_at or NOW)) // HOUR


@pytest.mark.parametrize("typed", ["fjell", "bryggeri fjell", "FJELLTOPP", "310 279 323", "31027"])
async def test_a_task_is_found_by_the_beginning_of_words_or_the_number(engine: AsyncEngine, typed: str) -> None:
    """Whoever is on the phone types what they hear; open and closed alike."""
    siri = await colleague(engine)
    await company(engine, name="FJELLTOPP BRYGGERI AS")
    await company(engine, OTHER, "HAVGAP KAFFE AS")
    found, _ = await task(engine), await task(engine, number=OTHER)
    inbox = Inbox(engine, siri.id)

    assert [found] == await ids(inbox, Shelf.QUEUE, search=typed)
    await decide(engine, found, siri)
    assert [found] == await ids(inbox, Shelf.CLOSED, search=typed)
    assert [] == await ids(inbox, Shelf.QUEUE, search="topp")


@pytest.mark.parametrize("typed", ["'; drop table task; --", "!!!", "a & | b", ":*", "\\"])
async def test_whatever_is_searched_for_is_only_searched_for(engine: AsyncEngine, typed: str) -> None:
    """A search is no language."""
    await task(engine)

    assert [] == await ids(Inbox(engine, uuid4()), Shelf.OPEN, search=typed)


async def test_pages_follow_each_other_without_gap_or_repetition(engine: AsyncEngine) -> None:
    """Even where many tasks were opened at the same moment."""
    opened = await tasks(engine, [NOW] * (2 * PAGE + 5))
    inbox, seen, after = Inbox(engine, uuid4()), list[UUID](), None
    for _ in range(3):
        page = await inbox.page(Shelf.QUEUE, NOW, after=after)
        seen, after = [*seen, *(row.id for row in page.rows)], page.next

    assert after is None
    assert sorted(opened) == sorted(seen)
    assert PAGE == len((await inbox.page(Shelf.QUEUE, NOW, after="nonsense")).rows)


async def test_a_customer_is_told_their_place_and_what_is_usual(engine: AsyncEngine) -> None:
    """With nineteen decided nothing is said of how long it takes, with twenty it is."""
    siri = await colleague(engine)
    for decided in await tasks(engine, [NOW - 2 * DAY] * 19):
        await decide(engine, decided, siri, days=-1)
    first, second = await tasks(engine, [NOW, NOW + HOUR])
    signups = [found.signup_id for found in [await read_task(engine, one) for one in (first, second)] if found]

    told = [await expect(engine, signup, NOW) for signup in signups]
    assert [(1, 19, True), (2, 19, True)] == [(one.place, one.decided, one.too_few_to_say) for one in told if one]
    await decide(engine, first, siri, days=1)
    assert await expect(engine, signups[0], NOW + DAY) is None
    told_now = await expect(engine, signups[1], NOW + DAY)
    assert told_now is not None
    assert (1, timedelta(0), timedelta(0)) == (told_now.place, told_now.half, told_now.nine_tenths)


async def test_the_desks_figures_add_up(engine: AsyncEngine) -> None:
    """Opened and decided by week and kind, how much of it in time, and why."""
    siri = await colleague(engine)
    prompt, late, waiting = await tasks(engine, [NOW] * 3)
    await decide(engine, prompt, siri, days=1)
    await decide(engine, late, siri, RejectionReason.OTHER_COMPANY, days=9)
    statistics = DeskStatistics(engine)

    weeks = await statistics.weeks(NOW - 30 * DAY, NOW + 30 * DAY)
    ages = await statistics.ages(NOW + 3 * DAY)
    reasons = await statistics.reasons(NOW - 30 * DAY, NOW + 30 * DAY)

    assert [(3, 1, 1, 1.0), (0, 1, 0, 0.0)] == [(week.opened, week.decided, week.approved, week.share_on_time) for week in weeks]
    assert [timedelta(hours=8), timedelta(hours=56)] == [week.half for week in weeks]
    assert [(5, 1)] == [(age.days, age.count) for age in ages]
    assert {("approved", "document", 1), ("rejected", "other-company", 1)} == {(why.outcome, why.reason, why.count) for why in reasons}
    weekly = await statistics.weekly_reasons(NOW - 30 * DAY, NOW + 30 * DAY)
    assert [{("approved", "document"): 1}, {("rejected", "other-company"): 1}] == [weekly[week.monday, week.kind] for week in weeks]
    assert waiting is not None


async def test_a_full_archive_slows_nobody_down(engine: AsyncEngine) -> None:
    """Every page of the inbox is read by an index, whatever has been decided over the years."""
    siri = await colleague(engine)
    one = await task(engine)
    await fill(engine, open_ones=2000, decided=20000, staff=siri.id)
    inbox = Inbox(engine, siri.id)

    plans = []
    async with engine.connect() as connection:
        for shelf, order in (("closed_at is null", "rank_at, id"), ("closed_at is not null", "closed_at desc, id desc")):
            query = f"explain (format json) select * from task where {shelf} order by {order} limit 51"  # noqa: S608 - our own words
            plans.append(json.dumps((await connection.execute(text(query))).scalar_one()))

    assert ["task_queue" in plans[0], "task_archive" in plans[1], "Sort" in "".join(plans)] == [True, True, False]
    assert 2001 == (await inbox.counts(NOW))[Shelf.OPEN]
    assert PAGE == len(await ids(inbox, Shelf.CLOSED))
    assert one in {row.id for row in (await inbox.page(Shelf.OPEN, NOW, search="310279323")).rows}
