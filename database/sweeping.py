"""Forgetting what is over: codes, tokens, signed requests, quotas and sessions; and putting the holders' entries away in no order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from domain.cards.ages import oslo_date
from domain.cards.patience import REPEAT_WITHIN

# A phone may still ask what became of its code.
CODES_ARE_KNOWN = timedelta(seconds=60)
# What was typed but refused, or never taken up by a process: an address that nobody has written to.
DRAFTS_ARE_KEPT = timedelta(days=1)
QUOTAS_ARE_KNOWN = timedelta(minutes=2)
# A session that nobody was seen in for so long has ended by itself.
SESSIONS_ARE_KNOWN = timedelta(days=2)
# An entry is put away with so many others, or on the day after, so that its place among them says nothing about its time.
TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What is done now and then. All of it may be done by several at once."""

    pool: AsyncConnectionPool[AsyncConnection[TupleRow]]

    async def forget_codes(self, now: datetime) -> None:
        """Forget the codes that are over by now, and first of all what could still open a card."""
        async with self.pool.connection() as connection:
            await connection.execute(EMPTY, {"used_before": now - REPEAT_WITHIN})
            await connection.execute("delete from presentation where expires_at < %s", [now - CODES_ARE_KNOWN])

    async def sweep(self, now: datetime) -> None:
        """Forget what else is over by now."""
        async with self.pool.connection() as connection:
            await connection.execute("delete from access_token where expires_at < %s", [now])
            await connection.execute("delete from assertion_used where expires_at < %s", [now])
            await connection.execute("delete from invitation where opened_at is null and drafted_at < %s", [now - DRAFTS_ARE_KEPT])
            await connection.execute("delete from membership_recovery where opened_at is null and asked_at < %s", [now - DRAFTS_ARE_KEPT])
            await connection.execute("delete from quota where minute < %s", [now - QUOTAS_ARE_KNOWN])
            await connection.execute("delete from session where seen_at < %s", [now - SESSIONS_ARE_KNOWN])
            await connection.execute("delete from staff_session where seen_at < %s", [now - SESSIONS_ARE_KNOWN])

    async def put_away(self, now: datetime) -> int:
        """Move the entries that wait in the inbox into the holders' log, ordered by their random ids. Says how many it was."""
        async with self.pool.connection() as connection:
            moved = await connection.execute(PUT_AWAY, {"today": oslo_date(now), "together": TOGETHER})
            return moved.rowcount


EMPTY = "update presentation set wrapped = null where used_at < %(used_before)s and wrapped is not null"
PUT_AWAY = """
with moved as (
    delete from holder_log_inbox
    where day < %(today)s or (select count(*) from holder_log_inbox) >= %(together)s
    returning entry_id, mailbox_id, sealed, day
)
insert into holder_log (entry_id, mailbox_id, sealed, day)
select entry_id, mailbox_id, sealed, day from moved order by entry_id
"""
