"""One code, one check: whoever asks at once, and whoever asks again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from database.check_log import CheckLogs
from domain.api_access import new_token
from domain.cards.claims import Mode
from tests.api.merchants import all_of, open_shop
from tests.api.tills import PURPOSES, Till

ROUNDS, AT_ONCE, REPEATS = 50, 16, 100


@pytest.fixture(autouse=True)
async def _in_a_rush(till: Till) -> None:
    """Nobody's quota is what these tests are about."""
    await all_of(till.counter.pool, "update terminal set checks_a_minute = 1000000 returning id")


async def test_of_many_who_scan_one_code_at_once_one_gets_the_answer(till: Till) -> None:
    """Every other one is told that they came too late, round after round."""
    for turn in range(ROUNDS):
        code = await till.show(mode=Mode.AGE)
        answers = await asyncio.gather(*(till.ask(code, "venue_entry_18", key=f"{turn}-{nth}") for nth in range(AT_ONCE)))

        assert [200] + [409] * (AT_ONCE - 1) == sorted(answer.status_code for answer in answers)
    assert ROUNDS == len(await till.logged())


async def test_a_hundred_repeats_at_once_are_one_check(till: Till) -> None:
    """Whatever a till does when it has heard nothing: one effect, and the same answer byte for byte."""
    code = await till.show()

    answers = await asyncio.gather(*(till.ask_until_let_in(code, key="one") for _ in range(REPEATS)))

    assert {200} == {answer.status_code for answer in answers}
    assert 1 == len({answer.content for answer in answers})
    assert 1 == len(await till.logged())
    assert [(1,)] == await all_of(till.counter.pool, "select count(*) from holder_log_inbox")


async def test_a_repeat_is_answered_alike_whatever_has_become_of_the_card(till: Till) -> None:
    """What was told is what was told; the code's time may be over too."""
    code = await till.show()
    till.clock.pass_by(timedelta(seconds=25))
    first = await till.ask(code, key="one")
    till.clock.pass_by(timedelta(seconds=9.9))
    await all_of(till.counter.pool, "update card set status = 'blocked' returning card_id")

    assert first.content == (await till.ask(code, key="one")).content


async def test_a_refusal_that_spends_the_code_is_repeated_too(till: Till) -> None:
    """Byte for byte."""
    code = await till.show(mode=Mode.AGE)

    first, second = [await till.ask(code, "parcel_pickup", key="one") for _ in range(2)]

    assert (403, first.content) == (second.status_code, second.content)
    assert 1 == len(await till.logged())


async def test_after_ten_seconds_the_time_for_repeats_is_over(till: Till) -> None:
    """Nobody may ask for a face again and again."""
    code = await till.show()
    await till.ask(code, key="one")
    till.clock.pass_by(timedelta(seconds=10))

    assert "qr_used" == (await till.ask(code, key="one")).json()["code"]


async def test_a_key_stands_for_one_request(till: Till) -> None:
    """Another question about the same code, or another customer's code, is another request; that customer's code is not spent."""
    code, another = await till.show(), await till.show()
    await till.ask(code, key="one")

    answers = [await till.ask(code, "parcel_pickup", key="one"), await till.ask(another, key="one")]

    assert [(422, "idempotency_key_reused")] * 2 == [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert await till.is_unspent(another)


async def test_a_key_counts_for_its_client_and_terminal_only(till: Till) -> None:
    """Two tills may count from one, each for itself; neither hears the other's answer."""
    other = replace(till.merchant, client="other", token=new_token())
    await open_shop(till.counter.pool, other, PURPOSES)
    code = await till.show()
    await till.ask(code, key="1")

    answer = await till.ask(code, key="1", merchant=other)

    assert (409, "qr_used") == (answer.status_code, answer.json()["code"])
    assert 200 == (await till.ask(await till.show(), key="1", merchant=other)).status_code


async def test_a_check_that_died_before_it_was_written_down_is_finished_by_its_repeat(till: Till) -> None:
    """The code is spent, nobody has heard anything, and the log must hold the check before anybody does."""
    code = await till.show()
    async with till.counter.pool.connection() as connection:
        await connection.execute("alter table check_log rename to check_log_away")
    failed = await till.ask(code, key="one")
    async with till.counter.pool.connection() as connection:
        await connection.execute("alter table check_log_away rename to check_log")

    answer = await till.ask(code, key="one")

    assert (503, 200) == (failed.status_code, answer.status_code)
    assert "claims" not in failed.json()
    logged = await CheckLogs(till.counter.pool).find(till.merchant.number, answer.json()["check_id"], sandbox=False)
    assert logged is not None
    assert till.clock.now() == logged.at


@pytest.mark.parametrize("key", ["", "a b", "æ", "x" * 256])
async def test_a_key_is_visible_text(till: Till, key: str) -> None:
    """What cannot be a key is not silently ignored: the till would believe that it may repeat."""
    headers = [(b"Authorization", till.merchant.headers["Authorization"].encode()), (b"Idempotency-Key", key.encode())]

    answer = await till.http.post("/v1/checks", json={}, headers=headers)

    assert answer.status_code in {400, 422}
