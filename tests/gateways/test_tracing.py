"""A trace goes from a click over the process to its steps, and carries nothing of anybody."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.letters import LetterSending
from domain.ids import AddressId, UserId
from domain.languages import Language
from domain.letters import EmailReminder
from domain.post import AddressedLetter, LetterKind, LetterOrder
from gateways.meters import Meters
from gateways.observing import Observed
from gateways.tracing import Traces, traces_to
from tests.web.browser import Browser
from tests.workflows.conftest import Mailbox, SetClock
from worker import build_worker
from workflows.front_desk.letters import LetterDesk
from workflows.names import letter_id

PERSONAL = "kari@skranke.example"


@dataclass
class Collector:
    """A collector that takes what it is sent over HTTP."""

    spans: list[Span] = field(default_factory=list)
    endpoint: str = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Collector]:
        """Listen for as long as this lasts."""
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split()[0])
        body = await reader.readexactly(length)
        sent = ExportTraceServiceRequest.FromString(gzip.decompress(body) if "content-encoding: gzip" in head else body)
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    @property
    def text(self) -> str:
        """Everything it was sent."""
        return json.dumps([MessageToDict(span) for span in self.spans])


@dataclass
class Book:
    """A book with one letter, in which the first try to write fails."""

    tries: int = 0

    async def order(self, *_: object) -> None:
        """Never asked."""

    async def letter_for(self, _: LetterOrder) -> AddressedLetter | None:
        """Compose it."""
        return AddressedLetter(AddressId(uuid4()), PERSONAL, Language.NB, EmailReminder(path="/email/code"))

    async def sent(self, *_: object) -> None:
        """Fail once, as a database does that quotes the row."""
        self.tries += 1
        if self.tries == 1:
            raise ValueError(PERSONAL)

    async def refused(self, *_: object) -> None:
        """Never asked."""

    async def given_up(self, *_: object) -> None:
        """Never asked."""


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    """A collector on this machine."""
    async with Collector().listening() as collector:
        yield collector


def with_traces(client: Client, traces: Traces) -> Client:
    """The same client, tracing."""
    config = client.config()
    config["interceptors"] = [traces.interceptor]
    return Client(**config)


def page_that_orders(client: Client, key: UUID, traces: Traces) -> Observed:
    """One page that begins a letter's process, observed as all pages are."""
    app = FastAPI()

    @app.get("/order/{secret}")
    async def order(secret: str) -> str:
        assert secret == PERSONAL
        await LetterDesk(client).set_going(LetterOrder(key, LetterKind.EMAIL_REMINDER, UserId(uuid4()), uuid4()))
        return ""

    return Observed(app, meters=Meters(), tracer=traces.tracer)


async def test_one_trace_goes_from_the_click_to_the_step(collector: Collector, temporal: WorkflowEnvironment) -> None:
    """Whoever wonders why a click took so long sees everything that it led to, and nothing of whose click it was."""
    traces = traces_to(collector.endpoint, "skranke-test")
    assert traces
    client, key = with_traces(temporal.client, traces), uuid4()
    browser = Browser(page_that_orders(client, key, traces))
    async with build_worker(client, LetterSending(Book(), Mailbox(), SetClock())):
        await browser.get(f"/order/{PERSONAL}?q={PERSONAL}")
        await client.get_workflow_handle(letter_id(key)).result()
    await browser.http.aclose()
    await asyncio.to_thread(traces.close)
    names = [span.name for span in collector.spans]

    assert "GET /order/{secret}" in names
    assert {"StartWorkflow:Letter", "RunWorkflow:Letter", "RunActivity:send_letter"} <= set(names)
    assert 1 == len({span.trace_id for span in collector.spans})
    assert PERSONAL not in collector.text
    assert "ValueError" not in collector.text


def test_without_an_endpoint_nothing_is_traced() -> None:
    """What nobody asked for costs nothing."""
    assert traces_to(None, "skranke-test") is None
