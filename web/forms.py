"""Forms: telling our own from foreign ones, and keeping what was typed when one cannot be taken."""

from __future__ import annotations

import hmac
import json
from typing import Annotated
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import Match

from web.visitor import Caller, Customer, Visitor, local_path, path_of, visitor_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Secrets, and what belongs to one sending of one form.
NEVER_KEPT = frozenset({"code", "token", "csrf_token", "click_id"})
MOST_KEPT_BYTES = 16 * 1024


async def is_our_form(visitor: Caller) -> bool:
    """Tell whether a form was filled in on a page that we showed this browser under its present cookie."""
    token = (await visitor.request.form()).get("csrf_token")
    return isinstance(token, str) and hmac.compare_digest(token.encode(), visitor.csrf_token.encode())


async def keep_typed(visitor: Visitor) -> bool:
    """Keep what was typed for when its page is opened again, by now or after the login; False when there was nothing to keep."""
    typed = _keepable(await visitor.request.form())
    if not typed:
        return False
    page = page_of(visitor.request)
    if visitor.session:
        await visitor.portal.sessions.keep(visitor.session.id_hash, page, typed)
    else:
        await visitor.portal.sessions.keep_until_login(visitor.browser, page, typed, visitor.portal.wall_clock.now())
    return True


async def kept_fields(request: Request, path: str) -> dict[str, str]:
    """Give back what somebody typed on the page at this path before they were logged out. Usually nothing.

    It is forgotten when the form is next sent, so that opening the page twice loses nothing.
    """
    visitor = await visitor_of(request)
    page = quote(path, safe="/%:@!$&'()*+,;=~")
    if not isinstance(visitor, Customer) or page not in visitor.session.kept:
        return {}
    return dict(visitor.session.kept[page])


async def forget_kept(customer: Customer) -> None:
    """Forget what was kept for a form that is now being taken."""
    page = page_of(customer.request)
    if page in customer.session.kept:
        await customer.portal.sessions.forget_kept(customer.session.id_hash, page)


async def click_of(request: Request) -> UUID:
    """The id of this sending of a form, by which a second sending of the same is known. One that is missing or cut is made anew."""
    try:
        click = UUID(str((await request.form()).get("click_id")))
    except ValueError:
        click = uuid4()
    request.state.click = click
    return click


Click = Annotated[UUID, Depends(click_of)]


def page_of(request: Request) -> str:
    """The path of the page that a form stands on: its own, or else the nearest one above that can be opened."""
    path = path_of(request)
    while path.count("/") > 1 and not can_be_opened(request, path):
        path = path.rpartition("/")[0]
    return path if local_path(path) and can_be_opened(request, path) else "/"


def can_be_opened(request: Request, path: str) -> bool:
    """Tell whether there is a page at this path, for somebody at least."""
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def _keepable(form: FormData) -> dict[str, str]:
    """What of a form may be kept: text that is no secret, and not too much of it. PostgreSQL cannot hold the character NUL."""
    typed = {
        name.replace("\0", ""): value.replace("\0", "")
        for name, value in form.multi_items()
        if name not in NEVER_KEPT and isinstance(value, str)
    }
    return typed if len(json.dumps(typed)) <= MOST_KEPT_BYTES else {}
