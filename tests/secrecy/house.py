"""The whole house as it runs in production, with ears at every place where something personal could be left."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg
from alembic import command
from alembic.config import Config
from google.protobuf.message import Message
from psycopg.sql import SQL, Identifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import PayloadCodec

from api.counter import Pool
from database.connection import build_pool
from demo import parts
from demo.keys import keys_of
from demo.ports import free_port
from demo.postgres import Postgres
from demo.processes import Process
from demo.temporal import NAMESPACE, Temporal
from gateways.temporal import SealingCodec, connect
from stand_ins.card_issuer import Issuer, card_issuer_app
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.phone.app import Phone
from stand_ins.phone.eid import Login
from stand_ins.phone.wallet import Wallet
from stand_ins.serving import served
from tests.secrecy.searching import Place

ALEMBIC = Path("database") / "alembic.ini"
FACES = sorted(Path("api/portraits").glob("*.jpg"))
DOORS = ("server", "worker")
TABLES = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"


@dataclass
class Collector:
    """Takes traces, as an operator's collector would."""

    endpoint: str = ""
    heard: list[bytes] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        """Keep a batch as it came."""
        body = await request.body()
        self.heard.append(gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body)
        return Response(media_type="application/x-protobuf")


@dataclass
class House:
    """A running house."""

    folder: Path
    postgres: Postgres
    doors: Mapping[str, Process]
    portal: str
    metrics: Mapping[str, str]
    collector: Collector
    pool: Pool
    http: httpx2.AsyncClient
    issuer: Issuer
    provider: Provider
    client: Client
    codec: PayloadCodec

    def phone(self) -> Phone:
        """A phone without a card."""
        return Phone(
            self.http, self.portal, self.issuer.url, Login(self.provider.issuer, parts.APP_CLIENT_ID, parts.APP_LOGIN), Wallet.new()
        )

    async def places(self) -> list[Place]:
        """Everything that is written down anywhere, as it is now."""
        with psycopg.connect(self.postgres.url(parts.DATABASE), autocommit=True) as connection:
            tables = list(rows_of(connection))
            connection.execute("checkpoint")
        logs = [Place(f"log of the {name}", door.log.read_bytes()) for name, door in self.doors.items()]
        traces = Place("traces", b"\n".join(self.collector.heard))
        read = [Place(f"metrics of the {name}", (await self.http.get(url)).content) for name, url in self.metrics.items()]
        return [*tables, *logs, traces, *read, await self._histories(), *self._files()]

    async def _histories(self) -> Place:
        """What Temporal remembers of every process, payloads opened as operators see them."""
        told = bytearray()
        async for known in self.client.list_workflows():
            history = await self.client.get_workflow_handle(known.id, run_id=known.run_id).fetch_history()
            told += history.to_json().encode()
            sealed = [payload for event in history.events for payload in payloads_in(event)]
            told += b"".join(payload.data for payload in await self.codec.decode(sealed))
        return Place("Temporal's histories", bytes(told))

    def _files(self) -> Iterator[Place]:
        """The files of PostgreSQL and Temporal: tables, journal and whatever else lies there. Our own keys are in JSON beside them."""
        # PostgreSQL copies a template into every database; one copy is enough.
        known: set[bytes] = set()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix != ".json":
                content = path.read_bytes()
                if (digest := hashlib.sha256(content).digest()) not in known:
                    known.add(digest)
                    yield Place(str(path.relative_to(self.folder)), content)


def payloads_in(message: Message) -> Iterator[Payload]:
    """Every payload of a message, however deep."""
    if isinstance(message, Payload):
        yield message
        return
    for field_, value in message.ListFields():
        if field_.message_type:
            inner = value.values() if hasattr(value, "values") else value if field_.is_repeated else [value]
            for each in inner:
                if isinstance(each, Message):
                    yield from payloads_in(each)


