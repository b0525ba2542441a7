"""What every answer of the API has in common."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


class NotStored:
    """Tells everybody on the way to store no answer, to read it as what it says it is, and to come back over TLS."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """`https` says whether callers reach us over TLS; only on this very machine they may not."""
        self._app = app
        self._headers = HEADERS | (HTTPS_HEADERS if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in and dress the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, dressed)
