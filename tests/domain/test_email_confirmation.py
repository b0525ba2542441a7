"""Proving that somebody reads an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.email_confirmation import (
    CODE_LIVES,
    CODE_TRIES,
    LETTERS_IN_A_ROW,
    LETTERS_PERIOD,
    LINK_LIVES,
    Challenge,
    CodeHasExpired,
    CodeIsReplaced,
    CodeIsWrong,
    CodeResult,
    LinkHasExpired,
    LinkIsWrong,
    NotACode,
    Outcome,
    TooManyLetters,
    TooManyTries,
    follow_link,
    next_letter_at,
    parse_code,
    refuse_too_many_letters,
    refuse_unless_link_confirmed,
    try_code,
)
from domain.refusals import Refusal

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("text", ["012345", " 012 345 ", "012-345", "0 1 2 3 4 5", "012\u00a0345", "012\u2013345", "012345\n"])
def test_a_code_is_read_as_people_type_it(text: str) -> None:
    """The letter shows it in two groups."""
    assert parse_code(text) == "012345"


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "１２３４５６", "٠١٢٣٤٥", "1" * 40_000, " " * 40_000, "😀", "' OR 1=1"])  # noqa: RUF001 - other digits are the example
def test_what_cannot_be_a_code_is_no_try(text: str) -> None:
    """Nobody loses a try for a slip."""
    with pytest.raises(NotACode):
        parse_code(text)


@given(st.text())
def test_any_text_is_either_six_digits_or_refused(text: str) -> None:
    """The code goes on to be compared, so it has to be six digits."""
    try:
        code = parse_code(text)
    except NotACode:
        return

    assert code.isascii()
    assert code.isdigit()
    assert len(code) == 6


@pytest.mark.parametrize(
    ("challenge", "now", "matches", "result"),
    [
        (Challenge(NOON), NOON, True, CodeResult(Outcome.CONFIRMED, 5)),
        (Challenge(NOON), NOON + CODE_LIVES - A_MOMENT, True, CodeResult(Outcome.CONFIRMED, 5)),
        (Challenge(NOON), NOON + CODE_LIVES, True, CodeResult(Outcome.EXPIRED, 0)),
        (Challenge(NOON), NOON, False, CodeResult(Outcome.WRONG, 4)),
        (Challenge(NOON, 3), NOON, False, CodeResult(Outcome.WRONG, 1)),
        (Challenge(NOON, 4), NOON, True, CodeResult(Outcome.CONFIRMED, 1)),
        (Challenge(NOON, 4), NOON, False, CodeResult(Outcome.TOO_MANY_TRIES, 0)),
        (Challenge(NOON, 5), NOON, True, CodeResult(Outcome.TOO_MANY_TRIES, 0)),
        (Challenge(NOON, 0, replaced=True), NOON, True, CodeResult(Outcome.REPLACED, 0)),
    ],
)
def test_a_code_works_for_a_while_and_some_tries(challenge: Challenge, now: datetime, *, matches: bool, result: CodeResult) -> None:
    """Six digits can be guessed, given time and tries enough."""
    assert try_code(challenge, now, matches=matches) == result


@given(st.integers(0, 20), st.booleans(), st.timedeltas(timedelta(0), timedelta(days=2)), st.booleans())
def test_a_code_confirms_only_in_time_and_within_its_tries(wrong: int, replaced: bool, age: timedelta, matches: bool) -> None:
    """Whatever else is so."""
    result = try_code(Challenge(NOON, wrong, replaced), NOON + age, matches=matches)
    may = matches and not replaced and age < CODE_LIVES and wrong < CODE_TRIES

    assert (result.outcome is Outcome.CONFIRMED) is may
    assert (result.outcome is Outcome.WRONG) <= (0 < result.tries_left < CODE_TRIES)


@pytest.mark.parametrize(
    ("result", "refusal"),
    [
        (CodeResult(Outcome.WRONG, 2), CodeIsWrong),
        (CodeResult(Outcome.EXPIRED, 0), CodeHasExpired),
        (CodeResult(Outcome.TOO_MANY_TRIES, 0), TooManyTries),
        (CodeResult(Outcome.REPLACED, 0), CodeIsReplaced),
    ],
)
def test_why_a_code_did_not_work_is_said(result: CodeResult, refusal: type[Refusal]) -> None:
    """Each in its own words, with what to do about it."""
    CodeResult(Outcome.CONFIRMED, 5).refuse_unless_confirmed()

    with pytest.raises(refusal):
        result.refuse_unless_confirmed()


@pytest.mark.parametrize(
    ("challenge", "age", "matches", "outcome"),
    [
        (Challenge(NOON), LINK_LIVES - A_MOMENT, True, Outcome.CONFIRMED),
        (Challenge(NOON, CODE_TRIES), MINUTE, True, Outcome.CONFIRMED),
        (Challenge(NOON), LINK_LIVES, True, Outcome.EXPIRED),
        (Challenge(NOON, 0, replaced=True), MINUTE, True, Outcome.REPLACED),
        (Challenge(NOON), MINUTE, False, Outcome.WRONG),
    ],
)
def test_a_link_works_for_a_day(challenge: Challenge, age: timedelta, *, matches: bool, outcome: Outcome) -> None:
    """It is too long to be guessed, so wrong codes do not spoil it."""
    assert follow_link(challenge, NOON + age, matches=matches) is outcome


@pytest.mark.parametrize(
    ("outcome", "refusal"), [(Outcome.WRONG, LinkIsWrong), (Outcome.EXPIRED, LinkHasExpired), (Outcome.REPLACED, CodeIsReplaced)]
)
def test_why_a_link_did_not_work_is_said(outcome: Outcome, refusal: type[Refusal]) -> None:
    """Each in its own words, with what to do about it."""
    refuse_unless_link_confirmed(Outcome.CONFIRMED)

    with pytest.raises(refusal):
        refuse_unless_link_confirmed(outcome)


def test_the_fourth_letter_within_an_hour_has_to_wait() -> None:
    """It may go when the first of the last three is an hour old."""
    sent = [NOON - timedelta(minutes=50), NOON - timedelta(minutes=20), NOON]

    assert next_letter_at(sent, NOON) == NOON + timedelta(minutes=10)
    with pytest.raises(TooManyLetters, match="in 10 min"):
        refuse_too_many_letters(sent, NOON)
    refuse_too_many_letters(sent, NOON + timedelta(minutes=10))


@given(st.lists(st.timedeltas(timedelta(0), timedelta(hours=10)), max_size=40))
def test_no_hour_ever_sees_more_than_three_letters(wishes: list[timedelta]) -> None:
    """However people press the button."""
    sent: list[datetime] = []
    for wish in sorted(wishes):
        now = NOON + wish
        if next_letter_at(sent, now) is None:
            sent.append(now)

    assert all(later - earlier >= LETTERS_PERIOD for earlier, later in zip(sent, sent[LETTERS_IN_A_ROW:], strict=False))


@given(st.lists(st.timedeltas(timedelta(0), timedelta(hours=1)), max_size=6))
def test_whoever_waits_as_long_as_told_gets_the_letter(ages: list[timedelta]) -> None:
    """A promise on a page is kept."""
    sent = [NOON - age for age in ages]
    when = next_letter_at(sent, NOON)

    assert when is None or (when > NOON and next_letter_at(sent, when) is None)
