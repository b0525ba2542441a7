"""Deriving ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import derived

RUNS = st.uuids().map(str)
STEPS = st.text(alphabet="ab/0 1", max_size=8)


def test_a_derived_id_never_changes() -> None:
    """Rows written under it are found again by the next release."""
    assert str(derived("5c1f3a52-0d0f-4d5c-8a3e-0f4c1c2b3a4d", "evidence", 2)) == "ef5506a8-9f89-5d77-a3a0-f98ef881f2ec"


@given(st.tuples(RUNS, STEPS, st.integers(0, 20)), st.tuples(RUNS, STEPS, st.integers(0, 20)))
def test_different_steps_have_different_ids(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    """Otherwise one step's row would be taken for another's."""
    assert (derived(*one) == derived(*other)) is (one == other)
