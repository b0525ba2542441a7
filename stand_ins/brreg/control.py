"""`/_control`: the door through which tests and the demo change the register. The real one has nothing of the kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stand_ins.behaviours import CONTROL, Behaviours
from stand_ins.brreg.register import Register, Thing, merge_patch

Endpoint = Callable[[Request], Awaitable[Response]]


def _done() -> Response:
    return Response(status_code=HTTPStatus.NO_CONTENT)


@dataclass(frozen=True, slots=True)
class Control:
    """The routes that change things. Every change is told in the feeds too."""

    register: Register
    behaviours: Behaviours

    def routes(self) -> list[Route]:
        """What can be done."""

        def door(path: str, method: str, endpoint: Endpoint) -> Route:
            return Route(f"{CONTROL}{path}", endpoint, methods=[method])

        return [
            door("/enheter/{number}", "PUT", self.put_unit),
            door("/enheter/{number}", "PATCH", self.patch_unit),
            door("/enheter/{number}", "DELETE", self.delete_unit),
            door("/enheter/{number}/roller", "PUT", self.put_roles),
            door("/enheter/{number}/fratre", "POST", self.end_roles),
            door("/enheter/{number}/fullmakt", "PUT", self.put_authority),
            door("/underenheter/{number}", "PUT", self.put_sub_unit),
            door("/oppdateringer/enheter", "POST", self.tell_of_unit),
            door("/oppdateringer/roller", "POST", self.tell_of_roles),
            door("/reset", "POST", self.reset),
            *self.behaviours.routes(),
        ]

    async def put_unit(self, request: Request) -> Response:
        """Enter or replace a unit: the body is a unit in the register's own shape, links not needed."""
        unit: Thing = {"respons_klasse": "Enhet"} | await request.json()
        self.register.put_unit(unit | {"organisasjonsnummer": request.path_params["number"]})
        return _done()

    async def patch_unit(self, request: Request) -> Response:
        """Change some fields: `{"konkurs": true, "konkursdato": "2026-11-20"}`. A null takes a field away."""
        unit = self.register.units.get(request.path_params["number"])
        if unit is None:
            return JSONResponse({"error": "no such unit"}, HTTPStatus.NOT_FOUND)
        self.register.put_unit(merge_patch(unit, await request.json()))
        return _done()

    async def delete_unit(self, request: Request) -> Response:
        """Strike a unit off; with `?how=fjernet` take it out altogether (410)."""
        number = request.path_params["number"]
        if number not in self.register.units:
            return JSONResponse({"error": "no such unit"}, HTTPStatus.NOT_FOUND)
        if request.query_params.get("how") == "fjernet":
            self.register.remove_unit(number)
        else:
            self.register.delete_unit(number)
        return _done()

    async def put_roles(self, request: Request) -> Response:
        """Replace all roles: the body is the list under `rollegrupper`, links and descriptions not needed."""
        self.register.put_roles(request.path_params["number"], await request.json())
        return _done()

    async def end_roles(self, request: Request) -> Response:
        """Let a person step down: `{"etternavn": ..., "fodselsdato": ...}`. Answers how many roles ended."""
        body = await request.json()
        ended = self.register.end_roles(request.path_params["number"], body["etternavn"], body["fodselsdato"])
        return JSONResponse({"ended": ended})

    async def put_authority(self, request: Request) -> Response:
        """Replace the rules for signing, in the shape of `fullmakt` in a company's file."""
        self.register.authority[request.path_params["number"]] = await request.json()
        return _done()

    async def put_sub_unit(self, request: Request) -> Response:
        """Enter or replace a sub-unit."""
        self.register.put_sub_unit(await request.json() | {"organisasjonsnummer": request.path_params["number"]})
        return _done()

    async def tell_of_unit(self, request: Request) -> Response:
        """Append to the feed without changing anything: `{"organisasjonsnummer": ..., "endringstype": ...}`."""
        body = await request.json()
        self.register.tell_of_unit(body["organisasjonsnummer"], body["endringstype"], body.get("endringer"))
        return _done()

    async def tell_of_roles(self, request: Request) -> Response:
        """Append to the feed of roles without changing anything: `{"organisasjonsnummer": ...}`."""
        self.register.tell_of_roles((await request.json())["organisasjonsnummer"])
        return _done()

    async def reset(self, _: Request) -> Response:
        """Back to the beginning, and well behaved."""
        self.register.reset()
        self.behaviours.clear()
        return _done()
