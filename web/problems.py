"""Whatever goes wrong is answered with a page that says so, and never with a stack trace or with what was sent."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.access import FormExpired, GoOnThere, LoginNeeded, SessionEnded
from web.guards import dress, safe_headers
from web.pages import SEE_OTHER, error_page, plain_error_page, wants_fragment
from web.portal import Door, Portal, portal_of
from web.visitor import local_path
from workflows.front_desk.desk import NobodyKnows

KINDS = {
    400: "bad_request",
    401: "session_ended",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "bad_request",
    429: "too_many",
    503: "unavailable",
}
ENTRANCES = {Door.CUSTOMERS: "/", Door.STAFF: "/staff/login"}
A_MOMENT = {"Retry-After": "10"}
INNERMOST_FRAMES = 12

_log = logging.getLogger(__name__)


async def _status(request: Request, error: HTTPException) -> Response:
    return await error_page(request, KINDS.get(error.status_code, "server"), error.status_code, headers=dict(error.headers or {}))


async def _unreadable(request: Request, error: RequestValidationError) -> Response:
    in_path = any(problem["loc"][0] == "path" for problem in error.errors())
    return await error_page(request, "not_found", 404) if in_path else await error_page(request, "bad_request", 400)


async def _login_needed(request: Request, error: LoginNeeded) -> Response:
    if not wants_fragment(request):
        return RedirectResponse(_way_in(error.door, error.return_to), SEE_OTHER)
    # A piece of a page cannot hold a login, so the whole page is sent there.
    _, _, on_screen = request.headers.get("hx-current-url", "").partition(request.headers.get("host", "//"))
    return Response(status_code=401, headers={"HX-Redirect": _way_in(error.door, on_screen)})


def _way_in(door: Door, return_to: str) -> str:
    entrance, back = ENTRANCES[door], local_path(return_to)
    return f"{entrance}?{urlencode({'return_to': back})}" if back not in {"", "/"} else entrance


async def _session_ended(request: Request, error: SessionEnded) -> Response:
    return await error_page(request, "session_ended", 401, kept=error.kept, return_to=error.return_to)


async def _form_expired(request: Request, error: FormExpired) -> Response:
    return await error_page(request, "form_expired", 403, return_to=error.return_to)


async def _go_on_there(request: Request, error: GoOnThere) -> Response:
    if wants_fragment(request):
        return Response(status_code=403, headers={"HX-Redirect": error.place})
    return RedirectResponse(error.place, SEE_OTHER)


async def _no_database(request: Request, error: Exception) -> Response:
    _log.error("the database does not answer: %s", type(error).__name__)
    response = plain_error_page(request, "unavailable", 503)
    response.headers.update(A_MOMENT)
    return response


async def _nobody_knows(request: Request, _: NobodyKnows) -> Response:
    return await error_page(request, "unavailable", 503, headers=A_MOMENT)


async def _bug(request: Request, error: Exception) -> Response:
    """Answer what nobody had foreseen. An error's own words may be personal, so only its kind and its place are logged."""
    reference = uuid4().hex[:12]
    place = "".join(traceback.format_tb(error.__traceback__)[-INNERMOST_FRAMES:])
    _log.error("unhandled %s, reference %s\n%s", type(error).__qualname__, reference, place)
    response = plain_error_page(request, "server", 500, reference=reference)
    # This answer does not pass the guards.
    portal = portal_of(request)
    dress(response.headers, safe_headers(request.state.nonce, https=portal.is_https, forms_to=forms_to(portal)))
    return response


async def refuse_foreign_form(request: Request) -> Response:
    """Answer a form that another site has sent."""
    return plain_error_page(request, "forbidden", 403)


def forms_to(portal: Portal) -> str:
    """The origins of the login providers, where a login's form leads in the end."""
    issuers = map(urlsplit, (portal.eid.issuer, portal.staff_login.issuer))
    return " ".join(dict.fromkeys(f"{issuer.scheme}://{issuer.netloc}" for issuer in issuers))


# Each answers its own kind of exception, which a dictionary cannot say.
HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: _status,
    RequestValidationError: _unreadable,
    LoginNeeded: _login_needed,
    SessionEnded: _session_ended,
    FormExpired: _form_expired,
    GoOnThere: _go_on_there,
    OperationalError: _no_database,
    InterfaceError: _no_database,
    NoConnectionFree: _no_database,
    NobodyKnows: _nobody_knows,
    Exception: _bug,
}
