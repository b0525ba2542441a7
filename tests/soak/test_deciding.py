"""People decide while the worker dies under them: every decision counts once, and none is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import cycle
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from database.tables import Profile, StageLog
from database.task_tables import Task
from domain.desk.reasons import ApprovalReason
from domain.ids import SignupId, StaffId
from domain.rulings import RejectionReason, Ruling, TaskOutcome
from domain.stages import Stage
from tests.soak.house import RunningHouse, each, once
from tests.soak.test_signups import BETWEEN_TRIES, LONG, Attempt, attempts, rows
from tests.workflows.conftest import new_colleague
from workflows.front_desk.desk import Answer, NotRecorded
from workflows.front_desk.signups import SignupDesk

pytestmark = pytest.mark.soak

COUNT = 40
AT_ONCE = 10


async def _tasks(house: RunningHouse) -> Mapping[UUID, UUID]:
    """Find the task of each signup."""
    async with house.engine.connect() as connection:
        return {row.signup_id: row.id for row in await connection.execute(select(Task.signup_id, Task.id))}


async def _decide(house: RunningHouse, signup: SignupId, ruling: Ruling) -> Answer[None]:
    """Send the form, and send the same again for as long as nobody has it."""
    click = uuid4()
    while isinstance(answer := await SignupDesk(house.client).rule(signup, ruling, click), NotRecorded):  # noqa: ASYNC110 - others come back
        await asyncio.sleep(BETWEEN_TRIES.total_seconds())
    return answer


async def _kill_at(house: RunningHouse, stage: Stage, count: int) -> None:
    """Kill the worker as soon as so many have come to a stage, and start another."""

    async def so_far() -> bool:
        return await rows(house, stage) >= count

    await once(so_far, within=LONG, what=f"{count} to reach {stage}", every=timedelta(milliseconds=10))
    await house.worker.kill()
    await house.start_worker()


async def _waiting(house: RunningHouse) -> Sequence[Attempt]:
    """Bring so many to where a person has to look, each with a company of their own."""
    waiting = await attempts(house, COUNT, cycle(house.companies))
    await each(waiting, lambda attempt: attempt.begin(house), at_once=AT_ONCE)

    async def all_wait() -> bool:
        return len(await _tasks(house)) == COUNT

    await once(all_wait, within=LONG, what="a task for each")
    return waiting


async def test_a_worker_that_is_killed_while_people_decide_loses_and_doubles_nothing(house: RunningHouse) -> None:
    """Approved or rejected once, with one profile where it was approved, though power went with decisions half written."""
    siri = await new_colleague(house.engine)
    waiting = await _waiting(house)
    tasks = await _tasks(house)
    rulings = [
        Ruling(
            tasks[attempt.id],
            StaffId(siri),
            None if number % 2 else RejectionReason.NOT_CONFIRMED,
            ApprovalReason.DOCUMENT if number % 2 else None,
        )
        for number, attempt in enumerate(waiting)
    ]
    deciding = asyncio.gather(*(_decide(house, attempt.id, ruling) for attempt, ruling in zip(waiting, rulings, strict=True)))

    await _kill_at(house, Stage.REJECTED, 3)
    await _kill_at(house, Stage.PROFILE_OPENED, COUNT // 4)
    await deciding

    async def all_are_open() -> bool:
        return await rows(house, Stage.PROFILE_OPENED) == COUNT // 2

    await once(all_are_open, within=LONG, what="the profiles")
    async with house.engine.connect() as connection:
        ends = Counter(await connection.scalars(select(Task.outcome).where(Task.decided_by == siri)))
        profiles = (await connection.scalars(select(func.count()).select_from(Profile))).one()
        steps = Counter(await connection.scalars(select(StageLog.to_stage)))
    assert {TaskOutcome.APPROVED: COUNT // 2, TaskOutcome.REJECTED: COUNT // 2} == ends
    assert (COUNT // 2, COUNT // 2, COUNT // 2) == (profiles, steps[Stage.PROFILE_OPENED], steps[Stage.REJECTED])
