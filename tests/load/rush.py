"""`python -m tests.load.rush`: sends prepared requests at set moments, whatever becomes of those before (an open loop).

A program of its own, so that it does not share an interpreter with anything else that is measured. Each answer's time counts from
the moment at which its request should have been sent; a request that had to wait for a free connection has waited.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import time
from argparse import ArgumentParser
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

# Its timers are finer, and it takes less of the processors that it shares with what it measures.
import uvloop

# The moments are random, and the same in every run.
SEED = 7
# So long are the last answers waited for.
PATIENCE = 15.0
HEAD_ENDS, LENGTH, AGAIN = b"\r\n\r\n", b"content-length: ", b"retry-after: "
FIRST_IN_LINE = -10
# What stands where an answer's status should when there was none.
NO_ANSWER = 0
# Of each request: when it should be sent, how long its answer took, its status, and whether it was told when to come back.
FIELDS = 4


class Connection(asyncio.Protocol):
    """One connection that is kept alive. It carries one request at a time."""

    def __init__(self, rush: Rush) -> None:
        self._rush = rush
        self._transport: asyncio.Transport | None = None
        self._nth = -1
        self._heard = bytearray()
        self._length = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        # uvloop's own kind of transport is not asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._rush.is_free(self)

    def ask(self, nth: int, request: bytes) -> None:
        """Send a request."""
        self._nth = nth
        if self._transport is None:
            raise ConnectionError("asked before it was made")
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Hear an answer to its end."""
        self._heard += data
        if self._length < 0:
            end = self._heard.find(HEAD_ENDS)
            if end < 0:
                return
            start = self._heard.find(LENGTH) + len(LENGTH)
            self._length = end + len(HEAD_ENDS) + int(self._heard[start : self._heard.find(b"\r", start)])
        if len(self._heard) >= self._length:
            self._rush.answered(self._nth, int(self._heard[9:12]), told_when=self._heard.find(AGAIN, 0, 1024) > 0)
            self._nth, self._length = -1, -1
            self._heard.clear()
            self._rush.is_free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that there was no answer."""
        if self._nth >= 0:
            self._rush.answered(self._nth, NO_ANSWER, told_when=False)
        self._rush.is_lost(self)
        del exc


class Rush:
    """All requests, each with its moment, and what became of them."""

    def __init__(self, moments: Sequence[float], requests: Iterator[bytes]) -> None:
        self._moments = moments
        self._requests = requests
        self._free: list[Connection] = []
        self._waiting: deque[int] = deque()
        self._open = len(moments)
        self._began = 0.0
        self.outcomes = array("d", bytes(8 * FIELDS * len(moments)))
        self.done = asyncio.Event()

    async def run(self) -> None:
        """Send everything at its moment, and wait for the last answers."""
        self._began, nth = time.perf_counter() + 0.1, 0
        while nth < len(self._moments):
            now = time.perf_counter() - self._began
            while nth < len(self._moments) and self._moments[nth] <= now:
                self._waiting.append(nth)
                nth += 1
            self._send()
            if nth < len(self._moments):
                await asyncio.sleep(max(self._moments[nth] - (time.perf_counter() - self._began), 0))
        try:
            await asyncio.wait_for(self.done.wait(), PATIENCE)
        except TimeoutError:
            sys.stderr.write(f"{self._open} were never answered\n")

    def is_free(self, connection: Connection) -> None:
        """Give a connection what waits, or let it wait."""
        self._free.append(connection)
        self._send()

    def is_lost(self, connection: Connection) -> None:
        """Forget a connection."""
        if connection in self._free:
            self._free.remove(connection)

    def answered(self, nth: int, status: int, *, told_when: bool) -> None:
        """Note what became of a request."""
        at = self._moments[nth]
        self.outcomes[nth * FIELDS : (nth + 1) * FIELDS] = array("d", (at, time.perf_counter() - self._began - at, status, told_when))
        self._open -= 1
        if not self._open:
            self.done.set()

    def _send(self) -> None:
        while self._waiting and self._free:
            self._free.pop().ask(self._waiting.popleft(), next(self._requests))


def moments(phases: str) -> Sequence[float]:
    """Make the moments of phases such as `300x60,1000x5`: so many a second, at random, for so many seconds."""
    found, began, source = [], 0.0, random.Random(SEED)  # noqa: S311 - nobody is to be surprised
    for phase in phases.split(","):
        rate, _, seconds = phase.partition("x")
        at, ends = began + source.expovariate(float(rate)), began + float(seconds)
        while at < ends:
            found.append(at)
            at += source.expovariate(float(rate))
        began = ends
    return found


def read(requests: Path) -> Sequence[bytes]:
    r"""Read requests from a file, one a line with its own ends of lines written as `\\r\\n`."""
    return [line.replace(b"\\r\\n", b"\r\n") for line in requests.read_bytes().splitlines()]


async def rush(port: int, requests: Sequence[bytes], phases: str, connections: int) -> array[float]:
    """Send requests at the moments of these phases, and tell what became of each."""
    everything = Rush(moments(phases)[: len(requests)], iter(requests))
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(everything), "127.0.0.1", port)
    await everything.run()
    return everything.outcomes


def main() -> None:
    """Rush, and write down what became of each request."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True)
    parser.add_argument("--outcomes", type=Path, required=True)
    parser.add_argument("--phases", required=True)
    parser.add_argument("--connections", type=int, default=256)
    told = parser.parse_args()
    # The tills of a town are other machines: what waits for a processor here is not to be taken for what waits there.
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, FIRST_IN_LINE)
    gc.disable()
    outcomes = uvloop.run(rush(told.port, read(told.requests), told.phases, told.connections))
    told.outcomes.write_bytes(outcomes.tobytes())


if __name__ == "__main__":
    main()
