"""The time that everybody else goes by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

AHEAD = "ahead_seconds"


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Tells the computer's own time."""

    def now(self) -> datetime:
        """Tell the moment, aware and in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DemoClock:
    """Tells a time that runs ahead of the computer's, by as much as a file says that the programs of a demo share.

    The file is read anew for every moment: a process that is woken must not meet a worker who goes by the old time.
    """

    path: Path

    def now(self) -> datetime:
        """Tell the demo's moment, aware and in UTC."""
        return datetime.now(UTC) + self.ahead

    @property
    def ahead(self) -> timedelta:
        """How far the demo runs ahead of the computer; nothing where it was never moved."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return timedelta(0)
        return timedelta(seconds=kept[AHEAD])

    def move(self, by: timedelta) -> None:
        """Put the demo forward by this much, for all its programs at once."""
        unfinished = self.path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({AHEAD: (self.ahead + by).total_seconds()}), encoding="utf-8")
        unfinished.replace(self.path)


def clock_of(demo_clock: Path | None) -> SystemClock | DemoClock:
    """The clock that the business goes by: the computer's, unless a demo keeps one in this file."""
    return SystemClock() if demo_clock is None else DemoClock(demo_clock)
