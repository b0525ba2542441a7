"""Between two programs: a wire that hears what they say to each other, and a trap that springs at the n-th thing said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

ADDRESS = "127.0.0.1"
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Unit:
    """As much as is said at once. One with a `point` is a moment at which somebody may be killed, before it gets through."""

    data: bytes
    point: str | None = None


class Ear(Protocol):
    """Understands one connection's protocol well enough to cut what is said into units."""

    def asked(self, data: bytes) -> Iterator[Unit]:
        """Cut what the caller says; what is not whole yet is kept for the next time."""

    def answered(self, data: bytes) -> Iterator[Unit]:
        """Cut what comes back."""


@dataclass(slots=True)
class Trap:
    """Counts points and, at the n-th, kills. An n of nought only counts."""

    nth: int
    kill: Callable[[], None]
    counts: Callable[[str], bool]
    points: list[str] = field(default_factory=list)

    @property
    def sprung(self) -> bool:
        """Whether it has killed."""
        return 0 < self.nth <= len(self.points)

    def springs_at(self, point: str) -> bool:
        """Count a point, and kill if it is the one. Whoever comes to it afterwards is let through."""
        if self.sprung or not self.counts(point):
            return False
        self.points.append(point)
        if self.sprung:
            self.kill()
        return self.sprung


@dataclass(slots=True)
class Wire:
    """Passes on what is said between the callers of `port` and the program at `to`, until a trap springs."""

    name: str
    to: int
    ear: Callable[[], Ear]
    trap: Trap | None = None
    port: int = 0
    _talking: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to its end. Where nobody is at the other end it is closed at once."""
        try:
            there_reader, there_writer = await asyncio.open_connection(ADDRESS, self.to)
        except OSError:
            writer.transport.abort()
            return
        ear = self.ear()
        ways = [
            asyncio.create_task(self._carry(reader, there_writer, ear.asked)),
            asyncio.create_task(self._carry(there_reader, writer, ear.answered)),
        ]
        self._talking |= {writer, there_writer}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in (writer, there_writer):
                end.close()
                self._talking.discard(end)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection."""
        for end in self._talking:
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: Callable[[bytes], Iterator[Unit]]) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                for unit in cut(data):
                    if unit.point and self.trap and self.trap.springs_at(f"{self.name}: {unit.point}"):
                        return
                    writer.write(unit.data)
                await writer.drain()


@asynccontextmanager
async def strung(wires: Sequence[Wire]) -> AsyncIterator[None]:
    """Let the wires be called for as long as this lasts, each on its port or, for nought, on a free one."""
    async with AsyncExitStack() as open_things:
        for wire in wires:
            server = await asyncio.start_server(wire.connect, ADDRESS, wire.port)
            wire.port = server.sockets[0].getsockname()[1]
            open_things.push_async_callback(_close, server, wire)
        yield


async def _close(server: asyncio.Server, wire: Wire) -> None:
    server.close()
    wire.cut()
    await server.wait_closed()
