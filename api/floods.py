"""No flood gets as far as the database: what one server process counts in its memory, of those who have not proved who they are.

What a company may ask for by its agreement is counted elsewhere, exactly and for all processes together.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gates import REMEMBERED, Gate
from api.problems import problem
from domain.cards.refusals import RateLimited

# Of one address, in a minute: requests that name nobody, and credentials that were refused.
NAMELESS, REFUSED = 600, 60
A_MINUTE = timedelta(minutes=1)
UNAUTHORIZED, FAILED = 401, 400
# Who has an IPv6 address has 2**64 of them.
ONE_HOUSEHOLD = 64


class Floods:
    """Answers 429 to an address that sends too much without saying who it is, or too many wrong credentials.

    Credentials that were good a while ago get through all the same: a shop's tills share an address, and one of them may be
    set up wrongly.
    """

    def __init__(self, app: ASGIApp, *, public_url: str, proxies: int) -> None:
        """`proxies` stand before us, each of which adds the address that it was called from to X-Forwarded-For."""
        self._app = app
        self._public_url = public_url
        self._proxies = proxies
        self._nameless = Gate(NAMELESS, A_MINUTE)
        self._refused = Gate(REFUSED, A_MINUTE)
        self._good: OrderedDict[bytes, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        who = address_of(scope, headers, self._proxies)
        name = hashlib.sha256(headers.get("authorization", "").encode()).digest() if "authorization" in headers else b""
        wait = 0 if name in self._good else max(self._refused.wait(who), 0 if name else self._nameless.wait(who))
        if wait:
            await problem(self._public_url, RateLimited(), {"Retry-After": str(wait)})(scope, receive, send)
            return
        if not name:
            self._nameless.count(who)

        async def noticing(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._notice(who, name, message["status"])
            await send(message)

        await self._app(scope, receive, noticing)

    def _notice(self, who: bytes, name: bytes, status: int) -> None:
        if status == UNAUTHORIZED:
            self._refused.count(who)
            self._good.pop(name, None)
        elif name and status < FAILED:
            self._good[name] = None
            self._good.move_to_end(name)
            if len(self._good) > REMEMBERED:
                self._good.popitem(last=False)


def address_of(scope: Scope, headers: Headers, proxies: int) -> bytes:
    """From where a request comes: its peer's address, or what the outermost of so many proxies says of its own peer.

    Of IPv6 it is the network that one household has. Whatever cannot be read counts as one and the same.
    """
    told = [part.strip() for part in ",".join(headers.getlist("x-forwarded-for")).split(",") if part.strip()]
    client = scope.get("client")
    address = told[-proxies] if 0 < proxies <= len(told) else client[0] if client else ""
    try:
        read = ip_address(address)
    except ValueError:
        return b""
    if isinstance(read, IPv6Address):
        return ip_network((read, ONE_HOUSEHOLD), strict=False).network_address.packed
    return read.packed
