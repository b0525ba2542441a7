"""A house of its own for each long test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.soak.house import RunningHouse, running_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[RunningHouse]:
    """A house with a worker at work."""
    async with running_house(tmp_path) as house:
        yield house
