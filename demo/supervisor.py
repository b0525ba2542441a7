"""Brings up what depends on each other, keeps it up together, and takes all of it down again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from demo.processes import Process

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the whole needs: `start` comes back when it answers, or, where it does not last, when its work is done."""

    process: Process
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    needs: Sequence[str] = ()
    lasts: bool = True

    @property
    def name(self) -> str:
        """What people call it."""
        return self.process.name


def program(process: Process, answers: Callable[[], Awaitable[bool]], needs: Sequence[str] = ()) -> Part:
    """Make a part of a program that runs until it is stopped."""

    async def start() -> None:
        process.start()
        await process.answering(answers)

    return Part(process, start, process.stop, needs)


def step(process: Process, needs: Sequence[str] = ()) -> Part:
    """Make a part of a program that does its work and ends."""

    async def start() -> None:
        process.start()
        await process.running_to_its_end()

    return Part(process, start, process.stop, needs, lasts=False)


def stop_when_told(parts: Sequence[Part], told: asyncio.Event) -> None:
    """Stop in good order at the first Ctrl-C, SIGTERM or closed terminal, and at once at the second."""

    def tell() -> None:
        if told.is_set():
            for part in parts:
                part.process.kill_at_once()
        told.set()

    for reason in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(reason, tell)


async def supervise(parts: Sequence[Part], told_to_stop: asyncio.Event, when_ready: Callable[[], Awaitable[None]], say: Say) -> None:
    """Keep all parts up until told to stop, and stop them in the reverse of their order however this ends.

    Raises ProgramFailed with the first part that failed.
    """
    living = asyncio.create_task(_live(parts, when_ready, say))
    told = asyncio.create_task(told_to_stop.wait())
    try:
        await asyncio.wait((living, told), return_when=asyncio.FIRST_COMPLETED)
        if not living.done():
            say("stopping")
    finally:
        told.cancel()
        living.cancel()
        outcome = (await asyncio.gather(living, return_exceptions=True))[0]
        for part in reversed(parts):
            await part.stop()
    if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
        raise outcome


async def _live(parts: Sequence[Part], when_ready: Callable[[], Awaitable[None]], say: Say) -> None:
    up = {part.name: asyncio.Event() for part in parts}
    try:
        async with asyncio.TaskGroup() as together:
            for part in parts:
                together.create_task(_keep_up(part, up, say))
            for event in up.values():
                await event.wait()
            await when_ready()
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _keep_up(part: Part, up: Mapping[str, asyncio.Event], say: Say) -> None:
    for name in part.needs:
        await up[name].wait()
    await part.start()
    say(f"{part.name} {'is up' if part.lasts else 'done'}")
    up[part.name].set()
    if part.lasts:
        await part.process.running_for_good()
