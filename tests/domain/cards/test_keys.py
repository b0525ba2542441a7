"""What is sealed opens with its own key for its own card, and never otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards.claims import Claim, Mode
from domain.cards.codes import new_code
from domain.cards.keys import Grant, claim_key, grant, new_card_key, open_claim, seal_claim, unwrap, wrap
from domain.cards.sealed import SealedCard, pack, unpack
from domain.cards.untrustworthy import DoesNotOpen
from tests.domain.cards.examples import CARD, OTHER_CARD

CARD_KEY = bytes(range(32))
CODE = new_code()
DISCLOSURE = b'["salt","given_name","Kari"]'
modes = st.sampled_from(Mode)
claims = st.sampled_from(Claim)


def with_a_bit_changed(content: bytes, bit: int) -> bytes:
    """Change one bit, counted around the end."""
    place = bit % (8 * len(content))
    return bytes(byte ^ (1 << place % 8 if number == place // 8 else 0) for number, byte in enumerate(content))


@pytest.mark.parametrize(("mode", "size"), [(Mode.AGE, 94), (Mode.STANDARD, 160), (Mode.FULL, 259)])
def test_a_grant_has_the_size_of_its_mode(mode: Mode, size: int) -> None:
    """Rows of the table have few sizes, and an app in another language can be compared."""
    assert size == len(wrap(CODE, grant(CARD_KEY, mode), CARD))


@given(modes)
def test_a_grant_opens_with_its_code(mode: Mode) -> None:
    """What the phone grants is what the till's request brings along."""
    granted = grant(CARD_KEY, mode)

    assert granted == unwrap(CODE, wrap(CODE, granted, CARD), CARD)
    assert "Grant()" == repr(granted)


@given(modes, st.integers(0, 8 * 259))
def test_a_changed_bit_spoils_a_grant(mode: Mode, bit: int) -> None:
    """Nobody adds a key to what the holder has granted."""
    with pytest.raises(DoesNotOpen):
        unwrap(CODE, with_a_bit_changed(wrap(CODE, grant(CARD_KEY, mode), CARD), bit), CARD)


@given(modes)
def test_a_grant_is_for_one_card_and_one_code(mode: Mode) -> None:
    """A row whose card was exchanged, or that was copied to another reference, opens nothing."""
    wrapped = wrap(CODE, grant(CARD_KEY, mode), CARD)

    with pytest.raises(DoesNotOpen):
        unwrap(CODE, wrapped, OTHER_CARD)
    with pytest.raises(DoesNotOpen):
        unwrap(new_code(), wrapped, CARD)


@given(st.binary(max_size=300))
def test_what_is_no_grant_is_refused(content: bytes) -> None:
    """The app that wraps may be anybody's."""
    with pytest.raises(DoesNotOpen):
        unwrap(CODE, content, CARD)


@pytest.mark.parametrize(
    "content", [b"\x01" + bytes(31), b"\x08" + bytes(32), b"\x00" + bytes(32), (b"\x03" + bytes(32)) * 2, b"\x01" + bytes(32) + b"\x02"]
)
def test_a_grant_of_a_strange_form_is_refused(content: bytes) -> None:
    """Half a key, an unknown claim, or a claim twice: two readers might understand it differently."""
    with pytest.raises(DoesNotOpen):
        Grant.from_bytes(content)


@given(claims, claims)
def test_every_claim_has_a_key_of_its_own(one: Claim, other: Claim) -> None:
    """Granting one must not grant another."""
    assert (one is other) == (claim_key(CARD_KEY, one) == claim_key(CARD_KEY, other))
    assert claim_key(CARD_KEY, one) != claim_key(new_card_key(), one)


@given(claims, st.binary(), st.integers(0, 2**32 - 1))
def test_a_claim_opens_with_its_key(claim: Claim, content: bytes, version: int) -> None:
    """Whatever the issuer disclosed comes out as it went in."""
    key = claim_key(CARD_KEY, claim)
    sealed = seal_claim(key, content, claim, CARD, version)

    assert content == open_claim(key, sealed, claim, CARD, version)
    assert len(content) + 28 == len(sealed)


@given(claims, st.integers(0, 8 * (len(DISCLOSURE) + 28)))
def test_a_changed_bit_spoils_a_claim(claim: Claim, bit: int) -> None:
    """Not even the issuer's signature is reached."""
    key = claim_key(CARD_KEY, claim)

    with pytest.raises(DoesNotOpen):
        open_claim(key, with_a_bit_changed(seal_claim(key, DISCLOSURE, claim, CARD, 1), bit), claim, CARD, 1)


KEY = claim_key(CARD_KEY, Claim.GIVEN_NAME)
SEALED = seal_claim(KEY, DISCLOSURE, Claim.GIVEN_NAME, CARD, 1)
WRONG: dict[str, Callable[[], bytes]] = {
    "another card": lambda: open_claim(KEY, SEALED, Claim.GIVEN_NAME, OTHER_CARD, 1),
    "another version": lambda: open_claim(KEY, SEALED, Claim.GIVEN_NAME, CARD, 2),
    "another claim's place": lambda: open_claim(KEY, SEALED, Claim.FAMILY_NAME, CARD, 1),
    "another claim's key": lambda: open_claim(claim_key(CARD_KEY, Claim.FAMILY_NAME), SEALED, Claim.GIVEN_NAME, CARD, 1),
    "another card's key": lambda: open_claim(claim_key(new_card_key(), Claim.GIVEN_NAME), SEALED, Claim.GIVEN_NAME, CARD, 1),
    "nothing": lambda: open_claim(KEY, b"", Claim.GIVEN_NAME, CARD, 1),
    "the beginning": lambda: open_claim(KEY, SEALED[:27], Claim.GIVEN_NAME, CARD, 1),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_claim_opens_nowhere_else(wrong: str) -> None:
    """A ciphertext that was moved is as good as none."""
    with pytest.raises(DoesNotOpen):
        WRONG[wrong]()


@given(st.dictionaries(claims, st.binary(max_size=500)))
def test_small_claims_are_stored_in_one_piece(sealed: dict[Claim, bytes]) -> None:
    """The portrait lies apart, so that a check without it does not read it."""
    small: dict[Claim, bytes] = {claim: content for claim, content in sealed.items() if claim is not Claim.PORTRAIT}

    assert small == unpack(pack(sealed))
    assert small == SealedCard.from_columns(CARD, 1, pack(sealed)).claims
    assert small | {Claim.PORTRAIT: b"face"} == SealedCard.from_columns(CARD, 1, pack(sealed), b"face").claims


@given(st.binary(max_size=100))
def test_what_was_never_packed_does_not_come_apart_wrongly(packed: bytes) -> None:
    """A damaged column is seen, or what comes out fails to open."""
    try:
        parts = unpack(packed)
    except DoesNotOpen:
        return

    assert len(packed) >= sum(3 + len(content) for content in parts.values())
