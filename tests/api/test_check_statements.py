"""A check goes to the database and back twice, as heard on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from struct import unpack_from

import pytest
from sqlalchemy import make_url

from database.checks import USE, WRITE_DOWN
from domain.cards.jose import SigningKey
from tests.api.cardholders import Holder
from tests.api.counting import SetClock, calling, counter_at
from tests.api.merchants import Merchant, open_shop
from tests.api.tills import PURPOSES, Till
from tests.crashes.wires import Trap, Unit, Wire, strung

# What the driver takes apart only once.
REMEMBERED = 4096
# Requests for a connection that is no connection yet; a message has no kind before there is one.
NOT_YET = {80877103, 80877104}
# Each makes the server do everything that it has been told and answer: the end of a statement that was prepared, or a plain one.
ROUND_TRIPS, PREPARES = {b"S", b"Q"}, b"P"
# Where the name of a statement for later begins; one for now has none.
NAME_AT = 5


@dataclass(slots=True)
class StatementEar:
    """Hears in PostgreSQL's protocol each time that a client waits for what a statement does.

    That a connection is told a statement for later happens once in its life, and is passed over.
    """

    connected: bool = False
    preparing: bool = False
    heard: bytearray = field(default_factory=bytearray)

    def asked(self, data: bytes) -> Iterator[Unit]:
        """Cut what the client says."""
        self.heard += data
        while (size := self._whole()) is not None:
            said, self.heard = bytes(self.heard[:size]), self.heard[size:]
            yield Unit(said, self._point(said) if self.connected else None)
            self.connected = self.connected or unpack_from("!i", said, 4)[0] not in NOT_YET

    def answered(self, data: bytes) -> Iterator[Unit]:
        """Let through what the server says."""
        yield Unit(data)

    def _point(self, said: bytes) -> str | None:
        if said[:1] == PREPARES and said[NAME_AT] != 0:
            self.preparing = True
        if said[:1] not in ROUND_TRIPS or self.preparing:
            self.preparing = self.preparing and said[:1] not in ROUND_TRIPS
            return None
        return "round trip"

    def _whole(self) -> int | None:
        kind = 1 if self.connected else 0
        if len(self.heard) < kind + 4:
            return None
        size = kind + int(unpack_from("!i", self.heard, kind)[0])
        return size if len(self.heard) >= size else None


@pytest.fixture
def trap() -> Trap:
    """Counts, and kills nobody."""
    return Trap(0, lambda: None, lambda _: True)


@pytest.fixture
async def heard_till(fresh_database: str, clock: SetClock, issuer: SigningKey, issuer_site: str, trap: Trap) -> AsyncIterator[Till]:
    """A till at a counter whose way to the database is listened to."""
    there = make_url(fresh_database)
    wire = Wire("database", there.port or 0, StatementEar, trap)
    async with strung([wire]):
        here = there.set(port=wire.port).render_as_string(hide_password=False)
        async with counter_at(here, clock) as counter, calling(replace(counter, card_issuer=issuer_site)) as http:
            merchant, holder = Merchant(), Holder(counter.pool)
            await open_shop(counter.pool, merchant, PURPOSES)
            await holder.get_card(issuer)
            yield Till(http, counter, clock, merchant, holder)


async def test_a_check_is_two_round_trips(heard_till: Till, trap: Trap) -> None:
    """Who asks, whether they may, the code and the card in one; both logs in the other. So also for many at once."""
    codes = [await heard_till.show() for _ in range(30)]
    before = len(trap.points)

    answers = [await heard_till.ask(codes[0], key="one"), *await asyncio.gather(*(heard_till.ask(code) for code in codes[1:]))]

    assert {200} == {answer.status_code for answer in answers}
    assert 2 * len(codes) == len(trap.points) - before


async def test_what_is_refused_is_one(heard_till: Till, trap: Trap) -> None:
    """Nothing is written down of a check that was not one."""
    code, before = await heard_till.show(), len(trap.points)

    refused = await heard_till.ask(code, "no_such_purpose")

    assert 403 == refused.status_code
    assert 1 == len(trap.points) - before


@pytest.mark.parametrize("statement", [USE, WRITE_DOWN], ids=["use", "write down"])
def test_the_driver_remembers_both_statements(statement: bytes) -> None:
    """A longer one it would take apart anew for each check, which takes longer than the signature of a receipt."""
    assert len(statement) <= REMEMBERED
