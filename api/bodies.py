"""Reading what a program has sent, and nothing that could be read in two ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from domain.requests import BodyTooLarge, BodyUnreadable, ContentTypeUnsupported

# More than a till ever has to say.
MOST_BYTES = 16 * 1024
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
UTF_8 = {"utf-8", "utf8"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NOT_NUMBERS = "NaN and Infinity are no JSON"
UNSTORABLE = "it holds \\u0000 or half a surrogate pair"


class StrictRoute(APIRoute):
    """A route whose JSON body is read strictly before FastAPI hands it to the model. Use it as a router's `route_class`."""

    most_bytes = MOST_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Make what answers requests to this route."""
        handle, has_body, most_bytes = super().get_route_handler(), self.body_field is not None, self.most_bytes

        async def strictly(request: Request) -> Response:
            return await handle(await read_strictly(request, most_bytes) if has_body else request)

        return strictly


class ReadRequest(Request):
    """A request whose body has been read and understood."""

    def __init__(self, request: Request, body: bytes, said: Mapping[str, object]) -> None:
        super().__init__(request.scope, request.receive)
        self._sent = body
        self.said = said

    async def body(self) -> bytes:
        """What was sent, as it came."""
        return self._sent

    async def json(self) -> object:
        """What was said."""
        return self.said


async def read_strictly(request: Request, most_bytes: int = MOST_BYTES) -> ReadRequest:
    """Read a request's body as one JSON object. Raises what says that it is none, or too long, or of another type."""
    wants_type(request, JSON)
    body = await read_body(request, most_bytes)
    return ReadRequest(request, body, strict_json(body))


def wants_type(request: Request, wanted: str) -> None:
    """Raise ContentTypeUnsupported unless the body is of this type, in UTF-8 and not packed."""
    sent, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"') or "utf-8"
    packed = request.headers.get("content-encoding", "identity").lower()
    once = len(request.headers.getlist("content-type")) == 1
    if sent.strip() != wanted or charset not in UTF_8 or packed != "identity" or not once:
        raise ContentTypeUnsupported(wanted=wanted)


async def read_body(request: Request, most_bytes: int = MOST_BYTES) -> bytes:
    """Read a body. Raises BodyTooLarge as soon as it is known to be longer than that, and reads no further."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > most_bytes:
        raise BodyTooLarge(most=str(most_bytes))
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > most_bytes:
            raise BodyTooLarge(most=str(most_bytes))
    return bytes(read)


def strict_json(body: bytes) -> dict[str, object]:
    """Read one JSON object in UTF-8 (RFC 8259, and I-JSON where that says less).

    Raises BodyUnreadable for anything else, also for a name that stands twice, for numbers that are none, and for text with a
    character in it that nothing can store.
    """
    if body.startswith(BYTE_ORDER_MARK):
        raise BodyUnreadable(problem="it begins with a byte order mark")
    try:
        said = json.loads(body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number)
        texts = "".join(_texts(said)).encode()
    except UnicodeEncodeError as error:
        raise BodyUnreadable(problem=UNSTORABLE) from error
    except UnicodeDecodeError as error:
        raise BodyUnreadable(problem="it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise BodyUnreadable(problem=f"it is not JSON from character {error.pos} on") from error
    except ValueError as error:
        raise BodyUnreadable(problem="a number in it is too long") from error
    except RecursionError as error:
        raise BodyUnreadable(problem="it is nested too deeply") from error
    if b"\0" in texts:
        raise BodyUnreadable(problem=UNSTORABLE)
    if not isinstance(said, dict):
        raise BodyUnreadable(problem="it is not an object")
    return said


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise BodyUnreadable(problem="a name in it stands twice")
    return said


def _no_number(_: str) -> object:
    raise BodyUnreadable(problem=NOT_NUMBERS)


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for name, value in said.items():
            yield name
            yield from _texts(value)
    elif isinstance(said, list):
        for value in said:
            yield from _texts(value)
