"""The page that moves the demo's time on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from gateways.clock import DemoClock
from gateways.demo_time import DemoTime
from tests.web.browser import Browser
from web.app import build_app
from web.portal import Portal

FOREIGN = "made up"


@pytest.fixture
def clock(tmp_path: Path) -> DemoClock:
    """The clock of a demo."""
    return DemoClock(tmp_path / "clock.json")


@pytest.fixture
async def in_the_demo(portal: Portal, clock: DemoClock) -> AsyncIterator[Browser]:
    """A browser in front of a demo whose Temporal is away."""
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    browser = Browser(build_app(replace(portal, clock=clock, demo_time=DemoTime(clock, nowhere))))
    yield browser
    await browser.http.aclose()


async def test_there_is_no_clock_outside_the_demo(browser: Browser) -> None:
    """Nobody moves time in production."""
    await browser.get("/")

    assert 404 == (await browser.get("/demo/clock")).status_code
    assert 404 == (await browser.post("/demo/clock", days="1")).status_code


async def test_a_move_without_temporal_says_so_and_moves_nothing(in_the_demo: Browser, clock: DemoClock) -> None:
    """Somebody who tries again in a moment loses nothing."""
    await in_the_demo.get("/demo/clock")
    answer = await in_the_demo.post("/demo/clock", days="1")

    assert 503 == answer.status_code
    assert "Temporal" in answer.text
    assert timedelta(0) == clock.ahead


async def test_only_the_steps_on_the_page_can_be_taken(in_the_demo: Browser, clock: DemoClock) -> None:
    """A thousand years would be a demo that nobody can log in to."""
    await in_the_demo.get("/demo/clock")
    for days in ("", "0", "-1", "365000", "1e9", "<b>"):
        assert 303 == (await in_the_demo.post("/demo/clock", days=days)).status_code

    assert timedelta(0) == clock.ahead


async def test_a_form_from_elsewhere_moves_nothing(in_the_demo: Browser, clock: DemoClock) -> None:
    """Public is not the same as anybody's."""
    await in_the_demo.get("/demo/clock")
    answer = await in_the_demo.post("/demo/clock", days="1", csrf_token=FOREIGN)

    assert 403 == answer.status_code
    assert timedelta(0) == clock.ahead


async def test_the_page_tells_the_demos_time_in_norway(in_the_demo: Browser, clock: DemoClock) -> None:
    """And how far ahead that is."""
    clock.move(timedelta(days=3))
    page = (await in_the_demo.get("/demo/clock?moved=b2f5ff47-4366-4b6b-a533-d2bf6b1c7e3a")).text

    assert "Europe/Oslo" in page
    assert "3 d" in page
    assert "ds-alert" not in page
