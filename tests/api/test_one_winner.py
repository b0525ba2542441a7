"""One code at a thousand tills: whoever comes first gets the answer, whichever server it asks."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import cycle, islice
from typing import Any

import httpx2
import pytest

from domain.cards.claims import Mode
from tests.api.counting import calling, counter_at
from tests.api.merchants import all_of
from tests.api.tills import Till

FEW, MANY = (3, 50), (100, 1000)
UNAVAILABLE, FEWER = 503, 8


@asynccontextmanager
async def at_servers(till: Till, issuer_site: str) -> AsyncIterator[Sequence[httpx2.AsyncClient]]:
    """Two servers over one database, each with a pool of its own."""
    async with (
        counter_at(till.counter.pool.conninfo, till.clock, issuer_site) as other,  # type: ignore[arg-type]  # a text
        calling(till.counter) as one,
        calling(other) as another,
    ):
        yield one, another


async def ask(http: httpx2.AsyncClient, body: Mapping[str, Any], headers: Mapping[str, str], later: asyncio.Semaphore) -> tuple[int, str]:
    """Ask with everybody else; a till that is told to come back asks the same once more, when fewer do."""
    answer = await http.post("/v1/checks", json=body, headers=headers)
    while answer.status_code == UNAVAILABLE:
        async with later:
            answer = await http.post("/v1/checks", json=body, headers=headers)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(("rounds", "tills"), [pytest.param(*FEW, id="few"), pytest.param(*MANY, id="many", marks=pytest.mark.soak)])
async def test_of_all_tills_at_once_one_gets_the_answer(till: Till, issuer_site: str, rounds: int, tills: int) -> None:
    """At two servers, round after round; all others hear that they came too late, and nothing else."""
    for table in ("terminal", "api_client"):
        await all_of(till.counter.pool, f"update {table} set checks_a_minute = 10000000 returning 1")  # noqa: S608 - the names are ours
    async with at_servers(till, issuer_site) as servers:
        for server in servers:
            # Each knows the issuer's keys from then on.
            asked = {"qr": (await till.show(mode=Mode.AGE)).text(), "purpose": "venue_entry_18", "terminal": {"id": till.merchant.till}}
            assert 200 == (await server.post("/v1/checks", json=asked, headers=till.merchant.headers)).status_code
        for turn in range(rounds):
            code, later = await till.show(mode=Mode.AGE), asyncio.Semaphore(FEWER)
            body = {"qr": code.text(), "purpose": "venue_entry_18", "terminal": {"id": till.merchant.till}}
            answers = [
                ask(server, body, till.merchant.headers | {"Idempotency-Key": f"{turn}-{nth}"}, later)
                for nth, server in enumerate(islice(cycle(servers), tills))
            ]

            assert {(200, ""): 1, (409, "qr_used"): tills - 1} == Tally(await asyncio.gather(*answers))
    assert rounds + len(servers) == len(await till.logged())
