"""How many checks a minute a client and a terminal have, exactly, and what they are told of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.api.merchants import all_of
from tests.api.tills import Till


async def limit(till: Till, *, client: int, terminal: int) -> None:
    """Set both quotas."""
    await all_of(till.counter.pool, "update api_client set checks_a_minute = %s returning client_id", client)
    await all_of(till.counter.pool, "update terminal set checks_a_minute = %s returning id", terminal)


async def test_every_answer_tells_both_quotas(till: Till) -> None:
    """A till can slow down before it is stopped."""
    await limit(till, client=100, terminal=10)
    till.clock.pass_by(timedelta(seconds=18))

    answer = await till.ask(await till.show())

    assert '"client";q=100;w=60, "terminal";q=10;w=60' == answer.headers["RateLimit-Policy"]
    assert '"client";r=99;t=42, "terminal";r=9;t=42' == answer.headers["RateLimit"]


async def test_a_refusal_counts_and_tells_them_too(till: Till) -> None:
    """Whoever guesses codes uses up their own quota."""
    await limit(till, client=100, terminal=10)

    for left in (9, 8):
        answer = await till.ask("IDK1nonsense")

        assert f'"terminal";r={left};t=60' in answer.headers["RateLimit"]


async def test_a_terminal_that_asks_too_much_waits_and_no_code_is_spent(till: Till) -> None:
    """Until the next minute begins, and it is told when that is."""
    await limit(till, client=100, terminal=2)
    for _ in range(2):
        assert 200 == (await till.ask(await till.show())).status_code
    till.clock.pass_by(timedelta(seconds=50))
    code = await till.show()

    answer = await till.ask(code)

    assert (429, "rate_limited", "10") == (answer.status_code, answer.json()["code"], answer.headers["Retry-After"])
    assert '"terminal";r=0;t=10' in answer.headers["RateLimit"]
    assert await till.is_unspent(code)
    till.clock.pass_by(timedelta(seconds=10))
    assert 200 == (await till.ask(code)).status_code


async def test_a_clients_quota_is_for_all_its_terminals(till: Till) -> None:
    """Also for those that nobody has registered."""
    await limit(till, client=2, terminal=100)

    answers = [await till.ask(await till.show(), terminal={"id": f"unknown-{nth}"}) for nth in range(3)]

    assert [403, 403, 429] == [answer.status_code for answer in answers]


async def test_a_quota_is_exact_however_many_ask_at_once(till: Till) -> None:
    """One too many would be one too many for every customer, and one too few would be broken word."""
    await limit(till, client=1000, terminal=25)
    codes = [await till.show() for _ in range(40)]

    answers = await asyncio.gather(*(till.ask_until_let_in(code, key=f"{nth}") for nth, code in enumerate(codes)))

    assert [200] * 25 + [429] * 15 == sorted(answer.status_code for answer in answers)
