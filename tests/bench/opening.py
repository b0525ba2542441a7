"""The cryptography of a check by itself: nothing that checks cards as ours does can be quicker than this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from domain.cards.claims import Claim, Mode, issue, verify
from domain.cards.codes import new_code, read_code
from domain.cards.disclosure import disclose
from domain.cards.holder_log import LogEntry, seal_entry
from domain.cards.ids import CardId, CheckId
from domain.cards.jose import SigningKey
from domain.cards.keys import claim_key, grant, new_card_key, seal_claim, unwrap, wrap
from domain.cards.match import match_code
from domain.cards.purposes import PURPOSES
from domain.cards.receipts import ReceiptClaims, sign_receipt
from domain.cards.sealed import SealedCard
from tests.api.cardholders import KARI
from tests.bench.timing import seconds_each

PURPOSE = PURPOSES["alcohol_20"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def seconds_of_cryptography() -> float:
    """How long it takes to open a card with a portrait, to seal the holder's entry and to sign the receipt."""
    return seconds_each(_one_check())


def _one_check() -> Callable[[], object]:
    key, card_key, card_id = SigningKey.generate("issuer"), new_card_key(), CardId(uuid4())
    holder_key = X25519PrivateKey.generate().public_key().public_bytes_raw()
    issued = issue(KARI, issuer=key, issuer_name="issuer", device_key=key.public, card_id=card_id, expires_on=date(2031, 1, 1))
    claims: dict[Claim, bytes] = {
        claim: seal_claim(claim_key(card_key, claim), said, claim, card_id, 1) for claim, said in issued.disclosures.items()
    }
    code, check_id = new_code(), CheckId(uuid4())
    text, wrapped = code.text(), wrap(code, grant(card_key, Mode.STANDARD), card_id)

    def one_check() -> object:
        read = read_code(text)
        statement = verify(issued.jws, {"issuer": key.public})
        told = disclose(PURPOSE, unwrap(read, wrapped, card_id), SealedCard(card_id, 1, claims), statement, NOW.date())
        entry = seal_entry(LogEntry("Butikk", PURPOSE.code, told.released, match_code(check_id), NOW), holder_key)
        return entry, sign_receipt(ReceiptClaims(check_id, "310279323", "Butikk", "kasse", PURPOSE.code, "ok", NOW), key)

    return one_check
