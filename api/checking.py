"""One check, from what was scanned to what the till is told: authorise, use the code up, open, write down, answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from api.check_desk import CheckDesk
from database.checks import Asked, Found, HolderEntry, UsedCode
from domain.cards.ages import oslo_date
from domain.cards.check_log import LoggedCheck
from domain.cards.claims import Claim
from domain.cards.codes import CardCode, read_code
from domain.cards.disclosure import Answer, disclose
from domain.cards.holder_log import LogEntry, seal_entry
from domain.cards.ids import new_check_id
from domain.cards.jose import SigningKey
from domain.cards.keys import unwrap
from domain.cards.match import match_code
from domain.cards.patience import SHOWN_FOR
from domain.cards.purposes import Purpose
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


def read_scan(text: str) -> CardCode | QrMalformed | QrOtherScheme:
    """Read what was scanned, and keep the refusal for later if there is one."""
    try:
        return read_code(text)
    except (QrMalformed, QrOtherScheme) as refused:
        return refused


def idempotency_hash(terminal: str, key: str | None) -> bytes | None:
    """What a key is kept as. It counts for one terminal."""
    return None if key is None else hashlib.sha256(terminal.encode() + b"\0" + key.encode()).digest()


def refusal_of(scan: Scan, found: Found) -> CheckRefusal | None:
    """Why nothing is opened, if nothing is. The caller's own mistakes come first, and none of them uses the code up."""
    if found.refused:
        return NOT_ALLOWED[found.refused]()
    if scan.purpose is None:
        return PurposeNotInAgreement()
    if not isinstance(scan.code, CardCode):
        return scan.code
    if found.use:
        return None
    return _not_good_any_more(found)


def _not_good_any_more(found: Found) -> CheckRefusal:
    if found.key_reused:
        return IdempotencyKeyReused()
    if found.expires_at is None:
        return QrUnknown()
    return QrUsed() if found.used_at else QrExpired()


async def check(desk: CheckDesk, scan: Scan, found: Found) -> bytes:
    """Do a check and answer it in our own contract's form. A repeat is answered byte for byte alike.

    Raises the CheckRefusal that says why nothing is told.
    """
    return _answer(*await checked(desk, scan, found), desk.receipt_key)


async def checked(desk: CheckDesk, scan: Scan, found: Found) -> tuple[LoggedCheck, Answer]:
    """Do a check: what was written down, and what the till may be told now that both logs hold it. A repeat finds the same again.

    Raises the CheckRefusal that says why nothing is told.
    """
    code, purpose, used = scan.code, scan.purpose, found.use
    refused = refusal_of(scan, found)
    if refused or used is None or purpose is None or not isinstance(code, CardCode) or not found.place or not found.terminal:
        raise refused or QrUnknown()
    told = await _opened(desk, code, purpose, used, sandbox=found.sandbox)
    logged = LoggedCheck(
        check_id=used.check_id,
        orgnr=found.orgnr,
        client=found.client,
        place=found.place,
        terminal=found.terminal,
        shop=scan.shop_name if found.names_shops and scan.shop_name else found.shop,
        till=scan.terminal,
        purpose=purpose.code,
        outcome=told.wire_code if isinstance(told, CheckRefusal) else OK,
        released=() if isinstance(told, CheckRefusal) else told.released,
        sandbox=found.sandbox,
        at=used.at,
    )
    await desk.checks.write_down(logged, _for_the_holder(logged, used), code.reference_hash)
    if isinstance(told, CheckRefusal):
        raise told
    return logged, told


async def _opened(desk: CheckDesk, code: CardCode, purpose: Purpose, used: UsedCode, *, sandbox: bool) -> Answer | CheckRefusal:
    """Open what the purpose needs, by the day on which the code was used."""
    if used.card_status != ACTIVE:
        return CardBlocked()
    if used.expires_on < oslo_date(used.at):
        return CardExpired()
    try:
        statement = await desk.statement(used.issuer_jws, sandbox=sandbox)
        card = SealedCard.from_columns(used.card_id, used.version, used.sealed, used.portrait)
        return disclose(purpose, unwrap(code, used.wrapped, used.card_id), card, statement, oslo_date(used.at))
    except (HolderLimited, CardIncomplete) as refused:
        return refused
    except Untrustworthy:
        return CardBlocked()


def _for_the_holder(check: LoggedCheck, used: UsedCode) -> HolderEntry:
    entry = LogEntry(check.shop, check.purpose, check.released, match_code(check.check_id), check.at)
    return HolderEntry(uuid4(), used.mailbox_id, seal_entry(entry, used.holder_public_key), oslo_date(check.at))


def receipt_of(check: LoggedCheck, key: SigningKey) -> str:
    """Sign that a check was done. The same check and key always give the same receipt."""
    return sign_receipt(ReceiptClaims(check.check_id, check.orgnr, check.shop, check.till, check.purpose, check.outcome, check.at), key)


def _answer(check: LoggedCheck, told: Answer, key: SigningKey) -> bytes:
    answer = {
        "check_id": str(check.check_id),
        "purpose": check.purpose,
        "result": check.outcome,
        "claims": told.claims,
        "display_for_s": int(SHOWN_FOR.total_seconds()),
        "match_code": match_code(check.check_id),
        "receipt": receipt_of(check, key),
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
