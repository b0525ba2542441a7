"""Several server processes are one counter: their quotas are exact together."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

from gateways.clock import SystemClock
from tests.api.merchants import Merchant, all_of
from tests.load.outcomes import Outcomes, rushed
from tests.load.town import Api, Town, the_api, town_in

QUOTA, ASKED = 20, 60
LATE_IN_THE_MINUTE = 45
AT_ONCE = f"{ASKED * 50}x0.01"


async def test_a_quota_of_n_lets_exactly_n_through_two_processes(fresh_database: str, tmp_path: Path) -> None:
    """Three times as many ask two programs at the same time; everybody else is told when to come back, and no code is spent."""
    async with (
        town_in(fresh_database, shops=2, people=2) as town,
        the_api(town, tmp_path, name="one") as one,
        the_api(town, tmp_path, name="other") as other,
    ):
        by_client, by_terminal = town.shops
        await all_of(town.pool, "update api_client set checks_a_minute = %s where client_id = %s returning 1", QUOTA, by_client.client)
        await all_of(town.pool, "update terminal set checks_a_minute = %s where id = %s returning 1", QUOTA, by_terminal.terminal_id)
        for shop in (by_client, by_terminal):
            await _early_in_a_minute()

            halves = await asyncio.gather(*(_half(town, api, shop, tmp_path) for api in (one, other)))

            answers = [answer for half in halves for answer in half.all]
            assert {200: QUOTA, 429: ASKED - QUOTA} == Counter(answer.status for answer in answers)
            assert all(answer.told_when for answer in answers if answer.status == 429)
            assert all(half.statuses[429] for half in halves)
        assert [(2 * QUOTA,)] == await all_of(town.pool, "select count(*) from presentation where used_at is not null")
        assert [(2 * QUOTA,)] == await all_of(town.pool, "select count(*) from check_log")


async def _half(town: Town, api: Api, shop: Merchant, folder: Path) -> Outcomes:
    """Let one process be asked for half of it, all at the same time."""
    requests = await town.requests(ASKED // 2, shops=[shop])
    return await rushed(api.port, requests, AT_ONCE, folder / api.process.name, connections=ASKED // 2)


async def _early_in_a_minute() -> None:
    """Wait for the next minute if this one's quota might not be the only one asked for."""
    now = SystemClock().now()
    if now.second >= LATE_IN_THE_MINUTE:
        await asyncio.sleep(60 - now.second - now.microsecond / 1_000_000 + timedelta(milliseconds=10).total_seconds())
