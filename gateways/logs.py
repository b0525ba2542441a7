"""What the two doors write down while they work: one line of JSON each, with ids and without anybody's data.

Three rules see to that. Only the fields named here are written, whatever else somebody adds. Of an error its kind and its place are
written and never its own words, since those may hold what was typed. Of what libraries say, the sentence is written without what
was put into it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor
from temporalio import activity, workflow

from domain.refusals import Refusal

# Each is an id, a number, a code or a name of ours. Nothing else gets into a line.
FIELDS = frozenset(
    {
        *("method", "route", "status", "milliseconds", "trace_id", "reference"),
        *("workflow_id", "workflow_run_id", "workflow_type", "activity_type", "activity_id", "attempt"),
        *("staff", "payloads", "namespace", "action", "subject", "kind", "address"),
    }
)
OURS = frozenset({"activities", "api", "database", "gateways", "skranke", "web", "workflows"})
WRITTEN_ANYWAY = frozenset({"event", "level", "logger", "timestamp", "error", "where"})
INNERMOST_FRAMES = 12
HERE = Path(__file__).parent.parent


def configure_logs(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send everything that this process says to one stream: as JSON, or in colours where somebody sits at a terminal."""
    pretty = stream.isatty()
    handler = logging.StreamHandler(stream)
    last: Processor = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[_sentence, _ids, _error, _only_what_is_named, last],
        )
    )
    handler.addFilter(_is_news)
    # The ids stand in fields of their own.
    activity.logger.activity_info_on_message = False
    workflow.logger.workflow_info_on_message = False
    root = logging.getLogger()
    for former in list(root.handlers):
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)


def bind_trace(trace_id: str) -> None:
    """Let every line that is written on behalf of this request carry its trace id."""
    structlog.contextvars.bind_contextvars(trace_id=trace_id)


def _is_news(record: logging.LogRecord) -> bool:
    """A refusal is an answer and not a fault, so it leaves no trace in the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], Refusal))


def _sentence(_: object, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] not in OURS:
        said = str(record.msg).splitlines()
        # A library may have put anything into its sentence already; what comes after a colon is where it does so.
        event["event"] = said[0].partition(":")[0] if said else ""
    return event


def _ids(_: object, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    told = vars(record)
    for source in (told, told.get("temporal_activity"), told.get("temporal_workflow")):
        event.update({name: value for name, value in _named(source) if name not in event})
    return event


def _named(source: object) -> Iterator[tuple[str, object]]:
    if isinstance(source, Mapping):
        yield from ((name, value) for name, value in source.items() if name in FIELDS)


def _error(_logger: object, _name: str, event: EventDict) -> EventDict:
    _, error, __ = event.get("exc_info") or (None, None, None)
    if error is not None:
        event["error"] = " from ".join(kinds_of(error))
        event["where"] = places_of(error.__traceback__)
    return event


def kinds_of(error: BaseException) -> Iterator[str]:
    """Name the kind of an error, and of what it came from."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield type(cause).__qualname__
        cause = cause.__cause__


def places_of(trace: TracebackType | None) -> Sequence[str]:
    """Name the innermost places that an error came through, as `file:line function`."""
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-INNERMOST_FRAMES:]]


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(HERE)) if path.is_relative_to(HERE) else "/".join(path.parts[-2:])


def _only_what_is_named(_: object, __: str, event: MutableMapping[str, Any]) -> EventDict:
    return {name: value for name, value in event.items() if name in FIELDS | WRITTEN_ANYWAY}
