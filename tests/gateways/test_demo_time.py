"""A demo's time is moved on, on a Temporal as the demo runs it and with processes that a plain client has started."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio import activity, workflow
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.worker import Worker

from demo.temporal import Temporal
from gateways.clock import DemoClock
from gateways.demo_time import DemoTime, Moved, TemporalIsAway

QUEUE = "remembering"
A_DAY = timedelta(days=1)


@activity.defn
async def remind() -> None:
    """Do nothing, as something that takes a step of its own."""


@workflow.defn
class Remembering:
    """Reminds once a day, three times, then ends."""

    def __init__(self) -> None:
        """Begin without having reminded."""
        self._reminders = 0

    @workflow.run
    async def run(self) -> None:
        """Remind and remind."""
        for _ in range(3):
            await workflow.sleep(timedelta(hours=24))
            await workflow.execute_activity(remind, start_to_close_timeout=timedelta(seconds=10))
            self._reminders += 1

    @workflow.query
    def reminders(self) -> int:
        """How often it has reminded."""
        return self._reminders


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A Temporal of these tests' own: moving time moves everything that is open there."""
    server = Temporal(tmp_path_factory.mktemp("temporal") / "temporal.db")
    try:
        await server.start()
        yield await Client.connect(server.address)
    finally:
        await server.stop()


async def begin(client: Client) -> WorkflowHandle[Remembering, None]:
    """Start a process, and wait until it waits."""
    process = await client.start_workflow(Remembering.run, id=f"remembering/{uuid4()}", task_queue=QUEUE)
    await process.query(Remembering.reminders)
    return process


@pytest.fixture
def time(client: Client, tmp_path: Path) -> DemoTime:
    """The time of a demo."""
    return DemoTime(DemoClock(tmp_path / "clock.json"), client)


async def test_every_open_process_goes_along_by_as_much_as_the_clock(client: Client, time: DemoTime) -> None:
    """Step by step: nothing runs ahead of the clock, and what is over is not counted."""
    async with Worker(client, task_queue=QUEUE, workflows=[Remembering], activities=[remind]):
        process, other = await begin(client), await begin(client)
        one_day = await time.move(A_DAY, uuid4())
        after_a_day = await process.query(Remembering.reminders)
        three_days = await time.move(3 * A_DAY, uuid4())
        await process.result()
        await other.result()
        nobody = await time.move(A_DAY, uuid4())

    assert [Moved(A_DAY, 2, 0), Moved(3 * A_DAY, 2, 0), Moved(A_DAY, 0, 0)] == [one_day, three_days, nobody]
    assert 1 == after_a_day
    assert 5 * A_DAY == time.clock.ahead


async def test_a_process_waits_in_real_time_between_two_moves(client: Client, time: DemoTime) -> None:
    """Once moved, it does not go on skipping by itself."""
    async with Worker(client, task_queue=QUEUE, workflows=[Remembering], activities=[remind]):
        process = await begin(client)
        await time.move(A_DAY, uuid4())
        await asyncio.sleep(0.5)
        reminders = await process.query(Remembering.reminders)
        await process.terminate()

    assert 1 == reminders


async def test_one_click_moves_once(time: DemoTime) -> None:
    """A double click is one day, not two."""
    click = uuid4()
    first, second = await asyncio.gather(time.move(A_DAY, click), time.move(A_DAY, click))

    assert first is second is time.came_of(click)
    assert A_DAY == time.clock.ahead


async def test_who_is_late_gets_there_when_the_worker_is_back(client: Client, tmp_path: Path) -> None:
    """And two moves while nobody works are not one."""
    time = DemoTime(DemoClock(tmp_path / "clock.json"), client, patience=timedelta(milliseconds=300))
    process = await client.start_workflow(Remembering.run, id=f"remembering/{uuid4()}", task_queue=QUEUE)
    moves = [await time.move(A_DAY, uuid4()), await time.move(3 * A_DAY, uuid4())]
    async with Worker(client, task_queue=QUEUE, workflows=[Remembering], activities=[remind]):
        await asyncio.wait_for(process.result(), 20)

    assert [Moved(A_DAY, 1, 1), Moved(3 * A_DAY, 1, 1)] == moves
    assert WorkflowExecutionStatus.COMPLETED is (await process.describe()).status


async def test_without_temporal_nothing_moves(tmp_path: Path) -> None:
    """Rules that ran ahead of the processes they belong to would be worse than no clock."""
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    time = DemoTime(DemoClock(tmp_path / "clock.json"), nowhere)
    with pytest.raises(TemporalIsAway):
        await time.move(A_DAY, uuid4())

    assert timedelta(0) == time.clock.ahead
