"""The clocks that everybody goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateways.clock import DemoClock, SystemClock, clock_of

A_MOMENT = timedelta(seconds=5)


def test_without_a_demo_the_business_goes_by_the_computer() -> None:
    """Nobody's production runs ahead."""
    clock = clock_of(None)

    assert clock == SystemClock()
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT


def test_a_demo_that_was_never_moved_is_on_time(tmp_path: Path) -> None:
    """The file comes with the first move."""
    clock = DemoClock(tmp_path / "clock.json")

    assert timedelta(0) == clock.ahead
    assert abs(clock.now() - datetime.now(UTC)) < A_MOMENT


def test_moves_add_up_and_are_seen_by_every_program_at_once(tmp_path: Path) -> None:
    """The server moves; the worker, started long before, must agree from the next moment on."""
    servers, workers = (clock_of(tmp_path / "clock.json") for _ in range(2))
    before = workers.now()
    assert isinstance(servers, DemoClock)
    servers.move(timedelta(days=1))
    servers.move(timedelta(days=14))

    assert timedelta(days=15) == servers.ahead
    assert timedelta(days=15) <= workers.now() - before < timedelta(days=15) + A_MOMENT
    assert ["clock.json"] == [file.name for file in tmp_path.iterdir()]
