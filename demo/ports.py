"""Which doors are free on this machine, and which were ours last time."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOOPBACK = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))
HIGHEST_PORT = 65535


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port of this machine, under either of its two loopback addresses."""
    return not any(_is_taken(address, family, port) for address, family in LOOPBACK)


def _is_taken(address: str, family: socket.AddressFamily, port: int) -> bool:
    try:
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((address, port))
    except OSError:
        # A machine without IPv6 has no such address, so nobody is there either.
        return family is socket.AF_INET or _has_ipv6()
    return False


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as door:
            door.bind(("::1", 0))
    except OSError:
        return False
    return True


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def ports_of_our_own(
    preferred: Mapping[str, int], remembered_in: Path, wanted: Mapping[str, int], say: Callable[[str], None]
) -> Iterator[dict[str, int]]:
    """Give every name the port it is wanted on this time, else that of last time, else the preferred one; the next free one if taken.

    What was chosen is remembered for the next start, but for what was wanted this time only. No other demo chooses a port that is
    held here, even while nobody listens there yet.
    """
    remembered = json.loads(remembered_in.read_text()) if remembered_in.exists() else {}
    chosen: dict[str, int] = {}
    with ExitStack() as held:
        for name, usual in preferred.items():
            first_choice = wanted.get(name, remembered.get(name, usual))
            chosen[name] = _hold_first_free(first_choice, held)
            if chosen[name] != first_choice:
                say(f"port {first_choice} is taken: {name} gets {chosen[name]}")
        remembered_in.write_text(json.dumps(remembered | {name: port for name, port in chosen.items() if name not in wanted}, indent=2))
        yield chosen


def _hold_first_free(first_choice: int, held: ExitStack) -> int:
    for port in range(first_choice, HIGHEST_PORT + 1):
        claim = _claim(port)
        if claim is not None:
            if is_free(port):
                held.enter_context(claim)
                return port
            claim.close()
    raise OSError(f"no port from {first_choice} on is free")


def _claim(port: int) -> socket.socket | None:
    """Put a sign on a door that another demo sees, and that goes when we go, however we go. None where there is one already."""
    sign = socket.socket(socket.AF_UNIX)
    try:
        sign.bind(f"\0skranke-demo-port-{port}")
    except OSError:
        sign.close()
        return None
    return sign


async def somebody_listens(port: int) -> bool:
    """Say whether a program takes connections on this port."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
