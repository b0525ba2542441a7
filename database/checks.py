"""The check of a card in two statements, through a pool of its own and without anything between us and PostgreSQL.

The first one finds out who asks, whether they may, and only then uses the code up. It writes nothing but unlogged tables, so its
commit does not wait for the disk. The second one writes both logs; nothing is told to anybody before it has been committed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from domain.cards.check_log import LoggedCheck, leaf_hash
from domain.cards.ids import CardId, CheckId, PlaceId, TerminalId
from domain.cards.patience import REPEAT_WITHIN
from domain.cards.refusals import IdempotencyKeyReused

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know, where, and with which code.

    `ref_hash` is None when the code could not be read: then nothing is used up, and it is only found out whether they may ask.
    `check_id` and `at` are what the check becomes if it is not a repeat.
    """

    token_hash: bytes = field(repr=False)
    purpose: str
    terminal: str
    gln: str | None
    ref_hash: bytes | None
    portrait: bool
    idem_hash: bytes | None
    body_hash: bytes
    check_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class UsedCode:
    """A code that this very request has used up, now or some seconds ago, and the card behind it, as it stood when that happened."""

    check_id: CheckId
    at: datetime
    card_id: CardId
    card_status: str
    expires_on: date
    version: int
    issuer_jws: str = field(repr=False)
    holder_public_key: bytes
    mailbox_id: UUID
    wrapped: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    portrait: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What the first statement has found: who asks, whether they may, and what they may open, if anything.

    The quotas are how many checks a minute holds and how many there have been. `refused` is a code of a refusal. Of a code that is
    there but not theirs, `expires_at` and perhaps `used_at` tell why; `key_reused` that they used it with the same key for something else.
    """

    client: str
    orgnr: str
    sandbox: bool
    names_shops: bool
    terminal: TerminalId | None
    place: PlaceId | None
    shop: str
    client_quota: int
    client_used: int
    terminal_quota: int | None
    terminal_used: int | None
    refused: str | None
    expires_at: datetime | None
    used_at: datetime | None
    key_reused: bool
    use: UsedCode | None


# The columns before those of the code that was used.
FOUND = len(fields(Found)) - 1


@dataclass(frozen=True, slots=True)
class HolderEntry:
    """The same check as its holder's log keeps it, sealed to the holder. `entry_id` is random."""

    entry_id: UUID
    mailbox_id: UUID
    sealed: bytes = field(repr=False)
    day: date


# By name, since copying each value deeply, as `asdict` does, takes as long as a signature.
ASKED, LOGGED, ENTERED = (tuple(one.name for one in fields(kind)) for kind in (Asked, LoggedCheck, HolderEntry))


def _short(statement: str) -> bytes:
    """Leave out what is for people. The driver takes a statement of more than 4096 signs apart anew each time that it is run."""
    return " ".join(re.sub(r"--.*", "", statement).split()).encode()


@dataclass(frozen=True, slots=True)
class Checks:
    """Where checks are done, in PostgreSQL."""

    pool: Pool

    async def use(self, asked: Asked) -> Found | None:
        """Use a code up if its caller may; None when nobody has that token.

        However many ask at once for one code, one of them gets it. Raises IdempotencyKeyReused when the key has stood for
        another code; psycopg's errors and PoolTimeout mean that nothing was told and that the same request may be sent again.
        """
        told = {name: getattr(asked, name) for name in ASKED}
        told |= {"minute": asked.at.replace(second=0, microsecond=0), "repeatable": asked.at - REPEAT_WITHIN}
        async with self.pool.connection() as connection, connection.cursor(binary=True) as cursor:
            try:
                row = await (await cursor.execute(USE, told, prepare=True)).fetchone()
            except UniqueViolation as error:
                raise IdempotencyKeyReused from error
        if row is None:
            return None
        found, used = row[:FOUND], row[FOUND:]
        return Found(*(*found, UsedCode(*used) if used[0] else None))

    async def write_down(self, check: LoggedCheck, entry: HolderEntry, ref_hash: bytes) -> None:
        """Write both logs and let the phone know. A check that stands there already is left as it is, whoever wrote it."""
        told = {name: getattr(check, name) for name in LOGGED} | {name: getattr(entry, name) for name in ENTERED}
        told |= {"released": list(check.released), "leaf_hash": leaf_hash(check), "ref_hash": ref_hash}
        async with self.pool.connection() as connection:
            await connection.execute(WRITE_DOWN, told, prepare=True)


