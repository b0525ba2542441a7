"""The two things a page ever does with a process: begin one, and ask something of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, WorkflowUpdateStage
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.workflow import UpdateMethodMultiParam

from domain.conversations import Inquiry, NobodyIsListening, NotTakenDown
from domain.refusals import Refusal
from workflows.names import TASK_QUEUE

Start = TypeVar("Start")
Value = TypeVar("Value")
Said = TypeVar("Said")

# So long does a page wait for an answer before it says "received".
PATIENCE = timedelta(seconds=2.5)


# What it looks like when Temporal does not answer; a client that has never been connected raises a bare RuntimeError.
NO_ANSWER = (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Done(Generic[Value]):
    """What was asked has been done and is written down."""

    value: Value


@dataclass(frozen=True, slots=True)
class Refused:
    """The process said no."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Received:
    """The process has it, and it will be written down; nothing need be said again."""


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """Nobody took it. Saying it again, under the same id, is safe."""


Answer = Done[Value] | Refused | Received | NotRecorded


async def begin(  # noqa: PLR0913 - a start has all of these
    client: Client,
    run: Callable[[Any, Start], Awaitable[Any]],
    start: Start,
    *,
    process_id: str,
    summary: str,
    attributes: TypedSearchAttributes,
    details: str | None = None,
    memo: dict[str, str] | None = None,
) -> bool:
    """Begin a process with everything it needs; True when it is begun now, False when it was begun before.

    The summary and the details are what operators read of it in Temporal, in ids and codes only; the attributes are what they find
    it by. A start is durable as soon as Temporal has it, so nothing that must not be lost is said in any other way. Raises NotBegun
    when Temporal did not take it in time; beginning again with the same id is safe.
    """
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await client.start_workflow(
                run,
                start,
                id=process_id,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=summary,
                static_details=details,
                search_attributes=attributes,
                memo=memo,
                rpc_timeout=PATIENCE,
            )
    except WorkflowAlreadyStartedError:
        return False
    except NO_ANSWER as error:
        raise NotBegun from error
    return True


class NotBegun(Exception):
    """Temporal could not be reached, so the process has not been begun as far as anybody knows."""


class NobodyKnows(Exception):
    """Temporal could not be reached, so nobody knows whether there is such a process."""


async def ask(  # noqa: PLR0913 - a question has all of these
    client: Client,
    update: UpdateMethodMultiParam[[Any, Said], Value],
    said: Said,
    *,
    process_id: str,
    update_id: str,
    patience: timedelta = PATIENCE,
) -> Answer[Value]:
    """Say something to a process and wait a moment for its answer.

    The update id is the click's own: the same click said twice is one word and gets one answer.
    """
    handle = client.get_workflow_handle(process_id)
    deadline = asyncio.get_running_loop().time() + patience.total_seconds()
    try:
        async with asyncio.timeout_at(deadline):
            told = await handle.start_update(update, said, wait_for_stage=WorkflowUpdateStage.ACCEPTED, id=update_id, rpc_timeout=patience)
    except WorkflowUpdateFailedError as error:
        return Refused(_refusal(error))
    except NO_ANSWER as error:
        gone = isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND
        return Refused(NobodyIsListening()) if gone else NotRecorded()
    try:
        async with asyncio.timeout_at(deadline):
            return Done(await told.result(rpc_timeout=patience))
    except WorkflowUpdateFailedError as error:
        return Refused(_refusal(error))
    except NO_ANSWER:
        return Received()


async def first_answer(
    client: Client, update: UpdateMethodMultiParam[[Any, Inquiry], None], inquiry: Inquiry, *, process_id: str
) -> Answer[None]:
    """Wait a moment until a process that has just been begun is written down. It is begun, so silence means received."""
    answer = await ask(client, update, inquiry, process_id=process_id, update_id="first-answer")
    return Received() if isinstance(answer, NotRecorded) else answer


def _refusal(error: WorkflowUpdateFailedError) -> Refusal:
    """Find the refusal in a failed update; anything else that failed it is a fault of ours and is raised on."""
    if isinstance(error.cause, Refusal):
        return error.cause
    raise error


def problem_in(answer: Answer[Any]) -> Refusal | None:
    """Tell what to say to whoever asked, or None when they can go on."""
    match answer:
        case Refused(refusal):
            return refusal
        case NotRecorded():
            return NotTakenDown()
        case _:
            return None
