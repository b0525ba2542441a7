"""Saying no."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import domain
from domain.refusals import Refusal

for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)


def every(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """Find every refusal below this one, wherever in the house it stands."""
    for below in kind.__subclasses__():
        yield below
        yield from every(below)


KINDS = {kind.code: kind for kind in every(Refusal) if not kind.code.startswith("test-")}
CODES = sorted(KINDS)


def refusal(code: str) -> Refusal:
    """Make a refusal of every fact that its words have a place for."""
    return KINDS[code](**dict.fromkeys(re.findall(r"%\((\w+)\)s", KINDS[code].words), "7"))


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_a_whole_sentence_and_can_be_told_again(code: str) -> None:
    """It crosses the workflow as its code and facts, and comes out as itself."""
    first = refusal(code)
    again = Refusal.named(first.code, first.facts)

    assert (type(first), str(first), first.facts) == (type(again), str(again), again.facts)
    assert re.fullmatch(r"[A-Z].*\.", str(first))
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert "%" not in str(first)


def test_no_two_refusals_share_their_words() -> None:
    """Somebody who reads one knows which it is."""
    words = [type(refusal(code)).words for code in CODES]

    assert sorted(words) == sorted(set(words))


def test_no_two_refusals_share_a_code() -> None:
    """A code that means two things means nothing."""
    with pytest.raises(TypeError, match="share the code no-such-company"):
        type("Another", (Refusal,), {"code": "no-such-company", "words": "Another."})
