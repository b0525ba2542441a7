"""What operators do with processes: see which ones are stuck, and have a step tried again at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TypedDict

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ResetActivityRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from workflows.front_desk.desk import NO_ANSWER, PATIENCE
from workflows.names import TASK_QUEUE

# A step that has failed this often is worth somebody's look; a blip is over by then.
WORTH_A_LOOK = 3
MOST_LOOKED_AT = 200
AT_A_TIME = 16
# A worker asks for work at least once a minute.
WORKER_IS_GONE = timedelta(seconds=90)


class TemporalIsAway(Exception):
    """Temporal does not answer, so nothing is known of any process."""


@dataclass(frozen=True, slots=True)
class Ailment:
    """A process whose next step goes wrong again and again, and why, as the kind of the last failure. Ids and codes only.

    `activity` is None where the process itself cannot go on: that is a fault in our program, and no retry mends it.
    """

    process: str
    kind: str
    began: datetime
    attempts: int
    failure: str
    activity: str | None = None
    activity_id: str | None = None
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rounds:
    """What a round over the running processes has found. `all_seen` is False where there were too many to look at each."""

    ailments: Sequence[Ailment]
    looked_at: int
    all_seen: bool


class _Of(TypedDict):
    namespace: str
    execution: WorkflowExecution
    identity: str


@dataclass(frozen=True, slots=True)
class ProcessDesk:
    """Looks after the processes. Every method raises TemporalIsAway when there is no answer."""

    client: Client

    async def rounds(self) -> Rounds:
        """Look at the running processes, the newest first and first of all at those that Temporal itself reports."""
        reported = await self._running("TemporalReportedProblems IS NOT NULL")
        running = await self._running("WaitingFor NOT IN ('customer', 'support', 'nobody') OR WaitingFor IS NULL")
        ids = list(dict.fromkeys(chain(reported, running)))[:MOST_LOOKED_AT]
        one_of_few = asyncio.Semaphore(AT_A_TIME)

        async def look(process: str) -> Sequence[Ailment]:
            async with one_of_few:
                described = await self._describe(process)
                return _ailments(described) if described else ()

        found = await asyncio.gather(*map(look, ids))
        return Rounds(list(chain.from_iterable(found)), len(ids), len(running) < MOST_LOOKED_AT)

    async def is_running(self, process: str) -> bool:
        """Tell whether a process is under way."""
        described = await self._describe(process)
        return described is not None and described.status is WorkflowExecutionStatus.RUNNING

    async def running_of(self, workflow: str, begun_before: datetime) -> Sequence[str]:
        """List the processes of one kind that are under way and were begun before a moment, the newest first."""
        moment = begun_before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return await self._running(f"WorkflowType = '{workflow}' AND StartTime < '{moment}'", limit=10 * MOST_LOOKED_AT)

    async def try_now(self, process: str, activity_id: str) -> bool:
        """Have a failing step tried at once, with its attempts counted from one again; False when it is no longer waiting."""
        return await self._reset(ResetActivityRequest(**self._of(process), id=activity_id))

    async def try_all_now(self, process: str) -> bool:
        """Have every failing step of a process tried at once; False when the process is over."""
        return await self._reset(ResetActivityRequest(**self._of(process), match_all=True))

    async def _reset(self, request: ResetActivityRequest) -> bool:
        try:
            await self.client.workflow_service.reset_activity(request, timeout=PATIENCE)
        except NO_ANSWER as error:
            if isinstance(error, RPCError) and error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION}:
                return False
            raise TemporalIsAway from error
        return True

    async def has_worker(self) -> bool:
        """Tell whether anybody has asked for work of late. Without a worker every process stands still."""
        request = DescribeTaskQueueRequest(
            namespace=self.client.namespace, task_queue=TaskQueue(name=TASK_QUEUE), task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        )
        try:
            described = await self.client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
        except NO_ANSWER as error:
            raise TemporalIsAway from error
        latest = datetime.now(UTC) - WORKER_IS_GONE
        return any(poller.last_access_time.ToDatetime(UTC) > latest for poller in described.pollers)

    def _of(self, process: str) -> _Of:
        return {"namespace": self.client.namespace, "execution": WorkflowExecution(workflow_id=process), "identity": "operator"}

    async def _running(self, condition: str, limit: int = MOST_LOOKED_AT) -> list[str]:
        found = self.client.list_workflows(f"ExecutionStatus = 'Running' AND ({condition})", limit=limit, rpc_timeout=PATIENCE)
        try:
            return [process.id async for process in found]
        except NO_ANSWER as error:
            raise TemporalIsAway from error

    async def _describe(self, process: str) -> WorkflowExecutionDescription | None:
        try:
            return await self.client.get_workflow_handle(process).describe(rpc_timeout=PATIENCE)
        except NO_ANSWER as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise TemporalIsAway from error


def _ailments(described: WorkflowExecutionDescription) -> Sequence[Ailment]:
    """Find the steps of a process that go wrong again and again."""
    if described.status is not WorkflowExecutionStatus.RUNNING:
        return ()
    raw = described.raw_description
    found = [_of_activity(described, step) for step in raw.pending_activities if step.attempt >= WORTH_A_LOOK]
    task = raw.pending_workflow_task
    if task.attempt >= WORTH_A_LOOK:
        found.append(Ailment(described.id, described.workflow_type, described.start_time, task.attempt, "WorkflowTaskFailed"))
    return found


def _of_activity(described: WorkflowExecutionDescription, step: PendingActivityInfo) -> Ailment:
    waits = step.HasField("next_attempt_schedule_time")
    return Ailment(
        described.id,
        described.workflow_type,
        described.start_time,
        step.attempt,
        step.last_failure.application_failure_info.type or "NoAnswer",
        step.activity_type.name,
        step.activity_id,
        step.next_attempt_schedule_time.ToDatetime(UTC) if waits else None,
    )
