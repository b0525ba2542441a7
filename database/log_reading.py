"""The whole log of checks, read to be proved: row after row as it stood at one moment, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from domain.cards.check_log import Chain, LoggedCheck
from domain.cards.ids import CheckId
from domain.cards.jose import PublicKeys
from domain.cards.log_audit import Entry, Finding, StoredHead, audit

# So many rows are fetched at a time.
A_HANDFUL = 5_000


@dataclass(frozen=True, slots=True)
class LogReader:
    """The log as one connection sees it."""

    connection: Connection[TupleRow]

    def chains(self) -> Sequence[Chain]:
        """Every chain that there is anything of."""
        return [Chain(orgnr, month) for orgnr, month in self.connection.execute(CHAINS).fetchall()]

    def entries(self, chain: Chain) -> Iterator[Entry]:
        """Everything in a chain by its number, with the rows as they stand in the log now."""
        with self.connection.cursor(name="entries", binary=True) as cursor:
            cursor.itersize = A_HANDFUL
            cursor.execute(ENTRIES, [chain.orgnr, chain.month])
            yield from map(_entry, cursor)

    def head(self, chain: Chain) -> StoredHead | None:
        """How far a chain goes, as it was signed last."""
        row = self.connection.execute(HEAD, [chain.orgnr, chain.month]).fetchone()
        return StoredHead(*row) if row else None

    def strangers(self) -> Iterator[CheckId]:
        """The rows that stand in the log without a place in a chain and do not wait for one: nobody of ours has written them."""
        with self.connection.cursor(name="strangers") as cursor:
            cursor.execute(STRANGERS)
            yield from (check_id for (check_id,) in cursor)

    def audit(self, chain: Chain, keys: PublicKeys, kept: Iterable[str] = ()) -> Finding | None:
        """Find the first place of a chain that was tampered with. `kept` are heads that its company has kept, beside ours."""
        return audit(chain, self.entries(chain), self.head(chain), kept, keys)


@contextmanager
def reading(database_url: str) -> Iterator[LogReader]:
    """Read as of now: what is logged meanwhile is not seen, and nothing can be changed."""
    with psycopg.connect(database_url, application_name="skranke-audit") as connection:
        connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
        # All rows will be read, so the plan that begins fastest is not the fastest.
        connection.execute("set cursor_tuple_fraction = 1")
        yield LogReader(connection)


def _entry(row: tuple[object, ...]) -> Entry:
    sequence, hash_, check_id, leaf, orgnr, *rest = row
    check = LoggedCheck(check_id, orgnr, *rest) if orgnr is not None else None  # type: ignore[arg-type]  # as the columns are
    return Entry(sequence, hash_, check_id, check, leaf)  # type: ignore[arg-type]  # as the columns are


CHAINS = """
select organisation_number, month from check_log_link union select organisation_number, month from check_log_head order by 1, 2
"""
HEAD = "select sequence, hash, signed from check_log_head where organisation_number = %s and month = %s"
# In the order of LoggedCheck's fields.
ENTRIES = """
select link.sequence, link.hash, link.check_id, log.leaf_hash, log.organisation_number, log.client_id, log.place_id, log.terminal_id,
       log.shop, log.terminal, log.purpose, log.outcome, log.released, log.sandbox, log.at
from check_log_link link left join check_log log using (check_id)
where link.organisation_number = %s and link.month = %s
order by link.sequence
"""
STRANGERS = """
select check_id from check_log
where not exists (select from check_log_link where check_log_link.check_id = check_log.check_id)
  and not exists (select from check_log_queue where check_log_queue.check_id = check_log.check_id)
order by check_id
"""
