"""Whether those we depend on answer, and since when one does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.clock import Clock
from gateways.http import AsyncClient, HTTPError

Check = Callable[[], Awaitable[bool]]
PATIENCE_SECONDS = 3
# Whoever asks more often than this is told what was seen then; others' servers are not ours to wear out.
FRESH_FOR = timedelta(seconds=5)
WORST_THAT_IS_AN_ANSWER = 499


@dataclass(frozen=True, slots=True)
class Upstream:
    """Somebody we depend on. `down_since` is when this process first noticed, None while they answer."""

    name: str
    down_since: datetime | None

    @property
    def is_up(self) -> bool:
        """Whether they answered when they were last asked."""
        return self.down_since is None


@dataclass(slots=True)
class Upstreams:
    """Asks by name; whoever does not say yes within some seconds is down."""

    checks: Mapping[str, Check]
    clock: Clock
    _down_since: dict[str, datetime] = field(default_factory=dict)
    _looked_at: datetime | None = None

    async def look(self) -> Sequence[Upstream]:
        """Ask everybody at once and tell how they are, or how they were some seconds ago."""
        if self._looked_at is None or not timedelta(0) <= self.clock.now() - self._looked_at < FRESH_FOR:
            await self._ask()
        return [Upstream(name, self._down_since.get(name)) for name in self.checks]

    async def _ask(self) -> None:
        answers = await asyncio.gather(*(_asked(check) for check in self.checks.values()), return_exceptions=True)
        now = self._looked_at = self.clock.now()
        for name, answer in zip(self.checks, answers, strict=True):
            if answer is True:
                self._down_since.pop(name, None)
            else:
                self._down_since.setdefault(name, now)


async def _asked(check: Check) -> bool:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await check()


def speaks_http(http: AsyncClient, url: str) -> Check:
    """Make the question whether a server answers at this address; that it says "not found" will do."""

    async def answers() -> bool:
        try:
            async with http.stream("GET", url) as response:
                return response.status_code <= WORST_THAT_IS_AN_ANSWER
        except HTTPError:
            return False

    return answers


def speaks_smtp(host: str, port: int) -> Check:
    """Make the question whether a mail server greets whoever comes. Nothing is handed in."""

    async def answers() -> bool:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            return (await reader.readline()).startswith(b"220")
        finally:
            writer.write(b"QUIT\r\n")
            writer.close()

    return answers
