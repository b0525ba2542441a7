"""`python -m tests.bench`: every measurement there is, as a table and as `.bench/latest.json`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.bench.checking import checking_cards
from tests.bench.computing import comparing_names, sealing
from tests.bench.measurement import Measurement
from tests.bench.proving import proving_the_log
from tests.bench.serving import the_house_at_work
from tests.bench.starting import demo_ready

REPORT = Path(".bench") / "latest.json"

# A new benchmark is one more function here.
BENCHMARKS: Sequence[Callable[[], Awaitable[Sequence[Measurement]]]] = (
    comparing_names,
    sealing,
    checking_cards,
    proving_the_log,
    the_house_at_work,
    demo_ready,
)


def as_table(measured: Sequence[Measurement]) -> str:
    """Show measurements to people."""
    rows = [("", "measured", "limit", "ratio", ""), *(measurement.as_row() for measurement in measured)]
    name, value, limit, ratio, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join(f"{row[0]:<{name}}  {row[1]:>{value}}  {row[2]:>{limit}}  {row[3]:>{ratio}}  {row[4]}".rstrip() for row in rows)


async def measure_everything() -> Sequence[Measurement]:
    """Run one benchmark after the other."""
    return [measurement for benchmark in BENCHMARKS for measurement in await benchmark()]


def main() -> int:
    """Measure, report, and tell by the exit code whether every limit was kept."""
    measured = asyncio.run(measure_everything())
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([measurement.as_json() for measurement in measured], indent=2) + "\n")
    sys.stdout.write(f"{as_table(measured)}\n\nwritten to {REPORT}\n")
    return 0 if all(measurement.ok for measurement in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
