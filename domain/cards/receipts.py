"""The company's evidence that it asked, and what came of it, without a word about the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.cards.ids import CheckId
from domain.cards.jose import PublicKeys, SigningKey, read_signed, sign
from domain.cards.untrustworthy import NotSigned

TYPE = "idk1-receipt+jwt"


@dataclass(frozen=True, slots=True)
class ReceiptClaims:
    """What a receipt says. `shop` and `terminal` are the company's own names for them; `at` is told to the second."""

    check_id: CheckId
    orgnr: str
    shop: str
    terminal: str
    purpose: str
    result: str
    at: datetime


def sign_receipt(receipt: ReceiptClaims, key: SigningKey) -> str:
    """Sign a receipt as a compact JWS. The same receipt always gives the same text."""
    payload = {
        "check_id": str(receipt.check_id),
        "orgnr": receipt.orgnr,
        "shop": receipt.shop,
        "terminal": receipt.terminal,
        "purpose": receipt.purpose,
        "result": receipt.result,
        "at": _to_the_second(receipt.at).isoformat().replace("+00:00", "Z"),
    }
    return sign(payload, key, TYPE)


def read_receipt(jws: str, keys: PublicKeys) -> ReceiptClaims:
    """Verify a receipt with the published keys, offline. Raises NotSigned."""
    payload = read_signed(jws, keys, TYPE)
    try:
        texts = {name: str(payload[name]) for name in ("orgnr", "shop", "terminal", "purpose", "result")}
        check, at = CheckId(UUID(str(payload["check_id"]))), datetime.fromisoformat(str(payload["at"]))
    except (KeyError, ValueError) as error:
        raise NotSigned from error
    return ReceiptClaims(check_id=check, at=at, **texts)


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
