"""The whole house as in production, each program a process that is started again as soon as it has ended, and a wire between any two."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp
from temporalio.client import Client

from database.connection import build_engine
from demo import parts, seeds
from demo.keys import keys_of, write_client_jwks
from demo.ports import ports_of_our_own
from demo.postgres import Postgres
from demo.processes import Process, ProgramFailed
from demo.supervisor import Part, program
from demo.temporal import NAMESPACE, Temporal
from demo.tour import write_tour
from gateways.temporal import connect
from stand_ins.brreg import brreg_app
from stand_ins.openid_provider import Registration, provider_app, provider_for
from stand_ins.serving import served
from tests.crashes.ears import HearsMail, HearsPostgres, HearsTemporal
from tests.crashes.wires import Trap, Wire, strung

ALEMBIC = Path("database") / "alembic.ini"
TEMPLATE = "migrated"
# What a process has been told is done must outlive kill -9, but no power cut.
IN_A_HURRY = {"fsync": "off", "full_page_writes": "off"}
BETWEEN_LOOKS = 0.02
# Below those that the machine gives to whoever calls, so that a program finds its own free again when it is started anew.
FIRST_PORT = 21000
FAULTS = ("unhandled", "Traceback")
MIGRATING = asyncio.Lock()


class Victim(StrEnum):
    """Whom one can kill."""

    WORKER = "worker"
    SERVER = "server"
    POSTGRES = "PostgreSQL"
    TEMPORAL = "Temporal"
    MAIL_CATCHER = "mail catcher"


# At which points somebody may be killed. Whoever keeps things is killed at everything that is said to them. Worker and server only have
# a memory: wherever they are killed between two things that others remember, they leave the same behind, so only those are points.
POINTS: Mapping[Victim, re.Pattern[str]] = {
    Victim.WORKER: re.compile(r"worker to (PostgreSQL: COMMIT|Temporal: Start|Temporal: Respond\w+$|mail: (the letter|QUIT))"),
    Victim.SERVER: re.compile(r"server to (PostgreSQL: COMMIT|Temporal)"),
    Victim.POSTGRES: re.compile(r"\w+ to PostgreSQL"),
    Victim.TEMPORAL: re.compile(r"\w+ to Temporal"),
    Victim.MAIL_CATCHER: re.compile(r"worker to mail"),
}
EVERYTHING = re.compile("")


@dataclass(slots=True)
class House:
    """A running house: where its doors are, who can be killed in it, and what was said by those who were."""

    portal: str
    mailbox: str
    postgres: Postgres
    client: Client
    engine: AsyncEngine
    people: Mapping[Victim, Part]
    wires: Mapping[str, Wire]
    up: Mapping[Victim, asyncio.Event] = field(default_factory=lambda: {victim: asyncio.Event() for victim in Victim})
    down: set[Victim] = field(default_factory=set)
    said: defaultdict[Victim, list[str]] = field(default_factory=lambda: defaultdict(list))

    def set_trap(self, nth: int, victims: Sequence[Victim], points: re.Pattern[str]) -> Trap:
        """Kill these together at the n-th of these points; at nought, nobody."""
        trap = Trap(nth, lambda: self.kill(victims), lambda point: points.match(point) is not None)
        for wire in self.wires.values():
            wire.trap = trap
        return trap

    def kill(self, victims: Iterable[Victim]) -> None:
        """Kill -9, all in the same instant."""
        for victim in victims:
            self.up[victim].clear()
            self.people[victim].process.kill_at_once()

    @asynccontextmanager
    async def without(self, victim: Victim) -> AsyncIterator[None]:
        """Have somebody killed and not started again for as long as this lasts."""
        self.down.add(victim)
        self.kill([victim])
        await self.people[victim].process.ended()
        try:
            yield
        finally:
            self.down.discard(victim)

    async def fresh_database(self) -> None:
        """Forget everybody: put a database without any customer in the place of the present one."""
        await self.postgres.drop_database(parts.DATABASE)
        await self.postgres.create_database(parts.DATABASE, template=TEMPLATE)

    async def keep_up(self, victim: Victim) -> None:
        """Start somebody whenever they have ended, as a supervisor does. What they said is kept, for each start begins a new log."""
        part = self.people[victim]
        self.up[victim].set()
        while True:
            await part.process.ended()
            self.up[victim].clear()
            self.said[victim].append(part.process.log.read_text(errors="replace"))
            while victim in self.down:  # noqa: ASYNC110 - a set has no event to wait for
                await asyncio.sleep(BETWEEN_LOOKS)
            # A worker does not start without Temporal, and tries again.
            with suppress(ProgramFailed):
                await part.start()
                self.up[victim].set()

    async def everybody_is_up(self) -> None:
        """Wait until everybody answers."""
        for up in self.up.values():
            await up.wait()

    def faults(self) -> list[str]:
        """Find what nobody had foreseen in what the server has said, in this life or an earlier one."""
        log = self.people[Victim.SERVER].process.log.read_text(errors="replace")
        return [text for text in [*self.said[Victim.SERVER], log] if any(fault in text for fault in FAULTS)]


@asynccontextmanager
async def running_house(folder: Path) -> AsyncIterator[House]:
    """Run a house of its own for as long as this lasts; nothing of it is left running."""
    with ports_of_our_own(dict.fromkeys(parts.PREFERRED_PORTS, FIRST_PORT), folder / "ports.json", {}, lambda _: None) as ports:
        plan = parts.House(folder, ports, keys_of(folder))
        write_client_jwks(plan.keys.eid_client_key, plan.client_jwks)
        async with _running(plan) as house:
            yield house


@asynccontextmanager
async def _running(plan: parts.House) -> AsyncIterator[House]:
    folder = plan.folder
    postgres = Postgres(folder / "postgres", [TEMPLATE], port=plan.ports["postgres"], options=IN_A_HURRY, log=plan.log("postgres"))
    temporal = Temporal(folder / "temporal.db", port=plan.ports["temporal"], ui_port=plan.ports["temporal_ui"], log=plan.log("temporal"))
    wires = _wires(plan)
    async with AsyncExitStack() as open_things:
        await open_things.enter_async_context(strung(list(wires.values())))
        open_things.push_async_callback(postgres.stop)
        open_things.push_async_callback(temporal.stop)
        await asyncio.gather(postgres.start(), temporal.start(), _outside(plan, open_things))
        await _migrate(postgres)
        people = _people(plan, postgres, temporal, wires)
        for part in people.values():
            open_things.push_async_callback(part.process.kill)
        engine = build_engine(postgres.url(parts.DATABASE), program="tests")
        open_things.push_async_callback(engine.dispose)
        ring = {key_id: base64.b64decode(key) for key_id, key in json.loads(plan.keys.payload_keys).items()}
        client = await connect(temporal.address, NAMESPACE, ring)
        house = House(plan.addresses.portal, plan.addresses.mailbox, postgres, client, engine, people, wires)
        await house.fresh_database()
        await asyncio.gather(*(people[victim].start() for victim in (Victim.WORKER, Victim.SERVER, Victim.MAIL_CATCHER)))
        keepers = [asyncio.create_task(house.keep_up(victim)) for victim in people]
        try:
            yield house
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)


def _wires(plan: parts.House) -> dict[str, Wire]:
    made = [
        *(Wire(f"{who} to PostgreSQL", plan.ports["postgres"], HearsPostgres) for who in ("worker", "server")),
        *(Wire(f"{who} to Temporal", plan.ports["temporal"], HearsTemporal) for who in ("worker", "server")),
        Wire("worker to mail", plan.ports["smtp"], HearsMail),
    ]
    return {wire.name: wire for wire in made}


def _people(plan: parts.House, postgres: Postgres, temporal: Temporal, wires: Mapping[str, Wire]) -> Mapping[Victim, Part]:
    def python(who: str, *words: str) -> Process:
        return Process(who, [sys.executable, *words], log=plan.log(who), environment=lambda: _surroundings(plan, postgres, wires, who))

    smtp, mailbox, portal = (str(plan.ports[name]) for name in ("smtp", "mailbox", "portal"))
    letters = str(plan.folder / "letters")
    worker = python("worker", "worker.py")
    catcher = python("mailbox", "-m", "stand_ins.mail_catcher", "--smtp-port", smtp, "--port", mailbox, "--folder", letters)
    # The API keeps house every second, which would be points without end; nothing of it is in these journeys.
    server = python("server", "server.py", "--serve", "pages", "--port", portal)
    return {
        Victim.POSTGRES: Part(postgres.process, postgres.start, postgres.stop),
        Victim.TEMPORAL: Part(temporal.process, temporal.start, temporal.stop),
        Victim.WORKER: program(worker, worker.having_said("worker is ready")),
        Victim.SERVER: program(server, server.having_said("serving on")),
        Victim.MAIL_CATCHER: program(catcher, catcher.having_said("ready ")),
    }


def _surroundings(plan: parts.House, postgres: Postgres, wires: Mapping[str, Wire], who: str) -> Mapping[str, str]:
    """Tell a program what the demo tells it, with the wires in between."""
    told = dict(parts.surroundings(plan, postgres))
    if who in {"worker", "server"}:
        database = told["SKRANKE_DATABASE_URL"]
        told["SKRANKE_DATABASE_URL"] = database.replace(f":{postgres.port}/", f":{wires[f'{who} to PostgreSQL'].port}/")
        told["SKRANKE_TEMPORAL_ADDRESS"] = f"127.0.0.1:{wires[f'{who} to Temporal'].port}"
        told["SKRANKE_SMTP_URL"] = f"smtp://127.0.0.1:{wires['worker to mail'].port}"
    return told


async def _outside(plan: parts.House, open_things: AsyncExitStack) -> None:
    """Play the register and the eIDs, who belong to others and stay well."""
    registration = Registration(parts.CLIENT_ID, json.loads(plan.client_jwks.read_text()), (plan.addresses.portal + parts.CALLBACK_PATH,))

    def eids(issuer: str) -> ASGIApp:
        return provider_app(provider_for(issuer, registration))

    await open_things.enter_async_context(served(brreg_app, port=plan.ports["brreg"]))
    await open_things.enter_async_context(served(eids, port=plan.ports["openid_provider"], host="localhost"))
    await write_tour(plan.addresses, plan.tour)


async def _migrate(postgres: Postgres) -> None:
    config = Config(ALEMBIC)
    config.attributes["url"] = postgres.url(TEMPLATE)
    # In a thread, since whoever is connecting to another house's PostgreSQL meanwhile has only seconds; Alembic does one at a time.
    async with MIGRATING:
        await asyncio.to_thread(command.upgrade, config, "head")
    await seeds.sow(postgres.url(TEMPLATE))
