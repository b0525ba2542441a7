"""What the API's documentation says of the sandbox."""

from __future__ import annotations

from typing import Any

from api.documents import answered, refusals
from domain.cards.refusals import CheckUnavailable, RateLimited, Unauthorized
from domain.requests import NotAcceptable, NothingHere, ParameterInvalid

_KRISTIN = {
    "n": 1,
    "name": "Kristin Testnes",
    "given_name": "Kristin",
    "family_name": "Testnes",
    "birthdate": "1983-01-01",
    "age": 43,
    "mode": "standard",
    "about": {"nb": "43 år", "en": "43 years old"},
}
_CODE = {"qr": "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7", "expires_at": "2026-11-22T12:00:30.000Z"}
_PICTURE = {"type": "string", "format": "binary"}
_EXPIRES = {"Expires-At": {"schema": {"type": "string", "format": "date-time"}, "description": "Until when the code is good."}}

PERSONS_DOCUMENT: dict[str, Any] = {
    "summary": "Test persons",
    "response_description": "Everybody",
    "responses": {200: answered({"persons": [_KRISTIN]}), **refusals(NothingHere, Unauthorized, RateLimited, CheckUnavailable)},
}
SHOW_DOCUMENT: dict[str, Any] = {
    "summary": "Let a test person show a code",
    "response_description": "The code, as text or as a picture",
    "responses": {
        201: {
            "headers": _EXPIRES,
            "content": answered(_CODE)["content"]
            | {
                "image/png": {"schema": _PICTURE, "example": "(a picture)"},
                "image/svg+xml": {"schema": {"type": "string"}, "example": '<svg xmlns="http://www.w3.org/2000/svg">…</svg>'},
            },
        },
        **refusals(ParameterInvalid, NothingHere, NotAcceptable, Unauthorized, RateLimited, CheckUnavailable),
    },
}
