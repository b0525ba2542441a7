"""Where recorded histories are kept, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from demo.temporal import NAMESPACE
from gateways.temporal import data_converter

# Opens the recorded histories and nothing else: it has never sealed anything about anybody.
KEY = b"only for recorded histories, ok?"
RECORDED = Path(__file__).parent / "recorded"


def converter() -> DataConverter:
    """Build what sealed the recorded payloads and opens them."""
    return data_converter({"recorded": KEY}, NAMESPACE)


def recorded() -> Sequence[Path]:
    """List every recorded history of every generation, as `recorded/{generation}/{workflow}/{course}.json`."""
    return sorted(RECORDED.glob("*/*/*.json"))


def history_in(path: Path) -> WorkflowHistory:
    """Read one. Its name takes the place of the workflow's id."""
    return WorkflowHistory.from_json(path.stem, path.read_text("utf-8"))


def messages_of(message: Message) -> Iterator[Message]:
    """Find a message of Temporal's and every message anywhere in it."""
    yield message
    for _, value in message.ListFields():
        for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else [value]:
            if isinstance(part, Message):
                yield from messages_of(part)


def payloads_of(history: WorkflowHistory) -> list[Payload]:
    """Find every payload, sealed as it is."""
    return [part for event in history.events for part in messages_of(event) if isinstance(part, Payload)]
