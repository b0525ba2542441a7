"""After a day of checks nothing of anybody is left, wherever one looks: neither who they were nor what they showed.

Nothing has to be excepted. A card lies in the database sealed by a key that only its holder's phone has (in the sandbox: that is
derived anew each time from a key in the settings), so not even its own row holds a claim in clear; receipts and logs name
answers, never their values; and whoever logs in to the portal itself, whose name it does know, has not done so here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from domain.cards.ages import oslo_date
from gateways.clock import SystemClock
from gateways.tracing import traces_to
from stand_ins.card_issuer.people import claims
from stand_ins.people import personas
from tests.api.merchants import all_of, insert
from tests.secrecy.checking import HOLDERS, Day
from tests.secrecy.house import DOORS, FACES, House, open_house
from tests.secrecy.known import of_claims, of_code, of_sandbox
from tests.secrecy.searching import Place, found, text
from tests.soak.house import once

FEW, MANY = 72, 1000
CANARY = "Kanarifugl-Æventyr-4711"
NOBODYS = "queue-of-nobody"
SWEPT_WITHIN = timedelta(seconds=30)
# So long a batch of traces waits before it is sent.
TRACES_COME = timedelta(seconds=6)
A_SHOWN_CODE = "select wrapped from presentation where used_at is null order by expires_at desc limit 1"
LONG_AGO = """
update presentation set expires_at = expires_at - interval '1 hour', used_at = used_at - interval '1 hour' returning ref_hash
"""
PLACES = ("table assertion_used", "log of the server", "log of the worker", "traces", "Temporal's histories")
FILES = ("pg_wal/", "data/base/", "temporal.db")


@dataclass(frozen=True)
class Evening:
    """The house after a day, what may be nowhere in it, and everything that is written down in it."""

    house: House
    day: Day
    secrets: Mapping[str, Sequence[bytes]]
    places: Sequence[Place]
    wrapped: Sequence[bytes]
    cards: Sequence[bytes]


@pytest.fixture(scope="module", params=[pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.soak)])
async def evening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    """So many checks, for all test persons in all modes and for everything, and some of people with cards."""
    folder: Path = tmp_path_factory.mktemp("house")
    async with open_house(folder) as house:
        day = Day(house, request.param)
        await day.pass_by()
        today = oslo_date(SystemClock().now())
        people = [of_claims(name, claims(personas()[name], FACES)) for name in HOLDERS]
        secrets = {name: forms for known in (of_sandbox(today), *people, *map(of_code, day.codes)) for name, forms in known}
        cards = [row[0] for row in await all_of(house.pool, "select sealed from card")]
        await asyncio.sleep(TRACES_COME.total_seconds())
        await day.show_a_code()
        wrapped = [row[0] for row in await all_of(house.pool, A_SHOWN_CODE)]
        yield Evening(house, day, secrets, await house.places(), wrapped, cards)  # type: ignore[arg-type]  # they are bytes


def test_the_day_was_a_day(evening: Evening) -> None:
    """Much was checked, well and badly; and what tills were told in their answers is exactly what is looked for."""
    told = {name for _, name in found([Place("answers", bytes(evening.day.told))], evening.secrets)}

    assert {(200, ""), (403, "holder_limited"), (409, "qr_used"), (422, "card_blocked"), (422, "qr_malformed")} <= evening.day.statuses
    assert {"ingrid: Ingrid, quoted", "ingrid: birth date", "ingrid: national number", "ingrid: portrait"} <= told


def test_nothing_of_anybody_is_left_anywhere(evening: Evening) -> None:
    """Not in a row, a line, a trace, a figure, a process's history or a file of the databases, in whatever form."""
    assert [] == found(evening.places, evening.secrets)


def test_what_a_code_opens_is_in_no_journal(evening: Evening) -> None:
    """No journal has the wrapped keys, so no backup and no replica; a sealed card, which is to last, is in it."""
    holding = {place for place, _ in found(evening.places, {"wrapped": evening.wrapped})}
    holding_cards = {place for place, _ in found(evening.places, {"card": evening.cards})}

    assert "table presentation" in holding
    assert [] == [place for place in holding if "pg_wal/" in place]
    assert [place for place in holding_cards if "pg_wal/" in place]


async def test_a_canary_is_found_in_every_place(evening: Evening) -> None:
    """Or what was not found above would prove nothing."""
    house = evening.house
    await insert(house.pool, "assertion_used", signer=CANARY, jti="1", expires_at=SystemClock().now() + timedelta(days=1))
    for name in DOORS:
        with house.doors[name].log.open("ab") as log:
            log.write(f"{CANARY}\n".encode())
    tracing = traces_to(house.collector.endpoint, CANARY)
    assert tracing
    tracing.tracer.start_span("canary").end()
    tracing.close()
    process = await house.client.start_workflow("Canary", CANARY, id="canary", task_queue=NOBODYS)
    # Temporal's own file holds payloads sealed only, so there its process is found by where it waits.
    seen = found(await house.places(), {"canary": text(CANARY), "process": [NOBODYS.encode()]})
    await process.terminate()

    spotted = {place for place, what in seen if what == "canary" or place.startswith("temporal.db")}
    assert [] == [place for place in PLACES if place not in spotted]
    assert [] == [part for part in FILES if not any(part in place for place in spotted)]


def test_every_figure_was_read(evening: Evening) -> None:
    """Figures cannot be planted: that theirs are the doors' pages is seen by what is always on them."""
    pages = {place.name: place.content for place in evening.places if place.name.startswith("metrics")}

    assert {f"metrics of the {name}" for name in DOORS} == set(pages)
    assert all(b"# TYPE " in page for page in pages.values())


async def test_the_server_forgets_codes_by_itself(evening: Evening) -> None:
    """Soon after they are over, without anybody asking."""
    house = evening.house
    assert await all_of(house.pool, LONG_AGO)

    async def forgotten() -> bool:
        return [(0,)] == await all_of(house.pool, "select count(*) from presentation")

    await once(forgotten, within=SWEPT_WITHIN, what="the sweep")


async def test_a_crash_forgets_every_code(evening: Evening) -> None:
    """What is unlogged is empty when the database comes back, and the evidence is all there."""
    house = evening.house
    await evening.day.show_a_code()
    ((logged,),) = await all_of(house.pool, "select count(*) from check_log")
    assert [(1,)] == await all_of(house.pool, "select count(*) from presentation")
    await house.doors["server"].stop()
    await house.postgres.kill()
    await house.postgres.start()
    await house.pool.check()

    assert [(0, logged)] == await all_of(house.pool, "select (select count(*) from presentation), (select count(*) from check_log)")
