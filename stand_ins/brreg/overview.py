"""A page for people who want to see the invented register. The real one has its own, elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stand_ins.behaviours import CONTROL
from stand_ins.brreg.register import Register, Thing
from stand_ins.pages import STYLE, page


@dataclass(frozen=True, slots=True)
class Overview:
    """The companies with their roles, outside the register's own paths."""

    register: Register

    def routes(self) -> list[Route]:
        """One page and its style."""
        return [Route(f"{CONTROL}/companies", self.companies), STYLE]

    async def companies(self, request: Request) -> Response:
        """List every company whose name has what is looked for, and who holds which role there."""
        wanted = request.query_params.get("q", "")
        found = [unit for unit in self.register.units.values() if wanted.casefold() in unit["navn"].casefold()]
        shown = [{"unit": unit, "roles": list(self._roles(unit["organisasjonsnummer"]))} for unit in found]
        return page("companies.html", q=wanted, companies=shown)

    def _roles(self, number: str) -> Iterator[Thing]:
        for group in self.register.role_groups.get(number, []):
            for role in group["roller"]:
                yield {"role": role["type"]["beskrivelse"], "holder": _holder(role), "current": _is_current(role)}


def _holder(role: Thing) -> str:
    if "enhet" in role:
        return " ".join(role["enhet"]["navn"])
    name = role["person"]["navn"]
    return " ".join(part for part in (name["fornavn"], name.get("mellomnavn"), name["etternavn"]) if part)


def _is_current(role: Thing) -> bool:
    return not (role.get("fratraadt") or role.get("avregistrert") or role.get("person", {}).get("erDoed"))
