"""The log of checks: chained, signed, and whatever somebody does to it is found and named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from psycopg.errors import RestrictViolation

from api.housekeeping import chain_everything
from database.check_log import CheckLogs
from database.log_reading import LogReader, reading
from domain.api_access import new_token
from domain.cards.check_log import Chain, read_head
from domain.cards.claims import Mode
from domain.cards.ids import CheckId
from domain.cards.log_audit import Finding, Tampering
from domain.cards.sandbox_issuer import sandbox_issuer
from tests.api.cardholders import Holder
from tests.api.merchants import NUMBERS, Merchant, all_of, open_shop
from tests.api.tills import PURPOSES, Till

Read = TypeVar("Read")

CHECKS = 8
WITHOUT_A_TRACE = ("delete from check_log where check_id = %(id)s", "delete from check_log_link where check_id = %(id)s")
STRANGER = "01935f6a-9c4e-7b21-8f10-2d8a1c3e5b77"
A_COPY = """
insert into check_log
select %(id)s, organisation_number, client_id, place_id, terminal_id, shop, terminal, purpose, outcome, released, sandbox, at, leaf_hash
from check_log limit 1
"""
WITHOUT_TRIGGERS = "set session_replication_role = replica"


@pytest.fixture
async def logs(till: Till) -> CheckLogs:
    """The log, with some checks in it, chained."""
    for _ in range(CHECKS):
        await till.ask(await till.show(mode=Mode.AGE), "venue_entry_18")
        till.clock.pass_by(timedelta(seconds=1))
    await chain_everything(till.counter)
    return CheckLogs(till.counter.pool)


async def audit(till: Till, *kept: str) -> Finding | None:
    """Look for whoever has tampered with this month's log, as an auditor does."""
    chain, keys = Chain(till.merchant.number, "2026-11"), till.counter.receipt_keys.public
    return await read_by(till, lambda log: log.audit(chain, keys, kept))


async def strangers(till: Till) -> Sequence[str]:
    """The rows that nobody of ours has written."""
    return await read_by(till, lambda log: [str(check_id) for check_id in log.strangers()])


async def read_by(till: Till, look: Callable[[LogReader], Read]) -> Read:
    """Read the log in a connection of its own."""

    def read() -> Read:
        with reading(till.counter.pool.conninfo) as log:  # type: ignore[arg-type]  # a text, and no function that makes one
            return look(log)

    return await asyncio.to_thread(read)


async def tamper(till: Till, *statements: str, **named: object) -> None:
    """Do something to the database that nobody but its owner can."""
    async with till.counter.pool.connection() as connection, connection.transaction():
        await connection.execute(WITHOUT_TRIGGERS)
        for statement in statements:
            await connection.execute(statement.encode(), named)
        await connection.execute("set session_replication_role = origin")


async def nth(till: Till, sequence: int) -> CheckId:
    """The check that stands at this place."""
    ((check_id,),) = await all_of(till.counter.pool, "select check_id from check_log_link where sequence = %s", sequence)
    return check_id  # type: ignore[return-value]  # as the column is


@pytest.mark.usefixtures("logs")
async def test_an_untouched_log_is_proved_by_its_head(till: Till) -> None:
    """The company fetches the head, and could prove the log with it even against us."""
    heads = (await till.http.get("/v1/check-log/heads", headers=till.merchant.headers)).json()["heads"]

    assert [("2026-11", CHECKS)] == [(head["month"], head["checks"]) for head in heads]
    assert CHECKS == read_head(heads[0]["head"], till.counter.receipt_keys.public).sequence
    assert await audit(till, heads[0]["head"]) is None
    assert [] == await strangers(till)


@pytest.mark.parametrize(
    "column",
    [
        "client_id = client_id || 'x'",
        "place_id = gen_random_uuid()",
        "terminal_id = gen_random_uuid()",
        "shop = 'another'",
        "terminal = 'another'",
        "purpose = 'alcohol_18'",
        "outcome = 'qr_used'",
        "released = '{}'",
        "sandbox = true",
        "at = at + interval '1 microsecond'",
        "leaf_hash = sha256('x')",
    ],
)
@pytest.mark.usefixtures("logs")
async def test_a_changed_row_is_named(till: Till, column: str) -> None:
    """Whatever of it was changed."""
    check_id = await nth(till, 4)
    await tamper(till, f"update check_log set {column} where check_id = %(id)s", id=check_id)  # noqa: S608 - the words are ours

    assert Finding(Tampering.CHANGED, 4, check_id) == await audit(till)


@pytest.mark.usefixtures("logs")
async def test_a_missing_row_is_named(till: Till) -> None:
    """From the middle, with its place or without, and from the end."""
    fourth, last = await nth(till, 4), await nth(till, CHECKS)
    await tamper(till, "delete from check_log where check_id = %(id)s", id=fourth)
    assert await audit(till) == Finding(Tampering.MISSING, 4)

    await tamper(till, "delete from check_log_link where check_id = %(id)s", id=fourth)
    assert await audit(till) == Finding(Tampering.MISSING, 4)

    await tamper(till, *WITHOUT_A_TRACE, id=last)
    found = await audit(till)
    assert found is not None
    assert Tampering.MISSING is found.what


