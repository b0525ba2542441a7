"""The back of the house as in production: PostgreSQL, Temporal and `python worker.py` as processes, and the outside world played."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from database.connection import build_engine
from demo import parts, seeds
from demo.keys import keys_of
from demo.ports import free_port
from demo.postgres import Postgres
from demo.processes import Process
from demo.temporal import NAMESPACE, Temporal
from domain.ids import UserId
from domain.organisation_number import OrganisationNumber
from gateways.temporal import connect
from settings import PageSettings
from stand_ins.brreg import Register, brreg_app
from stand_ins.brreg.invented import ordinary_companies
from stand_ins.mail_catcher import Letters, Moods, catching
from stand_ins.serving import served
from tests.workflows.conftest import BORN, KARI, new_user

ALEMBIC = Path("database") / "alembic.ini"
BETWEEN_LOOKS = timedelta(milliseconds=100)

Thing = TypeVar("Thing")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class RunningHouse:
    """A house with a worker at work: everything a test needs to be its customers and its bad luck."""

    client: Client
    engine: AsyncEngine
    worker: Process
    register: Register
    letters: Letters
    post_office: Moods
    settings: PageSettings

    @property
    def companies(self) -> Sequence[OrganisationNumber]:
        """Two hundred companies at which nobody works whom we know."""
        return [OrganisationNumber.parse(company["enhet"]["organisasjonsnummer"]) for company in ordinary_companies()]

    def hire(self, company: OrganisationNumber) -> None:
        """Make whoever is called as our users are the company's managing director."""
        person = {
            "fodselsdato": BORN.isoformat(),
            "navn": {"fornavn": KARI.given, "etternavn": KARI.family},
            "erDoed": False,
        }
        role = {"type": {"kode": "DAGL"}, "person": person, "fratraadt": False, "avregistrert": False, "rekkefolge": 0}
        self.register.put_roles(company.value, [{"type": {"kode": "DAGL"}, "sistEndret": "2023-01-02", "roller": [role]}])

    async def customers(self, count: int) -> list[UserId]:
        """Make people who have logged in and confirmed an address."""
        return [await new_user(self.engine, confirmed=True) for _ in range(count)]

    async def start_worker(self) -> None:
        """Let the worker work, the first time or again."""
        self.worker.start()
        await self.worker.answering(self.worker.having_said("worker is ready"))


@asynccontextmanager
async def running_house(folder: Path) -> AsyncIterator[RunningHouse]:
    """Run a house of its own for as long as this lasts; nothing of it is left running."""
    house = parts.House(folder, {name: free_port() for name in parts.PREFERRED_PORTS}, keys_of(folder))
    postgres = Postgres(folder / "postgres", [parts.DATABASE], port=house.ports["postgres"])
    temporal = Temporal(folder / "temporal.db", port=house.ports["temporal"], ui_port=house.ports["temporal_ui"])
    worker = Process(
        "worker", [sys.executable, "worker.py"], log=house.log("worker"), environment=lambda: parts.surroundings(house, postgres)
    )
    register, letters, moods = Register.invented(), Letters(), Moods()
    async with AsyncExitStack() as open_things:
        for part in (postgres, temporal, worker):
            open_things.push_async_callback(part.stop)
        await asyncio.gather(postgres.start(), temporal.start())
        engine = await _database(postgres.url(parts.DATABASE))
        open_things.push_async_callback(engine.dispose)
        await open_things.enter_async_context(served(lambda base: brreg_app(base, register), port=house.ports["brreg"]))
        await open_things.enter_async_context(catching(letters, moods, port=house.ports["smtp"]))
        settings = _settings(house, postgres)
        client = await connect(temporal.address, NAMESPACE, settings.payload_keys)
        running = RunningHouse(client, engine, worker, register, letters, moods, settings)
        await running.start_worker()
        yield running


def _settings(house: parts.House, postgres: Postgres) -> PageSettings:
    """Tell what the front door would be told, so that it can be opened in this process."""
    told = {name.removeprefix("SKRANKE_").lower(): value for name, value in parts.surroundings(house, postgres).items()}
    return PageSettings.model_validate(told | {"payload_keys": json.loads(told["payload_keys"])})


async def _database(url: str) -> AsyncEngine:
    """Make the tables as in production, and the people in sales."""
    config = Config(ALEMBIC)
    config.attributes["url"] = url
    command.upgrade(config, "head")
    await seeds.sow(url)
    return build_engine(url, program="tests")


async def each(things: Iterable[Thing], do: Callable[[Thing], Awaitable[Outcome]], *, at_once: int) -> list[Outcome]:
    """Do something with each, so many at once, and list what came of it."""
    places = asyncio.Semaphore(at_once)

    async def one(thing: Thing) -> Outcome:
        async with places:
            return await do(thing)

    return await asyncio.gather(*(one(thing) for thing in things))


async def once(look: Callable[[], Awaitable[bool]], *, within: timedelta, what: str, every: timedelta = BETWEEN_LOOKS) -> None:
    """Look again and again until something is so. Raises TimeoutError, saying what was waited for."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            while not await look():  # noqa: ASYNC110 - what is waited for happens in other programs
                await asyncio.sleep(every.total_seconds())
    except TimeoutError as error:
        raise TimeoutError(f"waited {within} for {what}") from error
