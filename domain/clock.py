"""The moment, as something that is handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time: the system's, the demo's that runs ahead, or a test's that stands still."""

    def now(self) -> datetime:
        """Tell the moment, aware and in UTC."""
