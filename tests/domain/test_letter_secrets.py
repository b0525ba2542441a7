"""The code and the link of a letter follow from its challenge, and from nothing that anybody else has."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import ChallengeId
from domain.letter_secrets import LetterSecrets

OURS, THEIRS = LetterSecrets(b"o" * 32), LetterSecrets(b"t" * 32)
challenges = st.uuids().map(ChallengeId)


@given(challenge=challenges)
def test_a_letter_written_twice_says_the_same(challenge: ChallengeId) -> None:
    """A letter sent again after a crash must not make the first one wrong."""
    assert (OURS.code(challenge), OURS.token(challenge)) == (OURS.code(challenge), OURS.token(challenge))


@given(challenge=challenges)
def test_a_code_is_six_digits_and_a_token_fits_in_an_address(challenge: ChallengeId) -> None:
    """People type one, and mail programs must not break the other."""
    assert OURS.code(challenge).isdigit()
    assert len(OURS.code(challenge)) == 6
    assert OURS.token(challenge).replace("-", "").replace("_", "").isalnum()


@given(challenge=challenges)
def test_a_token_leads_back_to_its_challenge_and_under_another_key_to_none(challenge: ChallengeId) -> None:
    """Whoever does not have our key cannot make a link."""
    assert OURS.challenge_of(OURS.token(challenge)) == challenge
    assert THEIRS.challenge_of(OURS.token(challenge)) is None


@given(challenge=challenges, position=st.integers(0, 63), sign=st.characters())
def test_a_changed_token_is_not_ours(challenge: ChallengeId, position: int, sign: str) -> None:
    """A single changed character is enough, wherever it stands."""
    token = OURS.token(challenge)
    changed = token[:position] + sign + token[position + 1 :]

    assert changed == token or OURS.challenge_of(changed) is None


@pytest.mark.parametrize("token", ["", "A", "A" * 64, "æ" * 64, "=" * 64, "A" * 40_000, "\0"])
def test_what_is_no_token_is_refused_quietly(token: str) -> None:
    """People paste all sorts of things."""
    assert OURS.challenge_of(token) is None


def test_only_the_right_code_matches() -> None:
    """The codes of two challenges have nothing to do with each other."""
    challenge = ChallengeId(UUID(int=1))

    assert OURS.code_matches(challenge, OURS.code(challenge))
    assert not OURS.code_matches(challenge, "")
    assert len({OURS.code(ChallengeId(uuid4())) for _ in range(200)}) > 190
