"""The front door: opens the pages and the API, and serves them."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import timedelta
from enum import StrEnum
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import NoReturn

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import PLACES, build_api
from api.housekeeping import keep_house
from gateways.logs import configure_logs
from gateways.meters import metrics_at
from gateways.tracing import traces_to
from settings import ApiSettings, OwnSettings, PageSettings
from web.app import build_app
from web.figures import keep_figures
from wiring import PROGRAM, Shared, open_counter, open_portal

# A browser sends its headers at once; whoever takes longer only wants to hold the connection.
HEADERS = HTTP1Settings(header_read_timeout=5000, max_buffer_size=64 * 1024)
# So long may pages that are being made be finished when the server is told to stop.
GRACE = timedelta(seconds=1)

# By itself, or because it was told to before it had begun.
ENDED_WELL = {0, -signal.SIGTERM}

_log = logging.getLogger("skranke")


class Offer(StrEnum):
    """What a server serves."""

    BOTH = "both"
    API = "api"
    PAGES = "pages"


class Door:
    """The application and everything that is going on in it, so that a page which never ends can be ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: set[asyncio.Task[object]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in. What fails has been answered and logged inside, in words that are nobody's secret."""
        task = asyncio.current_task()
        if task is not None:
            self._under_way.add(task)
        try:
            await self._app(scope, receive, send)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the outermost place there is
            _log.debug("ended by %s", type(error).__name__)
        finally:
            self._under_way.discard(task)

    async def close(self) -> None:
        """Wait a moment for what is under way, then end it: a status page would go on until its reader goes home."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=GRACE.total_seconds())
            for task in late:
                task.cancel()


class Front:
    """Sends each request to the API or to the pages. A server that serves only one of them sends everything there."""

    def __init__(self, *, api: ASGIApp | None, pages: ASGIApp | None) -> None:
        """At least one of them stands behind the door."""
        self._api = api or pages
        self._pages = pages or api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in."""
        app = self._api if str(scope.get("path", "")).startswith(PLACES) else self._pages
        if app is not None:
            await app(scope, receive, send)


async def _opened(offer: Offer, nth: int, open_things: AsyncExitStack) -> Front:
    """Open what is to be served, and let operators measure it."""
    own = OwnSettings()
    shared = Shared(traces=traces_to(own.otlp_endpoint, PROGRAM))
    if shared.traces:
        open_things.callback(shared.traces.close)
    portal = await open_portal(PageSettings(), shared, open_things) if offer is not Offer.API else None
    counter = await open_counter(ApiSettings(), shared, open_things) if offer is not Offer.PAGES else None
    api = build_api(counter) if counter else None
    if counter and api:
        house_keeping = asyncio.create_task(keep_house(counter, api.state.check_desk.issuer))
        open_things.callback(house_keeping.cancel)
    if own.metrics_address:
        host, _, port = own.metrics_address.rpartition(":")
        # Of several processes each next one is read one port higher.
        open_things.enter_context(metrics_at(shared.meters, host, int(port) + nth))
        if portal:
            figures = asyncio.create_task(keep_figures(portal))
            open_things.callback(figures.cancel)
    return Front(api=api, pages=build_app(portal) if portal else None)


async def serve(offer: Offer, host: str, port: int, nth: int = 0) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(told, stop.set)
    if starter := multiprocessing.parent_process():
        # One of several does not go on alone when whoever started them has been killed.
        loop.add_reader(starter.sentinel, stop.set)
    async with AsyncExitStack() as open_things:
        door = Door(await _opened(offer, nth, open_things))
        server = Server(
            door,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            websockets=False,
            http1_settings=HEADERS,
            backlog=1024,
            # Paths hold secrets from letters, so nobody's requests are written down.
            log_enabled=False,
        )
        # What was built to begin with lives as long as we do, and nobody is to wait while it is searched for what does not.
        gc.collect()
        gc.freeze()
        serving = asyncio.ensure_future(server.serve())
        _log.info("serving on http://%s:%s", host, port)
        await asyncio.wait({serving, asyncio.ensure_future(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        server.stop()  # type: ignore[no-untyped-call]  # granian has not annotated it
        await door.close()
        await asyncio.wait({serving}, timeout=GRACE.total_seconds())


def _refuse_taken_port(host: str, port: int) -> None:
    """Raise OSError when somebody listens there: the server itself would silently share the port."""
    with socket.create_server((host, port)):
        return


def _serve_in_this_process(offer: Offer, host: str, port: int, nth: int = 0) -> None:
    configure_logs()
    uvloop.run(serve(offer, host, port, nth))


def _serve_as_one_of_many(offer: Offer, host: str, port: int, nth: int) -> NoReturn:
    _serve_in_this_process(offer, host, port, nth)
    _end(0)


def _end(code: int) -> NoReturn:
    """End this process at once: threads of the libraries would run on while the interpreter takes itself down, and hold it up."""
    logging.shutdown()
    os._exit(code)


def _serve_in_many(offer: Offer, host: str, port: int, workers: int) -> int:
    """Let several processes share the port; when one of them ends, all do, and whoever started us decides what then."""
    fresh = multiprocessing.get_context("spawn")
    processes = [fresh.Process(target=_serve_as_one_of_many, args=(offer, host, port, nth)) for nth in range(workers)]

    for process in processes:
        process.start()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: _stop(processes))
    wait([process.sentinel for process in processes])
    _stop(processes)
    for process in processes:
        process.join()
    return 0 if all(process.exitcode in ENDED_WELL for process in processes) else 1


def _stop(processes: Iterable[SpawnProcess]) -> None:
    for process in processes:
        process.terminate()


def main() -> int:
    """Serve by what the surroundings say."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="processes that share the port")
    parser.add_argument(
        "--serve", type=Offer, choices=list(Offer), default=Offer.BOTH, help="the API for tills and apps, the pages, or both"
    )
    told = parser.parse_args()
    _refuse_taken_port(told.host, told.port)
    if told.workers > 1:
        return _serve_in_many(told.serve, told.host, told.port, told.workers)
    _serve_in_this_process(told.serve, told.host, told.port)
    return 0


if __name__ == "__main__":
    _end(main())
