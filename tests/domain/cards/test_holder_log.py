"""The holder's own log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain.cards.holder_log import SEALED_BYTES, LogEntry, is_holder_key, open_entry, seal_entry
from domain.cards.purposes import PURPOSES, Purpose
from domain.cards.untrustworthy import DoesNotOpen

HOLDER = X25519PrivateKey.generate()
PRIVATE, PUBLIC = HOLDER.private_bytes_raw(), HOLDER.public_key().public_bytes_raw()
ENTRY = LogEntry("Vinmonopolet Oslo City", "alcohol_20", ("age_over_20", "portrait"), "47", datetime(2026, 11, 3, 12, 0, tzinfo=UTC))
SEALED = seal_entry(ENTRY, PUBLIC)


def entry_of(purpose: Purpose, shop: str) -> LogEntry:
    """Say what a check for this purpose leaves in the log."""
    return replace(ENTRY, shop=shop, purpose=purpose.code, released=tuple(wanted.name for wanted in purpose.answers))


@given(st.sampled_from(list(PURPOSES.values())), st.text(max_size=400))
def test_every_entry_has_the_same_size_and_opens(purpose: Purpose, shop: str) -> None:
    """Neither a long name nor many answers show from outside; a name that does not fit is cut, everything else is whole."""
    entry = entry_of(purpose, shop)
    sealed = seal_entry(entry, PUBLIC)
    read = open_entry(sealed, PRIVATE)

    assert 304 == SEALED_BYTES == len(sealed)
    assert entry == replace(read, shop=shop)
    assert read.shop == shop or (read.shop.endswith("…") and shop.startswith(read.shop[:-1]))


@pytest.mark.parametrize("purpose", PURPOSES.values(), ids=PURPOSES)
def test_an_ordinary_shops_name_is_never_cut(purpose: Purpose) -> None:
    """Forty letters are enough for nearly every shop, æøå and all."""
    shop = "Østre Gausdal Kolonial & Dagligvare Sørby"

    assert shop == open_entry(seal_entry(entry_of(purpose, shop), PUBLIC), PRIVATE).shop


def test_the_same_entry_never_looks_the_same() -> None:
    """Two visits to one shop cannot be told from two visits to two."""
    assert seal_entry(ENTRY, PUBLIC) != seal_entry(ENTRY, PUBLIC)


@given(st.integers(0, 8 * SEALED_BYTES - 1))
def test_a_changed_bit_spoils_an_entry(bit: int) -> None:
    """The holder sees that somebody was there."""
    sealed = bytearray(SEALED)
    sealed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(DoesNotOpen):
        open_entry(bytes(sealed), PRIVATE)


@pytest.mark.parametrize("sealed", [b"", SEALED[:-1], SEALED + b" ", bytes(SEALED_BYTES)])
def test_what_is_no_entry_does_not_open(sealed: bytes) -> None:
    """Of whatever length."""
    with pytest.raises(DoesNotOpen):
        open_entry(sealed, PRIVATE)


def test_nobody_else_opens_an_entry() -> None:
    """Not even we, who sealed it."""
    with pytest.raises(DoesNotOpen):
        open_entry(SEALED, X25519PrivateKey.generate().private_bytes_raw())


@pytest.mark.parametrize(
    ("raw", "usable"),
    [(PUBLIC, True), (bytes(32), False), (b"\x01" + bytes(31), False), (b"", False), (PUBLIC[1:], False)],
    ids=["a key", "zero", "one", "nothing", "too short"],
)
def test_a_key_that_nothing_can_be_sealed_to_is_known_beforehand(raw: bytes, usable: bool) -> None:
    """Else every later check of that card would fail; points of small order are among them."""
    assert usable is is_holder_key(raw)


def test_what_can_never_fit_is_a_fault() -> None:
    """A purpose whose answers fill the page would have to be found while it is being written."""
    with pytest.raises(ValueError, match="does not fit"):
        seal_entry(replace(ENTRY, purpose="p" * 256), PUBLIC)
