"""What stands before every page: headers that keep a browser safe, and no entry for foreign forms or floods."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.forms import SAFE_METHODS

TOO_LARGE = 413
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
POLICY = "Content-Security-Policy"

_HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self' {forms_to}; frame-ancestors 'none'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types htmx"
)


class SafeHeaders:
    """Puts the headers on every answer, with a new nonce in each, and makes HEAD an answer like GET's without its body."""

    def __init__(self, app: ASGIApp, *, https: bool, forms_to: str) -> None:
        """Browsers follow a form's redirect only where forms may go, so `forms_to` names the login provider's origin."""
        self._app = app
        self._https = https
        self._forms_to = forms_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        headers = safe_headers(nonce, https=self._https, forms_to=self._forms_to)
        only_head = scope["method"] == "HEAD"

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message), headers, keep=_how_long(scope, message["status"]))
            elif message["type"] == "http.response.body" and only_head:
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if only_head else scope, receive, dressed)


def safe_headers(nonce: str, *, https: bool, forms_to: str) -> Mapping[str, str]:
    """The headers for an answer whose scripts carry this nonce."""
    policy = _POLICY.format(nonce=nonce, forms_to=forms_to)
    return _HEADERS | (_HTTPS_HEADERS if https else {}) | {POLICY: policy}


def dress(headers: MutableHeaders, safe: Mapping[str, str], *, keep: str = "no-store") -> None:
    """Put the headers on an answer, and how long it may be kept unless it says so itself. A page is personal and kept nowhere.

    A policy that the answer has brought along stands.
    """
    brought = headers.get(POLICY)
    headers.update(safe)
    if brought:
        headers[POLICY] = brought
    headers.setdefault("Cache-Control", keep)


def _how_long(scope: Scope, status: int) -> str:
    if not scope["path"].startswith("/static/") or status not in {200, 206, 304}:
        return "no-store"
    # The address of a file names its content, where a page has written it.
    return FOR_EVER if scope["query_string"].startswith(b"v=") else FOR_A_DAY


class OwnFormsOnly:
    """Refuses forms that another site has sent: by Sec-Fetch-Site where the browser tells it, else by Origin.

    What tells neither is no browser, and has no cookie that could be abused. The token in the form is a second lock.
    """

    def __init__(
        self, app: ASGIApp, *, own_host: str, refuse: Callable[[Request], Awaitable[Response]], friends: Mapping[str, str] | None = None
    ) -> None:
        """`own_host` is the host that people type, `refuse` makes the answer to a foreign form.

        `friends` names other origins, each by the beginning of the only paths that it may send to.
        """
        self._app = app
        self._own_host = own_host
        self._refuse = refuse
        self._friends = friends or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or refuse it."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and self._is_foreign(scope):
            refused = await self._refuse(Request(scope, receive))
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_foreign(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if any(scope["path"].startswith(place) and headers.get("origin") == friend for place, friend in self._friends.items()):
            return False
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site not in {"same-origin", "none"}
        return origin is not None and origin.partition("://")[2] not in {self._own_host, headers.get("host")}


class BodyLimit:
    """Reads no more of a request than anybody could have typed, or shown us where documents are taken."""

    def __init__(self, app: ASGIApp, *, most_bytes: int, larger: Mapping[re.Pattern[str], int] | None = None) -> None:
        """Beyond `most_bytes`, reading the body ends in a 413. `larger` allows more where the whole path is like this."""
        self._app = app
        self._most_bytes = most_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in and watch what is read of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = next((bytes_ for path, bytes_ in self._larger.items() if path.fullmatch(scope["path"])), self._most_bytes)
        declared = Headers(scope=scope).get("content-length", "")
        read = int(declared) if declared.isdecimal() and int(declared) > most else 0

        async def limited() -> Message:
            nonlocal read
            message = await receive() if read <= most else {"type": "http.request"}
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, limited, send)
