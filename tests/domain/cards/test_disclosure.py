"""What a till is told, and what nobody can open at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards.claims import Claim, Mode
from domain.cards.disclosure import disclose
from domain.cards.jose import SigningKey
from domain.cards.keys import Grant, open_claim, seal_claim
from domain.cards.purposes import PURPOSES, AgeOver, Purpose, Shown
from domain.cards.refusals import CardIncomplete, HolderLimited
from domain.cards.sealed import SealedCard
from domain.cards.untrustworthy import DoesNotOpen, NotInStatement, Untrustworthy
from tests.domain.cards.examples import DAY, HOLDER, OTHER_CARD, Enrolled, enrol

ENROLLED = enrol()
ALCOHOL = PURPOSES["alcohol_20"]
FULL = PURPOSES["pharmacy_pickup"]
NAMES = {Claim.GIVEN_NAME, Claim.FAMILY_NAME}
CASES = [pytest.param(mode, purpose, id=f"{mode}, {purpose.code}") for mode in Mode for purpose in PURPOSES.values()]


class Watched(Mapping[Claim, bytes]):
    """A grant's keys that remember which of them were taken."""

    def __init__(self, keys: Mapping[Claim, bytes]) -> None:
        self.all, self.taken = keys, set[Claim]()

    def __getitem__(self, claim: Claim) -> bytes:
        self.taken.add(claim)
        return self.all[claim]

    def __contains__(self, claim: object) -> bool:
        return claim in self.all

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)


@pytest.mark.parametrize(("mode", "purpose"), CASES)
def test_a_till_is_told_what_its_purpose_wants_and_nothing_else(mode: Mode, purpose: Purpose) -> None:
    """For each mode of the holder and each purpose of a company: the whole answer, or a refusal; no key is used beyond."""
    keys = Watched(ENROLLED.grants(mode).keys)
    if not purpose.inputs <= mode.claims:
        with pytest.raises(HolderLimited):
            disclose(purpose, Grant(keys), ENROLLED.sealed, ENROLLED.statement, DAY)
        assert not keys.taken
        return
    answer = disclose(purpose, Grant(keys), ENROLLED.sealed, ENROLLED.statement, DAY)

    assert [wanted.name for wanted in purpose.answers] == list(answer.claims) == list(answer.released)
    assert purpose.inputs == keys.taken
    assert all(isinstance(answer.claims[wanted.name], bool) for wanted in purpose.answers if isinstance(wanted, AgeOver))
    assert all(answer.claims[wanted.name] == HOLDER[wanted.claim] for wanted in purpose.answers if not isinstance(wanted, AgeOver))


@pytest.mark.parametrize("purpose", PURPOSES.values(), ids=PURPOSES)
def test_an_age_answer_does_not_hold_the_birth_date(purpose: Purpose) -> None:
    """A yes or no is all that the law asks of a shop."""
    answer = disclose(purpose, ENROLLED.grants(Mode.FULL), ENROLLED.sealed, ENROLLED.statement, DAY)

    assert (Shown(Claim.BIRTHDATE) in purpose.claims) == ("2006" in str(answer.claims))


@pytest.mark.parametrize(("day", "old_enough"), [(date(2026, 11, 2), False), (date(2026, 11, 3), True), (date(2026, 11, 4), True)])
def test_the_age_limit_is_reached_on_the_birthday(day: date, old_enough: bool) -> None:
    """Being too young is an answer, not a refusal."""
    answer = disclose(ALCOHOL, ENROLLED.grants(Mode.AGE), ENROLLED.sealed, ENROLLED.statement, day)

    assert old_enough is answer.claims["age_over_20"]


@pytest.mark.parametrize("claim", [claim for claim in Claim if claim not in Mode.AGE.claims])
def test_what_was_not_granted_cannot_be_opened_even_with_everything_else(claim: Claim) -> None:
    """Somebody who has the whole database and everything that a server held during an age check."""
    grant = ENROLLED.grants(Mode.AGE)

    for key in grant.keys.values():
        for place in Claim:
            with pytest.raises(DoesNotOpen):
                open_claim(key, ENROLLED.sealed.claims[claim], place, ENROLLED.sealed.card_id, ENROLLED.sealed.version)


