"""Answering with a page. Every handler answers through one of these."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.conversations import NotTakenDown
from domain.languages import Language
from web.portal import portal_of
from web.render import render
from web.visitor import Caller, StaffVisitor, Visitor, give_cookie, known_staff_visitor, language_of, path_and_query, visitor_of

SEE_OTHER = 303


def page(visitor: Visitor, template: str, *, status: int = 200, path: str | None = None, **context: object) -> HTMLResponse:
    """Answer with a whole page, its frame filled in. `path` is what the language switch comes back to, this page if not said."""
    account = visitor.session.account if visitor.session else None
    frame = {
        "csrf_token": visitor.csrf_token,
        "user_name": account.name.full if account else None,
        "my_place": visitor.my_place,
        "mail_comes_back": account is not None and account.email_undeliverable,
        "path": path or path_and_query(visitor.request),
    }
    response = _html(visitor.request, visitor.language, template, status, frame | context)
    _give_new_cookie(response, visitor)
    return response


def staff_page(colleague: StaffVisitor, template: str, *, status: int = 200, path: str | None = None, **context: object) -> HTMLResponse:
    """Answer with a whole page for those who work here. `path` is what the language switch comes back to, this page if not said."""
    frame = {
        "csrf_token": colleague.csrf_token,
        "staff": colleague.session.staff if colleague.session else None,
        "path": path or path_and_query(colleague.request),
    }
    response = _html(colleague.request, colleague.language, template, status, frame | context)
    _give_new_cookie(response, colleague)
    return response


def fragment(visitor: Caller, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """Answer with a piece of a page, which gets no more than it is given."""
    return HTMLResponse(render(template, visitor.language, nonce_of(visitor.request), **context), status)


def see_other(visitor: Caller, where: str) -> RedirectResponse:
    """Send a browser on to a page, by GET."""
    response = RedirectResponse(where, SEE_OTHER)
    _give_new_cookie(response, visitor)
    return response


def wants_fragment(request: Request) -> bool:
    """Whether a piece of the page will do, since the rest stands in the browser already."""
    return request.headers.get("hx-request") == "true"


def nonce_of(request: Request) -> str:
    """The nonce in this answer's Content-Security-Policy."""
    return str(request.state.nonce)


async def error_page(  # noqa: PLR0913 - an error page is told all of this
    request: Request,
    kind: str,
    status: int,
    *,
    kept: bool = False,
    return_to: str = "",
    reference: str | None = None,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Answer that a page cannot be shown. Whoever asks is recognised if that can be done."""
    context = {"kind": kind, "kept": kept, "return_to": return_to, "reference": reference}
    colleague = known_staff_visitor(request)
    try:
        if colleague:
            response = staff_page(colleague, "error.html", status=status, path=return_to or "/staff", at_staff_door=True, **context)
        else:
            customer = await visitor_of(request)
            response = page(customer, "error.html", status=status, path=return_to or "/", at_staff_door=False, **context)
    except (SQLAlchemyError, OSError):
        response = plain_error_page(request, kind, status, reference=reference)
    response.headers.update(headers or {})
    return response


def plain_error_page(request: Request, kind: str, status: int, *, reference: str | None = None) -> HTMLResponse:
    """Answer that a page cannot be shown, without asking anybody who it is that wanted it."""
    frame = {"csrf_token": "", "user_name": None, "my_place": None, "mail_comes_back": False, "path": "/"}
    context = {"kind": kind, "kept": False, "return_to": "", "reference": reference, "at_staff_door": False}
    return _html(request, language_of(request), "error.html", status, frame | context)


def _html(request: Request, language: Language, template: str, status: int, context: dict[str, object]) -> HTMLResponse:
    portal = portal_of(request)
    support = {"support_phone": portal.support_phone, "support_email": portal.support_email}
    click = _click(request, context.get("problem"))
    html = render(template, language, nonce_of(request), **support, click_id=click, status=status, **context)
    return HTMLResponse(html, status, {"Content-Language": language.value})


def _click(request: Request, problem: object) -> str:
    """The id of the next click. Whatever was not taken down is sent once more as the same click, in case it was after all."""
    return str(request.state.click if isinstance(problem, NotTakenDown) else uuid4())


def _give_new_cookie(response: Response, visitor: Caller) -> None:
    if visitor.cookie_is_new:
        give_cookie(response, visitor.portal, visitor.cookie, visitor.door)
