"""Which sales rep gets the next company."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import RepId

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RepTurn:
    """A sales rep who takes companies, and when they last got one."""

    id: RepId
    last_assigned_at: datetime | None


def next_rep(active: Iterable[RepTurn]) -> RepId | None:
    """Choose the rep whose last company is longest ago, somebody without any first; None when nobody is active."""
    chosen = min(active, key=lambda rep: (rep.last_assigned_at or _NEVER, rep.id), default=None)
    return None if chosen is None else chosen.id
