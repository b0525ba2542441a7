"""The real machinery for every test that wants it: PostgreSQL and a Temporal that skips time, once a run, and a database each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from temporalio.service import RPCError
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from demo.postgres import Postgres
from demo.temporal import NAMESPACE, binary, dynamic_config
from gateways.temporal import data_converter
from tests.databases import Databases

MIGRATED = "migrated"
ALEMBIC = Path(__file__).parent.parent / "database" / "alembic.ini"
# Nothing in these databases has to survive a power cut.
IN_A_HURRY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}
# After so many skips Temporal goes on in real time; a loop of a test must not get there.
SKIPS = 100_000


# Where a test plays a whole journey and waits most of the time; such files begin first, so that none is left over for one process.
JOURNEYS = ("crashes", "stories", "secrecy", "demo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.parent.name not in JOURNEYS)


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """A PostgreSQL for the whole run."""
    server = Postgres(tmp_path_factory.mktemp("postgres"), options=IN_A_HURRY)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


@pytest.fixture(scope="session")
async def postgres_url(postgres: Postgres) -> str:
    """The address of a database without any table."""
    await postgres.create_database("empty")
    return postgres.url("empty")


@pytest.fixture(scope="session")
async def migrated_template(postgres: Postgres) -> str:
    """The name of a database that the migrations have run on, as a template for others."""
    await postgres.create_database(MIGRATED)
    config = Config(ALEMBIC)
    config.attributes["url"] = postgres.url(MIGRATED)
    command.upgrade(config, "head")
    return MIGRATED


@pytest.fixture(scope="session")
def databases(postgres: Postgres, migrated_template: str) -> Databases:
    """Migrated databases, as many as are wanted at the same time."""
    return Databases(postgres, migrated_template)


@pytest.fixture
async def fresh_database(databases: Databases) -> AsyncIterator[str]:
    """The address of a migrated database that is this test's alone."""
    name = await databases.take()
    yield databases.postgres.url(name)
    await databases.give_back(name)


@pytest.fixture
async def temporal(one_temporal: WorkflowEnvironment) -> AsyncIterator[WorkflowEnvironment]:
    """Temporal with nobody's processes but this test's: what an earlier test has left would go on in this one's time and worker."""
    client = one_temporal.client
    yield one_temporal
    async for left in client.list_workflows("ExecutionStatus = 'Running'"):
        with suppress(RPCError):
            await client.get_workflow_handle(left.id).terminate("its test is over")


@pytest.fixture(scope="session")
async def one_temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal for the whole run that skips the time in which nothing happens, and whose client seals payloads."""
    async with await WorkflowEnvironment.start_time_skipping_v2(
        data_converter=data_converter({"test": os.urandom(32)}, NAMESPACE),
        dev_server_existing_path=str(binary()),
        dev_server_startup_timeout=timedelta(seconds=30),
        dev_server_log_level="never",
        dev_server_extra_args=dynamic_config(),
        ts_config=TimeSkippingConfig(enabled=True, max_session_skip_count=SKIPS),
    ) as environment:
        yield environment
