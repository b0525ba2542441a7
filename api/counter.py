"""What the API is made with: everything it needs from the world, in one hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from opentelemetry.trace import Tracer
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from starlette.requests import Request

from api.gates import Gate
from api.receipt_keys import ReceiptKeys
from domain.clock import Clock
from gateways.http import AsyncClient
from gateways.meters import Meters

# Once in five minutes would do; a chain may have a server in every shop.
TOKENS_AT_ONCE, TOKENS_COME_BACK_IN = 120, timedelta(minutes=1)

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


@dataclass(frozen=True, slots=True)
class Counter:
    """The API's parts and what it knows of its surroundings; the pages' counterpart is `Portal`.

    Codes, tokens and checks live by `wall_clock`, never by a demo's time that runs ahead. `http` speaks to `eid_issuer`, whose
    identity tokens for `app_client_id` are believed, and to `card_issuer`, which signs cards and knows which are alive.
    `pseudonym_key` and `sandbox_key` are 32 bytes each: the first hides who a card's holder is, from the second the sandbox's
    cards get their keys.
    """

    pool: Pool
    wall_clock: Clock
    http: AsyncClient
    public_url: str
    receipt_keys: ReceiptKeys
    card_issuer: str
    eid_issuer: str
    app_client_id: str
    pseudonym_key: bytes = field(repr=False)
    sandbox_key: bytes = field(repr=False)
    # How many proxies stand in front and say from where they were called.
    proxies: int = 0
    # How many tokens a client may ask one server process for.
    token_gate: Gate = field(default_factory=lambda: Gate(TOKENS_AT_ONCE, TOKENS_COME_BACK_IN))
    meters: Meters = field(default_factory=Meters)
    tracer: Tracer | None = None


def counter_of(request: Request) -> Counter:
    """The counter that a request came to."""
    counter = request.app.state.counter
    if not isinstance(counter, Counter):
        raise TypeError("the application was built without a counter")
    return counter
