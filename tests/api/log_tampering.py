"""What somebody may do to the log of checks who may do everything in the database, and what an audit has to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from database.log_reading import LogReader
from domain.cards.check_log import Chain, LoggedCheck, MonthHead, first_link, leaf_hash, links, sign_head
from domain.cards.ids import CheckId
from domain.cards.jose import PublicKeys, SigningKey
from domain.cards.log_audit import Entry, Finding, Tampering

REWRITE = "insert into check_log_link values (%s, %s, %s, %s, %s)"
INSERT = """
insert into check_log values (
    %(check_id)s, %(orgnr)s, %(client)s, %(place)s, %(terminal)s, %(shop)s, %(till)s, %(purpose)s, %(outcome)s, %(released)s, %(sandbox)s,
    %(at)s, %(leaf)s
)
"""


@dataclass(frozen=True, slots=True)
class Named:
    """What an audit must say: one of these kinds, at this place, or between the heads around it."""

    kinds: frozenset[Tampering]
    # None for the head, which has none.
    place: int | None

    def by(self, finding: Finding | None) -> bool:
        """Tell whether it does."""
        if finding is None or finding.what not in self.kinds | ({Tampering.REWRITTEN} if self.place else set()):
            return False
        if self.place is None:
            return True
        if finding.since is not None:
            return finding.since <= self.place <= finding.sequence
        return finding.sequence == self.place


def named(place: int, *kinds: Tampering) -> Named:
    """Say what an audit must say."""
    return Named(frozenset(kinds), place)


@dataclass(slots=True)
class Intruder:
    """Somebody with the rights of a superuser and a good knowledge of how the log works, but without our keys."""

    connection: Connection[TupleRow]
    chain: Chain
    log: Sequence[Entry]
    random: Random

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them work without triggers; afterwards it was never done."""
        with self.connection.transaction(force_rollback=True):
            self.connection.execute("set local session_replication_role = replica")
            yield

    def does(self, statement: str, *values: object) -> None:
        """Do something to the database."""
        self.connection.execute(statement.encode(), values)

    def puts(self, row: LoggedCheck) -> None:
        """Write a row with its right leaf."""
        told = {name: getattr(row, name) for name in LoggedCheck.__slots__}
        self.connection.execute(INSERT.encode(), {**told, "released": list(row.released), "leaf": leaf_hash(row)})

    def chains_anew(self, rows: Sequence[LoggedCheck]) -> None:
        """Make every link of the chain anew, so that each fits the one before."""
        self.does("delete from check_log_link")
        hashes = links(first_link(self.chain), map(leaf_hash, rows))
        told = [
            (self.chain.orgnr, self.chain.month, number, row.check_id, hash_)
            for number, (row, hash_) in enumerate(zip(rows, hashes, strict=True), 1)
        ]
        self.connection.cursor().executemany(REWRITE, told)

    def any_place(self) -> int:
        """Choose a place, counted from 1."""
        return self.random.randint(1, len(self.log))

    def row(self, place: int) -> LoggedCheck:
        """The row at a place."""
        row = self.log[place - 1].check
        assert row
        return row

    def rows(self) -> list[LoggedCheck]:
        """All rows."""
        return [self.row(place) for place in range(1, len(self.log) + 1)]


def change(them: Intruder) -> Named:
    """Change one column of a row: that alone, with its leaf, or with every link from there on."""
    place = them.any_place()
    old = them.row(place)
    new = them.random.choice(
        [
            replace(old, purpose="alcohol_18"),
            replace(old, outcome="holder_limited"),
            replace(old, shop=old.shop + "s"),
            replace(old, till="kasse-9"),
            replace(old, client="another"),
            replace(old, place=UUID(int=them.random.getrandbits(128))),  # type: ignore[arg-type]  # any will do
            replace(old, terminal=UUID(int=them.random.getrandbits(128))),  # type: ignore[arg-type]  # any will do
            replace(old, released=()),
            replace(old, sandbox=not old.sandbox),
            replace(old, at=old.at.replace(microsecond=(old.at.microsecond + 1) % 1_000_000)),
        ]
    )
    them.does("delete from check_log where check_id = %s", old.check_id)
    them.puts(new)
    how = them.random.randrange(3)
    if how == 0:
        them.does("update check_log set leaf_hash = %s where check_id = %s", leaf_hash(old), old.check_id)
    elif how == 1:
        rows = them.rows()
        them.chains_anew([*rows[: place - 1], new, *rows[place:]])
    return named(place, Tampering.CHANGED)


def change_the_leaf(them: Intruder) -> Named:
    """Change the digest beside a row, or the link made from it."""
    place = them.any_place()
    statement = them.random.choice(
        ["update check_log set leaf_hash = %s where check_id = %s", "update check_log_link set hash = %s where check_id = %s"]
    )
    them.does(statement, them.random.randbytes(32), them.row(place).check_id)
    return named(place, Tampering.CHANGED)


