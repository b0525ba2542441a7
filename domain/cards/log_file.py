"""A company's log of one month as a file, for whoever proves it without us: JSON, one line for each place of the chain.

The first line names the chain and its signed head. The others hold a place each: its number, its link, the check's id, the row's
leaf, and the row itself as `check`, or null where it is gone. Times are in UTC, bytes in base64url.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.cards.check_log import Chain, LoggedCheck
from domain.cards.ids import CheckId, PlaceId, TerminalId
from domain.cards.jose import from_base64url, from_json, to_base64url, to_json
from domain.cards.log_audit import Entry, StoredHead


class NotALog(Exception):
    """The file is not what we write. Says in which line."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """What such a file holds; its entries are read as they are asked for."""

    chain: Chain
    head: StoredHead | None
    entries: Iterator[Entry]


def write(log: LogFile) -> Iterator[bytes]:
    """Write a log, line by line."""
    head = log.head
    kept = {"sequence": head.sequence, "hash": to_base64url(head.hash), "signed": head.signed} if head else None
    yield to_json({"orgnr": log.chain.orgnr, "month": log.chain.month, "head": kept}) + b"\n"
    for entry in log.entries:
        yield to_json(_told(entry)) + b"\n"


def read(lines: Iterable[bytes]) -> LogFile:
    """Read a log, its first line at once and the others when they are wanted. Raises NotALog, then too."""
    waiting = iter(lines)
    try:
        first = _object(from_json(next(waiting, b"")))
        chain, head = Chain(str(first["orgnr"]), str(first["month"])), first["head"]
        stored = _head(_object(head)) if head is not None else None
    except (ValueError, KeyError) as error:
        raise NotALog("line 1") from error
    return LogFile(chain, stored, _entries(waiting))


def _entries(lines: Iterator[bytes]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 2):
        try:
            yield _entry(_object(from_json(line)))
        except (ValueError, KeyError) as error:
            raise NotALog(f"line {number}") from error


def _head(told: Mapping[str, object]) -> StoredHead:
    return StoredHead(_number(told["sequence"]), from_base64url(str(told["hash"])), str(told["signed"]))


def _told(entry: Entry) -> Mapping[str, object]:
    check = entry.check
    return {
        "sequence": entry.sequence,
        "hash": to_base64url(entry.hash),
        "check_id": str(entry.check_id),
        "leaf": to_base64url(entry.leaf) if entry.leaf is not None else None,
        "check": {**asdict(check), **{name: str(getattr(check, name)) for name in _UUIDS}, "at": _moment(check.at)} if check else None,
    }


def _entry(told: Mapping[str, object]) -> Entry:
    leaf, check = told["leaf"], told["check"]
    return Entry(
        sequence=_number(told["sequence"]),
        hash=from_base64url(str(told["hash"])),
        check_id=CheckId(UUID(str(told["check_id"]))),
        check=_check(_object(check)) if check is not None else None,
        leaf=from_base64url(str(leaf)) if leaf is not None else None,
    )


def _check(told: Mapping[str, object]) -> LoggedCheck:
    released = told["released"]
    if not isinstance(released, list):
        raise ValueError("not a list")  # noqa: TRY004 - whatever is wrong in a file is one kind of error
    return LoggedCheck(
        check_id=CheckId(UUID(str(told["check_id"]))),
        place=PlaceId(UUID(str(told["place"]))),
        terminal=TerminalId(UUID(str(told["terminal"]))),
        released=[str(name) for name in released],
        sandbox=told["sandbox"] is True,
        at=datetime.fromisoformat(str(told["at"])),
        **{name: str(told[name]) for name in _TEXTS},
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("not a number")  # noqa: TRY004 - whatever is wrong in a file is one kind of error
    return value


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whatever is wrong in a file is one kind of error
    return value


_UUIDS = ("check_id", "place", "terminal")
_TEXTS = ("orgnr", "client", "shop", "till", "purpose", "outcome")
