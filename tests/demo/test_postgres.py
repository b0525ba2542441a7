"""PostgreSQL as the demo and the tests run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from demo.postgres import Postgres


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Postgres]:
    """A PostgreSQL with the database `kept`."""
    server = Postgres(tmp_path / "postgres", ["kept"])
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


async def _write(server: Postgres) -> None:
    async with await psycopg.AsyncConnection.connect(server.url("kept")) as connection:
        await connection.execute("create table word (it text)")
        await connection.execute("insert into word values ('æøå 🙂')")


async def _read(server: Postgres) -> object:
    async with await psycopg.AsyncConnection.connect(server.url("kept")) as connection:
        return await (await connection.execute("select it from word")).fetchone()


async def test_what_was_committed_outlives_kill_9(server: Postgres) -> None:
    """Somebody pulls the plug, and starts again at once: the dead server's pid is still written in the folder."""
    await _write(server)
    await server.kill()
    assert not server.process.running

    await server.start()

    assert await _read(server) == ("æøå 🙂",)


async def test_another_start_on_another_port_finds_everything_again(server: Postgres, tmp_path: Path) -> None:
    """The password is in the folder too."""
    await _write(server)
    await server.stop()
    again = Postgres(tmp_path / "postgres", ["kept"])
    try:
        await again.start()

        assert await _read(again) == ("æøå 🙂",)
    finally:
        await again.stop()


async def test_a_server_left_behind_is_turned_out_by_the_next_one(server: Postgres, tmp_path: Path) -> None:
    """Two servers on one folder would destroy it."""
    await _write(server)
    again = Postgres(tmp_path / "postgres", ["kept"])
    try:
        await again.start()

        assert not server.process.running
        assert await _read(again) == ("æøå 🙂",)
    finally:
        await again.stop()


async def test_nobody_gets_in_without_the_password(server: Postgres) -> None:
    """Other people may work on the same machine."""
    stranger = server.url("kept").replace(":", ":not", 2).replace(":not//", "://")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        await psycopg.AsyncConnection.connect(stranger)


async def test_half_a_cluster_is_made_anew(tmp_path: Path) -> None:
    """A first start may be interrupted anywhere."""
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    (tmp_path / "postgres" / "unfinished").mkdir()
    server = Postgres(tmp_path / "postgres", ["kept"])
    try:
        await server.start()

        assert server.process.running
    finally:
        await server.stop()
