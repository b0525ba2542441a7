"""What the API's documentation says of the token endpoint, which answers as OAuth does and not as the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.credentials import ASSERTION_TYPE
from api.documents import refusals
from domain.api_access import TOKEN_LIFE, Scope
from domain.cards.refusals import CheckUnavailable, RateLimited

ERRORS: Mapping[str, int] = {"invalid_request": 400, "invalid_client": 401, "unsupported_grant_type": 400, "invalid_scope": 400}
_TEXT = {"type": "string"}
_FORM: Mapping[str, object] = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_id": _TEXT,
        "client_secret": _TEXT | {"format": "password"},
        "client_assertion_type": {"type": "string", "enum": [ASSERTION_TYPE]},
        "client_assertion": _TEXT,
        "scope": _TEXT | {"description": f"Only for Stø's contract: {', '.join(Scope)}."},
    },
}
_TOKEN: Mapping[str, object] = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in"],
    "properties": {
        "access_token": _TEXT,
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": _TEXT,
    },
}
_ERROR: Mapping[str, object] = {
    "type": "object",
    "required": ["error", "error_description", "error_uri"],
    "properties": {"error": {"type": "string", "enum": list(ERRORS)}, "error_description": _TEXT, "error_uri": _TEXT | {"format": "uri"}},
}
_BY_SECRET = {"grant_type": "client_credentials", "client_id": "till-17", "client_secret": "skranke_secret_…"}
_BY_SIGNATURE = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": "eyJhbGciOiJFUzI1NiJ9.…"}


def _json(schema: Mapping[str, object], **example: object) -> dict[str, Any]:
    return {"application/json": {"schema": schema, "example": example}}


def _error(code: str) -> dict[str, Any]:
    told = {"error": code, "error_description": "…", "error_uri": f"https://skranke.example/problems/{code}"}
    return {"description": "No token (RFC 6749, section 5.2)", "content": _json(_ERROR, **told)}


TOKEN_DOCUMENT: dict[str, Any] = {
    "summary": "Get an access token",
    "response_description": "A token for as long as it says; keep it until then",
    "tags": ["Getting started"],
    "responses": {
        200: {"content": _json(_TOKEN, access_token="skranke_token_…", token_type="Bearer", expires_in=int(TOKEN_LIFE.total_seconds()))},  # noqa: S106 - an example
        400: _error("invalid_request"),
        401: _error("invalid_client"),
        413: _error("invalid_request"),
        415: _error("invalid_request"),
        **refusals(RateLimited, CheckUnavailable),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": _FORM,
                    "examples": {
                        "client_secret_post": {"value": _BY_SECRET},
                        "private_key_jwt": {"value": _BY_SIGNATURE},
                        "client_secret_basic": {
                            "summary": "With the credentials in the header",
                            "value": {"grant_type": "client_credentials"},
                        },
                    },
                }
            },
        },
        "security": [{}, {"client_secret_basic": []}],
    },
}
