"""Looking for whoever has tampered with the log of checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.cards.check_log import Chain, LoggedCheck, first_link, leaf_hash, link, read_head
from domain.cards.ids import CheckId
from domain.cards.jose import PublicKeys
from domain.cards.untrustworthy import NotSigned


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the chain as it is stored: its number from 1, its link, and the row with its stored leaf, if they are still there."""

    sequence: int
    hash: bytes
    check_id: CheckId
    check: LoggedCheck | None
    leaf: bytes | None


class Tampering(StrEnum):
    """What somebody has done to a row, or to everything since the head before."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    HEAD_FORGED = "head-forged"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first place of a chain that is not as it was signed.

    Somebody who makes links anew, too, is seen, but not where: then it was done somewhere from `since` to `sequence`.
    """

    what: Tampering
    sequence: int
    check_id: CheckId | None = None
    since: int | None = None


def verify(chain: Chain, entries: Iterable[Entry], heads: Iterable[str], keys: PublicKeys) -> Finding | None:
    """Find the first place that was tampered with, or None.

    Takes all entries of one chain by their number, read as they come, and any of its signed heads in any order. The last head
    says how long the log must be, so give it the newest that anybody has.
    """
    signed: dict[int, bytes] = {}
    for jws in heads:
        try:
            head = read_head(jws, keys)
        except NotSigned:
            return Finding(Tampering.HEAD_FORGED, 0)
        if head.chain != chain or signed.setdefault(head.sequence, head.hash) != head.hash:
            return Finding(Tampering.HEAD_FORGED, head.sequence)
    return _walk(chain, iter(entries), signed)


def _walk(chain: Chain, entries: Iterator[Entry], signed: Mapping[int, bytes]) -> Finding | None:
    last = _Place(0, first_link(chain))
    for entry in entries:
        if not _fits(entry, last):
            return _name(entry, last, [_Later.of(later, signed) for later in (entry, *entries)])
        last = last.followed_by(entry)
        if last.sequence in signed:
            if signed[last.sequence] != entry.hash:
                return Finding(Tampering.REWRITTEN, last.sequence, since=last.proved + 1)
            last = replace(last, proved=last.sequence)
    if max(signed, default=0) > last.sequence:
        return Finding(Tampering.MISSING, last.sequence + 1, since=last.proved + 1)
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """The last place that fitted: its link, what that was made from, its row, and the last head that agreed."""

    sequence: int
    hash: bytes
    before: bytes = b""
    check_id: CheckId | None = None
    proved: int = 0

    def followed_by(self, entry: Entry) -> _Place:
        """Go on to the next place."""
        return _Place(entry.sequence, entry.hash, self.hash, entry.check_id, self.proved)


@dataclass(frozen=True, slots=True)
class _Later:
    """What is left of an entry when something went wrong before it or in it."""

    leaf: bytes
    hash: bytes
    moved_up: bool

    @classmethod
    def of(cls, entry: Entry, signed: Mapping[int, bytes]) -> _Later:
        """Digest the entry, and see whether a head says that it stood further down."""
        moved_up = signed.get(entry.sequence + 1) == entry.hash
        return cls(leaf_hash(entry.check) if entry.check else b"", entry.hash, moved_up)


def _fits(entry: Entry, last: _Place) -> bool:
    row = entry.check
    if entry.sequence != last.sequence + 1 or row is None or row.check_id != entry.check_id:
        return False
    leaf = leaf_hash(row)
    return leaf == entry.leaf and link(last.hash, leaf) == entry.hash


def _name(entry: Entry, last: _Place, found: Sequence[_Later]) -> Finding:
    """Say what was done at the first place that does not fit."""
    here, rest, sequence = found[0], found[1:], last.sequence + 1
    if entry.sequence > sequence or entry.check is None:
        return Finding(Tampering.MISSING, sequence)
    if link(last.before, here.leaf) == here.hash:
        # Both fit there; the chain goes on from the right one.
        right = entry.sequence == sequence or (bool(rest) and link(here.hash, rest[0].leaf) == rest[0].hash)
        return Finding(Tampering.INSERTED, last.sequence, last.check_id if right else entry.check_id)
    if entry.sequence < sequence:
        return Finding(Tampering.INSERTED, entry.sequence, entry.check_id)
    what = _what_stands_elsewhere(here, last.hash, rest)
    # Either this row was changed, or the one before it was with its link, which no head has proved.
    doubtful = what is Tampering.CHANGED and here.leaf == entry.leaf and last.proved < last.sequence
    return Finding(what, sequence, entry.check_id, since=last.sequence if doubtful else None)


def _what_stands_elsewhere(here: _Later, previous: bytes, rest: Sequence[_Later]) -> Tampering:
    """Look further on for the row that belongs here, and for the link that this row belongs to."""
    if any(link(previous, later.leaf) == here.hash for later in rest):
        return Tampering.REORDERED
    if any(link(previous, later.leaf) == later.hash for later in rest):
        moved = any(link(later.hash, here.leaf) == here.hash for later in rest)
        return Tampering.REORDERED if moved else Tampering.INSERTED
    return Tampering.MISSING if any(later.moved_up for later in (here, *rest)) else Tampering.CHANGED
