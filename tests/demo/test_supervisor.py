"""What the demo starts ends with it, whatever happens."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path

import pytest

from demo.processes import ProgramFailed
from demo.supervisor import Part, program, step, supervise

from .sleepers import pids, sleeper, still_there, stubborn, up


async def _nothing() -> None:
    """Tell nobody."""


async def _never() -> bool:
    return False


async def _run_until_it_fails(parts: Sequence[Part]) -> ProgramFailed:
    with pytest.raises(ProgramFailed) as failure:
        await supervise(parts, asyncio.Event(), _nothing, lambda _: None)
    return failure.value


async def _gone(folder: Path) -> bool:
    for _ in range(100):
        if not still_there(folder):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_start_that_fails_half_way_leaves_no_program_behind(tmp_path: Path) -> None:
    """Otherwise the next start finds every port taken."""
    parts = [up(sleeper(tmp_path, "first")), up(sleeper(tmp_path, "broken", "exit 3"), "first"), up(sleeper(tmp_path, "last"), "broken")]
    parts[1] = program(parts[1].process, _never, ["first"])

    failure = await _run_until_it_fails(parts)

    assert "broken ended while starting (exit code 3)" in str(failure)
    assert set(pids(tmp_path)) == {"first", "broken"}
    assert still_there(tmp_path) == set()


async def test_a_step_that_fails_ends_the_whole(tmp_path: Path) -> None:
    """A portal on a database that was not migrated would only fail later, and worse."""
    failure = await _run_until_it_fails(
        [up(sleeper(tmp_path, "first")), step(sleeper(tmp_path, "migrations", "echo no such table; exit 1"))]
    )

    assert "migrations failed (exit code 1)" in str(failure)
    assert "no such table" in str(failure)
    assert still_there(tmp_path) == set()


async def test_one_program_that_dies_is_named_with_its_last_lines_and_takes_the_others_along(tmp_path: Path) -> None:
    """Half a demo is worse than none: one would look for the fault in the wrong place."""
    dying = sleeper(tmp_path, "dying", "sleep 0.2; echo out of ink; kill -9 $$")

    failure = await _run_until_it_fails([up(sleeper(tmp_path, "first")), up(dying)])

    assert str(failure) == f"dying ended (signal SIGKILL).\nIts last lines ({tmp_path}/dying.log):\n  here\n  out of ink"
    assert still_there(tmp_path) == set()


async def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    """Whoever reads it can install it."""
    process = sleeper(tmp_path, "mill")
    process.command = ["no-such-program"]

    failure = await _run_until_it_fails([up(process)])

    assert "mill ended while starting" in str(failure)
    assert "no-such-program" in str(failure)


async def test_whoever_does_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    """Stopping never hangs."""
    told = asyncio.Event()

    async def stop() -> None:
        told.set()

    async with asyncio.timeout(5):
        await supervise([up(stubborn(tmp_path, "mule"))], told, stop, lambda _: None)

    assert set(pids(tmp_path)) == {"mule", "mule-child"}
    assert await _gone(tmp_path)


async def test_programs_stop_in_the_reverse_of_their_order(tmp_path: Path) -> None:
    """The worker must still find the database when it finishes what is under way."""
    stopped: list[str] = []
    told = asyncio.Event()

    def noting(part: Part) -> Part:
        async def stop() -> None:
            stopped.append(part.name)
            await part.stop()

        return Part(part.process, part.start, stop, part.needs)

    async def tell() -> None:
        told.set()

    await supervise([noting(up(sleeper(tmp_path, name))) for name in ("database", "worker", "server")], told, tell, lambda _: None)

    assert stopped == ["server", "worker", "database"]


@pytest.mark.parametrize("reason", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
async def test_no_program_outlives_the_one_that_started_it(tmp_path: Path, reason: signal.Signals) -> None:
    """Ctrl-C, a closed terminal, and even kill -9, where nobody is left to stop anything."""
    house = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.demo.sleepers", str(tmp_path), stdout=PIPE)
    assert house.stdout
    assert await house.stdout.readline() == b"ready\n"
    assert still_there(tmp_path) == {"first", "second"}

    house.send_signal(reason)
    code = await house.wait()

    assert code == (-signal.SIGKILL if reason is signal.SIGKILL else 0)
    assert await _gone(tmp_path)
