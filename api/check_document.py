"""What the API's documentation says of checks, receipts and heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.documents import UNREADABLE, asked, refusals
from domain.cards.refusals import (
    AgreementInactive,
    CardBlocked,
    CardExpired,
    CardIncomplete,
    CheckUnavailable,
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
    Unauthorized,
)
from domain.requests import NothingHere, ParameterInvalid

_TEXT = {"type": "string"}
_CHECK_ID = "01935f6a-9c4e-7b21-8f10-2d8a1c3e5b77"
_CHECK: Mapping[str, object] = {
    "type": "object",
    "required": ["check_id", "purpose", "result", "claims", "display_for_s", "match_code", "receipt"],
    "properties": {
        "check_id": _TEXT | {"format": "uuid"},
        "purpose": _TEXT,
        "result": {"type": "string", "enum": ["ok"], "description": "That the question was answered. The answers are in `claims`."},
        "claims": {"type": "object", "description": "What the purpose needs, such as `age_over_20` and `portrait`."},
        "display_for_s": {"type": "integer", "description": "Take everything off the screen, and out of memory, after so many seconds."},
        "match_code": {"type": "string", "pattern": "^[0-9]{2}$", "description": "The same two digits are on the customer's phone."},
        "receipt": {"type": "string", "description": "A JWS without personal data; check it with the published keys."},
    },
}
_RECEIPT: Mapping[str, object] = {
    "type": "object",
    "required": ["check_id", "receipt"],
    "properties": {"check_id": _TEXT | {"format": "uuid"}, "receipt": _TEXT},
}
_HEAD: Mapping[str, object] = {
    "type": "object",
    "required": ["month", "checks", "head", "signed_at"],
    "properties": {
        "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
        "checks": {"type": "integer"},
        "head": {"type": "string", "description": "A JWS over the month's last link."},
        "signed_at": _TEXT | {"format": "date-time"},
    },
}
_HEADS: Mapping[str, object] = {
    "type": "object",
    "required": ["heads"],
    "properties": {"heads": {"type": "array", "items": _HEAD}},
}
_QUOTAS = {
    "RateLimit-Policy": {"schema": _TEXT, "description": "How many checks in how many seconds, for the client and the terminal."},
    "RateLimit": {"schema": _TEXT, "description": "How many are left, and for how many seconds that holds."},
}
_PORTRAIT = {"type": "image/jpeg", "data": "/9j/4AAQ…"}


def _json(schema: Mapping[str, object], **example: object) -> dict[str, Any]:
    return {"application/json": {"schema": schema, "example": example}}


_ASKED = {"qr": "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7", "purpose": "alcohol_20", "terminal": {"id": "kasse-1"}}

CHECK_DOCUMENT: dict[str, Any] = {
    "openapi_extra": asked(_ASKED),
    "summary": "Check a card",
    "response_description": "What the purpose needs",
    "responses": {
        200: {
            "headers": _QUOTAS,
            "content": _json(
                _CHECK,
                check_id=_CHECK_ID,
                purpose="alcohol_20",
                result="ok",
                claims={"age_over_20": True, "portrait": _PORTRAIT},
                display_for_s=20,
                match_code="47",
                receipt="eyJhbGciOiJFUzI1NiJ9.…",
            ),
        },
        **refusals(
            *UNREADABLE,
            ParameterInvalid,
            QrMalformed,
            QrOtherScheme,
            QrUnknown,
            QrExpired,
            QrUsed,
            CardExpired,
            CardBlocked,
            CardIncomplete,
            HolderLimited,
            PurposeNotInAgreement,
            AgreementInactive,
            TerminalUnknown,
            Unauthorized,
            RateLimited,
            CheckUnavailable,
            IdempotencyKeyReused,
        ),
    },
}
RECEIPT_DOCUMENT: dict[str, Any] = {
    "summary": "Fetch a receipt again",
    "response_description": "The receipt",
    "responses": {
        200: {"content": _json(_RECEIPT, check_id=_CHECK_ID, receipt="eyJhbGciOiJFUzI1NiJ9.…")},
        **refusals(ParameterInvalid, NothingHere, Unauthorized, RateLimited, CheckUnavailable),
    },
}
HEADS_DOCUMENT: dict[str, Any] = {
    "summary": "Fetch the signed heads of the log",
    "response_description": "One head a month, the oldest first",
    "responses": {
        200: {
            "content": _json(
                _HEADS, heads=[{"month": "2026-11", "checks": 4711, "head": "eyJhbGciOiJFUzI1NiJ9.…", "signed_at": "2026-11-22T13:05:00Z"}]
            )
        },
        **refusals(Unauthorized, RateLimited, CheckUnavailable),
    },
}
