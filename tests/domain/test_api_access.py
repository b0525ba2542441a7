"""Secrets, tokens and scopes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.api_access import Scope, UnknownScope, credential_hash, new_client_secret, new_token, scopes_in

LISTS = st.lists(st.sampled_from(list(Scope)), min_size=1, max_size=8)


def test_a_token_and_a_secret_tell_what_they_are_and_nobody_guesses_them() -> None:
    """Whoever finds one in a log or a repository knows whom to tell; 256 bits are beyond guessing."""
    made = {new_token() for _ in range(100)} | {new_client_secret() for _ in range(100)}

    assert 200 == len(made)
    assert {"skranke_token", "skranke_secret"} == {text[: text.index("_", 8)] for text in made}
    assert {43} == {len(text) - text.index("_", 8) - 1 for text in made}


def test_what_is_kept_of_a_credential_is_its_hash() -> None:
    """As 32 bytes, by which it is found again."""
    assert hashlib.sha256(b"skranke_token_x").digest() == credential_hash("skranke_token_x")


@given(LISTS)
def test_scopes_are_read_in_their_order_and_once_each(scopes: list[Scope]) -> None:
    """Whoever names one twice wants it once."""
    assert tuple(dict.fromkeys(scopes)) == scopes_in(" ".join(scopes))


@given(st.text(max_size=40))
def test_any_other_text_is_no_list_of_scopes(text: str) -> None:
    """Nothing is guessed at: neither other blanks nor other letters."""
    with pytest.raises(UnknownScope):
        scopes_in(f"{text}!")
