"""What the API's documentation says of the published contract's addresses, and how refusals are worded for those who know only it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.documents import UNREADABLE, asked, refusals
from domain.cards.refusals import (
    AgreementInactive,
    CardBlocked,
    CardExpired,
    CardIncomplete,
    CheckRefusal,
    CheckUnavailable,
    HolderLimited,
    IdempotencyKeyReused,
    InsufficientScope,
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
from domain.requests import NothingHere, ParameterInvalid, RequestRefusal

# That contract knows no purposes, terminals and keys of ours. Details are for developers, and so in English alone.
WORDS: Mapping[type[CheckRefusal | RequestRefusal], str] = {
    QrMalformed: "The sessionId is damaged: reason tells how. Send the whole text that the scanner read, with VisLeg at its beginning.",
    QrOtherScheme: "The sessionId is no code of this ID card. Discard what does not start with VisLeg.",
    QrUnknown: "Nobody has shown this sessionId. Those of test persons are known to clients of the sandbox only.",
    QrExpired: "The sessionId is too old. Send it as soon as it has been scanned.",
    QrUsed: "A sessionId is good for one request. Ask the customer for a new code; never send one twice.",
    HolderLimited: "The customer's app has granted less than the data set holds. No other client would be told more.",
    PurposeNotInAgreement: (
        "No purpose in the company's agreement covers the token's data set. Get a token with the scope of a smaller one, or have the "
        "agreement extended. The sessionId is unspent."
    ),
    TerminalUnknown: (
        "The client has no default terminal that the check could count to. Choose one on the company's page, or send the "
        "globalLocationNumber of a registered place with the scope vis-leg/shop_info. The sessionId is unspent."
    ),
}

_TEXT = {"type": "string"}
_SESSION: Mapping[str, object] = {
    "type": "object",
    "required": ["id", "firstName", "lastName", "documentPhoto", "age"],
    "properties": {
        "id": _TEXT | {"format": "uuid", "description": "The check's own id, for its receipt."},
        "firstName": _TEXT,
        "lastName": _TEXT,
        "documentPhoto": _TEXT | {"description": "A JPEG in base64."},
        "age": {"type": "integer", "description": "Years, by today's date in Norway."},
    },
}
_QR_TEST: Mapping[str, object] = {
    "type": "object",
    "required": ["qrCode", "ttl", "ts"],
    "properties": {
        "qrCode": _TEXT | {"description": "A picture of the code: a PNG in base64."},
        "ttl": {"type": "integer", "description": "For how many seconds the code is good."},
        "ts": {"type": "integer", "description": "When it was made, in seconds since 1970."},
    },
}
_ID = "01935f6a-9c4e-7b21-8f10-2d8a1c3e5b77"
_NOBODY = {"id": _ID, "firstName": "", "lastName": "", "documentPhoto": "", "age": 43}
_NAMES, _PHOTO = {"firstName": "Kristin", "lastName": "Testnes"}, {"documentPhoto": "/9j/4AAQ…"}
_EXAMPLES = {
    "age_only": {"summary": "With vis-leg/identity_age_only", "value": _NOBODY},
    "basic": {"summary": "With vis-leg/identity_basic", "value": _NOBODY | _NAMES},
    "picture_age": {"summary": "With vis-leg/identity_picture_age", "value": _NOBODY | _PHOTO},
    "full": {"summary": "With vis-leg/identity_full", "value": _NOBODY | _NAMES | _PHOTO},
}

_ASKED = {"sessionId": "VisLeg-000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7"}

SESSION_DOCUMENT: dict[str, Any] = {
    "openapi_extra": asked(_ASKED),
    "summary": "Check a card by Stø's contract",
    "response_description": "What the token's data set holds",
    "responses": {
        200: {"content": {"application/json": {"schema": _SESSION, "examples": _EXAMPLES}}},
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
            InsufficientScope,
            PurposeNotInAgreement,
            AgreementInactive,
            TerminalUnknown,
            Unauthorized,
            RateLimited,
            CheckUnavailable,
            IdempotencyKeyReused,
            words=WORDS,
        ),
    },
}
QR_TEST_DOCUMENT: dict[str, Any] = {
    "summary": "Let a test person show a code, by Stø's contract",
    "response_description": "A code, as a picture",
    "responses": {
        200: {"content": {"application/json": {"schema": _QR_TEST, "example": {"qrCode": "iVBORw0KGgo…", "ttl": 35, "ts": 1795348800}}}},
        **refusals(ParameterInvalid, NothingHere, Unauthorized, RateLimited, CheckUnavailable),
    },
}
