"""What is looked at first, and why.

A task's score is how many hours it is past its due time (before it: below zero), plus so many hours for each thing that makes it
pressing. Time adds the same to everybody, so the order of the queue does not change by itself and can be kept: as the due time
moved forward by those hours, its rank, the earliest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOUR = timedelta(hours=1)


class Pressing(StrEnum):
    """What makes a task pressing besides its due time."""

    RETURNED = "returned"
    ANSWERED = "answered"
    APPEAL = "appeal"


# More than any due time is away, so what came back at its due time stands before everything else.
HOURS = {Pressing.RETURNED: 10_000, Pressing.ANSWERED: 8, Pressing.APPEAL: 16}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score, in hours: `why` is what is pressing, None for the due time itself."""

    hours: int
    why: Pressing | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How pressing a task is, with the parts that this is the sum of."""

    parts: tuple[Part, ...]

    @property
    def hours(self) -> int:
        """The sum; the highest comes first."""
        return sum(part.hours for part in self.parts)


def rank(due: datetime, pressing: frozenset[Pressing]) -> datetime:
    """Give the moment that a task's place in the queue follows from, the earliest first."""
    return due - sum(HOURS[why] for why in pressing) * HOUR


def unranked(ranked: datetime, pressing: frozenset[Pressing]) -> datetime:
    """Give the due time that a rank was made of."""
    return ranked + sum(HOURS[why] for why in pressing) * HOUR


def score(due: datetime, pressing: frozenset[Pressing], now: datetime) -> Score:
    """Say how pressing a task is now, part by part."""
    return Score((Part((now - due) // HOUR), *_extras(pressing)))


def _extras(pressing: frozenset[Pressing]) -> Iterator[Part]:
    return (Part(HOURS[why], why) for why in Pressing if why in pressing)
