"""How the register answers: media types, errors and pages, whatever was asked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stand_ins.brreg.register import Thing

CEILING = 10_000
NO_STORE = {"cache-control": "no-store"}
LARGEST_PAGE = 10_000


class Refused(Exception):
    """The register's answer to a request it cannot make sense of."""

    def __init__(self, response: Response) -> None:
        """Refuse with this answer."""
        super().__init__(response.status_code)
        self.response = response


async def refusing(_: Request, refused: Exception) -> Response:
    """Starlette's way to the answer that a `Refused` carries."""
    if not isinstance(refused, Refused):
        raise refused
    return refused.response


def no_such_number() -> Response:
    """404 without a body."""
    return Response(status_code=404, headers=NO_STORE)


async def no_such_path(request: Request, _: Exception) -> Response:
    """404 for a path the register does not have (RFC 9457)."""
    path = request.url.path
    body = {"detail": f"No static resource {path.lstrip('/')}.", "instance": path, "status": 404, "title": "Not Found"}
    return JSONResponse(body, 404, NO_STORE, "application/problem+json")


def invalid(request: Request, message: str, parameter: str, value: str) -> Refused:
    """400, which echoes what was sent."""
    return Refused(
        JSONResponse(
            {
                "tidsstempel": int(time.time() * 1000),
                "status": 400,
                "feilmelding": "Feilaktig forespørsel",
                "valideringsfeil": [{"feilmelding": message, "parametere": [parameter], "feilaktigVerdi": value}],
                "sti": request.url.path,
                "antallFeil": 1,
            },
            400,
            NO_STORE,
        )
    )


def answer(request: Request, body: Any, kind: str, status: int = 200) -> Response:  # noqa: ANN401 - any JSON
    """Answer in the media type that was asked for. `kind` is the register's own, such as `enhetsregisteret.enhet.v2`.

    Raises Refused (406) when neither this version nor plain JSON is acceptable.
    """
    own = f"application/vnd.brreg.{kind}+json"
    accepted = [part.split(";")[0].strip() for part in request.headers.get("accept", "*/*").split(",")]
    if own in accepted:
        return JSONResponse(body, status, NO_STORE, f"{own};charset=UTF-8")
    if not {"application/json", "application/*", "*/*"} & set(accepted):
        problem = {"timestamp": int(time.time() * 1000), "status": 406, "error": "Not Acceptable", "path": request.url.path}
        raise Refused(JSONResponse(problem, 406, NO_STORE))
    return JSONResponse(body, status, NO_STORE)


def _nine_digits(number: str) -> bool:
    return len(number) == 9 and number.isascii() and number.isdigit()  # noqa: PLR2004 - the length of an organisation number


def number_in(request: Request, parameter: str = "organisasjonsnummer") -> str:
    """The organisation number of the path: nine digits, or 400."""
    number = str(request.path_params[parameter])
    if not _nine_digits(number):
        raise invalid(request, "Organisasjonsnummer må bestå av 9 siffer", parameter, number)
    return number


def numbers_asked_for(request: Request) -> set[str]:
    """The numbers of `organisasjonsnummer=a,b`; empty when all are meant."""
    asked = request.query_params.get("organisasjonsnummer", "")
    numbers = {number.strip() for number in asked.split(",") if number.strip()}
    if not all(_nine_digits(number) for number in numbers):
        raise invalid(request, "Organisasjonsnummer må bestå av 9 siffer", "organisasjonsnummer", asked)
    return numbers


def whole_number(request: Request, parameter: str, default: int) -> int:
    """A parameter that counts something, or 400."""
    value = request.query_params.get(parameter, str(default))
    if not value.isascii() or not value.isdigit():
        raise invalid(request, f"{parameter} må være et heltall større enn eller lik 0", parameter, value)
    return int(value)


def page_of(request: Request, base: str, name: str, found: Sequence[Thing]) -> Thing:
    """One page of what was found, as HAL: no `_embedded` when nothing was, links to other pages when there are any."""
    size, number = whole_number(request, "size", 20), whole_number(request, "page", 0)
    if not 0 < size <= LARGEST_PAGE or (number + 1) * size > CEILING:
        raise invalid(request, f"(page+1)*size kan ikke være større enn {CEILING}", "size", str(size))
    pages = -(-len(found) // size)
    shown = list(found[number * size : (number + 1) * size])
    query = [(key, value) for key, value in request.query_params.multi_items() if key not in {"page", "size"}]

    def link(page: int) -> Thing:
        return {"href": f"{base}{request.url.path}?{urlencode([*query, ('page', page), ('size', size)], safe=',')}"}

    this = f"{base}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    links = {"first": link(0)} if pages > 1 else {}
    links["self"] = {"href": this}
    if number > 0:
        links["prev"] = link(number - 1)
    if number + 1 < pages:
        links["next"] = link(number + 1)
    if pages > 1:
        links["last"] = link(pages - 1)
    page = {"size": size, "totalElements": len(found), "totalPages": pages, "number": number}
    return ({"_embedded": {name: shown}} if shown else {}) | {"_links": links, "page": page}
