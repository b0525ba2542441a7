"""One check, from what was scanned to what the till is told: authorise, use the code up, open, write down, answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from api.check_desk import CheckDesk
from database.checks import Asked, Found, HolderEntry
from domain.cards.ages import oslo_date
from domain.cards.check_log import LoggedCheck
from domain.cards.claims import Claim
from domain.cards.codes import CardCode, read_code
from domain.cards.disclosure import Answer, disclose
from domain.cards.holder_log import LogEntry, seal_entry
from domain.cards.ids import CardId, CheckId, PlaceId, TerminalId, new_check_id
from domain.cards.keys import unwrap
from domain.cards.match import match_code
from domain.cards.patience import SHOWN_FOR
from domain.cards.purposes import PURPOSES, Purpose
from domain.cards.receipts import ReceiptClaims, sign_receipt
from domain.cards.refusals import (
    AgreementInactive,
    CardBlocked,
    CardExpired,
    CardIncomplete,
    CheckRefusal,
    HolderLimited,
    IdempotencyKeyReused,
    PurposeNotInAgreement,
    QrExpired,
    QrMalformed,
    QrOtherScheme,
    QrUnknown,
    QrUsed,
    RateLimited,
    TerminalUnknown,
)
from domain.cards.sealed import SealedCard
from domain.cards.untrustworthy import Untrustworthy

ACTIVE, OK = "active", "ok"
NOT_ALLOWED = {kind.code: kind for kind in (RateLimited, AgreementInactive, PurposeNotInAgreement, TerminalUnknown)}


@dataclass(frozen=True, slots=True)
class Scan:
    """What a till has sent. `code` is the refusal when the scanned text cannot be read: whether they may ask comes first."""

    code: CardCode | QrMalformed | QrOtherScheme = field(repr=False)
    purpose: Purpose | None
    purpose_name: str
    terminal: str
    shop_name: str | None
    gln: str | None
    idem_hash: bytes | None
    body_hash: bytes

    def asked(self, token_hash: bytes, at: datetime) -> Asked:
        """What the database is asked. Nothing is used up for a text or a purpose that nobody knows."""
        usable = isinstance(self.code, CardCode) and self.purpose is not None
        return Asked(
            token_hash=token_hash,
            purpose=self.purpose_name,
            terminal=self.terminal,
            gln=self.gln,
            ref_hash=self.code.reference_hash if usable and isinstance(self.code, CardCode) else None,
            portrait=self.purpose is not None and Claim.PORTRAIT in self.purpose.inputs,
            idem_hash=self.idem_hash,
            body_hash=self.body_hash,
            check_id=new_check_id(at),
            at=at,
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A card that a code has opened for a check, as far as the database knows it. Every field is there."""

    check_id: CheckId
    at: datetime
    card: SealedCard
    wrapped: bytes = field(repr=False)
    issuer_jws: str


def read_scan(text: str) -> CardCode | QrMalformed | QrOtherScheme:
    """Read what was scanned, and keep the refusal for later if there is one."""
    try:
        return read_code(text)
    except (QrMalformed, QrOtherScheme) as refused:
        return refused


def idempotency_hash(terminal: str, key: str | None) -> bytes | None:
    """What a key is kept as. It counts for one terminal."""
    return None if key is None else hashlib.sha256(terminal.encode() + b"\0" + key.encode()).digest()
