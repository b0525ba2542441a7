"""`make demo`, whole."""

from __future__ import annotations

import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import httpx2

from gateways.clock import DemoClock

from .running import RunningDemo, running_demo
from .sleepers import runs


async def _log_in_and_be_asked_for_the_terms(demo: RunningDemo, link: str) -> None:
    async with httpx2.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(link)

        assert page.status_code == httpx2.codes.OK, page.text
        assert str(page.url).startswith(demo.portal), page.url
        assert "login" not in page.url.path


async def test_the_demo_starts_lets_a_persona_in_and_starts_again_where_it_was(tmp_path: Path) -> None:
    """What a newcomer sees first must never be broken."""
    folder = tmp_path / "demo"
    async with running_demo(folder) as first:
        personas = json.loads((folder / "tour.json").read_text())["personas"]
        await _log_in_and_be_asked_for_the_terms(first, personas[0]["link"])
        programs = first.programs()
        first.process.send_signal(signal.SIGTERM)
        assert await first.process.wait() == 0

    assert len(programs) >= 7
    assert not any(map(runs, programs))

    DemoClock(folder / "clock.json").move(timedelta(days=1))
    async with running_demo(folder) as second:
        async with httpx2.AsyncClient(headers={"Accept-Language": "en"}) as browser:
            tour = (await browser.get(f"{second.portal}/demo")).raise_for_status().text
            clock = (await browser.get(f"{second.portal}/demo/clock")).raise_for_status().text
        os.kill(second.program("worker.py"), signal.SIGKILL)
        assert await second.process.wait() == 1

    assert second.portal == first.portal
    assert personas[0]["name"] in tour
    assert "one day" in clock
