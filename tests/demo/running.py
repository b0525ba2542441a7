"""The whole demo, as people start it."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST_WAIT = 120


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo that has said that it is ready."""

    portal: str
    process: Process

    def programs(self) -> set[int]:
        """List what it has started, by process id."""
        return {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if self._is_ours(entry)}

    def program(self, words: str) -> int:
        """Find one of them by a word of its command line."""
        return next(pid for pid in self.programs() if words in Path(f"/proc/{pid}/cmdline").read_text())

    def _is_ours(self, entry: Path) -> bool:
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            return False
        return int(parent) == self.process.pid and state != "Z"


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[RunningDemo]:
    """Run the demo for as long as this lasts. Raises EOFError when it never got ready."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "demo", "--folder", str(folder), stdout=PIPE)
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            portal = await _ready(process)
        yield RunningDemo(portal, process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def _ready(process: Process) -> str:
    if process.stdout is None:
        raise EOFError("the demo has no output")
    async for line in process.stdout:
        if line.startswith(b"ready "):
            return line.decode().split()[1]
    raise EOFError("the demo ended before it was ready")
