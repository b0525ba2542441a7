"""The log of checks as its companies see it: receipts, chains and their signed heads.

What chains them is `CheckLogs.chain`; what proves them reads them in `database.log_reading`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool

from domain.cards.check_log import Chain, LoggedCheck, MonthHead, first_link, links, month_of
from domain.cards.ids import CheckId

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]
Signature = Callable[[MonthHead], str]
# A row that has no place yet, the chain that it belongs to, and its leaf.
Waiting = tuple[CheckId, Chain, bytes]

# As many as can be chained before anybody notices.
BATCH = 2000
# Whoever chains holds this lock, however many servers there are.
ONE_AT_A_TIME = 7302


@dataclass(frozen=True, slots=True)
class SignedHead:
    """How far a company's log of one month goes, `2026-11`, with our signature."""

    month: str
    sequence: int
    signed: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class CheckLogs:
    """The log of checks, in PostgreSQL."""

    pool: Pool

    async def find(self, organisation_number: str, check_id: UUID, *, sandbox: bool) -> LoggedCheck | None:
        """A check of this company, and of no other; those of test persons are found in the sandbox only."""
        told = {"orgnr": organisation_number, "check_id": check_id, "sandbox": sandbox}
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(LoggedCheck)) as cursor:
            await cursor.execute(FIND, told)
            return await cursor.fetchone()

    async def heads(self, organisation_number: str) -> Sequence[SignedHead]:
        """The newest signed head of each month, the oldest month first."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(SignedHead)) as cursor:
            return await (await cursor.execute(HEADS, [organisation_number])).fetchall()

    async def chain(self, sign: Signature, now: datetime) -> int:
        """Chain what has been logged since the last time, and sign the new heads. Says how many rows it was.

        Whoever comes while another is at it leaves without doing anything.
        """
        async with self.pool.connection() as connection, connection.transaction():
            if not await _alone(connection):
                return 0
            waiting = await _waiting(connection)
            for chain, rows in _by_chain(waiting).items():
                await _extend(connection, chain, rows, sign, now)
            await connection.execute("delete from check_log_queue where check_id = any(%s)", [[check_id for check_id, _, _ in waiting]])
        return len(waiting)


async def _alone(connection: AsyncConnection[TupleRow]) -> bool:
    row = await (await connection.execute("select pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])).fetchone()
    return row == (True,)


async def _waiting(connection: AsyncConnection[TupleRow]) -> Sequence[Waiting]:
    rows = await (await connection.execute(WAITING, [BATCH])).fetchall()
    return [(check_id, Chain(orgnr, month_of(at)), leaf) for check_id, orgnr, at, leaf in rows]


def _by_chain(waiting: Sequence[Waiting]) -> Mapping[Chain, Sequence[Waiting]]:
    chains: dict[Chain, list[Waiting]] = defaultdict(list)
    for one in waiting:
        chains[one[1]].append(one)
    return chains


async def _extend(connection: AsyncConnection[TupleRow], chain: Chain, rows: Sequence[Waiting], sign: Signature, now: datetime) -> None:
    """Add rows to the end of a chain."""
    last = await (await connection.execute(LAST, [chain.orgnr, chain.month])).fetchone()
    sequence, previous = last or (0, first_link(chain))
    hashes = list(links(previous, (leaf for _, _, leaf in rows)))
    told = {
        "orgnr": chain.orgnr,
        "month": chain.month,
        "after": sequence,
        "check_ids": [check_id for check_id, _, _ in rows],
        "hashes": hashes,
    }
    await connection.execute(LINK, told)
    head = MonthHead(chain, sequence + len(rows), hashes[-1])
    await connection.execute(
        HEAD, {"orgnr": chain.orgnr, "month": chain.month, "sequence": head.sequence, "hash": head.hash, "signed": sign(head), "now": now}
    )


COLUMNS = """
check_log.organisation_number as orgnr, check_log.client_id as client, check_log.place_id as place, check_log.terminal_id as terminal,
check_log.shop, check_log.terminal as till, check_log.purpose, check_log.outcome, check_log.released, check_log.sandbox, check_log.at
"""
FIND = f"""
select check_id, {COLUMNS} from check_log
where check_id = %(check_id)s and organisation_number = %(orgnr)s and sandbox = %(sandbox)s
"""  # noqa: S608 - the columns are ours
HEADS = "select month, sequence, signed, signed_at from check_log_head where organisation_number = %s order by month"
WAITING = """
select check_id, organisation_number, at, leaf_hash from check_log_queue join check_log using (check_id) order by check_id limit %s
"""
LAST = "select sequence, hash from check_log_head where organisation_number = %s and month = %s"
LINK = """
insert into check_log_link (organisation_number, month, sequence, check_id, hash)
select %(orgnr)s, %(month)s, %(after)s + nth, check_id, hash
from unnest(%(check_ids)s::uuid[], %(hashes)s::bytea[]) with ordinality as row (check_id, hash, nth)
"""
HEAD = """
insert into check_log_head (organisation_number, month, sequence, hash, signed, signed_at)
values (%(orgnr)s, %(month)s, %(sequence)s, %(hash)s, %(signed)s, %(now)s)
on conflict (organisation_number, month) do update
set sequence = excluded.sequence, hash = excluded.hash, signed = excluded.signed, signed_at = excluded.signed_at
"""
