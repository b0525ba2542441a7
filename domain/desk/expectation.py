"""What a customer who waits may expect, read from what others have waited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

# Of so many days is it said how long things took; of fewer tasks than that nothing is said.
LOOKED_BACK = timedelta(days=90)
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Expectation:
    """The place in the queue, counted from 1, and how many opening hours half and nine tenths of such tasks took.

    Both times are None when too few have been decided to say.
    """

    place: int
    half: timedelta | None
    nine_tenths: timedelta | None
    decided: int

    @property
    def too_few_to_say(self) -> bool:
        """Whether there is too little history to say how long it takes."""
        return self.half is None


def expectation(place: int, took: Sequence[timedelta]) -> Expectation:
    """Say what may be expected, from the opening hours that tasks of this kind took."""
    if len(took) < ENOUGH:
        return Expectation(place, None, None, len(took))
    return Expectation(place, quantile(took, 0.5), quantile(took, 0.9), len(took))


def quantile(took: Sequence[timedelta], share: float) -> timedelta:
    """Give the shortest time in which at least this share of them was done. Raises ValueError when there are none."""
    if not took:
        raise ValueError("nothing was done, so nothing can be said of how long it took")
    ordered = sorted(took)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
