"""A program of somebody else's that runs under our eyes: started, asked whether it answers, and never left behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from signal import Signals

# How often a program is asked whether it answers or has ended.
BETWEEN_LOOKS = timedelta(milliseconds=40)
TIME_TO_ANSWER = timedelta(seconds=60)
TIME_TO_STOP = timedelta(seconds=6)
LAST_LINES = 20


class ProgramFailed(Exception):
    """A program ended, or does not answer, when it should run: says which, and what it said last."""

    def __init__(self, process: Process, what: str) -> None:
        self.name = process.name
        self.log = process.log
        super().__init__(f"{process.name} {what}.\nIts last lines ({process.log}):\n{process.last_lines()}")


@dataclass
class Process:
    """One program in a process group of its own, with its words in a log file that each start begins anew.

    Whatever ends the program that started it, be it kill -9, ends this one too. What it is told by its environment is asked for
    at each start. It is stopped with a signal of its own choice, and killed when its `patience` is over.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Callable[[], Mapping[str, str]] = dict
    stop_with: Signals = signal.SIGTERM
    patience: timedelta = TIME_TO_STOP
    _running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """The number of the running process. Raises ValueError before the start."""
        if self._running is None:
            raise ValueError(f"{self.name} was not started")
        return self._running.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Start it. Raises OSError when there is no such program."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")
        # Always behind whatever stands there, also what somebody else has written.
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - the commands are ours
                [*_dying_with_us(self.stop_with), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment()},
                start_new_session=True,
            )

    async def ended(self) -> int:
        """Wait until it ends by itself and say with which exit code; a signal's number counts as negative."""
        while self.running:  # noqa: ASYNC110 - a program has no event to wait for
            await asyncio.sleep(BETWEEN_LOOKS.total_seconds())
        return 0 if self._running is None else self._running.returncode

    async def answering(self, answers: Callable[[], Awaitable[bool]], within: timedelta = TIME_TO_ANSWER) -> None:
        """Wait until `answers` says yes. Raises ProgramFailed when the program ends first or the time is up."""
        try:
            async with asyncio.timeout(within.total_seconds()):
                while not await answers():
                    if not self.running:
                        raise ProgramFailed(self, f"ended while starting ({self._how_it_ended()})")
                    await asyncio.sleep(BETWEEN_LOOKS.total_seconds())
        except TimeoutError as error:
            raise ProgramFailed(self, f"did not answer within {within.total_seconds():.0f} s") from error

    async def running_to_its_end(self) -> None:
        """Wait until it has done its work. Raises ProgramFailed when it says that it could not."""
        if await self.ended():
            raise ProgramFailed(self, f"failed ({self._how_it_ended()})")

    async def running_for_good(self) -> None:
        """Wait for what should not happen: raises ProgramFailed once the program has ended."""
        await self.ended()
        raise ProgramFailed(self, f"ended ({self._how_it_ended()})")

    async def stop(self) -> None:
        """Ask it to stop, wait a little, and kill what is then left of its group. Does nothing where nothing runs."""
        if self._running is None:
            return
        if self.running:
            self._running.send_signal(self.stop_with)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ended(), self.patience.total_seconds())
        await self.kill()

    def kill_at_once(self) -> None:
        """Kill its whole group without waiting for it."""
        if self._running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)

    async def kill(self) -> None:
        """Kill its whole group and wait until it is gone."""
        self.kill_at_once()
        await self.ended()

    def having_said(self, words: str) -> Callable[[], Awaitable[bool]]:
        """Make the question whether some words stand in its log."""

        async def answers() -> bool:
            return words in self.log.read_text(errors="replace")

        return answers

    def last_lines(self, count: int = LAST_LINES) -> str:
        """Tell what it said last."""
        if not self.log.exists():
            return "  (it said nothing)"
        lines = self.log.read_text(errors="replace").splitlines()[-count:]
        return "\n".join(f"  {line}" for line in lines) or "  (it said nothing)"

    def _how_it_ended(self) -> str:
        code = 0 if self._running is None else self._running.returncode
        return f"exit code {code}" if code >= 0 else f"signal {Signals(-code).name}"


def _dying_with_us(stop_with: Signals) -> Sequence[str]:
    """Make the kernel stop the program when we are gone, where the machine has the tool for it."""
    setpriv = shutil.which("setpriv")
    return [] if setpriv is None else [setpriv, "--pdeathsig", stop_with.name.removeprefix("SIG"), "--"]
