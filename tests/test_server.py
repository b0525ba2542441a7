"""The front door as a process: it opens, it shares or refuses a port, and it closes when told to."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
import pytest
from joserfc.jwk import ECKey
from starlette.types import Receive, Scope, Send

from server import GRACE, Door

ENDS_WITHIN = 10
KEYS = "/.well-known/receipt-keys.json"


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@pytest.fixture
def surroundings(fresh_database: str, port: int) -> Mapping[str, str]:
    """All that the server is told. Nothing answers where Temporal and the eID should be."""
    key = base64.b64encode(os.urandom(32)).decode()
    return os.environ | {
        "SKRANKE_DATABASE_URL": fresh_database,
        "SKRANKE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SKRANKE_TEMPORAL_ADDRESS": "127.0.0.1:1",
        "SKRANKE_PAYLOAD_KEYS": json.dumps({"a": key}),
        "SKRANKE_SECRET_KEY": key,
        "SKRANKE_BRREG_URL": "http://127.0.0.1:1",
        "SKRANKE_EID_ISSUER": "http://localhost:1",
        "SKRANKE_EID_CLIENT_ID": "skranke",
        "SKRANKE_EID_CLIENT_KEY": json.dumps(ECKey.generate_key("P-256").as_dict(private=True)),
        "SKRANKE_STAFF_ISSUER": "http://localhost:1",
        "SKRANKE_STAFF_CLIENT_ID": "skranke-staff",
        "SKRANKE_STAFF_CLIENT_KEY": json.dumps(ECKey.generate_key("P-256").as_dict(private=True)),
        "SKRANKE_RECEIPT_KEYS": json.dumps([ECKey.generate_key("P-256").as_dict(private=True)]),
        "SKRANKE_CARD_ISSUER": "http://127.0.0.1:1",
        "SKRANKE_APP_CLIENT_ID": "skranke-app",
        "SKRANKE_PSEUDONYM_KEY": key,
        "SKRANKE_SANDBOX_KEY": key,
        "SKRANKE_SUPPORT_EMAIL": "support@skranke.example",
        "SKRANKE_SUPPORT_PHONE": "+47 23 00 00 00",
    }


@asynccontextmanager
async def running(port: int, surroundings: Mapping[str, str], *flags: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The server, from when it answers."""
    command = [sys.executable, "server.py", "--port", str(port), *flags]
    process = await asyncio.create_subprocess_exec(*command, env=surroundings, stderr=asyncio.subprocess.PIPE)
    try:
        await _answering(port)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _answering(port: int) -> None:
    async with httpx2.AsyncClient() as http, asyncio.timeout(30):
        while True:
            try:
                await http.get(f"http://127.0.0.1:{port}/healthz")
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


async def ended(process: asyncio.subprocess.Process) -> tuple[int, float]:
    """Tell the process to stop; its exit code, and how many seconds it took."""
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(process.wait(), 20)
    return code, time.monotonic() - told


@pytest.mark.parametrize("flags", [(), ("--workers", "2")], ids=["one process", "two"])
async def test_it_serves_without_temporal_and_stops_when_told(port: int, surroundings: Mapping[str, str], flags: tuple[str, ...]) -> None:
    """Pages can be read while nobody can sign up; an open connection keeps nobody waiting."""
    async with running(port, surroundings, *flags) as process, httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        ready, front = await http.get("/readyz"), await http.get("/")
        code, seconds = await ended(process)

    assert {"status": "degraded", "missing": ["temporal", "worker", "register", "eid", "staff-login"]} == ready.json()
    assert 200 == front.status_code
    assert 0 == code
    assert seconds < ENDS_WITHIN


async def test_several_processes_end_with_the_one_that_started_them(port: int, surroundings: Mapping[str, str]) -> None:
    """However it ended: else they would hold the port against the next."""
    async with running(port, surroundings, "--workers", "2") as process, httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        process.kill()
        async with asyncio.timeout(30):
            while await answers(http):
                pass


