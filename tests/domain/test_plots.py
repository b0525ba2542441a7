"""Bars stand where their numbers say."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.plots import stacked

COUNTS = st.dictionaries(st.text(max_size=3), st.lists(st.integers(0, 10**7), min_size=3, max_size=3), max_size=9)


def test_a_bar_is_as_high_as_what_was_counted() -> None:
    """Two series on a scale that ends at twenty, drawn a hundred high."""
    plot = stacked({"mon": [10, 5], "tue": [0, 20]}, 100, 100)

    assert [0, 5, 10, 15, 20] == [tick.value for tick in plot.ticks]
    assert [(0, 50.0, 50.0), (1, 25.0, 25.0)] == [(piece.series, piece.y, piece.height) for piece in plot.bars[0].pieces]
    assert [(1, 0.0, 100.0)] == [(piece.series, piece.y, piece.height) for piece in plot.bars[1].pieces]


def test_nothing_is_a_plot_too() -> None:
    """A company that has just begun has no bars, and a scale nevertheless."""
    assert [0, 1] == [tick.value for tick in stacked({"mon": [0]}, 100, 100).ticks]
    assert [] == list(stacked({}, 100, 100).bars)


@given(COUNTS)
def test_everything_stays_inside_the_frame_and_nothing_overlaps(counts: dict[str, list[int]]) -> None:
    """Whatever a year of checks looks like; and the lines are few enough to read."""
    plot = stacked(counts, 620, 240)

    assert 2 <= len(plot.ticks) <= 12
    for bar in plot.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= plot.width + 0.001
        assert all(-0.001 <= piece.y and piece.y + piece.height <= plot.height + 0.001 for piece in bar.pieces)
        assert all(abs(lower.y - (upper.y + upper.height)) < 0.001 for lower, upper in pairwise(bar.pieces))
