"""The sandbox's cards and codes beside the real ones, which never meet them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from database.cards import NewCard, NewCode

_VERSION = "select version from card where card_id = %(card_id)s and sandbox"
_KEEP = """
    insert into card (
        card_id, holder_pseudonym, expires_on, status, version, issuer_jws, sealed, portrait, device_key, holder_public_key, mailbox_id,
        sandbox, enrolled_at
    )
    values (
        %(card_id)s, %(holder_pseudonym)s, %(expires_on)s, %(status)s, %(version)s, %(issuer_jws)s, %(sealed)s, %(portrait)s,
        %(device_key)s, %(holder_public_key)s, %(mailbox_id)s, true, %(enrolled_at)s
    )
    on conflict (card_id) do update set expires_on = excluded.expires_on, version = excluded.version, issuer_jws = excluded.issuer_jws,
        sealed = excluded.sealed, portrait = excluded.portrait, enrolled_at = excluded.enrolled_at
    where card.sandbox and card.version < excluded.version
"""
_SHOW = """
    insert into presentation (ref_hash, card_id, wrapped, mode, expires_at)
    select %(ref_hash)s, card_id, %(wrapped)s, %(mode)s, %(expires_at)s from card where card_id = %(card_id)s and sandbox
"""


@dataclass(frozen=True, slots=True)
class SandboxStore:
    """Where test persons' cards and codes are kept, in PostgreSQL."""

    pool: AsyncConnectionPool[AsyncConnection[TupleRow]]

    async def version(self, card_id: UUID) -> int | None:
        """How new the card is that is kept; None when there is none yet."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(_VERSION, {"card_id": card_id})).fetchone()
        return int(row[0]) if row else None

    async def keep(self, card: NewCard, *, blocked: bool) -> None:
        """Keep a card, in place of an older version of itself. However often it is done, there is one."""
        async with self.pool.connection() as connection:
            await connection.execute(_KEEP, {**asdict(card), "status": "blocked" if blocked else "active"})

    async def show(self, code: NewCode) -> None:
        """Take in a code that a test person shows."""
        async with self.pool.connection() as connection:
            await connection.execute(_SHOW, asdict(code))
