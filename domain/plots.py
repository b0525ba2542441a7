"""Where the bars of a plot stand, as plain numbers: what draws it decides on colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

# Steps that people count in.
ROUND_STEPS = (1, 2, 5)
FEWEST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: which series it belongs to, where it begins from the top, how high it is, and what it stands for."""

    series: int
    y: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """What was counted for one label, stacked up from the first series at the bottom."""

    label: str
    x: float
    width: float
    total: int
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across with its number."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Stacked bars in a frame of so many units, with the origin at the top left."""

    width: float
    height: float
    bars: Sequence[Bar]
    ticks: Sequence[Tick]


def stacked(counts: Mapping[str, Sequence[int]], width: float, height: float) -> Plot:
    """Stack up the counts of each label, one number per series. The scale begins at nought and ends at a round number."""
    step = _step(max((sum(values) for values in counts.values()), default=0))
    top = max(step * -(-max((sum(values) for values in counts.values()), default=0) // step), step)
    room = width / max(len(counts), 1)
    bars = [_bar(label, values, room * nth, room, height / top) for nth, (label, values) in enumerate(counts.items())]
    grounded = [
        Bar(bar.label, bar.x, bar.width, bar.total, [Piece(p.series, height + p.y, p.height, p.value) for p in bar.pieces]) for bar in bars
    ]
    return Plot(width, height, grounded, [Tick(value, height - value * height / top) for value in range(0, top + 1, step)])


def _bar(label: str, values: Sequence[int], x: float, room: float, unit: float) -> Bar:
    heaped = list(accumulate(values))
    pieces = [Piece(nth, -heap * unit, value * unit, value) for nth, (value, heap) in enumerate(zip(values, heaped, strict=True)) if value]
    return Bar(label, x + room * 0.1, room * 0.8, sum(values), pieces)


def _step(highest: int) -> int:
    """Find the largest round step that gives at least four lines, or one where there is not so much."""
    step, power = 1, 1
    while True:
        for round_number in ROUND_STEPS:
            if round_number * power * FEWEST_STEPS > max(highest, 1):
                return step
            step = round_number * power
        power *= 10
