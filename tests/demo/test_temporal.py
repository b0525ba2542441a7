"""Temporal as the demo runs it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from temporalio.client import Client

from demo.temporal import Temporal


async def test_a_process_that_was_begun_outlives_kill_9(tmp_path: Path) -> None:
    """The demo's second start goes on where the first one was."""
    server, workflow_id = Temporal(tmp_path / "temporal.db"), f"waiting/{uuid4()}"
    try:
        await server.start()
        client = await Client.connect(server.address)
        await client.start_workflow("Waiting", id=workflow_id, task_queue="nobody")
        await server.kill()

        await server.start()

        description = await client.get_workflow_handle(workflow_id).describe()
        assert description.id == workflow_id
    finally:
        await server.stop()
