"""Small programs to look after, and a program that looks after them as the demo does: `python -m tests.demo.sleepers FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from demo.processes import Process
from demo.supervisor import Part, program, step, stop_when_told, supervise

SHORT = timedelta(seconds=0.3)


def sleeper(folder: Path, name: str, then: str = "exec sleep 60") -> Process:
    """Write down its pid, say `here`, and sleep."""
    script = f"echo $$ > {folder}/{name}.pid; echo here; {then}"
    return Process(name, ["sh", "-c", script], log=folder / f"{name}.log", patience=SHORT)


def stubborn(folder: Path, name: str) -> Process:
    """Sleep, with a child, and refuse to be told to stop."""
    return sleeper(folder, name, f"trap '' TERM; sleep 60 & echo $! > {folder}/{name}-child.pid; while :; do sleep 1; done")


def up(process: Process, *needs: str) -> Part:
    """Make a part of it that answers once it is here."""
    return program(process, process.having_said("here"), needs)


def pids(folder: Path) -> dict[str, int]:
    """Tell who was started."""
    return {path.stem: int(path.read_text()) for path in sorted(folder.glob("*.pid")) if path.read_text().strip()}


def still_there(folder: Path) -> set[str]:
    """Tell who of those who were started still runs."""
    return {name for name, pid in pids(folder).items() if runs(pid)}


def runs(pid: int) -> bool:
    """Say whether a process is alive."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    # Dead, but nobody has asked after it yet.
    return status.rpartition(")")[2].split()[0] != "Z"


async def _keep_sleepers(folder: Path) -> None:
    first, second = up(sleeper(folder, "first")), up(sleeper(folder, "second"), "first")
    between = step(sleeper(folder, "between", "exit 0"), ["first"])
    told = asyncio.Event()

    async def tell() -> None:
        print("ready", flush=True)  # noqa: T201 - the test waits for it

    parts = [first, between, second]
    stop_when_told(parts, told)
    await supervise(parts, told, tell, lambda _: None)


if __name__ == "__main__":
    asyncio.run(_keep_sleepers(Path(sys.argv[1])))
