"""What became of a rush: how long its requests waited, and what they were answered."""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.load.rush import FIELDS, moments

OK = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request: when it should have been sent, how long its answer took from then on, in seconds, and what it was."""

    at: float
    took: float
    status: int
    told_when: bool


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Many requests, in the order of their moments."""

    all: Sequence[Outcome]

    def between(self, begin: float, end: float) -> Outcomes:
        """Those that should have been sent in this time."""
        return Outcomes([outcome for outcome in self.all if begin <= outcome.at < end])

    @property
    def good(self) -> Outcomes:
        """Those that were answered."""
        return Outcomes([outcome for outcome in self.all if outcome.status == OK])

    @property
    def others(self) -> Outcomes:
        """Those that were not."""
        return Outcomes([outcome for outcome in self.all if outcome.status != OK])

    @property
    def statuses(self) -> Counter[int]:
        """How many were answered how; 0 is no answer."""
        return Counter(outcome.status for outcome in self.all)

    def percentile(self, percent: float) -> float:
        """What so many of a hundred kept to, in milliseconds; 0 for none at all."""
        times = sorted(outcome.took for outcome in self.all)
        return times[min(int(len(times) * percent / 100), len(times) - 1)] * 1000 if times else 0.0

    def __str__(self) -> str:
        """Tell it in a line."""
        p50, p99, p999 = (self.percentile(percent) for percent in (50, 99, 99.9))
        return f"{len(self.all)} requests, {dict(self.statuses)}, p50 {p50:.1f} ms, p99 {p99:.1f} ms, p99.9 {p999:.1f} ms"


def needed(phases: str) -> int:
    """How many requests phases take."""
    return len(moments(phases))


async def rushed(port: int, requests: Sequence[bytes], phases: str, folder: Path, *, connections: int = 256) -> Outcomes:
    """Let a program of its own send requests in an open loop, and read what became of them."""
    file, outcomes = _written(folder, requests)
    arguments = [f"--{name}={is_}" for name, is_ in (("port", port), ("requests", file), ("outcomes", outcomes), ("phases", phases))]
    command = [sys.executable, "-m", "tests.load.rush", *arguments, f"--connections={connections}"]
    process = await asyncio.create_subprocess_exec(*command)
    if await process.wait():
        raise RuntimeError("the rush failed")
    return _read(outcomes)


def _written(folder: Path, requests: Sequence[bytes]) -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    file = folder / "requests"
    file.write_bytes(b"\n".join(request.replace(b"\r\n", b"\\r\\n") for request in requests))
    return file, folder / "outcomes"


def _read(outcomes: Path) -> Outcomes:
    rows = array("d", outcomes.read_bytes())
    return Outcomes([Outcome(rows[at], rows[at + 1], int(rows[at + 2]), bool(rows[at + 3])) for at in range(0, len(rows), FIELDS)])
