"""What tills are told when there is no answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from domain.cards.purposes import PURPOSES, Purpose
from domain.cards.refusals import CheckRefusal, Malformation, QrMalformed

CATALOGUE = Path(__file__).parents[3] / "web" / "locale" / "nb" / "LC_MESSAGES" / "messages.po"
REFUSALS = {refusal.wire_code: refusal for refusal in CheckRefusal.__subclasses__()}
# As tills in the shops know them: what they get, and whether the customer has to make a new code.
PUBLISHED = {
    "qr_malformed": (422, False),
    "qr_other_scheme": (422, False),
    "qr_unknown": (404, False),
    "qr_expired": (410, False),
    "qr_used": (409, False),
    "card_expired": (422, True),
    "card_blocked": (422, True),
    "card_incomplete": (422, True),
    "holder_limited": (403, True),
    "purpose_not_in_agreement": (403, False),
    "agreement_inactive": (403, False),
    "terminal_unknown": (403, False),
    "insufficient_scope": (403, False),
    "unauthorized": (401, False),
    "rate_limited": (429, False),
    "unavailable": (503, False),
    "idempotency_key_reused": (422, False),
}


def in_bokmal(text: str) -> str:
    """Look a text up in the catalogue."""
    with CATALOGUE.open("rb") as file:
        message = read_po(file, locale="nb").get(text)
    return str(message.string) if message and not message.fuzzy else ""


def test_the_codes_are_those_that_tills_know() -> None:
    """Code, status and whether the customer's code is spent: all three are promises."""
    assert {code: (refusal.status, refusal.burns) for code, refusal in REFUSALS.items()} == PUBLISHED


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_said_to_developers_and_to_cashiers_in_both_languages(code: str) -> None:
    """A cashier reads one line, in a queue, and knows what to ask of the customer."""
    refusal = REFUSALS[code]

    for text in (refusal.title, refusal.words, refusal.till_words):
        assert in_bokmal(text), f"not in the catalogue: {text}"
        assert in_bokmal(text) != text
    assert re.fullmatch(r"[A-Z].*\.", refusal.till_words)
    assert len(refusal.till_words) <= 90
    assert not refusal.title.endswith(".")


@pytest.mark.parametrize("purpose", PURPOSES.values(), ids=PURPOSES)
def test_a_purpose_is_said_in_bokmal(purpose: Purpose) -> None:
    """The customer's phone and the agreement show it; laws go by their Norwegian names."""
    assert in_bokmal(purpose.words)
    assert in_bokmal(purpose.basis) or re.search(r"loven|forskrift", purpose.basis)


def test_a_malformed_code_carries_its_reason_across_any_door() -> None:
    """It is told again from its code and facts, which say nothing of the customer."""
    told = QrMalformed(reason=Malformation.ALPHABET, hint="layout")
    again = CheckRefusal.named(told.code, told.facts)

    assert isinstance(again, QrMalformed)
    assert (Malformation.ALPHABET, "layout") == (again.reason, again.hint)
    assert QrMalformed(reason=Malformation.LENGTH).hint is None
