"""Logs of checks with as many rows as one likes, written without checking anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import psycopg

from domain.cards.check_log import Chain, LoggedCheck, MonthHead, first_link, leaf_hash, link, sign_head
from domain.cards.ids import PlaceId, TerminalId, new_check_id
from domain.cards.jose import SigningKey

CHAIN = Chain("310279323", "2026-11")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
BETWEEN = timedelta(milliseconds=250)


def checks(count: int) -> Iterator[LoggedCheck]:
    """So many checks of one company."""
    random = Random(310279323)  # noqa: S311 - nothing here is secret
    for nth in range(count):
        at = NOON + nth * BETWEEN
        yield LoggedCheck(
            check_id=new_check_id(at, random.randbytes),
            orgnr=CHAIN.orgnr,
            client="till-17",
            place=PlaceId(UUID(int=1)),
            terminal=TerminalId(UUID(int=2)),
            shop="Ølbua",
            till="kasse-1",
            purpose="alcohol_20",
            outcome="ok",
            released=["age_over_20", "portrait"],
            sandbox=False,
            at=at,
        )


def write_log(database_url: str, count: int, key: SigningKey) -> str:
    """Write a chain of so many checks and sign its head, which is answered."""
    previous, chained = first_link(CHAIN), []
    with psycopg.connect(database_url) as connection:
        with connection.cursor() as cursor, cursor.copy("copy check_log from stdin") as copy:
            for row in checks(count):
                leaf = leaf_hash(row)
                previous = link(previous, leaf)
                chained.append((row.check_id, previous))
                named = (row.check_id, row.orgnr, row.client, row.place, row.terminal, row.shop, row.till)
                copy.write_row((*named, row.purpose, row.outcome, row.released, row.sandbox, row.at, leaf))
        with connection.cursor() as cursor, cursor.copy("copy check_log_link from stdin") as copy:
            for number, (check_id, hash_) in enumerate(chained, 1):
                copy.write_row((CHAIN.orgnr, CHAIN.month, number, check_id, hash_))
        head = sign_head(MonthHead(CHAIN, count, previous), key)
        connection.execute(
            "insert into check_log_head values (%s, %s, %s, %s, %s, %s)", (CHAIN.orgnr, CHAIN.month, count, previous, head, NOON)
        )
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("vacuum analyze check_log, check_log_link")
    return head
