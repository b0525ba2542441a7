"""Whatever goes wrong is answered with problem+json (RFC 9457) and a stable code, and never with what was sent."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.counter import counter_of
from domain.languages import Language
from domain.refusals import Refusal
from domain.requests import FieldInvalid, InternalError, MethodNotAllowed, NothingHere, ParameterUnreadable, RequestRefusal
from gateways.catalogues import translate

PROBLEM_JSON = "application/problem+json"
NOT_STORED = {"Cache-Control": "no-store"}
INNERMOST_FRAMES = 12

_log = logging.getLogger(__name__)


def problem(public_url: str, refusal: Refusal, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer with a refusal: its code, what is wrong, what to do, and, if it is a check's, what the till shows its user."""
    body = {
        "type": f"{public_url}/problems/{refusal.code}",
        "title": refusal.code.replace("_", " ").capitalize(),
        "status": _status_of(refusal),
        "code": refusal.code,
        "detail": translate(Language.EN, refusal.words, **refusal.facts),
        **_told_at_the_till(refusal),
    }
    return JSONResponse(body, _status_of(refusal), {**NOT_STORED, **(headers or {})}, PROBLEM_JSON)


def _status_of(refusal: Refusal) -> int:
    status = getattr(refusal, "status", 400)
    return status if isinstance(status, int) else 400


def _told_at_the_till(refusal: Refusal) -> Mapping[str, object]:
    said = getattr(refusal, "till_words", None)
    return {"till_text": {language.value: translate(language, said) for language in Language}} if said else {}


async def _refused(request: Request, refusal: Refusal) -> Response:
    return problem(counter_of(request).public_url, refusal)


async def _status(request: Request, error: HTTPException) -> Response:
    refusal: RequestRefusal = MethodNotAllowed(method=request.method) if error.status_code == 405 else NothingHere()  # noqa: PLR2004 - HTTP's number
    return problem(counter_of(request).public_url, refusal, headers=error.headers)


async def _unreadable(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    place, *path = first["loc"]
    kind = FieldInvalid if place == "body" else ParameterUnreadable
    return problem(counter_of(request).public_url, kind(field=".".join(map(str, path)) or str(place), problem=first["type"]))


async def _no_database(request: Request, error: Exception) -> Response:
    _log.error("the database does not answer: %s", type(error).__name__)
    return problem(counter_of(request).public_url, InternalError(reference="-"))


async def _bug(request: Request, error: Exception) -> Response:
    """Answer what nobody had foreseen. An error's own words may be personal, so only its kind and its place are logged."""
    reference = uuid4().hex[:12]
    place = "".join(traceback.format_tb(error.__traceback__)[-INNERMOST_FRAMES:])
    _log.error("unhandled %s, reference %s\n%s", type(error).__qualname__, reference, place)
    return problem(counter_of(request).public_url, InternalError(reference=reference))


# Each answers its own kind of exception, which a dictionary cannot say.
HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Refusal: _refused,
    HTTPException: _status,
    RequestValidationError: _unreadable,
    DatabaseError: _no_database,
    PoolTimeout: _no_database,
    Exception: _bug,
}
