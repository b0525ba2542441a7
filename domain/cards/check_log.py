"""The log of checks, in which nothing can be changed, taken out, put in or moved without it being seen.

Each company has one chain a month. A row's leaf is made when the row is written; later its place in the chain is, and the
newest link of the chain is signed. Heads that a company has fetched prove what the log held, even against us.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.cards.ages import oslo_date
from domain.cards.ids import CheckId, PlaceId, TerminalId
from domain.cards.jose import PublicKeys, SigningKey, from_base64url, read_signed, sign, to_base64url, to_json
from domain.cards.untrustworthy import NotSigned

HEAD_TYPE = "idk1-log-head+jwt"


@dataclass(frozen=True, slots=True)
class LoggedCheck:
    """One row: that a company asked, never about whom. `released` holds names of answers only.

    `shop` and `till` are what place and terminal were called then. A check of a test person is a `sandbox` one.
    """

    check_id: CheckId
    orgnr: str
    client: str
    place: PlaceId
    terminal: TerminalId
    shop: str
    till: str
    purpose: str
    outcome: str
    released: Sequence[str]
    sandbox: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """One company's log in one month of the Norwegian calendar, written `2026-11`."""

    orgnr: str
    month: str


@dataclass(frozen=True, slots=True)
class MonthHead:
    """The newest link of a chain and its number, counted from 1, as it is signed and handed to the company."""

    chain: Chain
    sequence: int
    hash: bytes


def chain_of(row: LoggedCheck) -> Chain:
    """Say which chain a row belongs to, by the day in Norway."""
    return Chain(row.orgnr, month_of(row.at))


def month_of(at: datetime) -> str:
    """Name the month that a moment belongs to in Norway, such as `2026-11`."""
    return f"{oslo_date(at):%Y-%m}"


def leaf_hash(row: LoggedCheck) -> bytes:
    """Digest a row in its one canonical form: 32 bytes. Raises ValueError for a text with a NUL, which the database cannot hold."""
    at, kind = row.at.astimezone(UTC).isoformat(timespec="microseconds"), "sandbox" if row.sandbox else "live"
    texts = (row.orgnr, row.client, row.shop, row.till, row.purpose, row.outcome, kind, at, *row.released)
    written = "\0".join(texts)
    if written.count("\0") != len(texts) - 1:
        raise ValueError("a text with a NUL")
    return hashlib.sha256(b"IDK1 leaf" + row.check_id.bytes + row.place.bytes + row.terminal.bytes + written.encode()).digest()


def first_link(chain: Chain) -> bytes:
    """Begin a chain: what the link of its first row is made from."""
    return hashlib.sha256(b"IDK1 log" + to_json([chain.orgnr, chain.month])).digest()


def link(previous: bytes, leaf: bytes) -> bytes:
    """Tie one leaf to everything before it."""
    return hashlib.sha256(b"IDK1 link" + previous + leaf).digest()


def links(previous: bytes, leaves: Iterable[bytes]) -> Iterator[bytes]:
    """Tie a batch of leaves to a chain, one link each."""
    for leaf in leaves:
        previous = link(previous, leaf)
        yield previous


def sign_head(head: MonthHead, key: SigningKey) -> str:
    """Sign a head as a compact JWS."""
    chain = {"orgnr": head.chain.orgnr, "month": head.chain.month}
    return sign({**chain, "sequence": head.sequence, "hash": to_base64url(head.hash)}, key, HEAD_TYPE)


def read_head(jws: str, keys: PublicKeys) -> MonthHead:
    """Verify a signed head. Raises NotSigned."""
    payload = read_signed(jws, keys, HEAD_TYPE)
    try:
        chain = Chain(str(payload["orgnr"]), str(payload["month"]))
        return MonthHead(chain, int(str(payload["sequence"])), from_base64url(str(payload["hash"])))
    except (KeyError, ValueError) as error:
        raise NotSigned from error
