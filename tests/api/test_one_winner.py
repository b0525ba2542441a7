"""One code at a thousand tills: whoever comes first gets the answer, through the servers that production has."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle, islice
from typing import Any

import httpx2
import pytest

from api.app import build_api
from domain.cards.claims import Mode
from stand_ins.serving import served
from tests.api.counting import counter_at
from tests.api.merchants import all_of
from tests.api.tills import Till

FEW, MANY = (3, 50), (100, 1000)
PATIENCE, A_MOMENT = 60, 0.05
UNAVAILABLE = 503


@asynccontextmanager
async def at_servers(till: Till, issuer_site: str) -> AsyncIterator[Sequence[str]]:
    """Two servers over one database, each with a pool of its own."""
    async with (
        counter_at(till.counter.pool.conninfo, till.clock, issuer_site) as other,  # type: ignore[arg-type]  # a text
        served(lambda _: build_api(till.counter)) as one,
        served(lambda _: build_api(other)) as another,
    ):
        yield one, another


async def ask(http: httpx2.AsyncClient, url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, str]:
    """Ask as the guide tells tills to: where no answer comes, or one that nothing can be said now, the same request once more."""
    while True:
        with suppress(httpx2.TransportError):
            answer = await http.post(url, json=body, headers=headers)
            if answer.status_code != UNAVAILABLE:
                return answer.status_code, answer.json().get("code", "")
        await asyncio.sleep(A_MOMENT)


@pytest.mark.parametrize(("rounds", "tills"), [pytest.param(*FEW, id="few"), pytest.param(*MANY, id="many", marks=pytest.mark.soak)])
async def test_of_all_tills_at_once_one_gets_the_answer(till: Till, issuer_site: str, rounds: int, tills: int) -> None:
    """Over real connections, each till's own, round after round; all others hear that they came too late, and nothing else."""
    for table in ("terminal", "api_client"):
        await all_of(till.counter.pool, f"update {table} set checks_a_minute = 10000000 returning 1")  # noqa: S608 - the names are ours
    limits = httpx2.Limits(max_connections=tills)
    async with at_servers(till, issuer_site) as servers, httpx2.AsyncClient(limits=limits, timeout=PATIENCE) as http:
        for turn in range(rounds):
            code = await till.show(mode=Mode.AGE)
            body = {"qr": code.text(), "purpose": "venue_entry_18", "terminal": {"id": till.merchant.till}}
            asked = [
                ask(http, f"{server}/v1/checks", body, till.merchant.headers | {"Idempotency-Key": f"{turn}-{nth}"})
                for nth, server in enumerate(islice(cycle(servers), tills))
            ]

            assert {(200, ""): 1, (409, "qr_used"): tills - 1} == Tally(await asyncio.gather(*asked))
    assert rounds == len(await till.logged())
