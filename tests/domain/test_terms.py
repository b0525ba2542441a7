"""Accepting the terms of use."""

from __future__ import annotations

import pytest

from domain.terms import CURRENT_TERMS, must_accept


@pytest.mark.parametrize(("accepted", "must"), [(None, True), ("2020-01-01", True), (CURRENT_TERMS, False), ("2999-01-01", False)])
def test_terms_are_accepted_once_for_each_version(accepted: str | None, *, must: bool) -> None:
    """A release that is taken back asks nobody to accept older terms."""
    assert must_accept(accepted) is must
