"""`/oppdateringer`: what has changed since one last looked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stand_ins.brreg.answers import answer, invalid, numbers_asked_for, page_of, whole_number
from stand_ins.brreg.register import Register, Thing
from stand_ins.brreg.units import API

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def _since(request: Request, parameter: str) -> str:
    moment = request.query_params.get(parameter, "")
    if moment and not MOMENT.fullmatch(moment):
        raise invalid(request, "Dato må være en gyldig dato og på formatet yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", parameter, moment)
    return moment


def _about(request: Request) -> Callable[[str], bool]:
    numbers = numbers_asked_for(request)
    return lambda number: not numbers or number in numbers


@dataclass(frozen=True, slots=True)
class Feeds:
    """The routes that tell of changes. `base` is the address links start with."""

    register: Register
    base: str

    def routes(self) -> list[Route]:
        """What can be asked."""
        return [
            Route(f"{API}/oppdateringer/enheter", self.units),
            Route(f"{API}/oppdateringer/underenheter", self.sub_units),
            Route(f"{API}/oppdateringer/roller", self.roles),
        ]

    async def units(self, request: Request) -> Response:
        """Changes of units, from `dato` or from `oppdateringsid` on, which is included; oldest first."""
        found = self._found(request, self.register.unit_feed, "enhet", "enheter")
        return answer(request, page_of(request, self.base, "oppdaterteEnheter", found), "enhetsregisteret.oppdatering.enhet.v1")

    async def sub_units(self, request: Request) -> Response:
        """Changes of sub-units, in the same way."""
        found = self._found(request, self.register.sub_unit_feed, "underenhet", "underenheter")
        return answer(request, page_of(request, self.base, "oppdaterteUnderenheter", found), "enhetsregisteret.oppdatering.underenhet.v1")

    async def roles(self, request: Request) -> Response:
        """Which companies' roles changed: a plain array, after `afterTime` or `afterId`, which are left out."""
        after, about = _since(request, "afterTime"), _about(request)
        last, size = whole_number(request, "afterId", 0), whole_number(request, "size", 100)
        events = (event for event in self.register.role_feed if int(event["id"]) > last and event["time"] > after)
        found = [event for event in events if about(event["data"]["organisasjonsnummer"])]
        return answer(request, found[:size], "enhetsregisteret.oppdatering.rolle.v1")

    def _found(self, request: Request, feed: list[Thing], link: str, path: str) -> list[Thing]:
        since, about = _since(request, "dato"), _about(request)
        first = whole_number(request, "oppdateringsid", 0)
        found = [
            self._shown(request, update, link, path)
            for update in feed
            if update["oppdateringsid"] >= first and update["dato"] >= since and about(update["organisasjonsnummer"])
        ]
        newest_first = request.query_params.get("sort", "id,ASC").lower() == "id,desc"
        return found[::-1] if newest_first else found

    def _shown(self, request: Request, update: Thing, link: str, path: str) -> Thing:
        with_changes = request.query_params.get("includeChanges") == "true"
        shown = {key: value for key, value in update.items() if with_changes or key != "endringer"}
        return shown | {"_links": {link: {"href": f"{self.base}{API}/{path}/{update['organisasjonsnummer']}"}}}
