"""Reading what a program has sent, and nothing that could be read in two ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from domain.requests import BodyTooLarge, BodyUnreadable, ContentTypeUnsupported

# More than a till ever has to say.
MOST_BYTES = 16 * 1024
JSON = "application/json"


class StrictRoute(APIRoute):
    """A route whose JSON body is read strictly before FastAPI hands it to the model. Use it as a router's `route_class`."""

    most_bytes = MOST_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Make what answers requests to this route."""
        handle, has_body, most_bytes = super().get_route_handler(), self.body_field is not None, self.most_bytes

        async def strictly(request: Request) -> Response:
            return await handle(await _read(request, most_bytes) if has_body else request)

        return strictly


class _Read(Request):
    """A request whose body has been read and understood."""

    async def json(self) -> object:
        """What was sent."""
        return self.state.read


async def _read(request: Request, most_bytes: int) -> Request:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise ContentTypeUnsupported(wanted=JSON)
    request.state.read = strict_json(await read_body(request, most_bytes))
    return _Read(request.scope, request.receive)


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Read a body and remember it. Raises BodyTooLarge as soon as it is known to be longer than that."""
    body = await request.body()
    if len(body) > most_bytes:
        raise BodyTooLarge(most=str(most_bytes))
    return body


def strict_json(body: bytes) -> object:
    """Read one JSON object in UTF-8. Raises BodyUnreadable, also for a name that stands twice and for numbers that are none."""
    try:
        return json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise BodyUnreadable(problem="it is not JSON") from error
