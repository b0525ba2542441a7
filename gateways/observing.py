"""What is told of every request: how long its route took and what came of it, never which address or what was asked."""

from __future__ import annotations

import logging
import secrets
import time

from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import INVALID_SPAN_CONTEXT, SpanContext, SpanKind, Tracer, format_span_id, format_trace_id, get_current_span
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateways.logs import bind_trace
from gateways.meters import Meters

NO_ROUTE, FILES = "none", "/static"
QUIET = frozenset({"/healthz", "/readyz", FILES})
# Anything else that stands where a method should is somebody trying things.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNANSWERED, SERVER_ERROR = 500, 500

_log = logging.getLogger(__name__)


class Observed:
    """Measures every request, writes a line about it and, where there is a tracer, a span."""

    def __init__(self, app: ASGIApp, *, meters: Meters, tracer: Tracer | None, for_programs: bool = False) -> None:
        """Without a tracer a request still has a trace id, which stands in every line written on its behalf.

        `for_programs` says to go on with the trace that a caller has begun (W3C Trace Context), and to answer where it got to.
        """
        self._app = app
        self._for_programs = for_programs
        self._meters = meters
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in and watch what comes of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._tracer is None:
            await self._measured(scope, receive, send, self._untraced(scope))
        else:
            await self._traced(self._tracer, scope, receive, send)

    async def _traced(self, tracer: Tracer, scope: Scope, receive: Receive, send: Send) -> None:
        # What an error says may be personal; its status tells enough.
        span = tracer.start_as_current_span(
            "request", _caller(scope), SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        )
        with span as now:
            status = UNANSWERED
            try:
                status = await self._measured(scope, receive, send, now.get_span_context())
            finally:
                method, route = _method(scope), route_of(scope)
                now.update_name(f"{method} {route}")
                now.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})

    def _untraced(self, scope: Scope) -> SpanContext:
        """Where a request has got to that nobody traces: a place of its own, in its caller's trace if that is gone on with."""
        told = self._for_programs and any(name == b"traceparent" for name, _ in scope["headers"])
        theirs = get_current_span(_caller(scope)).get_span_context() if told else INVALID_SPAN_CONTEXT
        return SpanContext(theirs.trace_id or secrets.randbits(128), secrets.randbits(64), is_remote=False, trace_flags=theirs.trace_flags)

    async def _measured(self, scope: Scope, receive: Receive, send: Send, here: SpanContext) -> int:
        bind_trace(format_trace_id(here.trace_id))
        began, status = time.perf_counter(), UNANSWERED

        async def noticing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if self._for_programs:
                    MutableHeaders(scope=message)["traceparent"] = _traceparent(here)
            await send(message)

        try:
            await self._app(scope, receive, noticing)
        finally:
            self._tell(scope, status, time.perf_counter() - began)
        return status

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _method(scope), route_of(scope)
        self._meters.answered(method, route, status, seconds)
        level = logging.DEBUG if route in QUIET and status < SERVER_ERROR else logging.INFO
        told = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
        _log.log(level, "answered", extra=told)


def route_of(scope: Scope) -> str:
    """The template of the route that a request has taken, such as `/email/link/{token}`: the path itself may hold a secret."""
    route = getattr(scope.get("route"), "path", None)
    if isinstance(route, str):
        return route
    return FILES if scope.get("root_path") == FILES or scope["path"].startswith(f"{FILES}/") else NO_ROUTE


def _caller(scope: Scope) -> Context:
    return extract({name: value for name, value in Headers(scope=scope).items() if name in {"traceparent", "tracestate"}})


def _traceparent(here: SpanContext) -> str:
    return f"00-{format_trace_id(here.trace_id)}-{format_span_id(here.span_id)}-{here.trace_flags:02x}"


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in METHODS else "other"
