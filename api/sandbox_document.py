"""What the API's documentation says of the sandbox."""

from __future__ import annotations

from typing import Any, Final

from api.documents import answered, refusals
from domain.cards.refusals import CheckUnavailable, RateLimited, Unauthorized
from domain.requests import NotAcceptable, NothingHere, ParameterInvalid

JSON, PNG, SVG = "application/json", "image/png", "image/svg+xml"
PERSON: Final = {
    "n": 6,
    "name": "Imani Akkurat",
    "given_name": "Imani",
    "family_name": "Akkurat",
    "birthdate": "2008-11-22",
    "age": 18,
    "mode": "standard",
    "about": {"nb": "Fyller 18 i dag", "en": "Turns 18 today"},
}
CODE: Final = {"qr": "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7", "expires_at": "2026-11-22T13:05:30.000Z"}

_ALWAYS = (Unauthorized, NothingHere, RateLimited, CheckUnavailable)
PERSONS_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "Everybody in the sandbox", **answered({"persons": [PERSON]})},
    **refusals(*_ALWAYS),
}
CODE_DOCUMENT: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "A code that can be checked once, within half a minute",
        "headers": {"Expires-At": {"description": "When it is too late.", "schema": {"type": "string", "format": "date-time"}}},
        "content": {
            **answered(CODE)["content"],
            PNG: {"schema": {"type": "string", "format": "binary"}, "example": "(a picture)"},
            SVG: {"schema": {"type": "string"}, "example": '<svg xmlns="http://www.w3.org/2000/svg">…</svg>'},
        },
    },
    **refusals(*_ALWAYS, ParameterInvalid, NotAcceptable),
}
