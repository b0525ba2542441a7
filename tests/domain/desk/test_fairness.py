"""Who may decide what, and what may be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.desk.conversation import WINDOW, NotToBeReversed, SomebodyElseMustDecide, TextTooShortOrLong, text_in
from domain.desk.fairness import (
    BelongsToCompany,
    Bond,
    OnlyLeadsReverse,
    Ties,
    bond,
    may_appeal,
    refuse_unless_may_decide,
    refuse_unless_may_reverse,
)
from domain.desk.replies import ReplyNeedsTitle, reply_in
from domain.languages import Language
from domain.names import PersonName
from domain.staff import StaffMember, StaffRole

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SIRI = StaffMember(uuid4(), "Siri Dahl", "siri@skranke.example", frozenset({StaffRole.SUPPORT}))
LEAD = StaffMember(uuid4(), "Liv Strand", "liv@skranke.example", frozenset({StaffRole.SUPPORT, StaffRole.SUPPORT_LEAD}))
NOBODY = Ties(frozenset(), (), ())
TIED = [
    (Ties({SIRI.id}, (), ()), Bond.DECLARED),
    (Ties(frozenset(), (), ("Siri@Skranke.example",)), Bond.SAME_ADDRESS),
    (Ties(frozenset(), (PersonName("Siri", "Dahl"),), ()), Bond.SAME_NAME),
]


@pytest.mark.parametrize(("ties", "expected"), TIED)
def test_nobody_decides_about_a_company_they_belong_to(ties: Ties, expected: Bond) -> None:
    """Whether they have said so themselves or it can be seen."""
    assert expected is bond(SIRI, ties)
    with pytest.raises(BelongsToCompany):
        refuse_unless_may_decide(SIRI, ties)


def test_a_namesake_of_another_name_decides() -> None:
    """Half the country shares a first name."""
    assert bond(SIRI, Ties(frozenset(), (PersonName("Siri", "Strand"),), ("post@company.example",))) is None


def test_the_first_decider_does_not_judge_their_own_decision() -> None:
    """Somebody else looks again, or it would be no second look."""
    refuse_unless_may_decide(LEAD, NOBODY, SIRI.id)
    with pytest.raises(SomebodyElseMustDecide):
        refuse_unless_may_decide(SIRI, NOBODY, SIRI.id)


def test_a_lead_turns_round_while_it_is_fresh() -> None:
    """Also their own mistakes, which they know best."""
    refuse_unless_may_reverse(LEAD, NOBODY, NOW - WINDOW, NOW)
    with pytest.raises(OnlyLeadsReverse):
        refuse_unless_may_reverse(SIRI, NOBODY, NOW, NOW)
    with pytest.raises(NotToBeReversed):
        refuse_unless_may_reverse(LEAD, NOBODY, NOW - WINDOW - timedelta(seconds=1), NOW)
    with pytest.raises(BelongsToCompany):
        refuse_unless_may_reverse(LEAD, Ties({LEAD.id}, (), ()), NOW, NOW)


@pytest.mark.parametrize(
    ("rejected", "appealed", "days", "allowed"),
    [(True, False, 30, True), (True, True, 1, False), (False, False, 1, False), (True, False, 31, False)],
)
def test_a_rejection_is_appealed_once(rejected: bool, appealed: bool, days: int, allowed: bool) -> None:
    """While it is fresh."""
    decided_at = NOW - timedelta(days=days)

    assert allowed is may_appeal(rejected=rejected, appealed=appealed, decided_at=decided_at, now=NOW)


def test_a_text_keeps_its_lines_and_loses_its_noise() -> None:
    """Spaces that browsers add are nobody's words."""
    assert "Hello you\n\nBye" == text_in("  Hello  you\r\n\r\nBye\0 ")


@pytest.mark.parametrize("typed", ["", "  a ", "x" * 4001])
def test_a_text_is_neither_nothing_nor_a_book(typed: str) -> None:
    """Somebody has to read it."""
    with pytest.raises(TextTooShortOrLong):
        text_in(typed)


def test_a_reply_is_saved_in_every_language_or_not_at_all() -> None:
    """A customer would get the one that is missing."""
    both = {Language.NB: "Hva gjør du der?", Language.EN: "What do you do there?"}

    assert "What you do" == reply_in(uuid4(), "  What you  do ", both).title
    with pytest.raises(TextTooShortOrLong):
        reply_in(uuid4(), "What you do", {Language.NB: "Hva gjør du der?"})
    with pytest.raises(ReplyNeedsTitle):
        reply_in(uuid4(), " ", both)
