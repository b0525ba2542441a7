"""Looking for whoever has tampered with the log of checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.cards.check_log import Chain, LoggedCheck, MonthHead, first_link, leaf_hash, link, read_head
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


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The head of a chain as it is stored: what its columns say, and what was signed."""

    sequence: int
    hash: bytes
    signed: str


class Tampering(StrEnum):
    """What somebody has done to a row, or to everything since the head before."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    HEAD_FORGED = "head-forged"
    HEAD_MISSING = "head-missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first place of a chain that is not as it was signed.

    Somebody who makes links anew, too, is seen, but not where: then it was done somewhere from `since` to `sequence`.
    """

    what: Tampering
    sequence: int
    check_id: CheckId | None = None
    since: int | None = None


def audit(chain: Chain, entries: Iterable[Entry], stored: StoredHead | None, kept: Iterable[str], keys: PublicKeys) -> Finding | None:
    """Find the first place of a stored chain that was tampered with, or None. `kept` are heads that others have kept.

    A chain and its head are always written together, so a place after the head was put there by somebody else.
    """
    if stored is None:
        return Finding(Tampering.HEAD_MISSING, 0)
    try:
        signed = read_head(stored.signed, keys)
    except NotSigned:
        return Finding(Tampering.HEAD_FORGED, 0)
    if signed != MonthHead(chain, stored.sequence, stored.hash):
        return Finding(Tampering.HEAD_FORGED, stored.sequence)
    return verify(chain, entries, [*kept, stored.signed], keys, is_whole=True)


def verify(chain: Chain, entries: Iterable[Entry], heads: Iterable[str], keys: PublicKeys, *, is_whole: bool = False) -> Finding | None:
    """Find the first place that was tampered with, or None.

    Takes all entries of one chain by their number, reads each once as it comes and keeps none, and any of its signed heads in any
    order. The last head says how long the log must be, so give it the newest that anybody has; if the log `is_whole`, it may not
    be longer either.
    """
    signed: dict[int, bytes] = {}
    for jws in heads:
        try:
            head = read_head(jws, keys)
        except NotSigned:
            return Finding(Tampering.HEAD_FORGED, 0)
        if head.chain != chain or signed.setdefault(head.sequence, head.hash) != head.hash:
            return Finding(Tampering.HEAD_FORGED, head.sequence)
    newest = max(signed, default=0)
    return _walk(chain, iter(entries), signed, newest if is_whole else None)


def _walk(chain: Chain, entries: Iterator[Entry], signed: Mapping[int, bytes], ends_at: int | None) -> Finding | None:
    sequence, previous, before, check_id, proved = 0, first_link(chain), b"", None, 0
    for entry in entries:
        if not _fits(entry, sequence, previous):
            return _name(entry, _Place(sequence, previous, before, check_id, proved), entries, signed)
        sequence, before, previous, check_id = entry.sequence, previous, entry.hash, entry.check_id
        if sequence in signed:
            if signed[sequence] != previous:
                return Finding(Tampering.REWRITTEN, sequence, since=proved + 1)
            proved = sequence
        if ends_at is not None and sequence > ends_at:
            return Finding(Tampering.INSERTED, sequence, check_id)
    if max(signed, default=0) > sequence:
        return Finding(Tampering.MISSING, sequence + 1, since=proved + 1)
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """The last place that fitted: its link, what that was made from, its row, and the last head that agreed."""

    sequence: int
    hash: bytes
    before: bytes
    check_id: CheckId | None
    proved: int


@dataclass(frozen=True, slots=True)
class _Here:
    """What is left of the first entry that does not fit."""

    leaf: bytes
    hash: bytes


@dataclass(slots=True)
class _Elsewhere:
    """What stands further on, found by going there once: where this row and the one that belongs here have got to."""

    goes_on_from_here: bool = False
    # Some later row is what this link was made for; some later entry fits here whole; this row is what some later link was made for.
    row_of_this_link: bool = False
    whole_entry: bool = False
    link_of_this_row: bool = False
    # A head says that an entry stood further down.
    moved_up: bool = False

    @classmethod
    def beside(cls, here: _Here, previous: bytes, entries: Iterator[Entry], signed: Mapping[int, bytes]) -> _Elsewhere:
        """Look through the rest of the log."""
        found, is_next = cls(), True
        for entry in entries:
            leaf = leaf_hash(entry.check) if entry.check else b""
            of_leaf = link(previous, leaf)
            found.goes_on_from_here |= is_next and link(here.hash, leaf) == entry.hash
            found.row_of_this_link |= of_leaf == here.hash
            found.whole_entry |= of_leaf == entry.hash
            found.link_of_this_row |= link(entry.hash, here.leaf) == here.hash
            found.moved_up |= signed.get(entry.sequence + 1) == entry.hash
            is_next = False
        return found

    def tells(self) -> Tampering:
        """Say what follows for the place that does not fit."""
        if self.row_of_this_link:
            return Tampering.REORDERED
        if self.whole_entry:
            return Tampering.REORDERED if self.link_of_this_row else Tampering.INSERTED
        return Tampering.MISSING if self.moved_up else Tampering.CHANGED


def _fits(entry: Entry, sequence: int, previous: bytes) -> bool:
    """Whether an entry follows a place and its link."""
    row = entry.check
    if entry.sequence != sequence + 1 or row is None or row.check_id != entry.check_id:
        return False
    leaf = leaf_hash(row)
    return leaf == entry.leaf and link(previous, leaf) == entry.hash


def _name(entry: Entry, last: _Place, rest: Iterator[Entry], signed: Mapping[int, bytes]) -> Finding:
    """Say what was done at the first place that does not fit."""
    sequence = last.sequence + 1
    if entry.sequence > sequence or entry.check is None:
        return Finding(Tampering.MISSING, sequence)
    here = _Here(leaf_hash(entry.check), entry.hash)
    elsewhere = _Elsewhere.beside(here, last.hash, rest, signed)
    if link(last.before, here.leaf) == here.hash:
        # Both fit there; the chain goes on from the right one.
        right = entry.sequence == sequence or elsewhere.goes_on_from_here
        return Finding(Tampering.INSERTED, last.sequence, last.check_id if right else entry.check_id)
    if entry.sequence < sequence:
        return Finding(Tampering.INSERTED, entry.sequence, entry.check_id)
    elsewhere.moved_up |= signed.get(entry.sequence + 1) == entry.hash
    what = elsewhere.tells()
    # Either this row was changed, or the one before it was with its link, which no head has proved.
    doubtful = what is Tampering.CHANGED and here.leaf == entry.leaf and last.proved < last.sequence
    return Finding(what, sequence, entry.check_id, since=last.sequence if doubtful else None)
