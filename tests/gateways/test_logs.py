"""What the doors write down: lines of JSON with ids, and nothing of anybody."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from domain.conversations import NobodyIsListening
from gateways.logs import bind_trace, configure_logs

PERSONAL = "kari@skranke.example"
Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Reads what has been written since the test began."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    configure_logs(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_json_with_its_moment_its_place_and_its_ids(lines: Lines) -> None:
    """So that a machine finds every line of one request or one process."""
    bind_trace("0af7651916cd43dd8448eb211c80319c")
    logging.getLogger("gateways.observing").info("answered", extra={"route": "/email/link/{token}", "status": 200})
    (line,) = lines()

    assert {"event": "answered", "logger": "gateways.observing", "level": "info"}.items() <= line.items()
    assert {"route": "/email/link/{token}", "status": 200, "trace_id": "0af7651916cd43dd8448eb211c80319c"}.items() <= line.items()
    assert str(line["timestamp"]).endswith("Z")


def test_a_field_that_nobody_has_named_is_not_written(lines: Lines) -> None:
    """Whoever adds one thinks first about what may stand in it."""
    logging.getLogger("web").info("answered", extra={"email": PERSONAL, "path": f"/email/link/{PERSONAL}"})

    assert PERSONAL not in json.dumps(lines())


def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words(lines: Lines) -> None:
    """PostgreSQL quotes the row that broke a constraint."""

    def break_a_constraint() -> None:
        raise RuntimeError(PERSONAL) from ValueError(PERSONAL)

    try:
        break_a_constraint()
    except RuntimeError:
        logging.getLogger("web").exception("that went wrong")
    (line,) = lines()

    assert "RuntimeError from ValueError" == line["error"]
    assert "tests/gateways/test_logs.py" in str(line["where"])
    assert PERSONAL not in json.dumps(line)


def test_what_a_library_puts_into_its_sentence_is_left_out(lines: Lines) -> None:
    """Its authors did not know what their sentences would be about."""
    library = logging.getLogger("asyncio")
    library.warning("cannot reach %s", PERSONAL)
    library.error(f"Task exception was never retrieved\nfuture: ValueError('{PERSONAL}')")
    library.error(f"Failing with error: {PERSONAL}")

    assert ["cannot reach %s", "Task exception was never retrieved", "Failing with error"] == [line["event"] for line in lines()]


def test_a_steps_ids_are_found_where_temporal_puts_them(lines: Lines) -> None:
    """They say which process and which try it was, and its details stay out."""
    step = {"workflow_id": "letter/1", "activity_type": "send_letter", "attempt": 4, "heartbeat": PERSONAL}
    logging.getLogger("temporalio.activity").warning("Completing activity as failed", extra={"temporal_activity": step})
    (line,) = lines()

    assert {"workflow_id": "letter/1", "activity_type": "send_letter", "attempt": 4}.items() <= line.items()
    assert PERSONAL not in json.dumps(line)


def test_a_refusal_is_no_news(lines: Lines) -> None:
    """It is an answer to somebody, and not a fault of ours."""
    logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=NobodyIsListening())

    assert [] == lines()


def test_at_a_terminal_it_is_for_people() -> None:
    """Whoever develops reads it with their own eyes."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    root, screen = logging.getLogger(), Terminal()
    handlers, level = list(root.handlers), root.level
    configure_logs(screen)
    logging.getLogger("skranke").info("worker is ready")
    root.handlers[:] = handlers
    root.setLevel(level)

    assert "worker is ready" in screen.getvalue()
    assert not screen.getvalue().startswith("{")
