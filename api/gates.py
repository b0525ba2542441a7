"""How often somebody may pass, counted in one process's memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

REMEMBERED = 10_000


class Gate:
    """Lets everybody pass so often in so much time, and evenly after that. It remembers those who came last."""

    def __init__(self, most: int, per: timedelta, *, remembered: int = REMEMBERED, clock: Callable[[], float] = time.monotonic) -> None:
        """`most` at once; they drain away within `per`. The clock tells seconds and never goes back."""
        self._most = most
        self._rate = most / per.total_seconds()
        self._remembered = remembered
        self._clock = clock
        self._levels: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def count(self, who: bytes) -> None:
        """Count one more of theirs."""
        self._levels[who] = (min(self._level(who), self._most) + 1, self._clock())
        self._levels.move_to_end(who)
        if len(self._levels) > self._remembered:
            self._levels.popitem(last=False)

    def wait(self, who: bytes) -> int:
        """After how many whole seconds they may pass; 0 is now."""
        return max(0, math.ceil((self._level(who) + 1 - self._most) / self._rate))

    def _level(self, who: bytes) -> float:
        level, at = self._levels.get(who, (0.0, 0.0))
        return max(0.0, level - (self._clock() - at) * self._rate)
