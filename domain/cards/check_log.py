"""The log of checks, in which nothing can be changed, taken out, put in or moved without it being seen.

Each company has one chain a month. A row's leaf is made when the row is written; later its place in the chain is, and the
newest link of the chain is signed. Heads that a company has fetched prove what the log held, even against us.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.cards.ids import CheckId, PlaceId, TerminalId
from domain.cards.jose import PublicKeys, SigningKey

HEAD_TYPE = "idk1-log-head+jwt"


@dataclass(frozen=True, slots=True)
class LoggedCheck:
    """One row: that a company asked, never about whom. `released` holds names of answers only."""

    check_id: CheckId
    orgnr: str
    place: PlaceId
    terminal: TerminalId
    purpose: str
    outcome: str
    released: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """One company's log in one month of the Norwegian calendar, written `2026-11`."""

    orgnr: str
    month: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the chain as it is stored: its number from 1, its link, and the row with its stored leaf, if it is still there."""

    sequence: int
    hash: bytes
    check_id: CheckId
    check: LoggedCheck | None
    leaf: bytes | None


@dataclass(frozen=True, slots=True)
class MonthHead:
    """The newest link of a chain, as it is signed and handed to the company."""

    chain: Chain
    sequence: int
    hash: bytes


class Tampering(StrEnum):
    """What somebody has done to a row."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    HEAD_FORGED = "head-forged"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first place of a chain that is not as it was signed. Rewritten: some row from `since` to `sequence` was, with all its links."""

    what: Tampering
    sequence: int
    check_id: CheckId | None = None
    since: int | None = None


def chain_of(row: LoggedCheck) -> Chain:
    """Say which chain a row belongs to, by the day in Norway."""
    raise NotImplementedError


def leaf_hash(row: LoggedCheck) -> bytes:
    """Digest a row in its one canonical form: 32 bytes."""
    raise NotImplementedError


def first_link(chain: Chain) -> bytes:
    """Begin a chain: what the link of its first row is made from."""
    raise NotImplementedError


def link(previous: bytes, leaf: bytes) -> bytes:
    """Tie one leaf to everything before it."""
    raise NotImplementedError


def links(previous: bytes, leaves: Iterable[bytes]) -> Iterator[bytes]:
    """Tie a batch of leaves to a chain, one link each."""
    raise NotImplementedError


def sign_head(head: MonthHead, key: SigningKey) -> str:
    """Sign a head as a compact JWS."""
    raise NotImplementedError


def read_head(jws: str, keys: PublicKeys) -> MonthHead:
    """Verify a signed head. Raises NotSigned."""
    raise NotImplementedError


def verify_log(chain: Chain, entries: Iterable[Entry], heads: Iterable[str], keys: PublicKeys) -> Finding | None:
    """Find the first place that was tampered with, or None. Takes all of the chain's entries in order, and signed heads in any."""
    raise NotImplementedError