@given(st.sampled_from(Claim), st.integers(0))
def test_a_changed_bit_in_the_store_is_seen(claim: Claim, bit: int) -> None:
    """The till hears that the card cannot be used, never a wrong answer."""
    sealed = bytearray(ENROLLED.sealed.claims[claim])
    sealed[bit // 8 % len(sealed)] ^= 1 << bit % 8
    card = replace(ENROLLED.sealed, claims={**ENROLLED.sealed.claims, claim: bytes(sealed)})
    if claim not in FULL.inputs:
        assert disclose(FULL, ENROLLED.grants(Mode.FULL), card, ENROLLED.statement, DAY)
        return

    with pytest.raises(DoesNotOpen):
        disclose(FULL, ENROLLED.grants(Mode.FULL), card, ENROLLED.statement, DAY)


@given(st.sampled_from(sorted(FULL.inputs)), st.sampled_from(Claim))
def test_claims_that_changed_places_are_seen(one: Claim, other: Claim) -> None:
    """A family name is not shown where the given name belongs."""
    if one is other:
        return
    card = replace(ENROLLED.sealed, claims={**ENROLLED.sealed.claims, one: ENROLLED.sealed.claims[other]})

    with pytest.raises(DoesNotOpen):
        disclose(FULL, ENROLLED.grants(Mode.FULL), card, ENROLLED.statement, DAY)


def told(enrolled: Enrolled, sealed: SealedCard, by: Enrolled) -> object:
    """Open a card with the grant of one and the statement of another."""
    return disclose(ALCOHOL, enrolled.grants(Mode.AGE), sealed, by.statement, DAY)


def test_nothing_of_another_card_fits() -> None:
    """A portrait, a statement or a grant of somebody else: of another card, of an older version, of another issuer."""
    other, newer = enrol(card_id=OTHER_CARD), enrol(version=2)
    face = replace(ENROLLED.sealed, claims={**ENROLLED.sealed.claims, Claim.PORTRAIT: other.sealed.claims[Claim.PORTRAIT]})
    same_name, forged = enrol(), enrol(issuer=SigningKey.generate("issuer-1"))

    assert told(ENROLLED, ENROLLED.sealed, ENROLLED)
    for grant, sealed, statement in [
        (ENROLLED, face, ENROLLED),
        (ENROLLED, other.sealed, other),
        (other, ENROLLED.sealed, ENROLLED),
        (ENROLLED, ENROLLED.sealed, other),
        (ENROLLED, ENROLLED.sealed, newer),
        (newer, newer.sealed, ENROLLED),
        (ENROLLED, ENROLLED.sealed, same_name),
        (ENROLLED, ENROLLED.sealed, forged),
    ]:
        with pytest.raises(Untrustworthy):
            told(grant, sealed, statement)


@pytest.mark.parametrize(
    "said",
    [b'["salt","birthdate","1996-11-03"]', b'["salt","portrait","1996-11-03"]', b"not a disclosure"],
)
def test_what_the_holder_made_up_is_not_believed(said: bytes) -> None:
    """The app holds all the keys, so it could seal a birth date of its own; the issuer's signature is what counts."""
    grant = ENROLLED.grants(Mode.AGE)
    sealed = ENROLLED.sealed
    made_up = seal_claim(grant.keys[Claim.BIRTHDATE], said, Claim.BIRTHDATE, sealed.card_id, sealed.version)

    with pytest.raises(NotInStatement):
        disclose(ALCOHOL, grant, replace(sealed, claims={**sealed.claims, Claim.BIRTHDATE: made_up}), ENROLLED.statement, DAY)


def test_one_claim_cannot_stand_for_another_even_with_the_issuers_signature() -> None:
    """A holder whose given name is a date would be as old as they like."""
    enrolled = enrol({**HOLDER, Claim.GIVEN_NAME: "1950-01-01"})
    grant, sealed = enrolled.grants(Mode.FULL), enrolled.sealed
    name = open_claim(grant.keys[Claim.GIVEN_NAME], sealed.claims[Claim.GIVEN_NAME], Claim.GIVEN_NAME, sealed.card_id, sealed.version)
    moved = seal_claim(grant.keys[Claim.BIRTHDATE], name, Claim.BIRTHDATE, sealed.card_id, sealed.version)

    with pytest.raises(NotInStatement):
        disclose(ALCOHOL, grant, replace(sealed, claims={**sealed.claims, Claim.BIRTHDATE: moved}), enrolled.statement, DAY)


@pytest.mark.parametrize("birthdate", ["", "2006", "03.11.2006", "2006-02-30", 20061103, None])
def test_a_birth_date_that_is_none_gives_no_age(birthdate: object) -> None:
    """Not a wrong one either."""
    enrolled = enrol({**HOLDER, Claim.BIRTHDATE: birthdate})

    with pytest.raises(NotInStatement):
        disclose(ALCOHOL, enrolled.grants(Mode.AGE), enrolled.sealed, enrolled.statement, DAY)


@pytest.mark.parametrize("lacking", sorted(ALCOHOL.inputs))
def test_a_card_without_what_is_needed_is_refused(lacking: Claim) -> None:
    """An age without a face would be anybody's."""
    enrolled = enrol({claim: value for claim, value in HOLDER.items() if claim is not lacking})

    with pytest.raises(CardIncomplete):
        disclose(ALCOHOL, enrolled.grants(Mode.AGE), enrolled.sealed, enrolled.statement, DAY)


def test_an_answer_hides_in_logs() -> None:
    """Whatever prints it prints names of answers only."""
    answer = disclose(FULL, ENROLLED.grants(Mode.FULL), ENROLLED.sealed, ENROLLED.statement, DAY)

    assert "Answer(released=('given_name', 'family_name', 'national_id', 'portrait'))" == repr(answer)
    assert "Hætta" not in repr(ENROLLED.sealed)
    assert NAMES <= FULL.inputs
