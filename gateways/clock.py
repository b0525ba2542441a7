"""The time that everybody else goes by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Tells the computer's own time."""

    def now(self) -> datetime:
        """Tell the moment, aware and in UTC."""
        return datetime.now(UTC)
