"""A town of shops and people with cards, and the API as a program before it: what the load tests and the benchmarks measure."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import httpx2
from alembic import command
from alembic.config import Config

from api.counter import Pool
from database.connection import build_pool
from demo.ports import free_port
from demo.postgres import Postgres
from demo.processes import Process
from domain.cards.claims import Mode
from domain.cards.codes import CardCode, new_code
from domain.cards.jose import SigningKey
from domain.cards.keys import grant, wrap
from gateways.clock import SystemClock
from tests.api.cardholders import Holder, issuing
from tests.api.merchants import Merchant, all_of, open_shop

ALEMBIC = Path("database") / "alembic.ini"
DATABASE = "town"
SHOPS, PEOPLE = 20, 50
PLENTY = 100_000_000
# Long enough for the longest test; each code is still good once.
CODES_LIVE = timedelta(days=1)
WITH_PORTRAIT, WITHOUT_PORTRAIT = "alcohol_20", "venue_entry_18"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Town:
    """Shops and people, in a database at `url`."""

    url: str
    pool: Pool
    issuer: str
    receipt_key: SigningKey
    shops: Sequence[Merchant]
    people: Sequence[Holder]

    async def show(self, count: int) -> Sequence[CardCode]:
        """Let people show so many codes, all at once."""
        lives, grants = SystemClock().now() + CODES_LIVE, {person.card_id: grant(person.card_key, Mode.STANDARD) for person in self.people}
        codes = [new_code() for _ in range(count)]
        columns = "copy presentation (ref_hash, card_id, wrapped, mode, expires_at) from stdin"
        async with self.pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            await cursor.execute("set local statement_timeout = 0")
            async with cursor.copy(columns) as copy:
                for code, person in zip(codes, cycle(self.people), strict=False):
                    wrapped = wrap(code, grants[person.card_id], person.card_id)
                    await copy.write_row((code.reference_hash, person.card_id, wrapped, Mode.STANDARD, lives))
        return codes

    async def requests(self, count: int, purpose: str = WITH_PORTRAIT, shops: Sequence[Merchant] = ()) -> Sequence[bytes]:
        """Make what tills of all shops, or of these, send for so many codes, each a whole HTTP request."""
        return [_request(code, shop, purpose) for code, shop in zip(await self.show(count), cycle(shops or self.shops), strict=False)]


@dataclass(frozen=True, slots=True)
class Api:
    """The API as a program, or several that share a port."""

    process: Process
    port: int
    workers: int

    def pids(self) -> Sequence[int]:
        """The processes that answer."""
        if self.workers == 1:
            return [self.process.pid]
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("utf-8").split()
        return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def cpu_seconds(self) -> float:
        """How much of the processors it has had."""
        return sum(cpu_seconds(pid) for pid in self.pids())

    def memory(self) -> int:
        """How many bytes of memory its processes hold, together."""
        return sum(resident_bytes(pid) for pid in self.pids())


def cpu_seconds(pid: int) -> float:
    """How much of the processors a process has had."""
    told = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS


def resident_bytes(pid: int) -> int:
    """How many bytes of memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def a_town(folder: Path, options: Mapping[str, str] | None = None) -> AsyncIterator[Town]:
    """Build a town with a PostgreSQL of its own, which keeps what it promises unless its options say otherwise."""
    postgres = Postgres(folder / "postgres", [DATABASE], options=options)
    try:
        await postgres.start()
        config = Config(ALEMBIC)
        config.attributes["url"] = postgres.url(DATABASE)
        command.upgrade(config, "head")
        async with town_in(postgres.url(DATABASE)) as town:
            yield town
    finally:
        await postgres.stop()


@asynccontextmanager
async def town_in(url: str, *, shops: int = SHOPS, people: int = PEOPLE) -> AsyncIterator[Town]:
    """Build a town in a database that has all tables."""
    issuer = SigningKey.generate("issuer")
    async with issuing(issuer) as site, build_pool(url, program="town") as pool:
        town = Town(
            url=url,
            pool=pool,
            issuer=site,
            receipt_key=issuer,
            shops=[Merchant(shop=f"Butikk {nth}", till=f"kasse-{nth}", gln=None) for nth in range(shops)],
            people=[Holder(pool) for _ in range(people)],
        )
        for shop in town.shops:
            await open_shop(pool, shop, [WITH_PORTRAIT, WITHOUT_PORTRAIT], checks_a_minute=PLENTY)
        await all_of(pool, "update terminal set checks_a_minute = %s returning id", PLENTY)
        for person in town.people:
            await person.get_card(issuer, expires_on=date.max)
        yield town


@asynccontextmanager
async def the_api(
    town: Town, folder: Path, *, workers: int = 1, name: str = "api", program: Sequence[str] = ("server.py",)
) -> AsyncIterator[Api]:
    """Run `server.py`, or another program that takes the same arguments, from when it answers."""
    port = free_port()
    arguments = [*program, "--port", str(port), "--serve", "api", "--workers", str(workers)]
    process = Process(name, [sys.executable, *arguments], log=folder / f"{name}.log", environment=lambda: _surroundings(town, port))
    process.start()
    try:
        async with httpx2.AsyncClient() as http:

            async def answers() -> bool:
                try:
                    return (await http.get(f"http://127.0.0.1:{port}/readyz")).is_success
                except httpx2.TransportError:
                    return False

            await process.answering(answers)
        yield Api(process, port, workers)
    finally:
        await process.stop()


def _surroundings(town: Town, port: int) -> Mapping[str, str]:
    key = base64.b64encode(bytes(32)).decode()
    return {
        "SKRANKE_DATABASE_URL": town.url,
        "SKRANKE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SKRANKE_SUPPORT_EMAIL": "support@skranke.example",
        "SKRANKE_EID_ISSUER": "http://localhost:1",
        "SKRANKE_CARD_ISSUER": town.issuer,
        "SKRANKE_APP_CLIENT_ID": "skranke-app",
        "SKRANKE_RECEIPT_KEYS": json.dumps([town.receipt_key.private_jwk()]),
        "SKRANKE_PSEUDONYM_KEY": key,
        "SKRANKE_SANDBOX_KEY": key,
    }


def _request(code: CardCode, shop: Merchant, purpose: str) -> bytes:
    body = json.dumps({"qr": code.text(), "purpose": purpose, "terminal": {"id": shop.till}}).encode()
    head = (
        "POST /v1/checks HTTP/1.1\r\nHost: api.skranke.example\r\n"
        f"Authorization: Bearer {shop.token}\r\nContent-Type: application/json\r\nUser-Agent: till/1.0\r\n"
        f"Idempotency-Key: {code.reference.hex()}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
