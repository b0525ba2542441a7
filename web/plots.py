"""Plots, worked out here and drawn as SVG by a template: bars with a height and a word each, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, BAR, GAP = 120, 14, 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the plot's own units: from `x` to the right, `height` upwards from the ground. `words` say its value."""

    x: int
    height: int
    series: int
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Groups of bars side by side; `labels` stand under the groups, each in the middle of its own."""

    width: int
    bars: Sequence[Bar]
    labels: Sequence[tuple[int, str]]
    highest: float


def plot(labels: Sequence[str], *series: Sequence[float | None]) -> Plot:
    """Plot one or several series over the same labels. The highest bar takes the whole height; a value of None has no bar."""
    highest = max((value for row in series for value in row if value is not None), default=0.0)
    step = len(series) * BAR + 2 * GAP
    bars = [
        Bar(group * step + GAP + number * BAR, _height(value, highest), number, f"{label}: {value:g}")
        for number, row in enumerate(series)
        for group, (label, value) in enumerate(zip(labels, row, strict=True))
        if value is not None
    ]
    return Plot(max(1, len(labels)) * step, bars, [(group * step + step // 2, label) for group, label in enumerate(labels)], highest)


def _height(value: float, highest: float) -> int:
    return round(HEIGHT * value / highest) if highest else 0
