"""Logging in: out to the eID, and back."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.sessions import AttemptProblem, AttemptUnusable
from domain.eid import EidIdentity, EidScheme
from gateways.openid_client import LoginFailed, Reason, Return
from web.access import Public
from web.attempts import STATUSES, set_out, take_up
from web.pages import page, see_other
from web.visitor import Visitor, give_cookie, hashed, local_path, my_place, new_cookie_value

router = APIRouter()

_log = logging.getLogger(__name__)


@router.post("/login/{eid}")
async def depart(eid: EidScheme, visitor: Public, return_to: Annotated[str, Form()] = "") -> Response:
    """Send somebody to their eID."""
    return await _send_to_eid(visitor, eid, local_path(return_to))


@router.get("/login/callback")
async def arrive(visitor: Public, state: str = "", code: str = "", error: str | None = None, iss: str | None = None) -> Response:
    """Let in whoever comes back from their eID, under a new cookie."""
    portal = visitor.portal
    return_to = ""
    try:
        attempt = await take_up(visitor, state)
        return_to = attempt.return_to
        came = Return(code, error, iss)
        person = await portal.eid.arrive(EidScheme(attempt.scheme), came, nonce=attempt.nonce, code_verifier=attempt.code_verifier)
    except LoginFailed as failed:
        return _not_logged_in(visitor, failed.reason, failed, return_to)
    except AttemptUnusable as unusable:
        return _not_logged_in(visitor, unusable.reason, unusable, unusable.return_to)
    return await _log_in(visitor, person, return_to)


@router.get("/login/{eid}")
async def depart_as_persona(eid: EidScheme, visitor: Public, persona: str = "") -> Response:
    """Send somebody to their eID as one of the demo's personas; only where there is a demo."""
    if visitor.portal.demo_tour is None or not persona:
        raise HTTPException(404)
    return await _send_to_eid(visitor, eid, "", hint=f"persona:{persona}")


async def _send_to_eid(visitor: Visitor, eid: EidScheme, return_to: str, hint: str | None = None) -> Response:
    try:
        departure = await visitor.portal.eid.depart(eid, visitor.language, hint=hint)
    except LoginFailed as failed:
        return _not_logged_in(visitor, failed.reason, failed, return_to)
    return await set_out(visitor, departure, eid, return_to)


async def _log_in(visitor: Visitor, person: EidIdentity, return_to: str) -> Response:
    portal = visitor.portal
    now = portal.wall_clock.now()
    user = await portal.accounts.find_or_create(person, visitor.language, portal.clock.now())
    cookie = new_cookie_value()
    await portal.sessions.begin(hashed(cookie), user, now, instead_of=visitor.browser)
    session = await portal.sessions.find(hashed(cookie), now)
    response = see_other(visitor, return_to or (my_place(session.account) if session else "/"))
    give_cookie(response, portal, cookie)
    portal.meters.login("ok")
    return response


def _not_logged_in(visitor: Visitor, reason: Reason | AttemptProblem, why: Exception, return_to: str) -> Response:
    _log.warning("nobody logged in: %s", why)
    visitor.portal.meters.login(reason.value)
    status = STATUSES.get(reason, 400)
    # The address in the browser is used up, so the language switch leads to the front page.
    return page(visitor, "login_failed.html", status=status, path="/", reason=reason.value, return_to=return_to)
