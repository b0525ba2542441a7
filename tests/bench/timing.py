"""Taking the time: of a short piece of work many times over, and of a long one a few times."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median

# So long is a piece of work repeated in one round, in seconds; the best of the rounds is the one that nobody disturbed.
ROUND = 0.3
ROUNDS = 5


def seconds_each(work: Callable[[], object]) -> float:
    """Take the time of work that is done in microseconds."""
    return min(_one_round(work) for _ in range(ROUNDS))


def _one_round(work: Callable[[], object]) -> float:
    start, times = time.perf_counter(), 0
    while time.perf_counter() - start < ROUND:
        for _ in range(20):
            work()
        times += 20
    return (time.perf_counter() - start) / times


async def seconds_each_awaited(work: Callable[[], Awaitable[object]]) -> float:
    """Take the time of work that is done in milliseconds, one after the other."""
    best = float("inf")
    for _ in range(ROUNDS):
        start, times = time.perf_counter(), 0
        while time.perf_counter() - start < ROUND:
            await work()
            times += 1
        best = min(best, (time.perf_counter() - start) / times)
    return best


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    """Take the time of one piece of work."""
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def p50(times: Sequence[float]) -> float:
    """The time that half of them kept to, in milliseconds."""
    return median(times) * 1000
