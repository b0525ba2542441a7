"""What every other test stands on."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from temporalio import workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

QUEUE = "patience"


@workflow.defn
class Patience:
    """Waits for a year."""

    @workflow.run
    async def run(self) -> str:
        """Wait, then say so."""
        await workflow.sleep(timedelta(days=365))
        return "a year has passed"


async def test_a_database_without_tables_is_there(postgres_url: str) -> None:
    """A real PostgreSQL, the version that production has."""
    async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
        version = connection.info.server_version

    assert version // 10000 == 18


@pytest.mark.parametrize("time", ["first", "second"])
async def test_a_fresh_database_has_all_tables_and_none_of_the_others_rows(fresh_database: str, time: str) -> None:
    """One test must never see what another has written."""
    async with await psycopg.AsyncConnection.connect(fresh_database) as connection:
        rows = await (await connection.execute("select count(*) from help_feedback")).fetchone()
        await connection.execute(
            "insert into help_feedback (id, slug, found, comment, language, given_at) values (%s, %s, true, '', 'en', now())",
            [uuid4(), time],
        )

    assert rows == (0,)


async def test_a_year_passes_at_once(temporal: WorkflowEnvironment) -> None:
    """Deadlines are tested on the real server, in no time."""
    async with Worker(temporal.client, task_queue=QUEUE, workflows=[Patience]):
        said = await temporal.client.execute_workflow(Patience.run, id=f"patience/{uuid4()}", task_queue=QUEUE)

    assert said == "a year has passed"
