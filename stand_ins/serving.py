"""How a stand-in is put on the air: inside a test for as long as it lasts, or as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp

ADDRESS = "127.0.0.1"


@contextmanager
def _port_of_our_own(port: int) -> Iterator[int]:
    """Hold a port, any free one for 0, until the server has taken it over.

    Raises OSError when somebody listens there: the server itself would silently share the port.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((ADDRESS, port))
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield int(held.getsockname()[1])


async def _answering(port: int, serving: asyncio.Task[None]) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(ADDRESS, port)
        except ConnectionRefusedError:
            if serving.done():
                await serving
                raise
            await asyncio.sleep(0.005)
        else:
            writer.close()
            await writer.wait_closed()
            return


@asynccontextmanager
async def served(build: Callable[[str], ASGIApp], *, port: int = 0, host: str = ADDRESS) -> AsyncIterator[str]:
    """Serve what `build(base URL)` makes, on this machine only, in the running event loop, and yield the base URL.

    Port 0 picks a free one. `host` is the name in the URL: `localhost` makes a site of its own beside a portal on 127.0.0.1.
    """
    with _port_of_our_own(port) as taken:
        url = f"http://{host}:{taken}"
        server = Server(build(url), address=ADDRESS, port=taken, interface=Interfaces.ASGINL, websockets=False, log_enabled=False)
        serving = asyncio.ensure_future(server.serve())
        await _answering(taken, serving)
    try:
        yield url
    finally:
        server.stop()  # type: ignore[no-untyped-call]  # granian has not annotated it
        await serving


def _told_to_stop() -> asyncio.Event:
    told = asyncio.Event()
    for reason in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(reason, told.set)
    return told


async def serve_for_good(name: str, build: Callable[[str], ASGIApp], *, port: int, host: str = ADDRESS) -> None:
    """Serve as a process of its own: says `ready <name> <url>` on one line, and ends at once, with 0, when told to stop."""
    told_to_stop = _told_to_stop()
    async with served(build, port=port, host=host) as url:
        print(f"ready {name} {url}", flush=True)  # noqa: T201 - what starts it waits for this line
        await told_to_stop.wait()
        # A stand-in keeps nobody waiting, and a slow answer may be under way.
        os._exit(0)
