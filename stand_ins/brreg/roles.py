"""`/enheter/{number}/roller`: who holds which role in a company."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stand_ins.brreg.answers import answer, no_such_number, number_in
from stand_ins.brreg.codes import coded
from stand_ins.brreg.register import Register, Thing
from stand_ins.brreg.units import API

ROLE = "enhetsregisteret.rolle.v1"


@dataclass(frozen=True, slots=True)
class Roles:
    """The routes that show roles. `base` is the address links start with."""

    register: Register
    base: str

    def routes(self) -> list[Route]:
        """What can be asked."""
        return [Route(f"{API}/enheter/{{organisasjonsnummer}}/roller", self.roles)]

    async def roles(self, request: Request) -> Response:
        """Every role, also those that have ended. 404 for a company without roles and for an unknown one alike."""
        number = number_in(request)
        groups = self.register.role_groups.get(number)
        if not groups:
            return no_such_number()
        unit = f"{self.base}{API}/enheter/{number}"
        links = {"self": {"href": f"{unit}/roller"}, "enhet": {"href": unit}}
        return answer(request, {"rollegrupper": [self._group(group) for group in groups], "_links": links}, ROLE)

    def _group(self, group: Thing) -> Thing:
        kind = coded(f"{self.base}{API}", "roller/rollegruppetyper", group["type"]["kode"])
        return group | {"type": kind, "roller": [self._role(role) for role in group["roller"]]}

    def _role(self, role: Thing) -> Thing:
        api = f"{self.base}{API}"
        shown = role | {"type": coded(api, "roller/rolletyper", role["type"]["kode"])}
        if "valgtAv" in role:
            shown["valgtAv"] = coded(api, "roller/representanter", role["valgtAv"]["kode"])
        if "enhet" in role:
            holder = role["enhet"]
            form = coded(api, "organisasjonsformer", holder["organisasjonsform"]["kode"])
            links = {"self": {"href": f"{api}/enheter/{holder['organisasjonsnummer']}"}}
            shown["enhet"] = holder | {"organisasjonsform": form, "_links": links}
        return shown
