"""What the check of a card costs beside a bare endpoint that runs the same SQL and the same cryptography."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import build_api
from api.check_desk import CheckDesk
from api.checking import Scan, check, idempotency_hash, read_scan
from api.counter import Counter
from api.receipt_keys import ReceiptKeys
from demo.postgres import Postgres
from domain.api_access import credential_hash
from domain.cards.jose import SigningKey
from domain.cards.purposes import PURPOSES
from gateways.cards import CardIssuer
from gateways.clock import SystemClock
from tests.api.cardholders import Holder, issuing
from tests.api.counting import SetClock, counter_at
from tests.api.merchants import Merchant, all_of, open_shop
from tests.bench.measurement import Measurement
from tests.bench.timing import p50

ALEMBIC = Path("database") / "alembic.ini"
# In turns, so that whatever else the machine does falls on both.
TURNS, A_TURN, AT_ONCE = 5, 80, 8
PLENTY = 1_000_000
# At least so much of the bare endpoint's rate.
LIMIT = 0.6

Call = tuple[bytes, Sequence[tuple[bytes, bytes]]]


async def checking_cards() -> Sequence[Measurement]:
    """Check cards with portraits, several at a time, as an application and barely."""
    with TemporaryDirectory() as folder:
        async with _counter(Path(folder)) as counter:
            merchant, holder = await _shop(counter)
            desk = CheckDesk.at(counter, CardIssuer(counter.http, counter.card_issuer, counter.wall_clock))
            ours, bare = Took(), Took()
            apps: Sequence[tuple[ASGIApp, Took]] = ((build_api(counter), ours), (Bare(desk, credential_hash(merchant.token)), bare))
            for turn in range(TURNS + 1):
                for app, took in apps:
                    calls = [await _call(holder, merchant) for _ in range(A_TURN)]
                    # The first turn warms up.
                    await _all(app, calls, took if turn else Took())
    return [
        Measurement("checks of cards with a portrait", ours.rate, "/s"),
        Measurement("  p50, eight at a time", p50(ours.each), "ms"),
        Measurement("  p99, eight at a time", quantiles(ours.each, n=100)[-1] * 1000, "ms"),
        Measurement("bare endpoint with the same SQL and cryptography", bare.rate, "/s"),
        Measurement("  checks beside that", ours.rate / bare.rate, "x", limit=LIMIT, more_is_better=True),
    ]


@dataclass(slots=True)
class Took:
    """How long each check took, and each turn, in seconds."""

    each: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Checks in a second, in the middle one of the turns."""
        return A_TURN / median(self.turns)


@asynccontextmanager
async def _counter(folder: Path) -> AsyncIterator[Counter]:
    """A counter over a PostgreSQL that keeps what it promises."""
    postgres, issuer = Postgres(folder / "postgres", ["bench"]), SigningKey.generate("issuer")
    await postgres.start()
    try:
        config = Config(ALEMBIC)
        config.attributes["url"] = postgres.url("bench")
        command.upgrade(config, "head")
        async with issuing(issuer) as site, counter_at(postgres.url("bench"), SetClock()) as counter:
            yield replace(counter, card_issuer=site, wall_clock=SystemClock(), receipt_keys=ReceiptKeys((issuer,)))
    finally:
        await postgres.stop()


async def _shop(counter: Counter) -> tuple[Merchant, Holder]:
    merchant, holder = Merchant(), Holder(counter.pool)
    await open_shop(counter.pool, merchant, ["alcohol_20"], checks_a_minute=PLENTY)
    await all_of(counter.pool, "update terminal set checks_a_minute = %s returning id", PLENTY)
    await holder.get_card(counter.receipt_keys.signing, expires_on=date.max)
    return merchant, holder


async def _call(holder: Holder, merchant: Merchant) -> Call:
    """Let somebody show a code, and write down what the till will send."""
    code = await holder.show(SystemClock().now())
    body = json.dumps({"qr": code.text(), "purpose": "alcohol_20", "terminal": {"id": merchant.till}}).encode()
    headers = {
        "authorization": f"Bearer {merchant.token}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "idempotency-key": code.reference.hex(),
    }
    return body, [(name.encode(), value.encode()) for name, value in headers.items()]


async def _all(app: ASGIApp, calls: Sequence[Call], took: Took) -> None:
    """Make all calls, so many at once, and take the time of each and of all."""
    waiting = iter(calls)

    async def till() -> None:
        for call in waiting:
            took.each.append(await _once(app, call))

    began = time.perf_counter()
    await asyncio.gather(*(till() for _ in range(AT_ONCE)))
    took.turns.append(time.perf_counter() - began)


async def _once(app: ASGIApp, call: Call) -> float:
    body, headers = call
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope: Mapping[str, object] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/checks",
        "raw_path": b"/v1/checks",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.7", 50000),
        "server": ("192.0.2.1", 80),
    }
    began = time.perf_counter()
    await app(dict(scope), receive, send)
    took = time.perf_counter() - began
    if said[0]["status"] != 200:
        raise RuntimeError(str(said))
    return took


@dataclass(frozen=True)
class Bare:
    """The check without anything around it: no framework, no model, no middleware, no headers."""

    desk: CheckDesk
    token_hash: bytes

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Answer one check."""
        body = (await receive())["body"]
        asked = json.loads(body)
        scan = Scan(
            code=read_scan(asked["qr"]),
            purpose=PURPOSES[asked["purpose"]],
            purpose_name=asked["purpose"],
            terminal=asked["terminal"]["id"],
            shop_name=None,
            gln=None,
            idem_hash=idempotency_hash(asked["terminal"]["id"], asked["qr"]),
            body_hash=hashlib.sha256(body).digest(),
        )
        found = await self.desk.checks.use(scan.asked(self.token_hash, SystemClock().now()))
        if found is None:
            raise RuntimeError("nobody's token")
        answer = await check(self.desk, scan, found)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": answer})
