"""Giving companies to sales reps in turn."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import RepId
from domain.reps import RepTurn, next_rep

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (RepId(UUID(int=number)) for number in (1, 2, 3))


def test_whoever_has_waited_longest_is_next() -> None:
    """So everybody gets as many."""
    assert next_rep([RepTurn(FIRST, NOON), RepTurn(SECOND, NOON - timedelta(days=1)), RepTurn(THIRD, NOON)]) == SECOND


def test_somebody_new_comes_first() -> None:
    """They have none yet."""
    assert next_rep([RepTurn(FIRST, NOON), RepTurn(SECOND, None)]) == SECOND


def test_a_tie_is_decided_by_the_id() -> None:
    """So that asking again gives the same answer."""
    assert next_rep([RepTurn(SECOND, None), RepTurn(FIRST, None)]) == FIRST


def test_without_an_active_rep_nobody_is_next() -> None:
    """The company gets one later."""
    assert next_rep([]) is None


@given(st.sets(st.uuids(), min_size=1, max_size=8), st.integers(1, 40))
def test_companies_are_shared_evenly(ids: set[UUID], companies: int) -> None:
    """Nobody ever has two more than somebody else."""
    turns: dict[RepId, datetime | None] = {RepId(id_): None for id_ in ids}
    given_to: Counter[RepId] = Counter(dict.fromkeys(turns, 0))
    for number in range(companies):
        chosen = next_rep([RepTurn(id_, last) for id_, last in turns.items()])
        assert chosen is not None
        turns[chosen] = NOON + timedelta(minutes=number)
        given_to[chosen] += 1

    assert max(given_to.values()) - min(given_to.values()) <= 1
