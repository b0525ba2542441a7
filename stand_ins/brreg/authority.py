"""`/fullmakt`: who may sign for a company (signatur) or act for it in daily business (prokura).

A company's file keeps the rule; the people are taken from its roles of the moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, product

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stand_ins.brreg.answers import answer, no_such_number, number_in
from stand_ins.brreg.codes import ROLE_TYPES, coded
from stand_ins.brreg.register import Register, Thing
from stand_ins.brreg.units import API

LOOKUP = "enhetsregisteret.fullmakt.oppslag.v1"
BOARD = ("LEDE", "NEST", "MEDL")
HAS_A_BOARD = {"AS", "ASA", "SA", "STI", "BRL"}

ROUTINE = {"OK": "Maskinelt oppslag utført uten feil.", "NA": "Maskinelt oppslag er ikke tilgjengelig for organisasjonsformen."}
COMBINATION = {"OK": "Kombinasjon finnes.", "IK": "Kombinasjon kan ikke hentes eller finnes ikke."}
RULE = {
    "RF": "Regel funnet.",
    "RT": "Regelteksten kan ikke tolkes maskinelt.",
    "RI": "Regel er ikke registrert eller standardisert.",
}
GROUNDS = {"SF": "Signeringsgrunnlag finnes", "SI": "Signeringsgrunnlag finnes ikke"}


def _status(code: str, words: dict[str, str]) -> Thing:
    return {"kode": code, "tekstforklaring": words[code]}


def _in_one_string(role: Thing) -> Thing:
    """A role holder as this service writes people: one name, and the day before the month."""
    person, code = role["person"], role["type"]["kode"]
    name = " ".join(person["navn"][part] for part in ("fornavn", "mellomnavn", "etternavn") if part in person["navn"])
    born = datetime.strptime(person["fodselsdato"], "%Y-%m-%d").replace(tzinfo=UTC).strftime("%d.%m.%Y")
    return {"fodselsdato": born, "navn": name, "rolle": {"kode": code, "tekstforklaring": ROLE_TYPES[code]}}


def combinations_of(codes: list[str], holders: list[Thing]) -> Iterator[list[Thing]]:
    """Every way to fill these role codes with different people: LEDE + MEDL, or MEDL + MEDL."""
    ways = [combinations([holder for holder in holders if holder["rolle"]["kode"] == code], n) for code, n in Counter(codes).items()]
    for way in product(*ways):
        people = [person for part in way for person in part]
        if len({(person["navn"], person["fodselsdato"]) for person in people}) == len(codes):
            yield people


@dataclass(frozen=True, slots=True)
class Authority:
    """The routes that show who may sign. `base` is the address links start with."""

    register: Register
    base: str

    def routes(self) -> list[Route]:
        """What can be asked."""
        return [
            Route("/fullmakt/enheter/{organisasjonsnummer}/signatur", self.lookup),
            Route("/fullmakt/enheter/{organisasjonsnummer}/prokura", self.lookup),
        ]

    async def lookup(self, request: Request) -> Response:
        """Who may sign, alone or together, as far as a machine can tell."""
        number, kind = number_in(request), request.url.path.rsplit("/", 1)[-1]
        unit = self.register.units.get(number)
        if not unit or unit["respons_klasse"] != "Enhet":
            return no_such_number()
        rule = self.register.authority.get(number, {}).get(kind) or self._unwritten(kind, unit)
        asked = {"oppslagsTidspunkt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "oppslagsIdent": number[-7:]}
        body = {"oppslagsData": asked} | self._told(rule, self._holders(number))
        body["enhet"] = self._unit(unit)
        return answer(request, body | {"_links": {"self": {"href": f"{self.base}{request.url.path}"}}}, LOOKUP)

    def _unwritten(self, kind: str, unit: Thing) -> Thing:
        form = unit["organisasjonsform"]["kode"]
        if kind == "prokura":
            return {"regelStatus": "RI"}
        # Without a registered rule the law's own applies: the whole board together.
        return {"regelStatus": "RI", "styret": True} if form in HAS_A_BOARD else {"regelStatus": "NA"}

    def _holders(self, number: str) -> list[Thing]:
        roles = [role for group in self.register.role_groups.get(number, []) for role in group["roller"]]
        current = [
            role
            for role in roles
            if "person" in role and not any((role.get("fratraadt"), role.get("avregistrert"), role["person"].get("erDoed")))
        ]
        return [_in_one_string(role) for role in current]

    def _told(self, rule: Thing, holders: list[Thing]) -> Thing:
        routine = "NA" if rule["regelStatus"] == "NA" else "OK"
        found = [{"kode": code, "tekstforklaring": text, **way} for code, text, way in self._ways(rule, holders)]
        text = rule.get("signaturProkuraFritekst")
        grounds: Thing = _status("SF" if text or found else "SI", GROUNDS)
        if text:
            grounds["signaturProkuraRoller"] = {"signaturProkuraFritekst": text}
        if grounds["kode"] == "SF":
            grounds["muligeSigneringsRoller"] = {"personRolleGrunnlag": holders}
        status = {
            "rutineStatus": _status(routine, ROUTINE),
            "kombinasjonStatus": _status("OK" if found else "IK", COMBINATION),
            "regelStatus": {**_status("RI" if routine == "NA" else rule["regelStatus"], RULE), "regelIdent": rule.get("regelIdent")},
        }
        told: Thing = {"status": status, "signeringsGrunnlag": grounds}
        return told | ({"signeringsKombinasjon": {"kombinasjon": found}} if found else {})

    def _ways(self, rule: Thing, holders: list[Thing]) -> Iterator[tuple[str, str, Thing]]:
        if rule.get("styret"):
            board = [holder for holder in holders if holder["rolle"]["kode"] in BOARD]
            if board:
                yield "STYR", "Styret i fellesskap", {"kombinasjonsId": "1", "personRolleKombinasjon": board}
        people = (way for codes in rule.get("kombinasjon", []) for way in combinations_of(codes, holders))
        for position, way in enumerate(people, start=1):
            yield rule["regelIdent"], rule["tekstforklaring"], {"kombinasjonsId": str(position), "personRolleKombinasjon": way}

    def _unit(self, unit: Thing) -> Thing:
        number = unit["organisasjonsnummer"]
        flags = ("konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning")
        return {
            "organisasjonsnummer": number,
            "navn": unit["navn"],
            "organisasjonsform": coded(f"{self.base}{API}", "organisasjonsformer", unit["organisasjonsform"]["kode"]),
            # This service writes them as strings.
            **{flag: str(bool(unit.get(flag))).lower() for flag in flags},
            "_links": {"self": {"href": f"{self.base}{API}/enheter/{number}"}},
        }
