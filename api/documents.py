"""The API's own documentation, as OpenAPI: what routes are given so that it is complete, and the document itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import PROBLEM_JSON
from domain.cards.refusals import CheckRefusal
from domain.languages import Language
from domain.requests import (
    BodyTooLarge,
    BodyUnreadable,
    ContentTypeUnsupported,
    FieldInvalid,
    InternalError,
    MethodNotAllowed,
    RequestRefusal,
)
from gateways.catalogues import translate

VERSION = "1.0"
ABOUT = """\
For tills, scanners and the apps of card holders.

Every request is answered with `Cache-Control: no-store`. Whatever goes wrong comes as `application/problem+json` (RFC 9457): go by
its `code`, show `till_text` to whoever stands at the till, and never take anything but a check with status 200 for a check.
Besides what stands at each operation, any may answer `internal_error` (500), and an address `method_not_allowed` (405).
`traceparent` (W3C Trace Context) is taken and answered: keep it, and tell us when you ask for help.
"""
NO_OTHER_WORDS: Mapping[type[CheckRefusal | RequestRefusal], str] = {}
# What fills the words of the examples.
FACTS = {
    "field": "#/terminal/id",
    "problem": "Field required",
    "most": "16384",
    "wanted": "application/json",
    "offered": "application/json, image/png, image/svg+xml",
    "reference": "4f0d5b1c9a7e",
    "flaw": "the signature",
}
# What no operation promises: a fault of ours, and a method that an address does not have.
OF_NO_OPERATION = (MethodNotAllowed, InternalError)
UNREADABLE = (BodyUnreadable, BodyTooLarge, ContentTypeUnsupported, FieldInvalid)

PROBLEM: Mapping[str, object] = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "A page that explains the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "What programs go by; it never changes."},
        "detail": {"type": "string", "description": "For developers, in English."},
        "till_text": {
            "type": "object",
            "description": "For whoever stands at the till, by language.",
            "properties": {language.value: {"type": "string"} for language in Language},
        },
        "errors": {
            "type": "array",
            "description": "Every field that is wrong.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"pointer": {"type": "string"}, "parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def refusals(
    *kinds: type[CheckRefusal | RequestRefusal], words: Mapping[type[CheckRefusal | RequestRefusal], str] = NO_OTHER_WORDS
) -> dict[int | str, dict[str, Any]]:
    """What a route may be refused for, as its `responses`: by status, with an example of each code.

    `words` are details that the route words in its own way.
    """
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        content = responses.setdefault(kind.status, {"description": kind.title, "content": {PROBLEM_JSON: _content()}})
        content["content"][PROBLEM_JSON]["examples"][kind.wire_code] = {"summary": kind.title, "value": _example(kind, words.get(kind))}
        if kind.title not in content["description"]:
            content["description"] += f"; {kind.title[0].lower()}{kind.title[1:]}"
    return responses


def like(example: object, *, optional: Collection[str] = ()) -> dict[str, Any]:
    """The form of an answer, read off an example of it. Names that are `optional` need not be there."""
    match example:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case list():
            return {"type": "array", "items": like(example[0], optional=optional)} if example else {"type": "array"}
        case dict():
            properties = {name: like(value, optional=optional) for name, value in example.items()}
            return {"type": "object", "required": [name for name in example if name not in optional], "properties": properties}
        case _:
            return {"type": "string"}


def answered(example: object, *, optional: Collection[str] = ()) -> dict[str, Any]:
    """What a route answers, as one of its `responses`: an example in JSON and the form that it shows."""
    return {"content": {"application/json": {"schema": like(example, optional=optional), "example": example}}}


def asked(example: object) -> dict[str, Any]:
    """An example of what a route is sent, as its `openapi_extra`."""
    return {"requestBody": {"content": {"application/json": {"example": example}}}}


def _content() -> dict[str, Any]:
    return {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}


def _example(kind: type[CheckRefusal | RequestRefusal], words: str | None) -> Mapping[str, object]:
    detail = words or translate(Language.EN, kind.words, **FACTS)
    told: dict[str, object] = {"title": kind.title, "status": kind.status, "code": kind.wire_code, "detail": detail}
    if issubclass(kind, CheckRefusal):
        told["till_text"] = {language.value: translate(language, kind.till_words) for language in Language}
    return {"type": f"https://skranke.example/problems/{kind.wire_code}", **told}


def document(app: FastAPI, public_url: str) -> dict[str, Any]:
    """Write the API's document: its routes, the form of every refusal, and nothing that FastAPI would refuse and we do not."""
    written = get_openapi(
        title="Skranke",
        version=VERSION,
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": public_url}],
        separate_input_output_schemas=False,
    )
    schemas = written.setdefault("components", {}).setdefault("schemas", {})
    for theirs in ("HTTPValidationError", "ValidationError"):
        schemas.pop(theirs, None)
    schemas["Problem"] = PROBLEM
    written["components"]["responses"] = {kind.wire_code: refusals(kind)[kind.status] for kind in OF_NO_OPERATION}
    written["components"].setdefault("securitySchemes", {})["client_secret_basic"] = {"type": "http", "scheme": "basic"}
    for path in written["paths"].values():
        for operation in path.values():
            _without_theirs(operation["responses"])
    return written


def _without_theirs(responses: dict[str, Any]) -> None:
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
