"""`/enheter` and `/underenheter`: one unit, and the search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stand_ins.brreg.answers import NO_STORE, answer, invalid, no_such_number, number_in, numbers_asked_for, page_of
from stand_ins.brreg.codes import LISTS, ORGANISATION_FORMS, SUB_UNIT_FORMS, coded
from stand_ins.brreg.register import Register, Thing

API = "/enhetsregisteret/api"
UNIT = "enhetsregisteret.enhet.v2"
SUB_UNIT = "enhetsregisteret.underenhet.v2"
LIST = "enhetsregisteret.liste.v1"

Test = Callable[[Thing], bool]


def _flag(field: str) -> Callable[[str], Test]:
    return lambda wanted: lambda unit: unit.get(field) is (wanted == "true")


def _nested(*path: str) -> Callable[[str], Test]:
    def test_for(wanted: str) -> Test:
        def test(unit: Thing) -> bool:
            found: Any = unit
            for key in path:
                found = (found or {}).get(key)
            return found in wanted.split(",")

        return test

    return test_for


FILTERS: dict[str, Callable[[str], Test]] = {
    "organisasjonsform": _nested("organisasjonsform", "kode"),
    "overordnetEnhet": _nested("overordnetEnhet"),
    "hjemmeside": _nested("hjemmeside"),
    "naeringskode": _nested("naeringskode1", "kode"),
    "kommunenummer": _nested("forretningsadresse", "kommunenummer"),
    "forretningsadresse.postnummer": _nested("forretningsadresse", "postnummer"),
    "postadresse.postnummer": _nested("postadresse", "postnummer"),
    "konkurs": _flag("konkurs"),
    "underAvvikling": _flag("underAvvikling"),
    "registrertIMvaregisteret": _flag("registrertIMvaregisteret"),
}


def name_test(request: Request) -> Test:
    """Does a unit's name answer the search? Punctuation is dropped from what was asked, but not from names.

    FORTLOEPENDE wants the words as they stand, from the start of a word; otherwise every word must be there, in any order.
    """
    asked = request.query_params.get("navn", "")
    method = request.query_params.get("navnMetodeForSoek")
    if method not in {None, "FORTLOEPENDE"}:
        raise invalid(request, "Ugyldig metode for navnesøk", "navnMetodeForSoek", str(method))
    words = re.sub(r"[^\w\s]", " ", asked).upper().split()
    if not words:
        return lambda _: False
    if method:
        return lambda unit: f" {' '.join(words)}" in f" {unit['navn'].upper()}"
    return lambda unit: set(words) <= set(unit["navn"].upper().split())


def found_by(request: Request, units: Iterable[Thing]) -> list[Thing]:
    """The units that answer the search, best first: those whose name starts with what was asked, then by name."""
    numbers = numbers_asked_for(request)
    tests = [FILTERS[key](value) for key, value in request.query_params.items() if key in FILTERS]
    if request.query_params.get("navn"):
        tests.append(name_test(request))
    found = [unit for unit in units if (not numbers or unit["organisasjonsnummer"] in numbers) and all(test(unit) for test in tests)]
    asked = request.query_params.get("navn", "").upper()
    return sorted(
        found, key=lambda unit: (not unit["navn"].upper().startswith(asked), unit["navn"] if asked else unit["organisasjonsnummer"])
    )


@dataclass(frozen=True, slots=True)
class Units:
    """The routes that show units. `base` is the address links start with."""

    register: Register
    base: str

    def routes(self) -> list[Route]:
        """What can be asked."""
        return [
            Route(f"{API}/enheter", self.search),
            Route(f"{API}/enheter/{{organisasjonsnummer}}", self.unit),
            Route(f"{API}/underenheter", self.search_sub_units),
            Route(f"{API}/underenheter/{{organisasjonsnummer}}", self.sub_unit),
            Route(f"{API}/organisasjonsformer/enheter", self.forms),
            Route(f"{API}/organisasjonsformer/underenheter", self.forms),
            *[Route(f"{API}/{code_list}", self.code_list) for code_list in LISTS],
            *[Route(f"{API}/{code_list}/{{kode}}", self.code) for code_list in LISTS],
        ]

    async def unit(self, request: Request) -> Response:
        """One unit; little of a deleted one, 410 for a removed one, 404 for a sub-unit's number."""
        number = number_in(request)
        if number in self.register.removed:
            gone = self.register.removed[number] | {"_links": {"self": {"href": f"{self.base}{API}/enheter/{number}"}}}
            return answer(request, gone, UNIT, status=410)
        unit = self.register.units.get(number)
        return answer(request, self.shown(unit), UNIT) if unit else no_such_number()

    async def sub_unit(self, request: Request) -> Response:
        """One shop or department."""
        shop = self.register.sub_units.get(number_in(request))
        return answer(request, self.shown_sub_unit(shop), SUB_UNIT) if shop else no_such_number()

    async def search(self, request: Request) -> Response:
        """Units by name, number and more. Deleted ones are not found."""
        live = (unit for unit in self.register.units.values() if unit["respons_klasse"] == "Enhet")
        found = [self.shown(unit) for unit in found_by(request, live)]
        return answer(request, page_of(request, self.base, "enheter", found), UNIT)

    async def search_sub_units(self, request: Request) -> Response:
        """Sub-units, for example all of one company."""
        live = (shop for shop in self.register.sub_units.values() if "slettedato" not in shop)
        found = [self.shown_sub_unit(shop) for shop in found_by(request, live)]
        return answer(request, page_of(request, self.base, "underenheter", found), SUB_UNIT)

    async def forms(self, request: Request) -> Response:
        """The organisation forms of units, or of sub-units."""
        of_sub_units = request.url.path.endswith("underenheter")
        codes = [code for code in ORGANISATION_FORMS if (code in SUB_UNIT_FORMS) == of_sub_units]
        shown = [coded(f"{self.base}{API}", "organisasjonsformer", code) for code in codes]
        return answer(request, page_of(request, self.base, "organisasjonsformer", shown), LIST)

    async def code_list(self, request: Request) -> Response:
        """A whole code list."""
        name = request.url.path.removeprefix(f"{API}/")
        entries = [coded(f"{self.base}{API}", name, code) for code in LISTS[name]]
        body = {"_embedded": {name.split("/")[-1]: entries}, "_links": {"self": {"href": f"{self.base}{request.url.path}"}}}
        return answer(request, body, LIST)

    async def code(self, request: Request) -> Response:
        """One entry of a code list."""
        name, _, code = request.url.path.removeprefix(f"{API}/").rpartition("/")
        return answer(request, coded(f"{self.base}{API}", name, code), LIST) if code in LISTS[name] else Response("", 404, NO_STORE)

    def shown(self, unit: Thing) -> Thing:
        """A unit with its links, in the register's order."""
        kind = {"respons_klasse": unit["respons_klasse"]}
        links = {"self": {"href": f"{self.base}{API}/enheter/{unit['organisasjonsnummer']}"}}
        rest = {key: value for key, value in unit.items() if key != "respons_klasse"}
        return rest | {"organisasjonsform": self._form(unit), "_links": links} | kind

    def shown_sub_unit(self, shop: Thing) -> Thing:
        """A sub-unit with its links, one of them to the company it belongs to."""
        links = {
            "self": {"href": f"{self.base}{API}/underenheter/{shop['organisasjonsnummer']}"},
            "overordnetEnhet": {"href": f"{self.base}{API}/enheter/{shop['overordnetEnhet']}"},
        }
        rest = {key: value for key, value in shop.items() if key != "respons_klasse"}
        return rest | {"organisasjonsform": self._form(shop), "_links": links, "respons_klasse": "Underenhet"}

    def _form(self, unit: Thing) -> Thing:
        return coded(f"{self.base}{API}", "organisasjonsformer", unit["organisasjonsform"]["kode"])
