"""`python -m demo`: the real thing with everything around it, on one machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.folder import FolderInUse, folder_of_our_own
from demo.keys import keys_of, write_client_jwks
from demo.parts import PREFERRED_PORTS, House, parts_of_the_demo
from demo.ports import ports_of_our_own
from demo.processes import ProgramFailed
from demo.shops import write_tills
from demo.supervisor import Say, stop_when_told, supervise
from demo.tour import summary


def announcer() -> Say:
    """Make what tells people how far things are, each line with the seconds since the beginning."""
    start = time.monotonic()

    def say(text: str) -> None:
        # Whoever read along may have left; that is no reason to leave programs running.
        with suppress(OSError):
            print(f"{time.monotonic() - start:6.1f} s  {text}", flush=True)  # noqa: T201 - this is what people see

    return say


@contextmanager
def house_in(folder: Path, port: int | None, say: Say) -> Iterator[House]:
    """Hold a port for everything, and find the folder's secrets, for a demo in this folder."""
    say(f"starting; everything is kept in {os.path.relpath(folder)}")
    wanted = {} if port is None else {"portal": port}
    with ports_of_our_own(PREFERRED_PORTS, folder / "ports.json", wanted, say) as ports:
        house = House(folder, ports, keys_of(folder))
        write_client_jwks(house.keys.eid_client_key, house.client_jwks)
        write_client_jwks(house.keys.staff_client_key, house.staff_jwks)
        write_tills(house.tills)
        yield house


async def run(house: House, say: Say) -> None:
    """Run the demo until told to stop. Raises ProgramFailed."""
    parts, told = parts_of_the_demo(house), asyncio.Event()
    stop_when_told(parts, told)

    async def tell_that_all_is_ready() -> None:
        with suppress(OSError):
            print(summary(house.addresses, house.tour))  # noqa: T201 - this is what people see
            print(f"ready {house.addresses.portal}", flush=True)  # noqa: T201 - scripts wait for this line

    await supervise(parts, told, tell_that_all_is_ready, say)
    say("everything is stopped")


def asked() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--port", type=int, help="where the portal is served (8000)")
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="what is kept from one start to the next (.demo)")
    parser.add_argument("--reset", action="store_true", help="forget what was kept, and start afresh")
    return parser.parse_args()


def main() -> int:
    """Run the demo and tell by the exit code whether it ended as it should."""
    wanted = asked()
    folder, say = wanted.folder.resolve(), announcer()
    try:
        with folder_of_our_own(folder, afresh=wanted.reset), house_in(folder, wanted.port, say) as house:
            asyncio.run(run(house, say))
    except (ProgramFailed, FolderInUse, FileNotFoundError) as failure:
        print(f"\n{failure}", file=sys.stderr)  # noqa: T201 - this is what people see
        return 1
    return 0


if __name__ == "__main__":
    # The SDK's threads may still run while the interpreter takes itself down, and crash it.
    code = main()
    sys.stdout.flush()
    os._exit(code)
