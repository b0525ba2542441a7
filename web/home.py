"""The front page, what we say of ourselves, and what somebody decides about themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from domain.languages import Language
from web.access import LoggedIn, Public
from web.pages import page, see_other
from web.visitor import give_cookie, local_path, new_cookie_value, remember_language

router = APIRouter()


@router.get("/")
async def front_page(visitor: Public, return_to: str = "") -> Response:
    """What this is, and the way in."""
    return page(visitor, "home.html", return_to=local_path(return_to))


@router.get("/privacy")
async def privacy(visitor: Public) -> Response:
    """What we keep of people, why, and for how long."""
    return page(visitor, "privacy.html")


@router.get("/accessibility")
async def accessibility(visitor: Public) -> Response:
    """How well these pages can be used by everybody."""
    return page(visitor, "accessibility.html")


@router.post("/language")
async def choose_language(visitor: Public, language: Annotated[str, Form()] = "", return_to: Annotated[str, Form()] = "/") -> Response:
    """Speak another language from now on."""
    if language not in set(Language):
        raise HTTPException(400)
    chosen, back = Language(language), local_path(return_to) or "/"
    if visitor.session:
        await visitor.portal.accounts.set_language(visitor.session.account.user, chosen)
    response = see_other(visitor, "/account?saved=1" if back == "/account" else back)
    remember_language(response, visitor.portal, chosen)
    return response


@router.get("/account")
async def account(customer: LoggedIn, saved: str = "") -> Response:
    """What we know of somebody, for them to see."""
    me, accounts = customer.account, customer.portal.accounts
    return page(
        customer,
        "account.html",
        name=me.name.full,
        eid=(await accounts.eid(me.user)).value,
        email=me.email,
        email_confirmed=me.email_confirmed,
        email_undeliverable=me.email_undeliverable,
        companies=await accounts.companies(me.user),
        saved=bool(saved),
    )


@router.post("/logout")
async def log_out(visitor: Public) -> Response:
    """End the session. The browser goes on under a new cookie."""
    await visitor.portal.sessions.end(visitor.browser, visitor.portal.wall_clock.now())
    response = see_other(visitor, "/")
    give_cookie(response, visitor.portal, new_cookie_value())
    return response
