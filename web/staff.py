"""The staff's own door: in by the company's provider, out again, and what there is to do in between."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from database.sessions import AttemptProblem, AttemptUnusable
from database.staff import LoggedOutMeanwhile
from domain.languages import Language
from domain.staff import StaffIdentity
from gateways.id_token import NotBelieved
from gateways.openid import ProviderUnavailable
from gateways.openid_client import LoginFailed, Reason, Return
from web.access import AnyStaff, AtStaffDoor, Machine
from web.attempts import STATUSES, set_out, take_up
from web.duties import duties_of
from web.pages import see_other, staff_page
from web.portal import Door, portal_of
from web.visitor import Colleague, StaffVisitor, give_cookie, hashed, local_path, new_cookie_value, remember_language

router = APIRouter()

NO_ROLE = "no_role"
FORBIDDEN = 403

_log = logging.getLogger(__name__)


@router.get("/staff")
async def desk(colleague: AnyStaff) -> Response:
    """What somebody can do here, by role."""
    return staff_page(colleague, "staff.html", duties=duties_of(colleague))


@router.get("/staff/login")
async def way_in(visitor: AtStaffDoor, return_to: str = "", persona: str = "", logged_out: str = "") -> Response:
    """The button that leads to the provider. Where there is a demo, a link leads there as one of its personas."""
    if persona:
        if visitor.portal.demo_tour is None:
            raise HTTPException(404)
        return await _send_to_provider(visitor, "", hint=f"persona:{persona}")
    if isinstance(visitor, Colleague):
        return see_other(visitor, local_path(return_to) or "/staff")
    return staff_page(visitor, "staff_login.html", return_to=local_path(return_to), logged_out=bool(logged_out))


@router.post("/staff/login")
async def depart(visitor: AtStaffDoor, return_to: Annotated[str, Form()] = "") -> Response:
    """Send somebody to the provider."""
    return await _send_to_provider(visitor, local_path(return_to))


@router.get("/staff/callback")
async def arrive(visitor: AtStaffDoor, state: str = "", code: str = "", error: str | None = None, iss: str | None = None) -> Response:
    """Let in whoever comes back from the provider with a role, under a new cookie."""
    return_to = ""
    try:
        attempt = await take_up(visitor, state)
        return_to = attempt.return_to
        came = Return(code, error, iss)
        identity = await visitor.portal.staff_login.arrive(came, nonce=attempt.nonce, code_verifier=attempt.code_verifier)
        return await _log_in(visitor, identity, return_to)
    except LoginFailed as failed:
        return _not_logged_in(visitor, failed.reason, failed, return_to)
    except AttemptUnusable as unusable:
        return _not_logged_in(visitor, unusable.reason, unusable, unusable.return_to)
    except LoggedOutMeanwhile as ended:
        return _not_logged_in(visitor, Reason.EXPIRED, ended, return_to)


@router.post("/staff/logout")
async def log_out(visitor: AtStaffDoor) -> Response:
    """End the session. The browser goes on under a new cookie."""
    await visitor.portal.staff_sessions.end(visitor.browser, visitor.portal.wall_clock.now())
    response = see_other(visitor, "/staff/login?logged_out=1")
    give_cookie(response, visitor.portal, new_cookie_value(), Door.STAFF)
    return response


@router.post("/staff/language")
async def choose_language(visitor: AtStaffDoor, language: Annotated[str, Form()] = "", return_to: Annotated[str, Form()] = "") -> Response:
    """Speak another language from now on."""
    if language not in set(Language):
        raise HTTPException(400)
    response = see_other(visitor, local_path(return_to) or "/staff/login")
    remember_language(response, visitor.portal, Language(language))
    return response


@router.post("/staff/backchannel-logout", dependencies=[Machine])
async def hear_of_logout(request: Request, logout_token: Annotated[str, Form()] = "") -> Response:
    """Hear from the provider itself that a session is over (OpenID Connect Back-Channel Logout 1.0, section 2.5)."""
    portal = portal_of(request)
    try:
        logout = await portal.staff_login.read_logout(logout_token)
    except NotBelieved as error:
        _log.warning("a logout was not believed: %s", error)
        return Response(status_code=400)
    except ProviderUnavailable as error:
        _log.warning("a logout could not be checked: %s", error)
        return Response(status_code=503)
    first_time = await portal.staff_sessions.end_at_the_providers_word(logout, portal.wall_clock.now())
    return Response(status_code=200 if first_time else 400)


async def _send_to_provider(visitor: StaffVisitor, return_to: str, hint: str | None = None) -> Response:
    try:
        departure = await visitor.portal.staff_login.depart(visitor.language, hint=hint)
    except LoginFailed as failed:
        return _not_logged_in(visitor, failed.reason, failed, return_to)
    return await set_out(visitor, departure, Door.STAFF, return_to)


async def _log_in(visitor: StaffVisitor, identity: StaffIdentity, return_to: str) -> Response:
    portal, now, cookie = visitor.portal, visitor.portal.wall_clock.now(), new_cookie_value()
    if not identity.roles:
        # Whoever has lost every role is out everywhere, even where the provider has not said so.
        await portal.staff_sessions.end_all(identity.issuer, identity.subject, now)
        return staff_page(visitor, "staff_login_failed.html", status=FORBIDDEN, path="/staff/login", reason=NO_ROLE, return_to="")
    await portal.staff_sessions.begin(hashed(cookie), identity, now, instead_of=visitor.browser)
    response = see_other(visitor, return_to or "/staff")
    give_cookie(response, portal, cookie, Door.STAFF)
    return response


def _not_logged_in(visitor: StaffVisitor, reason: Reason | AttemptProblem, why: Exception, return_to: str) -> Response:
    _log.warning("nobody of the staff logged in: %s", why)
    status = STATUSES.get(reason, 400)
    # The address in the browser is used up, so the language switch leads to the way in.
    return staff_page(visitor, "staff_login_failed.html", status=status, path="/staff/login", reason=reason.value, return_to=return_to)
