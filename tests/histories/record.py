"""`python -m tests.histories.record GENERATION`: plays every course and keeps its history under that name.

A generation is recorded when processes begin to take other courses on purpose; the earlier ones stay for as long as a process
begun under them can still be under way, and go on being replayed. A history that no longer replays is never recorded anew: the
change that broke it would break every process under way as well, and needs `workflow.patched`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import TaskQueueKind
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import History
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.client import WorkflowHistory

from tests.histories.courses import COURSES, Course
from tests.histories.keeping import RECORDED, converter, messages_of
from tests.histories.played import played

PATIENCE = timedelta(minutes=2)
# Where a program stood says which machine recorded.
STACK_TRACE = "stack_trace"


async def record(course: Course) -> WorkflowHistory:
    """Play a course in a world of its own to its end, and fetch its history."""
    async with asyncio.timeout(PATIENCE.total_seconds()), played() as world:
        handle = world.client.get_workflow_handle(await course(world))
        await handle.result()
        return await handle.fetch_history()


async def without_the_machine(history: WorkflowHistory) -> WorkflowHistory:
    """Take out what names the machine and the process that recorded: it is nobody's business, and replays do not read it."""
    events = History(events=history.events)
    for message in messages_of(events):
        if "identity" in message.DESCRIPTOR.fields_by_name:
            message.identity = "recorded" if message.identity else ""  # type: ignore[attr-defined]  # seen above
        if isinstance(message, TaskQueue) and message.kind == TaskQueueKind.TASK_QUEUE_KIND_STICKY:
            message.name = "recorded"
        if isinstance(message, Failure) and message.HasField("encoded_attributes"):
            message.encoded_attributes.CopyFrom(await _without_stack_trace(message.encoded_attributes))
    return WorkflowHistory(history.workflow_id, list(events.events))


async def _without_stack_trace(sealed: Payload) -> Payload:
    codec = converter().payload_codec
    assert codec is not None
    (opened,) = await codec.decode([sealed])
    opened.data = json.dumps(json.loads(opened.data) | {STACK_TRACE: ""}).encode()
    return (await codec.encode([opened]))[0]


async def record_everything(generation: Path) -> None:
    """Record one course after the other."""
    for workflow, courses in COURSES.items():
        (generation / workflow).mkdir(parents=True)
        for course in courses:
            history = await without_the_machine(await record(course))
            path = generation / workflow / f"{course.__name__}.json"
            path.write_text(json.dumps(json.loads(history.to_json()), indent=1) + "\n", "utf-8")
            sys.stdout.write(f"{path.relative_to(RECORDED)}: {len(history.events)} events\n")


def main() -> int:
    """Record a new generation; one that is there already is left alone."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("generation", help="its name, such as the day's date")
    generation = RECORDED / parser.parse_args().generation
    if generation.exists() or not re.fullmatch(r"[\w.-]+", generation.name):
        sys.stderr.write(f"{generation.name} is recorded already, or is no name\n")
        return 1
    logging.disable(logging.WARNING)
    asyncio.run(record_everything(generation))
    return 0


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    # The SDK's own threads may still run while the interpreter takes itself down, and crash it.
    os._exit(ended)
