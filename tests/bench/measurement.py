"""What a benchmark tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


class Entry(TypedDict):
    """A measurement as programs read it."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None
    ok: bool


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number with its limit, if it has one: the most it may be, or, where more is better, the least."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How the number stands to its limit."""
        return None if self.limit is None else self.value / self.limit

    @property
    def ok(self) -> bool:
        """Whether the limit was kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.more_is_better else self.value <= self.limit

    def as_json(self) -> Entry:
        """Tell it to programs."""
        return Entry(name=self.name, value=self.value, unit=self.unit, limit=self.limit, ratio=self.ratio, ok=self.ok)

    def as_row(self) -> tuple[str, str, str, str, str]:
        """Tell it to people: name, number, limit, ratio and a verdict."""
        limit = "" if self.limit is None else f"{'at least' if self.more_is_better else 'at most'} {self.limit:g} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.name, f"{self.value:.3g} {self.unit}", limit, ratio, "" if self.limit is None else "ok" if self.ok else "MISSED")
