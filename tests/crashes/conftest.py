"""Houses to kill people in: a few that quick tests share, and as many for the long ones as the waiting in them allows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.crashes.house import House, running_house

FEW, MANY = 3, 8


@pytest.fixture(scope="session")
async def few_houses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sequence[House]]:
    """Houses for what has to be quick."""
    async with _houses(tmp_path_factory, FEW) as houses:
        yield houses


@pytest.fixture(scope="session")
async def many_houses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sequence[House]]:
    """Houses for what takes long, most of it waiting for somebody dead to be missed."""
    async with _houses(tmp_path_factory, MANY) as houses:
        yield houses


@asynccontextmanager
async def _houses(folders: pytest.TempPathFactory, count: int) -> AsyncIterator[Sequence[House]]:
    async with AsyncExitStack() as open_things:
        building = [open_things.enter_async_context(running_house(folders.mktemp("house"))) for _ in range(count)]
        yield await asyncio.gather(*building)