USE = _short("""
with caller as materialized (
    select client.client_id, client.organisation_number, client.sandbox, client.checks_a_minute as client_quota,
           terminal.id as terminal_id, terminal.checks_a_minute as terminal_quota,
           place.id as place_id, coalesce(place.name, '') as shop,
           coalesce(agreement.names_shops, false) as names_shops,
           agreement.id as agreement_id, agreed.purpose
    from access_token token
    join api_client client on client.client_id = token.client_id and client.active
    left join agreement
           on agreement.organisation_number = client.organisation_number
          and (agreement.status = 'active' or (agreement.status = 'testing' and client.sandbox))
          and agreement.active_from <= %(at)s and (agreement.active_until is null or agreement.active_until > %(at)s)
    left join agreement_purpose agreed
           on agreed.organisation_number = agreement.organisation_number and agreed.agreement_id = agreement.id
          and agreed.purpose = %(purpose)s
    left join (terminal join place
                 on place.organisation_number = terminal.organisation_number and place.id = terminal.place_id)
           on terminal.organisation_number = client.organisation_number and terminal.code = %(terminal)s and terminal.active
          and (%(gln)s::text is null or place.gln is null or place.gln = %(gln)s::text)
    where token.token_hash = %(token_hash)s and token.expires_at > %(at)s
),
-- Always the client before the terminal, so that no two checks wait for each other.
counted as (
    insert into quota (subject, minute, used)
    select subject, %(minute)s, 1
    from caller, lateral (values (1, 'client ' || client_id), (2, 'terminal ' || terminal_id)) as counts (place, subject)
    where subject is not null
    order by counts.place
    on conflict (subject, minute) do update set used = quota.used + 1
    returning subject, used
),
allowed as materialized (
    select caller.*, client_used, terminal_used,
           case when client_used > client_quota or terminal_used > terminal_quota then 'rate-limited'
                when agreement_id is null then 'agreement-inactive'
                when purpose is null then 'purpose-not-in-agreement'
                when terminal_id is null then 'terminal-unknown'
           end as refused
    from caller, (
        select max(used) filter (where subject like 'client %%') as client_used,
               max(used) filter (where subject like 'terminal %%') as terminal_used
        from counted
    ) as quotas
),
-- The lock shows what others have made of the row in the meantime. Test persons and real people are unknown to each other's clients.
code as materialized (
    select presentation.*, card.status as status_now
    from allowed, presentation join card using (card_id)
    where refused is null and presentation.ref_hash = %(ref_hash)s::bytea and card.sandbox = allowed.sandbox
    for update of presentation
),
fresh as (
    update presentation
    set used_at = %(at)s, used_by = allowed.client_id, check_id = %(check_id)s,
        idem_hash = %(idem_hash)s, body_hash = %(body_hash)s, card_status = code.status_now
    from code, allowed
    where presentation.ref_hash = code.ref_hash and code.used_at is null and code.expires_at > %(at)s
    returning presentation.used_at, presentation.check_id, presentation.card_status
),
opened as (
    select code.*, fresh.check_id is not null as is_fresh,
           has_same_key and code.body_hash <> %(body_hash)s::bytea as is_key_reused,
           has_same_key and code.body_hash = %(body_hash)s::bytea
               and code.used_at > %(repeatable)s and code.wrapped is not null as is_repeat
    from allowed, code left join fresh on true,
         lateral (
             select coalesce(code.used_by = allowed.client_id and code.idem_hash = %(idem_hash)s::bytea, false) as has_same_key
         ) as keys
)
select client_id, organisation_number, allowed.sandbox, names_shops, terminal_id, place_id, shop,
       client_quota, client_used, terminal_quota, terminal_used, refused,
       opened.expires_at, opened.used_at, coalesce(opened.is_key_reused, false),
       case when card.card_id is not null then coalesce(fresh.check_id, opened.check_id) end,
       coalesce(fresh.used_at, opened.used_at), card.card_id, coalesce(fresh.card_status, opened.card_status),
       card.expires_on, card.version, card.issuer_jws, card.holder_public_key, card.mailbox_id, opened.wrapped,
       card.sealed, case when %(portrait)s then card.portrait end
from allowed
left join opened on true
left join fresh on true
left join card on card.card_id = opened.card_id and (opened.is_fresh or opened.is_repeat)
""")

WRITE_DOWN = _short("""
with logged as (
    insert into check_log (
        check_id, organisation_number, client_id, place_id, terminal_id, shop, terminal, purpose, outcome, released, sandbox, at, leaf_hash
    )
    values (
        %(check_id)s, %(orgnr)s, %(client)s, %(place)s, %(terminal)s, %(shop)s, %(till)s, %(purpose)s,
        %(outcome)s, %(released)s, %(sandbox)s, %(at)s, %(leaf_hash)s
    )
    on conflict (check_id) do nothing
    returning check_id
),
queued as (insert into check_log_queue (check_id) select check_id from logged),
kept as (
    insert into holder_log_inbox (entry_id, mailbox_id, sealed, day)
    select %(entry_id)s, %(mailbox_id)s, %(sealed)s, %(day)s from logged
)
update presentation set sealed_entry = %(sealed)s from logged where ref_hash = %(ref_hash)s
""")
