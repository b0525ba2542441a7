"""The description of the format says what the programs do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from domain.cards.check_log import Chain, LoggedCheck, first_link, leaf_hash, link
from domain.cards.claims import Claim, Disclosure, Mode, digest_of
from domain.cards.codes import CardCode, Prefix
from domain.cards.ids import CardId, CheckId, PlaceId, TerminalId
from domain.cards.jose import SigningKey, to_jwks
from domain.cards.keys import claim_key, grant, seal_claim, wrap
from domain.cards.match import match_code
from domain.cards.purposes import PURPOSES, Purpose
from domain.cards.receipts import ReceiptClaims, sign_receipt
from domain.cards.refusals import Malformation

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "idk1.md").read_text("utf-8")

CODE = CardCode(bytes(range(16)), bytes(range(16, 32)))
CARD_KEY = bytes(range(32, 64))
NONCE = bytes(range(64, 76))
CARD = CardId(UUID("01935f00-0000-7000-8000-000000000001"))
CHECK = CheckId(UUID("01935f00-0000-7000-8000-000000000003"))
DISCLOSURE = Disclosure("AAECAwQFBgcICQoLDA0ODw", Claim.GIVEN_NAME, "Kari").to_bytes()
NAME_KEY = claim_key(CARD_KEY, Claim.GIVEN_NAME)
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
CHAIN = Chain("310279323", "2026-11")
ROW = LoggedCheck(
    check_id=CHECK,
    orgnr=CHAIN.orgnr,
    client="kasse",
    place=PlaceId(UUID(int=1)),
    terminal=TerminalId(UUID(int=2)),
    shop="Ølhuset",
    till="kasse-1",
    purpose="alcohol_20",
    outcome="ok",
    released=("age_over_20", "portrait"),
    sandbox=False,
    at=NOON,
)

EXAMPLES = {
    "text": CODE.text(),
    "text with the other prefix": CODE.text(Prefix.VISLEG_DASH),
    "ref_hash": CODE.reference_hash.hex(),
    "KEK": CODE.wrapping_key.hex(),
    "claim key": NAME_KEY.hex(),
    "disclosure": DISCLOSURE.decode(),
    "digest": digest_of(DISCLOSURE),
    "sealed": seal_claim(NAME_KEY, DISCLOSURE, Claim.GIVEN_NAME, CARD, 1, random=lambda _: NONCE).hex(),
    "wrapped": wrap(CODE, grant(CARD_KEY, Mode.AGE), CARD, lambda _: NONCE).hex(),
    "match code": f"`{match_code(CHECK)}`",
    "first": first_link(CHAIN).hex(),
    "leaf": leaf_hash(ROW).hex(),
    "link": link(first_link(CHAIN), leaf_hash(ROW)).hex(),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_on_the_page_is_right(example: str) -> None:
    """Whoever writes the format down in another language compares step by step."""
    assert EXAMPLES[example] in PAGE


@pytest.mark.parametrize("claim", Claim)
def test_every_claim_is_on_the_page_with_its_byte(claim: Claim) -> None:
    """And with the first mode that grants it."""
    mode = next(mode for mode in Mode if claim in mode.claims)

    assert re.search(rf"^\| {claim.number} \| `{claim}` \| `{mode}` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("purpose", PURPOSES.values(), ids=PURPOSES)
def test_every_purpose_is_on_the_page_with_its_answers(purpose: Purpose) -> None:
    """Those that differ only in the age stand on one line."""
    code = re.sub(r"(venue_entry|car_rental_identity)_\d+", r"\1_N", purpose.code)
    answers = [re.sub(r"\d+", "N", wanted.name) if code.endswith("_N") else wanted.name for wanted in purpose.claims]
    line = re.search(rf"^\| `{code}`.*$", PAGE, re.MULTILINE)

    assert line
    assert all(f"`{answer}`" in line[0] for answer in answers)
    assert purpose.needs_legal_basis == line[0].endswith("| yes |")


@pytest.mark.parametrize("reason", Malformation)
def test_every_reason_is_on_the_page(reason: Malformation) -> None:
    """A till's developer looks it up there."""
    assert f"| `{reason}` |" in PAGE


def test_the_example_that_verifies_a_receipt_does(tmp_path: Path) -> None:
    """Copied as it stands, with nothing but the two files beside it."""
    key = SigningKey.generate("2026-11")
    receipt = ReceiptClaims(CHECK, CHAIN.orgnr, "Ølhuset", "kasse-1", "alcohol_20", "ok", NOON)
    (tmp_path / "receipt.jws").write_text(sign_receipt(receipt, key), "utf-8")
    (tmp_path / "receipt-keys.json").write_text(json.dumps(to_jwks([key])), "utf-8")
    example = re.search(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert example
    run = [sys.executable, "-X", "utf8", "-c", example[1]]
    said = subprocess.run(run, cwd=tmp_path, capture_output=True, check=True, text=True, encoding="utf-8").stdout  # noqa: S603 - our own page

    assert "alcohol_20" == json.loads(said)["purpose"]