def rows_of(connection: psycopg.Connection) -> Iterator[Place]:
    """Every column of every row of every table: as text, and what is kept as bytes as it is."""
    for (table,) in connection.execute(TABLES).fetchall():
        content = bytearray()
        for row in connection.execute(SQL("select * from {}").format(Identifier(table))):
            for value in row:
                content += (value if isinstance(value, bytes) else str(value).encode()) + b"\n"
        yield Place(f"table {table}", bytes(content))


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """Run PostgreSQL, Temporal, `server.py` and `worker.py`; the eIDs and the issuer of cards are played."""
    house = parts.House(folder, {name: free_port() for name in parts.PREFERRED_PORTS}, keys_of(folder))
    postgres = Postgres(folder / "postgres", [parts.DATABASE], port=house.ports["postgres"])
    temporal = Temporal(folder / "temporal.db", port=house.ports["temporal"], ui_port=house.ports["temporal_ui"])
    async with AsyncExitStack() as opened:
        for part in (postgres, temporal):
            opened.push_async_callback(part.stop)
        await asyncio.gather(postgres.start(), temporal.start())
        config = Config(ALEMBIC)
        config.attributes["url"] = postgres.url(parts.DATABASE)
        await asyncio.to_thread(command.upgrade, config, "head")
        provider, issuer, collector = await _outside(opened, house)
        doors = await _doors(
            opened, house, postgres, {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint, "SKRANKE_CARD_ISSUER": issuer.url}
        )
        pool = await opened.enter_async_context(build_pool(postgres.url(parts.DATABASE), program="tests"))
        http = await opened.enter_async_context(httpx2.AsyncClient(timeout=30))
        metrics = {name: f"http://127.0.0.1:{house.ports[parts.METRICS[name]]}/metrics" for name in DOORS}
        keys = {name: base64.b64decode(key) for name, key in json.loads(house.keys.payload_keys).items()}
        client = await connect(temporal.address, NAMESPACE, keys)
        codec = SealingCodec(keys, NAMESPACE)
        portal = house.addresses.portal
        yield House(folder, postgres, doors, portal, metrics, collector, pool, http, issuer, provider, client, codec)


async def _outside(opened: AsyncExitStack, house: parts.House) -> tuple[Provider, Issuer, Collector]:
    """Play the outside world."""
    app = Registration(parts.APP_CLIENT_ID, None, (parts.APP_LOGIN,))
    provider = provider_for(house.addresses.openid_provider, app, Registration("nobody", None, (parts.APP_LOGIN,)))
    await opened.enter_async_context(served(lambda _: provider_app(provider), port=house.ports["openid_provider"], host="localhost"))
    issuer = Issuer(house.card_issuer, provider.issuer, parts.APP_CLIENT_ID, faces=FACES)
    await opened.enter_async_context(served(lambda _: card_issuer_app(issuer), port=house.ports["card_issuer"]))
    collector = Collector()
    site = Starlette(routes=[Route("/v1/traces", collector.take, methods=["POST"])])
    collector.endpoint = await opened.enter_async_context(served(lambda _: site))
    return provider, issuer, collector


async def _doors(opened: AsyncExitStack, house: parts.House, postgres: Postgres, more: Mapping[str, str]) -> Mapping[str, Process]:
    """Start both doors and wait until they answer."""
    told = {name: value for name, value in parts.surroundings(house, postgres).items() if not name.startswith("SKRANKE_DEMO")}
    words = {"server": ["server.py", "--port", str(house.ports["portal"])], "worker": ["worker.py"]}
    doors = {
        name: Process(
            name,
            [sys.executable, *words[name]],
            log=house.log(name),
            environment=lambda name=name: {**os.environ, **told, **parts.measured(house, name), **more},  # type: ignore[misc]  # mypy cannot infer it
        )
        for name in DOORS
    }
    for door in doors.values():
        opened.push_async_callback(door.stop)
        door.start()
    await doors["worker"].answering(doors["worker"].having_said("worker is ready"))
    await doors["server"].answering(_ready(f"{house.addresses.portal}/readyz"))
    return doors


def _ready(url: str) -> Callable[[], Awaitable[bool]]:
    async def answers() -> bool:
        async with httpx2.AsyncClient() as http:
            try:
                return (await http.get(url)).status_code == httpx2.codes.OK
            except httpx2.TransportError:
                return False

    return answers
