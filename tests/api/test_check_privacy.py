"""What is left of a check: that it was done, and nothing of whom."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta

import pytest
from psycopg.sql import SQL, Identifier

from api.housekeeping import chain_everything, sweep, tidy
from database.sweeping import TOGETHER
from domain.cards.claims import Claim, Mode
from domain.cards.holder_log import open_entry
from domain.cards.keys import claim_key, open_claim, unwrap
from domain.cards.sealed import unpack
from domain.cards.untrustworthy import DoesNotOpen
from tests.api.cardholders import KARI, PORTRAIT
from tests.api.merchants import all_of
from tests.api.tills import Till

CHECKS = 50
TABLES = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"


async def everything(till: Till) -> str:
    """Every row of every table, as text, with its bytes as they are and as hexadecimal digits."""
    rows: list[str] = []
    for (table,) in await all_of(till.counter.pool, TABLES):
        async with till.counter.pool.connection() as connection:
            found = await connection.execute(SQL("select * from {}").format(Identifier(str(table))))
            for row in await found.fetchall():
                rows += [part.decode("latin-1") + part.hex() if isinstance(part, bytes) else str(part) for part in row]
    return "\n".join(rows)


def personal(codes: list[str]) -> list[str]:
    """What must be nowhere: every claim in clear, and every code and its parts."""
    claims = [value if isinstance(value, str) else json.dumps(value) for claim, value in KARI.items() if claim is not Claim.DOCUMENT_TYPE]
    return [*claims, PORTRAIT[:60], PORTRAIT[-60:], "Nordfjell", *codes, *(code[4:30] for code in codes)]


@pytest.fixture
async def codes(till: Till) -> list[str]:
    """Codes that have been checked, for every purpose and in every mode, some of them twice."""
    shown = []
    await all_of(till.counter.pool, "update terminal set checks_a_minute = 1000000 returning id")
    for nth in range(CHECKS):
        code = await till.show(mode=list(Mode)[nth % 3])
        purpose = till.purposes[nth % len(till.purposes)]
        await asyncio.gather(till.ask(code, purpose, key=str(nth)), till.ask(code, purpose, key=str(nth)))
        shown.append(code.text())
    return shown


async def test_nothing_of_the_person_is_in_any_table(till: Till, codes: list[str]) -> None:
    """Whoever steals the database learns that somebody was checked, and not who."""
    await chain_everything(till.counter)
    await tidy(till.counter)

    kept = await everything(till)

    assert till.merchant.shop in kept
    assert [] == [text for text in personal(codes) if text in kept or text.encode().hex() in kept]


async def test_nothing_of_the_person_is_in_any_log_line(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    """Not even in the most talkative one."""
    with caplog.at_level(logging.DEBUG):
        code = await till.show()
        await till.ask(code)
        await till.ask(code.text()[:-1])
        async with till.counter.pool.connection() as connection:
            await connection.execute("alter table check_log rename to check_log_away")
        await till.ask(await till.show())
    written = "\n".join(record.getMessage() + str(record.__dict__) for record in caplog.records)

    assert written
    assert [] == [text for text in [*personal([code.text()]), "IDK1"] if text in written]


@pytest.mark.usefixtures("codes")
async def test_no_two_logs_can_be_laid_side_by_side(till: Till) -> None:
    """A company's log and a holder's have no column in common: neither ids nor times nor places."""
    check_log = await all_of(till.counter.pool, "select check_id::text, place_id::text, terminal_id::text, client_id from check_log")
    holders = await all_of(
        till.counter.pool,
        "select entry_id::text, mailbox_id::text from holder_log_inbox union all select entry_id::text, mailbox_id::text from holder_log",
    )

    assert CHECKS == len(check_log) == len(holders)
    assert not {part for row in check_log for part in row} & {part for row in holders for part in row}


async def test_entries_are_put_away_together_and_in_no_order(till: Till) -> None:
    """Where one lies says nothing about when it came; and the holder loses none of them."""
    await all_of(till.counter.pool, "update terminal set checks_a_minute = 1000000 returning id")
    counts = []
    for _ in range(TOGETHER):
        await tidy(till.counter)
        counts.append((await all_of(till.counter.pool, "select count(*) from holder_log"))[0][0])
        await till.ask(await till.show(mode=Mode.AGE), "venue_entry_18")
        till.clock.pass_by(timedelta(seconds=1))
    await tidy(till.counter)

    assert [0] * TOGETHER == counts
    entries = await all_of(till.counter.pool, "select entry_id, sealed from holder_log order by ctid")
    assert TOGETHER == len(entries)
    assert [entry_id for entry_id, _ in entries] == sorted(entry_id for entry_id, _ in entries)  # type: ignore[type-var]  # they are UUIDs
    key = till.holder.log_key.private_bytes_raw()
    assert TOGETHER == len({open_entry(sealed, key).at for _, sealed in entries})  # type: ignore[arg-type]  # they are bytes


async def test_a_lonely_entry_is_put_away_on_the_next_day(till: Till) -> None:
    """It does not wait for ever."""
    await till.ask(await till.show())
    await tidy(till.counter)
    assert [(1,)] == await all_of(till.counter.pool, "select count(*) from holder_log_inbox")
    till.clock.pass_by(timedelta(days=1))

    await tidy(till.counter)

    assert [(0,)] == await all_of(till.counter.pool, "select count(*) from holder_log_inbox")
    assert [(1,)] == await all_of(till.counter.pool, "select count(*) from holder_log")


async def test_what_is_over_is_forgotten(till: Till) -> None:
    """The wrapped keys first, when nobody may repeat any more; then the code, the token and the quota."""
    code = await till.show()
    await till.ask(code, key="one")
    till.clock.pass_by(timedelta(seconds=11))
    await tidy(till.counter)
    assert [(None,)] == await all_of(till.counter.pool, "select wrapped from presentation")

    till.clock.pass_by(timedelta(days=36600))
    await tidy(till.counter)
    await sweep(till.counter)

    for table in ("presentation", "quota", "access_token", "assertion_used"):
        assert [(0,)] == await all_of(till.counter.pool, f"select count(*) from {table}"), table  # noqa: S608 - the names are ours


async def test_codes_are_in_no_file_of_the_databases_journal(till: Till) -> None:
    """What is unlogged is empty after a crash, and in no backup."""
    persistence = await all_of(
        till.counter.pool,
        "select relname from pg_class where relpersistence = 'u' and relkind = 'r' order by relname",
    )

    assert ["access_token", "presentation", "quota"] == [name for (name,) in persistence]


async def test_nobody_here_can_open_the_national_identity_number_of_a_holder_in_standard_mode(till: Till) -> None:
    """Not with the whole database and with every key that the request has brought."""
    code = await till.show(mode=Mode.STANDARD)
    ((packed, version, wrapped),) = await all_of(till.counter.pool, "select sealed, version, wrapped from card, presentation")
    assert 200 == (await till.ask(code, "parcel_pickup")).status_code
    assert isinstance(packed, bytes)
    assert isinstance(wrapped, bytes)
    assert isinstance(version, int)

    in_memory = {
        code.key,
        code.reference,
        code.wrapping_key,
        code.reference_hash,
        *unwrap(code, wrapped, till.holder.card_id).keys.values(),
    }
    sealed = unpack(packed)[Claim.NATIONAL_ID]

    for key in in_memory:
        with pytest.raises(DoesNotOpen):
            open_claim(key, sealed, Claim.NATIONAL_ID, till.holder.card_id, version)
    opened = open_claim(claim_key(till.holder.card_key, Claim.NATIONAL_ID), sealed, Claim.NATIONAL_ID, till.holder.card_id, version)
    assert b"17848312345" in opened
