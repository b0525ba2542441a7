"""What a company keeps of a check."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from domain.cards.ids import CheckId, new_check_id
from domain.cards.jose import SigningKey, from_jwks, sign, to_jwks
from domain.cards.match import match_code
from domain.cards.receipts import TYPE, ReceiptClaims, read_receipt, sign_receipt
from domain.cards.untrustworthy import NotSigned

OLD, NEW = SigningKey.generate("2026-10"), SigningKey.generate("2026-11")
PUBLISHED = to_jwks([OLD, NEW])
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
RECEIPT = ReceiptClaims(
    check_id=CheckId(UUID("01935f00-0000-7000-8000-000000000003")),
    orgnr="310279323",
    shop="Ølhuset på Grünerløkka",
    terminal="kasse-1",
    purpose="alcohol_20",
    result="ok",
    at=NOON,
)


@pytest.mark.parametrize("key", [OLD, NEW])
def test_a_receipt_is_verified_with_the_published_keys_alone(key: SigningKey) -> None:
    """Offline and years later, also when the key has been replaced since."""
    assert RECEIPT == read_receipt(sign_receipt(RECEIPT, key), from_jwks(json.loads(json.dumps(PUBLISHED))))


def test_others_verify_a_receipt_with_their_own_library() -> None:
    """A JWS and a JWK set are all that it takes."""
    keys = KeySet.import_key_set(json.loads(json.dumps(PUBLISHED)))
    read = json.loads(jws.deserialize_compact(sign_receipt(RECEIPT, NEW), keys).payload)

    assert {"check_id", "orgnr", "shop", "terminal", "purpose", "result", "at"} == read.keys()
    assert "2026-11-03T12:00:00Z" == read["at"]


def test_a_receipt_given_twice_is_the_same_byte_for_byte() -> None:
    """A till that asks again after a timeout must not hold two different proofs."""
    again = replace(RECEIPT, at=NOON.astimezone(timezone(timedelta(hours=1))) + timedelta(microseconds=999_999))

    assert sign_receipt(RECEIPT, NEW) == sign_receipt(RECEIPT, NEW) == sign_receipt(again, NEW)


@pytest.mark.parametrize(
    "text",
    [
        sign_receipt(RECEIPT, SigningKey.generate("2026-11")),
        sign_receipt(RECEIPT, SigningKey.generate("2026-12")),
        sign_receipt(RECEIPT, NEW)[:-1],
        sign({"check_id": str(RECEIPT.check_id)}, NEW, TYPE),
        sign({**dict.fromkeys(["orgnr", "shop", "terminal", "purpose", "result"], ""), "check_id": "7", "at": "noon"}, NEW, TYPE),
        "receipt",
    ],
)
def test_what_we_did_not_sign_is_no_receipt(text: str) -> None:
    """Neither a forgery nor half a text."""
    with pytest.raises(NotSigned):
        read_receipt(text, from_jwks(PUBLISHED))


def test_check_ids_sort_by_time() -> None:
    """Version 7: an index grows at its end, and nobody can guess the next."""
    ids = [new_check_id(NOON + timedelta(milliseconds=number)) for number in range(1000)]

    assert sorted(ids) == ids
    assert {7} == {check.version for check in ids}
    assert {"specified in RFC 4122"} == {check.variant for check in ids}
    assert int(NOON.timestamp() * 1000) == ids[0].int >> 80
    assert new_check_id(NOON) != new_check_id(NOON)


def test_the_published_example_of_a_match_code() -> None:
    """Tills and phones in other languages compare with it."""
    assert "28" == match_code(RECEIPT.check_id)


def test_match_codes_are_two_digits_spread_evenly() -> None:
    """One in a hundred is what a stranger's screen shows by chance."""
    codes = [match_code(new_check_id(NOON)) for _ in range(5000)]

    assert 100 == len(set(codes))
    assert all(len(code) == 2 and code.isdigit() for code in codes)
