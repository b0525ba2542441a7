"""A task's clock, which stands while we can do nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.desk.calendar import OSLO, WORKING_DAY, after_working, worked_between
from domain.desk.clock import Pause, Urgency, ended_by, falls_due, time_spent, urgency

ALLOWED = 2 * WORKING_DAY
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is drawn
lengths = st.timedeltas(timedelta(0), timedelta(days=20))
pauses = st.builds(lambda since, length: Pause(since, since + length), moments, lengths)


def near(opened: datetime) -> st.SearchStrategy[list[Pause]]:
    """Pauses about the time when something was opened."""
    ahead = st.timedeltas(timedelta(days=-5), timedelta(days=20))
    return st.lists(st.builds(lambda begins, length: Pause(opened + begins, opened + begins + length), ahead, lengths), max_size=4)


opened_with_pauses = moments.flatmap(lambda opened: st.tuples(st.just(opened), near(opened)))
# Maundy Thursday's eve, Friday at three, the Friday before the clocks are changed.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=OSLO)
FRIDAY = datetime(2026, 11, 20, 15, tzinfo=OSLO)
BEFORE_EASTER = datetime(2026, 4, 1, 12, tzinfo=OSLO)


def test_without_pauses_it_is_due_two_working_days_later() -> None:
    """Weekends and Easter are nobody's delay."""
    assert datetime(2026, 11, 25, 10, tzinfo=OSLO) == falls_due(MONDAY, ALLOWED, ())
    assert datetime(2026, 11, 24, 15, tzinfo=OSLO) == falls_due(FRIDAY, ALLOWED, ())
    assert datetime(2026, 4, 8, 12, tzinfo=OSLO) == falls_due(BEFORE_EASTER, ALLOWED, ())


def test_while_the_customer_has_the_ball_nothing_is_due() -> None:
    """It may take them a day or a month."""
    assert falls_due(MONDAY, ALLOWED, [Pause(MONDAY + timedelta(hours=1))]) is None


def test_what_was_due_before_the_customer_was_asked_stays_due() -> None:
    """Asking late does not make anybody punctual."""
    late = Pause(MONDAY + timedelta(days=7))

    assert datetime(2026, 11, 25, 10, tzinfo=OSLO) == falls_due(MONDAY, ALLOWED, [late])


def test_a_pause_moves_the_due_time_by_its_opening_hours() -> None:
    """Asked at noon on Monday, answered at noon on Thursday: three working days later."""
    pause = Pause(datetime(2026, 11, 23, 12, tzinfo=OSLO), datetime(2026, 11, 26, 12, tzinfo=OSLO))

    assert datetime(2026, 11, 30, 10, tzinfo=OSLO) == falls_due(MONDAY, ALLOWED, [pause])


@given(opened_with_pauses)
def test_when_it_is_due_exactly_the_allowed_time_is_spent(drawn: tuple[datetime, list[Pause]]) -> None:
    """The two ways to look at the clock agree, whatever the pauses."""
    opened, stood = drawn
    due = falls_due(opened, ALLOWED, stood)

    assert due is not None
    assert time_spent(opened, stood, due) == ALLOWED


@given(opened_with_pauses)
def test_a_pause_never_makes_anything_due_earlier(drawn: tuple[datetime, list[Pause]]) -> None:
    """Nor does it give more than its own length."""
    opened, stood = drawn
    due, plain = falls_due(opened, ALLOWED, stood), after_working(opened, ALLOWED)
    lengths_of_all = sum((worked_between(max(opened, pause.since), pause.until or pause.since) for pause in stood), timedelta(0))

    assert due is not None
    assert plain <= due <= after_working(opened, ALLOWED + lengths_of_all)


@given(opened_with_pauses, st.randoms())
def test_pauses_count_once_however_they_overlap(drawn: tuple[datetime, list[Pause]], random: object) -> None:
    """The same pause twice, in any order, and cut in two, is one pause."""
    opened, stood = drawn
    halves = [half for pause in stood for half in _cut(pause)]
    random.shuffle(halves)  # type: ignore[attr-defined]  # Hypothesis's own Random

    assert falls_due(opened, ALLOWED, stood) == falls_due(opened, ALLOWED, halves + stood)


def _cut(pause: Pause) -> tuple[Pause, Pause]:
    until = pause.until or pause.since
    middle = pause.since + (until - pause.since) / 2
    return Pause(pause.since, middle), Pause(middle, until)


@given(moments, st.integers(0, 200))
def test_a_pause_outside_opening_hours_changes_nothing(opened: datetime, weeks: int) -> None:
    """From Friday's closing to Monday's opening the clock stands anyway."""
    friday = datetime(2025, 1, 3, 16, tzinfo=OSLO) + timedelta(weeks=weeks)
    weekend = Pause(friday, datetime(friday.year, friday.month, friday.day, 8, tzinfo=OSLO) + timedelta(days=3))
    assume(worked_between(weekend.since, weekend.until or friday) == timedelta(0))

    assert falls_due(opened, ALLOWED, [weekend]) == falls_due(opened, ALLOWED, ())


@given(opened_with_pauses, moments, moments)
def test_time_is_only_ever_spent(drawn: tuple[datetime, list[Pause]], one: datetime, other: datetime) -> None:
    """A later look never finds less."""
    opened, stood = drawn
    earlier, later = sorted((one, other))

    assert time_spent(opened, stood, earlier) <= time_spent(opened, stood, later) <= worked_between(opened, later)


@given(opened_with_pauses, moments)
def test_ending_a_pause_early_brings_the_due_time_nearer(drawn: tuple[datetime, list[Pause]], now: datetime) -> None:
    """Whoever comes back before time is not punished for it."""
    opened, stood = drawn
    due, released = falls_due(opened, ALLOWED, stood), falls_due(opened, ALLOWED, ended_by(stood, now))

    assert due is not None
    assert released is not None
    assert released <= due


def test_urgency_is_said_in_four_words() -> None:
    """A colour alone says nothing to many."""
    due, soon = datetime(2026, 11, 25, 10, tzinfo=OSLO), WORKING_DAY / 2
    told = [urgency(due, moment, soon) for moment in (MONDAY, datetime(2026, 11, 25, 8, tzinfo=OSLO), due)]

    assert [Urgency.ON_TIME, Urgency.SOON, Urgency.OVERDUE] == told
    assert Urgency.PAUSED is urgency(None, MONDAY, soon)