@pytest.mark.usefixtures("logs")
async def test_a_cut_tail_is_found_by_the_head(till: Till) -> None:
    """Nothing else would tell that there was more."""
    last = await nth(till, CHECKS)
    await tamper(till, *WITHOUT_A_TRACE, id=last)

    assert Finding(Tampering.MISSING, CHECKS, since=1) == await audit(till)


@pytest.mark.usefixtures("logs")
async def test_a_row_put_in_beside_the_chain_is_named(till: Till) -> None:
    """It has no place and does not wait for one."""
    await tamper(till, A_COPY, id=STRANGER)

    assert [STRANGER] == await strangers(till)


@pytest.mark.usefixtures("logs")
async def test_a_row_put_into_the_chain_is_named(till: Till) -> None:
    """The places after it were moved to make room."""
    await tamper(
        till,
        A_COPY,
        "update check_log_link set sequence = sequence + 100 where sequence >= 4",
        "update check_log_link set sequence = sequence - 99 where sequence > 100",
        "insert into check_log_link select organisation_number, month, 4, %(id)s, sha256('x') from check_log_link limit 1",
        id=STRANGER,
    )

    found = await audit(till)
    assert found is not None
    assert (Tampering.INSERTED, 4) == (found.what, found.sequence)


@pytest.mark.usefixtures("logs")
async def test_rows_that_changed_places_are_named(till: Till) -> None:
    """Each is as it was; only their order is not."""
    await tamper(
        till,
        "update check_log_link set sequence = 100 where sequence = 3",
        "update check_log_link set sequence = 3 where sequence = 6",
        "update check_log_link set sequence = 6 where sequence = 100",
    )

    found = await audit(till)
    assert found is not None
    assert (Tampering.REORDERED, 3) == (found.what, found.sequence)


@pytest.mark.usefixtures("logs")
async def test_a_forged_head_is_found(till: Till) -> None:
    """Nobody else has our key."""
    await tamper(till, "update check_log_head set signed = overlay(signed placing 'AAAA' from length(signed) - 20)")

    found = await audit(till)
    assert found is not None
    assert Tampering.HEAD_FORGED is found.what


@pytest.mark.parametrize("change", ["update {} set check_id = check_id", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("table", ["check_log", "check_log_link"])
async def test_the_log_is_only_added_to(logs: CheckLogs, change: str, table: str) -> None:
    """Not even a mistaken migration rewrites it."""
    with pytest.raises(RestrictViolation, match="append-only"):
        async with logs.pool.connection() as connection:
            await connection.execute(change.format(table).encode())


async def test_each_company_and_month_has_its_own_chain(till: Till) -> None:
    """Neither can tell anything about the other, and a month can be forgotten whole."""
    other = Merchant(number=NUMBERS[1])
    await open_shop(till.counter.pool, other, PURPOSES)
    for at in (datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)):
        till.clock.at = at
        for merchant in (till.merchant, other):
            assert 200 == (await till.ask(await till.show(), merchant=merchant)).status_code
    await chain_everything(till.counter)

    chains = await all_of(till.counter.pool, "select organisation_number, month, sequence from check_log_head order by 1, 2")
    assert [(number, month, 1) for number in sorted((till.merchant.number, other.number)) for month in ("2026-11", "2026-12")] == chains
    heads = (await till.http.get("/v1/check-log/heads", headers=other.headers)).json()["heads"]
    assert {other.number} == {read_head(head["head"], till.counter.receipt_keys.public).chain.orgnr for head in heads}


async def test_however_many_servers_chain_at_once_each_check_is_chained_once(till: Till) -> None:
    """One of them at a time; the others leave it to that one."""
    for _ in range(5):
        codes = [await till.show(mode=Mode.AGE) for _ in range(6)]
        await asyncio.gather(*(till.ask(code, "venue_entry_18") for code in codes), *(chain_everything(till.counter) for _ in range(4)))
    await chain_everything(till.counter)

    assert [(30, 30)] == await all_of(till.counter.pool, "select count(*), max(sequence) from check_log_link")
    assert [(0,)] == await all_of(till.counter.pool, "select count(*) from check_log_queue")
    assert await audit(till) is None


async def test_a_head_may_have_been_signed_by_an_older_key(till: Till, logs: CheckLogs) -> None:
    """The keys of receipts are changed, and what was signed with the last one still counts."""
    newer = replace(till.counter, receipt_keys=replace(till.counter.receipt_keys, keys=till.counter.receipt_keys.keys[::-1]))
    await till.ask(await till.show())
    old_head = (await logs.heads(till.merchant.number))[0].signed
    await chain_everything(newer)

    assert await audit(till, old_head) is None


async def test_a_sandbox_check_is_in_the_log_and_says_so(till: Till) -> None:
    """It counts for nothing, but it happened; nobody may change which kind it was."""
    sandbox = replace(till.merchant, client="sandbox", token=new_token())
    await open_shop(till.counter.pool, sandbox, PURPOSES, sandbox=True)
    tester = Holder(till.counter.pool)
    await tester.get_card(sandbox_issuer(till.counter.sandbox_key), sandbox=True)
    await till.ask(await tester.show(till.clock.now()), merchant=sandbox)

    assert [(True, "ok")] == await all_of(till.counter.pool, "select sandbox, outcome from check_log")
