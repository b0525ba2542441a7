"""Who is at the door: a browser, its cookie, and perhaps somebody who has logged in."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from database.accounts import Account
from database.sessions import LiveSession
from database.staff import LiveStaffSession
from domain.languages import Language, choose
from domain.staff import StaffMember
from domain.terms import must_accept
from web.portal import Door, Portal, portal_of

LANGUAGE_COOKIE = "language"
A_YEAR = 365 * 24 * 3600
LONGEST_PATH = 2000
# Under either door: nothing to see, or only once.
NO_PAGES = frozenset({"login", "callback", "logout", "language"})
# 256 bits in base64url. Anything else was cut off on its way, or is somebody trying things.
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Caller:
    """A browser that asks for a page. `cookie` is the value by which its door knows it, made up now when it came without one."""

    door: ClassVar[Door]

    request: Request
    portal: Portal
    cookie: str
    cookie_is_new: bool
    language: Language

    @property
    def browser(self) -> str:
        """The browser's name in the database."""
        return hashed(self.cookie)

    @property
    def csrf_token(self) -> str:
        """What every form of this browser has to carry; it changes with the cookie."""
        return hmac.digest(self.portal.secret_key, f"csrf|{self.door}|{self.cookie}".encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Visitor(Caller):
    """A browser at the customers' door, where perhaps somebody has logged in."""

    door: ClassVar[Door] = Door.CUSTOMERS

    session: LiveSession | None

    @property
    def my_place(self) -> str | None:
        """Where the one logged in goes on."""
        return my_place(self.session.account) if self.session else None


@dataclass(frozen=True, slots=True)
class Customer(Visitor):
    """A visitor who has logged in."""

    session: LiveSession

    @property
    def account(self) -> Account:
        """Whose session it is."""
        return self.session.account


@dataclass(frozen=True, slots=True)
class StaffVisitor(Caller):
    """A browser at the staff's door, where perhaps somebody who works here has logged in. It may be a customer's as well."""

    door: ClassVar[Door] = Door.STAFF

    session: LiveStaffSession | None


@dataclass(frozen=True, slots=True)
class Colleague(StaffVisitor):
    """Somebody who works here and has logged in."""

    session: LiveStaffSession

    @property
    def staff(self) -> StaffMember:
        """Who it is, and in which roles."""
        return self.session.staff


def my_place(account: Account) -> str:
    """Where somebody goes on: the first step they have still to take, then their signup, their company, or the one they ask."""
    if must_accept(account.terms_version):
        return "/terms"
    if account.email is None:
        return "/email"
    if not account.email_confirmed:
        return "/email/code"
    if account.open_signup is not None:
        return f"/signup/{account.open_signup}"
    if account.profile is not None:
        return f"/company/{account.profile}"
    return "/workplace" if account.asked is None else f"/join/{account.asked}"


async def visitor_of(request: Request) -> Visitor:
    """Find out who asks; once per request, however often it is wanted."""
    known = getattr(request.state, "visitor", None)
    if isinstance(known, Visitor):
        return known
    portal, brought = portal_of(request), _brought(request, Door.CUSTOMERS)
    session = await portal.sessions.find(hashed(brought), portal.wall_clock.now()) if brought else None
    language = session.account.language if session else language_of(request)
    cookie = brought or new_cookie_value()
    visitor: Visitor
    if session:
        visitor = Customer(request, portal, cookie, not brought, language, session)
    else:
        visitor = Visitor(request, portal, cookie, not brought, language, None)
    request.state.visitor = visitor
    return visitor


async def staff_visitor_of(request: Request) -> StaffVisitor:
    """Find out who asks at the staff's door; once per request, however often it is wanted."""
    known = known_staff_visitor(request)
    if known:
        return known
    portal, brought = portal_of(request), _brought(request, Door.STAFF)
    session = await portal.staff_sessions.find(hashed(brought), portal.wall_clock.now()) if brought else None
    cookie, language = brought or new_cookie_value(), language_of(request)
    visitor: StaffVisitor
    if session:
        visitor = Colleague(request, portal, cookie, not brought, language, session)
    else:
        visitor = StaffVisitor(request, portal, cookie, not brought, language, None)
    request.state.staff_visitor = visitor
    return visitor


def known_staff_visitor(request: Request) -> StaffVisitor | None:
    """Whoever has already been asked at the staff's door in this request; None where the page is a customer's."""
    known = getattr(request.state, "staff_visitor", None)
    return known if isinstance(known, StaffVisitor) else None


def _brought(request: Request, door: Door) -> str:
    """The value of the cookie that a browser brought for this door; "" for none, or for one that cannot be ours."""
    value = request.cookies.get(portal_of(request).cookie_of(door), "")
    return value if _COOKIE_VALUE.fullmatch(value) else ""


def language_of(request: Request) -> Language:
    """The language that a browser asks for: the one chosen here earlier, else its own wish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return choose(chosen if chosen in set(Language) else None, request.headers.get("accept-language"))


def new_cookie_value() -> str:
    """Make a session cookie's value: 256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is stored in place of a secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def give_cookie(response: Response, portal: Portal, value: str, door: Door = Door.CUSTOMERS) -> None:
    """Give a browser the cookie by which a door knows it; it goes when the browser is closed."""
    response.set_cookie(portal.cookie_of(door), value, path="/", secure=portal.is_https, httponly=True, samesite="lax")


def remember_language(response: Response, portal: Portal, language: Language) -> None:
    """Let a browser remember the language for a year."""
    response.set_cookie(LANGUAGE_COOKIE, language.value, max_age=A_YEAR, path="/", secure=portal.is_https, httponly=True, samesite="lax")


def path_of(request: Request) -> str:
    """The path of a request as it stands in a link."""
    return quote(request.scope["path"], safe="/:@!$&'()*+,;=~")


def path_and_query(request: Request) -> str:
    """The path and query of a request as they stand in a link."""
    return path_of(request) + (f"?{request.url.query}" if request.url.query else "")


def local_path(target: str) -> str:
    """A page of ours to go on to, or "" for anything that leads elsewhere or back into a login or out of it."""
    if not target.startswith("/") or target.startswith("//") or _CONTROL.search(target) or len(target) > LONGEST_PATH:
        return ""
    steps = urlsplit(target).path.split("/")[1:]
    first = steps[1] if steps[0] == "staff" and len(steps) > 1 else steps[0]
    return "" if first in NO_PAGES else target
