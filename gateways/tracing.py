"""Traces from a click to the activity that it led to, in OpenTelemetry's form, for whoever has an endpoint to send them to."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from temporalio.contrib.opentelemetry import TracingInterceptor

# Ids, codes and the templates of routes; whatever else a library puts on a span stays here.
ATTRIBUTES = frozenset(
    {
        *("http.request.method", "http.route", "http.response.status_code"),
        *("temporalWorkflowID", "temporalRunID", "temporalActivityID", "temporalUpdateID"),
    }
)


class Traces:
    """One process's traces."""

    def __init__(self, program: str, exporter: SpanExporter) -> None:
        """Send what `program` does through the exporter, in batches."""
        self._provider = TracerProvider(resource=Resource.create({"service.name": program}), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Discreet(exporter)))
        self.tracer = self._provider.get_tracer("skranke")

    @property
    def interceptor(self) -> TracingInterceptor:
        """What makes a client and its worker go on with the trace that a request began.

        The older of the SDK's two: it tells of a process's steps as they are made, not only when a process of weeks is over.
        """
        return TracingInterceptor(self.tracer)

    def close(self) -> None:
        """Send what has not been sent yet."""
        self._provider.shutdown()


class Discreet(SpanExporter):
    """Lets spans out without what may be personal: an error's own words, and every attribute that is not known to be none."""

    def __init__(self, exporter: SpanExporter) -> None:
        """Stand before an exporter."""
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send the spans, cleaned."""
        return self._exporter.export([_discreet(span) for span in spans])

    def shutdown(self) -> None:
        """Close the exporter."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Have everything sent."""
        return self._exporter.force_flush(timeout_millis)


def traces_to(endpoint: str | None, program: str) -> Traces | None:
    """Trace to an OTLP endpoint, such as `http://collector:4318`; without one nothing is traced."""
    return Traces(program, OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")) if endpoint else None


def _discreet(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        span.name,
        span.context,
        span.parent,
        span.resource,
        {name: value for name, value in (span.attributes or {}).items() if name in ATTRIBUTES},
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
