"""Moving a demo's time on: the clock that the rules go by, and the processes that wait for something to happen."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from temporalio.api.common.v1 import FastForwardConfig, TimeSkippingConfig
from temporalio.api.enums.v1 import FastForwardPollingResult
from temporalio.api.workflowservice.v1 import PollWorkflowExecutionTimeSkippingRequest, UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from gateways.clock import DemoClock

OPEN = "ExecutionStatus = 'Running'"
# A process that tries something every few minutes tries it that often in two weeks; Temporal would stop at a hundred.
SKIPS = 100_000
OVER = {
    FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED,
    FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED,
}
# So long somebody may look at a page that does not come.
PATIENCE = timedelta(seconds=10)
ANSWERS_WITHIN = timedelta(seconds=1)
# Temporal's list of processes is a little behind what it has begun, so it is looked at more than once.
LOOKS = 3
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
        begun, moving = datetime.now(UTC), dict[str, asyncio.Task[bool]]()
        for look in range(LOOKS):
            async for found in self._temporal.list_workflows(OPEN):
                # Whatever has begun since goes by the new time already.
                if found.id not in moving and (look == 0 or found.start_time <= begun):
                    moving[found.id] = asyncio.create_task(self._move_process(self._temporal.get_workflow_handle(found.id), by))
            await asyncio.sleep(LIST_LAGS.total_seconds())
        return await self._outcome(by, moving.values())

    async def _outcome(self, by: timedelta, moving: Collection[asyncio.Task[bool]]) -> Moved:
        done, late = await asyncio.wait(moving, timeout=self._patience.total_seconds()) if moving else (set(), set())
        for task in late:
            # Only the watching ends here: Temporal has been told and goes on as soon as the worker does its part.
            task.cancel()
        return Moved(by, sum(task.result() for task in done) + len(late), len(late))

    async def _move_process(self, process: WorkflowHandle[object, object], by: timedelta) -> bool:
        try:
            await self._await_arrival(process, await self._send_ahead(process, by + await self._still_to_go(process)))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                # It came to its end between being listed and being moved.
                return False
            raise
        return True

    async def _still_to_go(self, process: WorkflowHandle[object, object]) -> timedelta:
        """What is left of an earlier move that has not got to its end: a new one takes its place."""
        told = (await process.describe()).raw_description.workflow_extended_info.time_skipping_info
        if not told.HasField("fast_forward_info") or told.fast_forward_info.has_completed:
            return timedelta(0)
        target, now = (moment.ToDatetime(UTC) for moment in (told.fast_forward_info.target_time, told.current_time))
        return max(target - now, timedelta(0))

    async def _send_ahead(self, process: WorkflowHandle[object, object], by: timedelta) -> str:
        """Have Temporal skip this much of the time in which the process only waits; tells the move's name."""
        name = str(uuid4())
        move = FastForwardConfig(id=name)
        move.duration.FromTimedelta(by)
        request = UpdateWorkflowExecutionOptionsRequest(namespace=self._temporal.namespace, identity=self._temporal.identity)
        request.workflow_execution.workflow_id = process.id
        request.workflow_execution_options.time_skipping_config.CopyFrom(
            TimeSkippingConfig(enabled=True, fast_forward_config=move, max_session_skip_count=SKIPS)
        )
        request.update_mask.paths.append("time_skipping_config")
        await self._temporal.workflow_service.update_workflow_execution_options(request, retry=True)
        return name

    async def _await_arrival(self, process: WorkflowHandle[object, object], name: str) -> None:
        """Return when the process has got there, or has ended on the way. Temporal itself waits for some seconds at a time."""
        request = PollWorkflowExecutionTimeSkippingRequest(namespace=self._temporal.namespace, fast_forward_id=name)
        request.workflow_execution.workflow_id = process.id
        result = FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_UNSPECIFIED
        while result not in OVER:
            answer = await self._temporal.workflow_service.poll_workflow_execution_time_skipping(request, retry=True)
            result = answer.fast_forward_polling_result