def delete(them: Intruder) -> Named:
    """Delete a row: it alone, with its place, with the gap closed, or with every link made anew."""
    place = them.any_place()
    gone = them.row(place).check_id
    them.does("delete from check_log where check_id = %s", gone)
    how = them.random.randrange(4)
    if how:
        them.does("delete from check_log_link where check_id = %s", gone)
    if how == 2:
        them.does("update check_log_link set sequence = sequence + 1000 where sequence > %s", place)
        them.does("update check_log_link set sequence = sequence - 1001 where sequence > 1000")
    if how == 3:
        them.chains_anew([row for row in them.rows() if row.check_id != gone])
    return named(place, Tampering.MISSING)


def insert(them: Intruder) -> Named:
    """Insert a row: at a place with the others moved up, or with every link made anew."""
    place = them.any_place()
    stranger = replace(them.row(place), check_id=CheckId(UUID(int=them.random.getrandbits(128))), till="kasse-9")
    them.puts(stranger)
    if them.random.randrange(2):
        rows = them.rows()
        them.chains_anew([*rows[: place - 1], stranger, *rows[place - 1 :]])
    else:
        them.does("update check_log_link set sequence = sequence + 1000 where sequence >= %s", place)
        them.does("update check_log_link set sequence = sequence - 999 where sequence > 1000")
        them.does(REWRITE, them.chain.orgnr, them.chain.month, place, stranger.check_id, them.random.randbytes(32))
    return named(place, Tampering.INSERTED)


def append(them: Intruder) -> Named:
    """Add a row at the end with a link that fits, which no head has signed."""
    stranger = replace(them.row(len(them.log)), check_id=CheckId(UUID(int=them.random.getrandbits(128))), till="kasse-9")
    them.puts(stranger)
    (hash_,) = links(them.log[-1].hash, [leaf_hash(stranger)])
    them.does(REWRITE, them.chain.orgnr, them.chain.month, len(them.log) + 1, stranger.check_id, hash_)
    return named(len(them.log) + 1, Tampering.INSERTED)


def reorder(them: Intruder) -> Named:
    """Let two rows change places: with their links, under them, or with every link made anew."""
    one, other = sorted(them.random.sample(range(1, len(them.log) + 1), 2))
    how = them.random.randrange(3)
    if how == 0:
        for old, new in ((one, 1000), (other, one), (1000, other)):
            them.does("update check_log_link set sequence = %s where sequence = %s", new, old)
    elif how == 1:
        them.does("delete from check_log_link where sequence in (%s, %s)", one, other)
        for here, there in ((one, other), (other, one)):
            them.does(REWRITE, them.chain.orgnr, them.chain.month, here, them.row(there).check_id, them.log[here - 1].hash)
    else:
        rows = them.rows()
        rows[one - 1], rows[other - 1] = rows[other - 1], rows[one - 1]
        them.chains_anew(rows)
    return named(one, Tampering.REORDERED)


def cut(them: Intruder) -> Named:
    """Cut the end off, as far as the database alone can tell what was there."""
    place = them.random.randint(2, len(them.log))
    them.does("delete from check_log where check_id in (select check_id from check_log_link where sequence >= %s)", place)
    them.does("delete from check_log_link where sequence >= %s", place)
    return named(place, Tampering.MISSING)


def forge_the_head(them: Intruder) -> Named:
    """Change the head: its signature, what it says, its columns, whose it is, who has signed it; or take it away."""
    ours = them.connection.execute("select signed from check_log_head").fetchone()
    assert ours
    signed, stranger = str(ours[0]), SigningKey.generate("new")
    whole = MonthHead(them.chain, len(them.log), them.log[-1].hash)
    at = them.random.randrange(len(signed))
    statement, *values = them.random.choice(
        [
            ("update check_log_head set signed = %s", sign_head(whole, stranger)),
            ("update check_log_head set signed = %s", sign_head(replace(whole, sequence=1, hash=them.log[0].hash), stranger)),
            ("update check_log_head set signed = %s", signed[:at] + ("A" if signed[at] != "A" else "B") + signed[at + 1 :]),
            ("update check_log_head set signed = %s", ""),
            ("update check_log_head set sequence = sequence + %s", them.random.choice([-1, 1, 7])),
            ("update check_log_head set hash = %s", them.random.randbytes(32)),
            ("delete from check_log_head where organisation_number = %s", them.chain.orgnr),
        ]
    )
    them.does(statement, *values)
    return Named(frozenset({Tampering.HEAD_FORGED, Tampering.HEAD_MISSING}), None)


WAYS: Mapping[str, Callable[[Intruder], Named]] = {
    way.__name__: way for way in (change, change_the_leaf, delete, insert, append, reorder, cut, forge_the_head)
}


def audited(them: Intruder, keys: PublicKeys, kept: Sequence[str]) -> Finding | None:
    """Audit what they have left behind."""
    return LogReader(them.connection).audit(them.chain, keys, kept)
