"""The front door: wires the pages and serves them."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp, Receive, Scope, Send
from temporalio.client import Client

from database.connection import build_engine
from domain.desk.documents import DocumentSafe
from domain.letter_secrets import LetterSecrets
from gateways.brreg import Brreg
from gateways.clock import DemoClock, SystemClock, clock_of
from gateways.demo_time import DemoTime
from gateways.eid import Eid
from gateways.http import AsyncClient, outbound_client
from gateways.logs import configure_logs
from gateways.meters import metrics_at
from gateways.staff_login import StaffLogin
from gateways.temporal import connect
from gateways.tracing import Traces, traces_to
from gateways.upstreams import Check, Upstreams, speaks_http, speaks_smtp
from settings import ServerSettings
from web.app import build_app
from web.figures import keep_figures
from web.portal import Portal
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.processes import ProcessDesk
from workflows.front_desk.signups import SignupDesk

# A browser sends its headers at once; whoever takes longer only wants to hold the connection.
HEADERS = HTTP1Settings(header_read_timeout=5000, max_buffer_size=64 * 1024)
# So long may pages that are being made be finished when the server is told to stop.
GRACE = timedelta(seconds=1)
TEMPORAL_PATIENCE = timedelta(seconds=1)

# By itself, or because it was told to before it had begun.
ENDED_WELL = {0, -signal.SIGTERM}

_log = logging.getLogger("skranke")


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


def wire(settings: ServerSettings, engine: AsyncEngine, http: AsyncClient, temporal: Client, traces: Traces | None = None) -> Portal:
    """Bring together what the pages need from the world."""
    wall_clock, secrets = SystemClock(), LetterSecrets(settings.secret_key)
    eid = Eid(
        http,
        wall_clock,
        issuer=settings.eid_issuer,
        client_id=settings.eid_client_id,
        key=settings.eid_client_key,
        redirect_uri=f"{settings.public_url}/login/callback",
    )
    staff_login = StaffLogin(
        http,
        wall_clock,
        issuer=settings.staff_issuer,
        client_id=settings.staff_client_id,
        key=settings.staff_client_key,
        redirect_uri=f"{settings.public_url}/staff/callback",
    )
    return Portal(
        engine=engine,
        clock=clock_of(settings.demo_clock),
        wall_clock=wall_clock,
        eid=eid,
        staff_login=staff_login,
        register=Brreg(http, settings.brreg_url),
        signups=SignupDesk(temporal),
        confirmations=ConfirmationDesk(temporal),
        letter_secrets=secrets,
        public_url=settings.public_url,
        secret_key=settings.secret_key,
        document_safe=DocumentSafe(settings.payload_keys),
        support_email=settings.support_email,
        support_phone=settings.support_phone,
        demo_tour=settings.demo_tour,
        demo_time=DemoTime(DemoClock(settings.demo_clock), temporal) if settings.demo_clock else None,
        upstreams=Upstreams(checks(settings, http, temporal), wall_clock),
        tracer=traces.tracer if traces else None,
        temporal_ui=settings.temporal_ui,
    )


def checks(settings: ServerSettings, http: AsyncClient, temporal: Client) -> dict[str, Check]:
    """How to see, by name, whether those we depend on besides the database answer."""
    asked: dict[str, Check] = {
        "temporal": partial(temporal.service_client.check_health, timeout=TEMPORAL_PATIENCE),
        "worker": ProcessDesk(temporal).has_worker,
        "register": speaks_http(http, settings.brreg_url),
        "eid": speaks_http(http, f"{settings.eid_issuer}/.well-known/openid-configuration"),
        "staff-login": speaks_http(http, f"{settings.staff_issuer}/.well-known/openid-configuration"),
    }
    if settings.mail_server_address:
        mail_server, _, port = settings.mail_server_address.rpartition(":")
        asked["mail"] = speaks_smtp(mail_server, int(port))
    return asked


async def _connected(settings: ServerSettings, open_things: AsyncExitStack) -> Portal:
    """Open everything that the pages need from the world, and what operators measure of it."""
    engine = build_engine(settings.database_url, program="skranke-server")
    open_things.push_async_callback(engine.dispose)
    http = await open_things.enter_async_context(outbound_client(settings.support_email))
    traces = traces_to(settings.otlp_endpoint, "skranke-server")
    if traces:
        open_things.callback(traces.close)
    temporal = await connect(
        settings.temporal_address,
        settings.temporal_namespace,
        settings.payload_keys,
        lazy=True,
        interceptors=[traces.interceptor] if traces else [],
    )
    return wire(settings, engine, http, temporal, traces)


def _measured(portal: Portal, address: str, nth: int, open_things: AsyncExitStack) -> None:
    """Let Prometheus read this process's meters; of several processes each next one is read one port higher."""
    host, _, port = address.rpartition(":")
    open_things.enter_context(metrics_at(portal.meters, host, int(port) + nth))
    figures = asyncio.create_task(keep_figures(portal))
    open_things.callback(figures.cancel)


async def serve(settings: ServerSettings, host: str, port: int, nth: int = 0) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    async with AsyncExitStack() as open_things:
        portal = await _connected(settings, open_things)
        if settings.metrics_address:
            _measured(portal, settings.metrics_address, nth, open_things)
        door = Door(build_app(portal))
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


def _serve_in_this_process(host: str, port: int, nth: int = 0) -> None:
    configure_logs()
    asyncio.run(serve(ServerSettings(), host, port, nth))


def _serve_in_many(host: str, port: int, workers: int) -> int:
    """Let several processes share the port; when one of them ends, all do, and whoever started us decides what then."""
    fresh = multiprocessing.get_context("spawn")
    processes = [fresh.Process(target=_serve_in_this_process, args=(host, port, nth)) for nth in range(workers)]

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
    told = parser.parse_args()
    _refuse_taken_port(told.host, told.port)
    if told.workers > 1:
        return _serve_in_many(told.host, told.port, told.workers)
    _serve_in_this_process(told.host, told.port)
    return 0


if __name__ == "__main__":
    ended = main()
    # The threads of the libraries may still run while the interpreter takes itself down, and hold it up or crash it.
    logging.shutdown()
    os._exit(ended)
