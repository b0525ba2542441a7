"""How long people wait for the demo."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measurement import Measurement
from tests.demo.running import running_demo

SECONDS_UNTIL_READY = 10


async def demo_ready() -> Sequence[Measurement]:
    """Start the demo twice on the same folder: the first start makes everything, the second is everyday life."""
    with TemporaryDirectory() as folder:
        first, second = [await _seconds_until_ready(Path(folder) / "demo") for _ in range(2)]
    return [
        Measurement("demo ready, first start", first, "s"),
        Measurement("demo ready", second, "s", limit=SECONDS_UNTIL_READY),
    ]


async def _seconds_until_ready(folder: Path) -> float:
    start = time.monotonic()
    async with running_demo(folder):
        return time.monotonic() - start
