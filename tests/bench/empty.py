"""The least that a process can be, to measure ours beside."""

from __future__ import annotations

from temporalio import workflow


@workflow.defn
class Empty:
    """Begins and ends."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""
