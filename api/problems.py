"""Whatever goes wrong is answered with problem+json (RFC 9457) and a stable code, and never with what was sent."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from psycopg import Error as DatabaseError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from api.counter import counter_of
from api.fields import wrong_fields
from domain.cards.refusals import CheckRefusal, CheckUnavailable, InsufficientScope, RateLimited, Unauthorized
from domain.languages import Language
from domain.refusals import Refusal
from domain.requests import BodyUnreadable, FieldInvalid, InternalError, MethodNotAllowed, NothingHere, ParameterInvalid, RequestRefusal
from gateways.catalogues import translate

PROBLEM_JSON = "application/problem+json"
NOT_STORED = {"Cache-Control": "no-store"}
# Seconds until it is worth trying again, where nothing better is known.
A_MOMENT = "5"
CHALLENGE = 'Bearer realm="Skranke", error="invalid_token"'
TOO_NARROW = 'Bearer realm="Skranke", error="insufficient_scope"'
METHOD_NOT_ALLOWED = 405
INNERMOST_FRAMES = 12

_log = logging.getLogger(__name__)

Told = CheckRefusal | RequestRefusal


def problem(public_url: str, refusal: Told, headers: Mapping[str, str] | None = None, **more: object) -> JSONResponse:
    """Answer with a refusal: its code, what is wrong, what to do, its facts and, if it is a check's, what the till shows its user.

    `more` are further members of the object. What a caller needs to try again or to log in stands in the headers.
    """
    body = {
        "type": f"{public_url}/problems/{refusal.wire_code}",
        "title": refusal.title,
        "status": refusal.status,
        "code": refusal.wire_code,
        "detail": translate(Language.EN, refusal.words, **refusal.facts),
        **more,
    }
    if isinstance(refusal, CheckRefusal):
        till_text = {language.value: translate(language, refusal.till_words) for language in Language}
        body = {**refusal.facts, **body, "till_text": till_text}
    return JSONResponse(body, refusal.status, {**NOT_STORED, **_usual(refusal), **(headers or {})}, PROBLEM_JSON)


def _usual(refusal: Told) -> Mapping[str, str]:
    if isinstance(refusal, Unauthorized):
        return {"WWW-Authenticate": CHALLENGE}
    if isinstance(refusal, InsufficientScope):
        return {"WWW-Authenticate": TOO_NARROW}
    return {"Retry-After": A_MOMENT} if isinstance(refusal, RateLimited | CheckUnavailable) else {}


async def _refused(request: Request, refusal: Told) -> Response:
    return problem(counter_of(request).public_url, refusal)


async def _unforeseen(request: Request, refusal: Refusal) -> Response:
    """Answer a refusal that is no business of a caller's, which is a fault of ours."""
    return await _bug(request, refusal)


async def _status(request: Request, error: HTTPException) -> Response:
    refusal = MethodNotAllowed() if error.status_code == METHOD_NOT_ALLOWED else NothingHere()
    return problem(counter_of(request).public_url, refusal, error.headers)


async def _unreadable(request: Request, error: RequestValidationError) -> Response:
    wrong = wrong_fields(error.errors())
    kind = FieldInvalid if wrong[0].in_body else ParameterInvalid
    said = [{("pointer" if field.in_body else "parameter"): field.place, "detail": field.problem} for field in wrong]
    return problem(counter_of(request).public_url, kind(field=wrong[0].place, problem=wrong[0].problem), errors=said)


async def _gone(request: Request, _: ClientDisconnect) -> Response:
    """Answer somebody who has hung up in the middle of a sentence, for the record."""
    return problem(counter_of(request).public_url, BodyUnreadable(problem="it ends too soon"))


async def _no_database(request: Request, error: Exception) -> Response:
    _log.error("the database does not answer: %s", type(error).__name__)
    return problem(counter_of(request).public_url, CheckUnavailable())


async def _bug(request: Request, error: Exception) -> Response:
    """Answer what nobody had foreseen. An error's own words may be personal, so only its kind and its place are logged."""
    reference = uuid4().hex[:12]
    place = "".join(traceback.format_tb(error.__traceback__)[-INNERMOST_FRAMES:])
    _log.error("unhandled %s, reference %s\n%s", type(error).__qualname__, reference, place)
    return problem(counter_of(request).public_url, InternalError(reference=reference), reference=reference)


# Each answers its own kind of exception, which a dictionary cannot say.
HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    CheckRefusal: _refused,
    RequestRefusal: _refused,
    Refusal: _unforeseen,
    HTTPException: _status,
    RequestValidationError: _unreadable,
    ClientDisconnect: _gone,
    DatabaseError: _no_database,
    Exception: _bug,
}
