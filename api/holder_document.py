"""What the API's documentation says of the holder's app's addresses."""

from __future__ import annotations

from typing import Any

from api.documents import UNREADABLE, answered, asked, refusals
from domain.cards.refusals import CardBlocked, CardExpired, CheckUnavailable, QrUnknown, RateLimited
from domain.holders import CardKnown, CardNotBelieved, CodeRefused, DeviceUnauthorized, LoginNotBelieved, RequestRepeated
from domain.requests import ParameterInvalid

_SIGNED = (DeviceUnauthorized, RateLimited, CheckUnavailable)
_LOGGED_IN = (*UNREADABLE, LoginNotBelieved, RequestRepeated)

_CARD, _HASH = "01935f00-0000-7000-8000-000000000001", "a84d1ea5080760c4cf72e8b22378f6571f0fc5d72d92d293f5fef2e0077ca6ba"
_TOKEN, _SEALED, _KEY = "eyJhbGciOiJSUzI1NiJ9.…", "3q2-7w…", "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"
_ENTRY = {"id": "6f1d8c1e-7c55-4b0e-9a41-0f5a4f3f2b11", "day": "2026-11-22", "sealed": _SEALED}

ENROL_DOCUMENT: dict[str, Any] = {
    "summary": "Enrol a card",
    "openapi_extra": asked(
        {
            "id_token": _TOKEN,
            "issuer_jws": "eyJhbGciOiJFUzI1NiJ9.…",
            "sealed_claims": {"given_name": _SEALED, "family_name": _SEALED, "birthdate": _SEALED, "portrait": _SEALED},
            "holder_public_key": _KEY,
            "mailbox_id": "0c7b8a3e-55d2-4a53-8c10-b1f6e5b0a7d4",
        }
    ),
    "responses": {
        201: answered({"card_id": _CARD, "expires_on": "2031-05-01"}),
        **refusals(*_SIGNED, *_LOGGED_IN, CardNotBelieved, CardExpired, CardKnown),
    },
}
BLOCK_DOCUMENT: dict[str, Any] = {
    "summary": "Block one's card from another phone",
    "openapi_extra": asked({"id_token": _TOKEN}),
    "responses": {200: answered({"blocked": 1}), **refusals(*_SIGNED, *_LOGGED_IN)},
}
PRESENT_DOCUMENT: dict[str, Any] = {
    "summary": "Register a code before it is shown",
    "openapi_extra": asked({"ref_hash": _HASH, "wrapped": _SEALED, "mode": "standard"}),
    "responses": {
        201: answered({"expires_at": "2026-11-22T12:00:30+00:00", "valid_for_s": 30.0}),
        **refusals(*_SIGNED, *UNREADABLE, RequestRepeated, CardBlocked, CardExpired, CodeRefused),
    },
}
EVENTS_DOCUMENT: dict[str, Any] = {
    "summary": "Wait until a code is scanned",
    "responses": {
        200: answered({"event": "scanned", "sealed": _SEALED}, optional=["sealed"]),
        204: {"description": "Nothing yet; ask again"},
        **refusals(*_SIGNED, ParameterInvalid, QrUnknown),
    },
}
LOG_DOCUMENT: dict[str, Any] = {
    "summary": "Read one's own log",
    "responses": {
        200: answered({"entries": [_ENTRY], "next": f"/v1/holder/log?after=2026-11-22.{_ENTRY['id']}"}, optional=["next"]),
        **refusals(*_SIGNED, ParameterInvalid, CardBlocked),
    },
}
