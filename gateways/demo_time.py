"""Moving a demo's time on: the clock that the rules go by, and the processes that wait for something to happen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from gateways.clock import DemoClock

OPEN = "ExecutionStatus = 'Running'"
# A process that tries something every few minutes tries it that often in two weeks; Temporal would stop at a hundred.
SKIPS = 100_000
# So long somebody may look at a page that does not come.
PATIENCE = timedelta(seconds=10)
ANSWERS_WITHIN = timedelta(seconds=1)
# Temporal's list of processes is a few hundredths of a second behind what it has begun.
LIST_LAGS = timedelta(milliseconds=300)


class TemporalIsAway(Exception):
    """Temporal does not answer, so nothing has been moved."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of moving time on: by how much, how many processes went along, and how many of them are still on their way."""

    by: timedelta
    processes: int
    on_their_way: int


class DemoTime:
    """Moves everything in a demo on together; there is no way back. Only for the Temporal of a demo, which allows it."""

    def __init__(self, clock: DemoClock, temporal: Client, patience: timedelta = PATIENCE) -> None:
        """Move this clock and all open processes of this Temporal."""
        self._patience = patience
        self.clock = clock
        self._temporal = temporal
        self._skipper = TimeSkipper(temporal, config=TimeSkippingConfig(max_session_skip_count=SKIPS))
        self._one_at_a_time = asyncio.Lock()
        self._moves: dict[UUID, Moved] = {}

    def came_of(self, click: UUID) -> Moved | None:
        """Tell what came of a click, as long as the program runs that was clicked on."""
        return self._moves.get(click)

    async def move(self, by: timedelta, click: UUID) -> Moved:
        """Move time on; a second call for the same click only tells what came of the first. Raises TemporalIsAway."""
        async with self._one_at_a_time:
            if click not in self._moves:
                await self._ask_whether_temporal_is_there()
                # The clock comes first: a process that wakes asks what time it is, and would go back to sleep if it were still early.
                self.clock.move(by)
                self._moves[click] = await self._move_processes(by)
            return self._moves[click]

    async def _ask_whether_temporal_is_there(self) -> None:
        try:
            await self._temporal.service_client.check_health(timeout=ANSWERS_WITHIN)
        except (RPCError, RuntimeError) as error:
            raise TemporalIsAway("Temporal does not answer") from error

    async def _move_processes(self, by: timedelta) -> Moved:
        await asyncio.sleep(LIST_LAGS.total_seconds())
        found = [self._temporal.get_workflow_handle(process.id) async for process in self._temporal.list_workflows(OPEN)]
        moving = {asyncio.create_task(self._move_process(process, by)) for process in found}
        if not moving:
            return Moved(by, 0, 0)
        done, late = await asyncio.wait(moving, timeout=self._patience.total_seconds())
        for task in late:
            # Only the watching ends here: Temporal has been told and goes on as soon as the worker does its part.
            task.cancel()
        return Moved(by, sum(task.result() for task in done) + len(late), len(late))

    async def _move_process(self, process: WorkflowHandle[object, object], by: timedelta) -> bool:
        try:
            await self._skipper.fast_forward(process, by + await self._still_to_go(process))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                # It came to its end between being listed and being moved.
                return False
            raise
        return True

    async def _still_to_go(self, process: WorkflowHandle[object, object]) -> timedelta:
        """What is left of an earlier move that has not got to its end: a new one takes its place."""
        told = await self._skipper.get_time_skipping_info(process)
        if told is None or not told.HasField("fast_forward_info") or told.fast_forward_info.has_completed:
            return timedelta(0)
        target, now = (moment.ToDatetime(UTC) for moment in (told.fast_forward_info.target_time, told.current_time))
        return max(target - now, timedelta(0))
