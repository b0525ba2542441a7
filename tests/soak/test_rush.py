"""Many tills for a long time, and far too many for a while: how long they wait, and what the others are told.

Requests are sent at set moments whatever becomes of those before, by a program of its own, and their times count from those moments.
`SOAK_SHARE=0.05` makes everything last a twentieth; `SOAK_WORKERS=1` serves with one process instead of one for each processor.
The figures are for two processors that nobody else uses.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.load.outcomes import Outcomes, needed, rushed
from tests.load.town import Api, Town, a_town, the_api

pytestmark = pytest.mark.soak

SHARE = float(os.environ.get("SOAK_SHARE", "1"))
MINUTE = 60 * SHARE
WORKERS = int(os.environ.get("SOAK_WORKERS", os.cpu_count() or 1))
# A closed loop of so many tills finds out how much can be done.
TILLS, CHECKS = 48, 6000
BARE = ("-m", "tests.load.bare")
NORMAL = {200}
BUSY = {429, 503}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town of its own."""
    async with a_town(tmp_path) as town:
        yield town


@pytest.fixture
async def api(town: Town, tmp_path: Path) -> AsyncIterator[Api]:
    """The API as a program, which has warmed up."""
    async with the_api(town, tmp_path, workers=WORKERS) as api:
        await play(town, api, tmp_path, "100x5")
        yield api


async def play(town: Town, api: Api, folder: Path, phases: str, *, connections: int = 256) -> Outcomes:
    """Let tills ask."""
    outcomes = await rushed(api.port, await town.requests(needed(phases)), phases, folder / "rush", connections=connections)
    sys.stdout.write(f"\n{api.process.name} {phases}: {outcomes}\n")
    return outcomes


async def most(town: Town, api: Api, folder: Path) -> float:
    """How many checks a second there are at most: as many tills as can be answered, each asking again as soon as it is answered."""
    outcomes = await play(town, api, folder, f"{CHECKS * 100}x{0.01 * max(SHARE, 0.2)}", connections=TILLS)
    assert NORMAL == set(outcomes.statuses)
    rate = len(outcomes.all) / max(outcome.at + outcome.took for outcome in outcomes.all)
    sys.stdout.write(f"{api.process.name}: at most {rate:.0f}/s, {api.cpu_seconds():.1f} s of the processors so far\n")
    return rate


async def test_three_hundred_a_second_for_ten_minutes(town: Town, api: Api, tmp_path: Path) -> None:
    """Ten times the mean of all uses of the national electronic ID."""
    outcomes = await play(town, api, tmp_path, f"300x{10 * MINUTE}")

    assert NORMAL == set(outcomes.statuses)
    assert outcomes.percentile(50) <= 5
    assert outcomes.percentile(99) <= 25


async def test_a_thousand_a_second_for_a_minute(town: Town, api: Api, tmp_path: Path) -> None:
    """Thirty-one times that mean; the bare endpoint's figures stand beside it."""
    async with the_api(town, tmp_path, workers=WORKERS, name="bare", program=BARE) as bare:
        await play(town, bare, tmp_path, "100x5")
        await play(town, bare, tmp_path, f"1000x{MINUTE / 4}")
        await most(town, bare, tmp_path)
    await most(town, api, tmp_path)

    outcomes = await play(town, api, tmp_path, f"1000x{MINUTE}")

    assert NORMAL == set(outcomes.statuses)
    assert outcomes.percentile(99) <= 100


async def test_three_times_too_many_get_as_much_done_as_can_be(town: Town, api: Api, tmp_path: Path) -> None:
    """The others are told at once that they are too many, and soon afterwards nothing is left of it."""
    peak = await most(town, api, tmp_path)
    before, rush, after = 10.0, MINUTE, 15.0

    outcomes = await play(town, api, tmp_path, f"{peak * 0.3}x{before},{peak * 3}x{rush},{peak * 0.3}x{after}", connections=1000)

    crowded = outcomes.between(before, before + rush)
    calm, again = outcomes.between(2, before), outcomes.between(before + rush + 5, before + rush + after)
    sys.stdout.write(
        f"good {len(crowded.good.all) / rush / peak:.2f} of the most; {crowded.good}; others {crowded.others}; {calm}; {again}\n"
    )
    assert len(crowded.good.all) / rush >= 0.8 * peak
    assert set(crowded.others.statuses) <= BUSY
    assert all(outcome.told_when for outcome in crowded.others.all)
    assert crowded.others.percentile(99) <= 50
    assert NORMAL == set(again.statuses)
    assert again.percentile(99) <= max(2 * calm.percentile(99), 25)


async def test_the_memory_of_a_server_does_not_grow(town: Town, api: Api, tmp_path: Path) -> None:
    """Under load for half an hour, without a restart."""
    part = 30 * MINUTE / 15
    held, pids = [], api.pids()
    for _ in range(15):
        assert NORMAL == set((await play(town, api, tmp_path, f"150x{part}")).statuses)
        held.append(api.memory())
    sys.stdout.write(f"megabytes: {[round(held_then / 1e6, 1) for held_then in held]}\n")

    assert pids == api.pids()
    assert sum(held[-5:]) <= 1.05 * sum(held[2:7])