async def answers(http: httpx2.AsyncClient) -> bool:
    """Whether anybody is at the port."""
    try:
        return (await http.get("/healthz")).is_success
    except httpx2.TransportError:
        return False


ONLY_THE_API = {"SKRANKE_DATABASE_URL", "SKRANKE_PUBLIC_URL", "SKRANKE_SUPPORT_EMAIL", "SKRANKE_EID_ISSUER", "SKRANKE_CARD_ISSUER"} | {
    "SKRANKE_APP_CLIENT_ID",
    "SKRANKE_RECEIPT_KEYS",
    "SKRANKE_PSEUDONYM_KEY",
    "SKRANKE_SANDBOX_KEY",
}
ONLY_THE_PAGES = ONLY_THE_API - {"SKRANKE_DATABASE_URL", "SKRANKE_PUBLIC_URL", "SKRANKE_SUPPORT_EMAIL", "SKRANKE_EID_ISSUER"}


@pytest.mark.parametrize(
    ("offer", "statuses"),
    [("both", {"/": 200, "/readyz": 200, KEYS: 200}), ("api", {"/": 404, "/readyz": 200, KEYS: 200}), ("pages", {"/": 200, KEYS: 404})],
)
async def test_it_serves_the_api_the_pages_or_both(
    port: int, surroundings: Mapping[str, str], offer: str, statuses: Mapping[str, int]
) -> None:
    """Each with no more secrets than it needs."""
    unneeded = {"both": set(), "api": surroundings.keys() - ONLY_THE_API, "pages": ONLY_THE_PAGES}[offer]
    told = {name: value for name, value in surroundings.items() if not name.startswith("SKRANKE_") or name not in unneeded}
    async with running(port, told, "--serve", offer), httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        found = {path: (await http.get(path)).status_code for path in statuses}

    assert statuses == found


async def test_a_port_that_is_taken_is_refused(port: int, surroundings: Mapping[str, str]) -> None:
    """Two servers on one port would each get half of the visitors."""
    with socket.create_server(("127.0.0.1", port)):
        command = [sys.executable, "server.py", "--port", str(port)]
        process = await asyncio.create_subprocess_exec(*command, env=surroundings, stderr=asyncio.subprocess.PIPE)
        _, said = await asyncio.wait_for(process.communicate(), 30)

    assert 0 != process.returncode
    assert b"Address already in use" in said


async def test_requests_are_not_written_down(port: int, surroundings: Mapping[str, str]) -> None:
    """Their addresses hold secrets from letters and logins."""
    async with running(port, surroundings) as process, httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        await http.get("/email/link/a-secret")
        await http.get("/login/callback?state=a-secret&code=a-secret")
        await ended(process)
        assert process.stderr is not None
        said = await process.stderr.read()

    assert b"nobody logged in: the login cannot be finished: forged" in said
    assert b"a-secret" not in said


async def test_a_page_that_never_ends_is_ended_and_one_that_nearly_has_is_not() -> None:
    """A status page would go on until its reader goes home; the others are given a moment."""
    outcomes: dict[str, str] = {}

    async def pages(scope: Scope, _: Receive, __: Send) -> None:
        try:
            await asyncio.sleep(scope["seconds"])
            outcomes[scope["path"]] = "finished"
        except asyncio.CancelledError:
            outcomes[scope["path"]] = "ended"
            raise

    async def nothing() -> dict[str, object]:
        return {}

    async def nowhere(_: object) -> None:
        return

    door = Door(pages)
    visits = [{"path": "/status", "seconds": 3600}, {"path": "/terms", "seconds": GRACE.total_seconds() / 10}]
    under_way = [asyncio.create_task(door(visit, nothing, nowhere)) for visit in visits]
    await asyncio.sleep(0)
    await door.close()
    await asyncio.gather(*under_way)

    assert {"/status": "ended", "/terms": "finished"} == outcomes
