"""Bad days on request: any stand-in can be made slow, busy, down or garbled for some of its paths."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = "/_control"


class Kind(StrEnum):
    """What can go wrong between two machines."""

    BUSY = "busy"  # 429 with Retry-After
    UNAVAILABLE = "unavailable"  # 503, with Retry-After when told to
    SLOW = "slow"  # the right answer, after `seconds`
    NOT_JSON = "not_json"  # 200 and a page of HTML
    DROP = "drop"  # the connection breaks in the middle of the answer
    SAY = "say"  # `status` and `body`, whatever they are


@dataclass(slots=True)
class Behaviour:
    """One bad day: for paths that start with `path_prefix`, for the next `times` calls or, without it, until cleared.

    `path` is one path alone. The first calls that it could meet are answered well, as many as `after` says. `body` is base64,
    since it may be no text at all.
    """

    kind: Kind
    path_prefix: str = "/"
    path: str | None = None
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    retry_after: int | None = None
    status: int = 200
    body: str = ""
    content_type: str = "application/json"

    def __post_init__(self) -> None:
        self.kind = Kind(self.kind)
        base64.b64decode(self.body, validate=True)

    @property
    def asking_for_a_pause(self) -> dict[str, str]:
        """The header that says when to come back, in seconds; the busy always say so."""
        seconds = self.retry_after if self.retry_after is not None else 1 if self.kind is Kind.BUSY else None
        return {} if seconds is None else {"retry-after": str(seconds)}

    def meets(self, path: str) -> bool:
        """Tell whether a call of this path falls on this day."""
        if path != self.path if self.path is not None else not path.startswith(self.path_prefix):
            return False
        self.after -= 1
        return self.after < 0


@dataclass(slots=True)
class Behaviours:
    """The bad days that have been asked for, and how often each path was called."""

    asked_for: list[Behaviour] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)

    def clear(self) -> None:
        """Behave well from now on, and count from nought."""
        self.asked_for.clear()
        self.calls.clear()

    def due(self, path: str) -> Behaviour | None:
        """The bad day this call falls on, used up by one."""
        self.calls[path] = self.calls.get(path, 0) + 1
        for behaviour in self.asked_for:
            if behaviour.meets(path):
                self._use_up(behaviour)
                return behaviour
        return None

    def _use_up(self, behaviour: Behaviour) -> None:
        if behaviour.times is None:
            return
        behaviour.times -= 1
        if behaviour.times <= 0:
            self.asked_for.remove(behaviour)

    def routes(self) -> list[Route]:
        """`/_control/behaviours`: POST one, GET all, DELETE all. `/_control/calls`: how often each path was called."""
        return [
            Route(f"{CONTROL}/behaviours", self._control, methods=["GET", "POST", "DELETE"]),
            Route(f"{CONTROL}/calls", self._calls, methods=["GET"]),
        ]

    async def _control(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.clear()
        if request.method == "POST":
            try:
                self.asked_for.append(Behaviour(**await request.json()))
            except (TypeError, ValueError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse([asdict(behaviour) for behaviour in self.asked_for])

    async def _calls(self, _: Request) -> Response:
        return JSONResponse(self.calls)


@dataclass(frozen=True, slots=True)
class Misbehaving:
    """Middleware that acts out the bad days; the control door itself is always well."""

    app: ASGIApp
    behaviours: Behaviours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer badly if that was asked for, properly otherwise."""
        behaviour = None if scope["type"] != "http" or scope["path"].startswith(CONTROL) else self.behaviours.due(scope["path"])
        answer: Any = self.app
        match behaviour:
            case Behaviour(kind=Kind.SLOW):
                await asyncio.sleep(behaviour.seconds)
            case Behaviour(kind=Kind.BUSY):
                answer = PlainTextResponse("", 429, behaviour.asking_for_a_pause)
            case Behaviour(kind=Kind.UNAVAILABLE):
                body = {"status": 503, "error": "Service Unavailable", "path": scope["path"]}
                answer = JSONResponse(body, 503, behaviour.asking_for_a_pause)
            case Behaviour(kind=Kind.NOT_JSON):
                answer = Response("<!doctype html><title>Vedlikehold</title>", media_type="text/html")
            case Behaviour(kind=Kind.DROP):
                answer = _half_an_answer
            case Behaviour(kind=Kind.SAY):
                answer = Response(base64.b64decode(behaviour.body), behaviour.status, media_type=behaviour.content_type)
        await answer(scope, receive, send)


async def _half_an_answer(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
