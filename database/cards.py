"""The holder's side of cards: enrolled, shown, blocked, and the log that only its holder can open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]

# The longest that somebody's app can need; more in a minute is somebody trying to fill our table.
CODES_AT_A_TIME = 20
ENTRIES_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card as its holder's app hands it in. `holder_pseudonym` stands for the person, `device_key` for the phone."""

    card_id: UUID
    holder_pseudonym: bytes = field(repr=False)
    expires_on: date
    version: int
    issuer_jws: str = field(repr=False)
    sealed: bytes = field(repr=False)
    portrait: bytes | None = field(repr=False)
    device_key: bytes
    holder_public_key: bytes
    mailbox_id: UUID
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A phone by its card: `device_key` (an uncompressed point on P-256) is what its signatures must fit."""

    card_id: UUID
    device_key: bytes
    status: str
    expires_on: date
    mailbox_id: UUID


@dataclass(frozen=True, slots=True)
class NewCode:
    """What a phone registers before it shows a code: nothing that opens anything."""

    ref_hash: bytes
    card_id: UUID
    wrapped: bytes = field(repr=False)
    mode: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeNews:
    """How a code is doing. `sealed_entry` is there once a check with it has been written down."""

    ref_hash: bytes
    card_id: UUID
    expires_at: datetime
    used_at: datetime | None
    sealed_entry: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a holder's log, as it lies here: sealed, with its day."""

    entry_id: UUID
    sealed: bytes
    day: date


@dataclass(frozen=True, slots=True)
class Cards:
    """Where cards and their holders' logs are kept, in PostgreSQL. psycopg's errors mean that nothing has happened."""

    pool: Pool

    async def enrol(self, card: NewCard) -> bool:
        """Keep a card, in the place of any other live one of the same person. False when it, or its mailbox, is here already."""
        try:
            async with self.pool.connection() as connection, connection.transaction():
                # Two phones of one person must not both find that there is no other.
                person = int.from_bytes(card.holder_pseudonym[:8], "big", signed=True)
                await connection.execute("select pg_advisory_xact_lock(%s)", [person])
                await connection.execute(REPLACE, asdict(card))
                await connection.execute(ENROL, asdict(card))
        except UniqueViolation:
            return False
        return True

    async def device(self, card_id: UUID) -> Device | None:
        """Find a real person's card, whatever its status."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(Device)) as cursor:
            await cursor.execute(DEVICE, {"card_id": card_id})
            return await cursor.fetchone()

    async def use_once(self, signer: str, jti: str, expires_at: datetime) -> bool:
        """Remember that a signed request has come. False when it had come before."""
        async with self.pool.connection() as connection:
            told = {"signer": signer, "jti": jti, "expires_at": expires_at}
            return (await connection.execute(USE_ONCE, told)).rowcount == 1

    async def register(self, code: NewCode, now: datetime) -> bool:
        """Take in a code. False when the card has too many at once, or somebody's reference is the same."""
        async with self.pool.connection() as connection:
            told = {**asdict(code), "now": now, "at_a_time": CODES_AT_A_TIME}
            return (await connection.execute(REGISTER, told)).rowcount == 1

    async def withdraw(self, card_id: UUID) -> None:
        """Take back the codes of a card that nobody has scanned yet."""
        async with self.pool.connection() as connection:
            await connection.execute(WITHDRAW, {"card_ids": [card_id]})

    async def news(self, ref_hashes: Collection[bytes]) -> Mapping[bytes, CodeNews]:
        """Say how some codes are doing; those that nobody knows, or no more, are left out."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(CodeNews)) as cursor:
            await cursor.execute(NEWS, {"ref_hashes": list(ref_hashes)})
            return {news.ref_hash: news async for news in cursor}

    async def block(self, holder_pseudonym: bytes) -> int:
        """Block whatever live card a person has, with its codes. Says how many there were: one or none."""
        async with self.pool.connection() as connection, connection.transaction():
            blocked = await (await connection.execute(BLOCK, {"holder_pseudonym": holder_pseudonym})).fetchall()
            await connection.execute(WITHDRAW, {"card_ids": [card_id for (card_id,) in blocked]})
            return len(blocked)

    async def log(self, mailbox_id: UUID, after: tuple[date, UUID] | None = None) -> Sequence[Entry]:
        """Read one page of a holder's log, newest day first; within a day there is no order. `after` is where a page ended."""
        day, entry_id = after or (date.max, UUID(int=2**128 - 1))
        told = {"mailbox_id": mailbox_id, "day": day, "entry_id": entry_id, "most": ENTRIES_ON_A_PAGE}
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(Entry)) as cursor:
            await cursor.execute(LOG, told)
            return await cursor.fetchall()


REPLACE = "update card set status = 'replaced' where holder_pseudonym = %(holder_pseudonym)s and status = 'active' and not sandbox"
ENROL = """
insert into card (
    card_id, holder_pseudonym, expires_on, status, version, issuer_jws, sealed, portrait, device_key, holder_public_key, mailbox_id,
    sandbox, enrolled_at
)
values (
    %(card_id)s, %(holder_pseudonym)s, %(expires_on)s, 'active', %(version)s, %(issuer_jws)s, %(sealed)s, %(portrait)s, %(device_key)s,
    %(holder_public_key)s, %(mailbox_id)s, false, %(enrolled_at)s
)
"""
DEVICE = "select card_id, device_key, status, expires_on, mailbox_id from card where card_id = %(card_id)s and not sandbox"
USE_ONCE = "insert into assertion_used (signer, jti, expires_at) values (%(signer)s, %(jti)s, %(expires_at)s) on conflict do nothing"
REGISTER = """
insert into presentation (ref_hash, card_id, wrapped, mode, expires_at)
select %(ref_hash)s, card_id, %(wrapped)s, %(mode)s, %(expires_at)s
from card
where card_id = %(card_id)s and status = 'active'
  and (select count(*) from presentation where card_id = %(card_id)s and expires_at > %(now)s) < %(at_a_time)s
on conflict do nothing
"""
WITHDRAW = "delete from presentation where card_id = any(%(card_ids)s) and used_at is null"
NEWS = "select ref_hash, card_id, expires_at, used_at, sealed_entry from presentation where ref_hash = any(%(ref_hashes)s)"
BLOCK = """
update card set status = 'blocked' where holder_pseudonym = %(holder_pseudonym)s and status = 'active' and not sandbox returning card_id
"""
# An entry that is just being moved stands in one of the two, never in neither.
LOG = """
select entry_id, sealed, day
from (
    select entry_id, sealed, day from holder_log_inbox where mailbox_id = %(mailbox_id)s
    union
    select entry_id, sealed, day from holder_log where mailbox_id = %(mailbox_id)s
) as entries
where (day, entry_id) < (%(day)s, %(entry_id)s)
order by day desc, entry_id desc
limit %(most)s
"""
