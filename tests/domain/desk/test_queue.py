"""What comes first, what somebody who waits may expect, and who is at what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.desk.claims import LONGEST_HOLD, HoldNeedsTime, refuse_hold
from domain.desk.expectation import ENOUGH, expectation, quantile
from domain.desk.priority import HOUR, Part, Pressing, rank, score, unranked

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
dues = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is drawn
reasons = st.frozensets(st.sampled_from(Pressing))


def test_a_score_says_what_it_is_made_of() -> None:
    """A number alone convinces nobody."""
    told = score(NOW + 5 * HOUR, frozenset({Pressing.ANSWERED}), NOW)

    assert (Part(-5), Part(8, Pressing.ANSWERED)) == told.parts
    assert 3 == told.hours


@given(dues, reasons, dues, reasons)
def test_the_order_of_ranks_is_the_order_of_scores(
    one: datetime, why: frozenset[Pressing], other: datetime, whys: frozenset[Pressing]
) -> None:
    """The queue is read by rank and explained by score; scores are whole hours, so they may be equal where ranks are not."""
    earlier = rank(one, why) < rank(other, whys)
    scores = score(one, why, NOW).hours, score(other, whys, NOW).hours

    assert scores[0] >= scores[1] if earlier else scores[0] <= scores[1]


@given(dues, reasons)
def test_a_rank_can_be_taken_apart(due: datetime, why: frozenset[Pressing]) -> None:
    """So that only the rank has to be kept."""
    assert due == unranked(rank(due, why), why)


@given(dues, dues)
def test_what_came_back_at_its_due_time_comes_before_everything_else(one: datetime, other: datetime) -> None:
    """Somebody has waited longer than we promised."""
    assert rank(one, frozenset({Pressing.RETURNED})) < rank(other, frozenset({Pressing.ANSWERED, Pressing.APPEAL}))


def test_of_too_few_nothing_is_said() -> None:
    """Nineteen tasks prove nothing, and a customer would take it for a promise."""
    told = expectation(3, [timedelta(hours=2)] * (ENOUGH - 1))

    assert told.too_few_to_say
    assert (3, None, None, 19) == (told.place, told.half, told.nine_tenths, told.decided)


def test_of_enough_the_middle_and_the_nine_tenths_are_said() -> None:
    """Half are done in ten hours, nine of ten in eighteen."""
    told = expectation(1, [timedelta(hours=hours) for hours in range(1, 21)])

    assert (timedelta(hours=10), timedelta(hours=18)) == (told.half, told.nine_tenths)


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=1), st.floats(0.01, 1))
def test_a_quantile_covers_at_least_its_share(took: list[timedelta], share: float) -> None:
    """And no shorter time that was really taken does."""
    told = quantile(took, share)

    assert sum(time <= told for time in took) >= share * len(took) - 1e-9
    assert sum(time < told for time in took) < share * len(took) + 1e-9


def test_of_nothing_there_is_no_quantile() -> None:
    """Whoever asks has not looked."""
    with pytest.raises(ValueError, match="nothing was done"):
        quantile([], 0.5)


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + LONGEST_HOLD + HOUR])
def test_nothing_is_laid_aside_for_ever(until: datetime) -> None:
    """Nor into the past."""
    with pytest.raises(HoldNeedsTime):
        refuse_hold(until, NOW)
