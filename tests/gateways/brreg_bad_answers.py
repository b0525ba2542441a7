"""A good answer, and the ways in which an answer can be bad."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.gateways.register_over_http import unit

PERSON = {"fodselsdato": "1980-01-02", "navn": {"fornavn": "Kari", "etternavn": "Moe"}, "erDoed": False}
ROLE = {"type": {"kode": "DAGL"}, "person": PERSON, "fratraadt": False, "avregistrert": False}
GROUP = {"type": {"kode": "DAGL"}, "sistEndret": "2026-02-17", "roller": [ROLE]}
GOOD: dict[str, Any] = {"rollegrupper": [GROUP], "_links": {"self": {"href": "https://register.example/api/enheter/315014700/roller"}}}


def changed(whole: object, path: str, value: object) -> Any:  # noqa: ANN401 - any JSON
    """A copy of an answer with something else at one place, such as `rollegrupper.0.type`; None takes it away."""
    copied: Any = copy.deepcopy(whole)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = copied
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copied


NO_JSON = {
    "nothing": b"",
    "blank": b"  \n",
    "html": b"<!doctype html><title>Vedlikehold</title>",
    "text": b"OK",
    "cut short": json.dumps(GOOD).encode()[:-20],
    "twice": json.dumps(GOOD).encode() * 2,
    "latin-1": '{"navn": "BLÅBÆR AS"}'.encode("latin-1"),
    "utf-16": json.dumps(GOOD).encode("utf-16"),
    "lone surrogate": b'{"navn": "\\ud800"}',
    "nested deeply": b"[" * 100_000,
    "xml": b"<enhet><organisasjonsnummer>315014700</organisasjonsnummer></enhet>",
}
OTHER_JSON: dict[str, object] = {
    "list": [GOOD],
    "empty list": [],
    "empty object": {},
    "null": None,
    "number": 7,
    "text": "315014700",
    "true": True,
    "error": {"timestamp": 1, "status": 500, "error": "Internal Server Error"},
    "wrapped": {"data": GOOD},
}
ROLE_PATH = "rollegrupper.0.roller.0"
DRIFTED_ROLES = {
    "groups as object": changed(GOOD, "rollegrupper", {"0": GROUP}),
    "groups renamed": changed(GOOD, "rollegrupper", None) | {"roleGroups": [GROUP], "_links": 7},
    "groups null": GOOD | {"rollegrupper": None},
    "group without roles": changed(GOOD, "rollegrupper.0.roller", None),
    "group without type": changed(GOOD, "rollegrupper.0.type", None),
    "type as text": changed(GOOD, "rollegrupper.0.type", "DAGL"),
    "blank code": changed(GOOD, f"{ROLE_PATH}.type.kode", " "),
    "code as number": changed(GOOD, f"{ROLE_PATH}.type.kode", 7),
    "changed on no day": changed(GOOD, "rollegrupper.0.sistEndret", "2026-02-31"),
    "role without holder": changed(GOOD, f"{ROLE_PATH}.person", None),
    "role with two holders": changed(GOOD, f"{ROLE_PATH}.enhet", {"organisasjonsnummer": "315014700"}),
    "holder renamed": changed(changed(GOOD, f"{ROLE_PATH}.person", None), f"{ROLE_PATH}.individual", PERSON),
    "deregistered renamed": changed(GOOD, f"{ROLE_PATH}.avregistrert", None),
    "deregistered as text": changed(GOOD, f"{ROLE_PATH}.avregistrert", "false"),
    "resigned as text": changed(GOOD, f"{ROLE_PATH}.fratraadt", "nei"),
    "resigned as number": changed(GOOD, f"{ROLE_PATH}.fratraadt", 0),
    "dead renamed": changed(GOOD, f"{ROLE_PATH}.person.erDoed", None),
    "dead as date": changed(GOOD, f"{ROLE_PATH}.person.erDoed", "2020-01-01"),
    "no birth date": changed(GOOD, f"{ROLE_PATH}.person.fodselsdato", None),
    "birth date the other way round": changed(GOOD, f"{ROLE_PATH}.person.fodselsdato", "02.01.1980"),
    "birth date as number": changed(GOOD, f"{ROLE_PATH}.person.fodselsdato", 315619200),
    "birth year": changed(GOOD, f"{ROLE_PATH}.person.fodselsdato", "1980"),
    "name as text": changed(GOOD, f"{ROLE_PATH}.person.navn", "Kari Moe"),
    "no surname": changed(GOOD, f"{ROLE_PATH}.person.navn.etternavn", None),
    "names as list": changed(GOOD, f"{ROLE_PATH}.person.navn.fornavn", ["Kari"]),
    "holder of odd number": changed(changed(GOOD, f"{ROLE_PATH}.person", None), f"{ROLE_PATH}.enhet", {"organisasjonsnummer": 315014700}),
    "another company's": changed(GOOD, "_links.self.href", "https://register.example/api/enheter/310279323/roller"),
    "nobody's": changed(GOOD, "_links.self.href", "https://register.example/api"),
    "no links": changed(GOOD, "_links", None),
}
DRIFTED_UNITS = {
    "another company": unit() | {"organisasjonsnummer": "310279323"},
    "number as number": unit() | {"organisasjonsnummer": 315014700},
    "number with spaces": unit() | {"organisasjonsnummer": "315 014 700"},
    "bankrupt left out": {key: value for key, value in unit().items() if key != "konkurs"},
    "bankrupt as text": unit(konkurs="false"),
    "bankrupt as null": unit(konkurs=None),
    "name as list": unit(navn=["TRYGG HAVN AS"]),
    "name blank": unit(navn=" \x00 "),
    "form as text": unit(organisasjonsform="AS"),
    "deleted on no day": unit(slettedato="i fjor"),
    "deleted without a day": {key: unit()[key] for key in ("organisasjonsnummer", "navn", "organisasjonsform")},
    "address as text": unit(forretningsadresse="Moloen 1"),
    "address lines as text": unit(forretningsadresse={"adresse": "Moloen 1"}),
    "employees as text": unit(antallAnsatte="mange"),
    "remarks as text": unit(paategninger="FADR"),
}
DRIFTED_HITS: dict[str, object] = {
    "hits but no list": {"page": {"totalElements": 3}},
    "list renamed": {"_embedded": {"companies": []}, "page": {"totalElements": 0}},
    "list as object": {"_embedded": {"enheter": {}}, "page": {"totalElements": 0}},
    "no page": {"_embedded": {"enheter": []}},
    "hit with a wrong number": {"_embedded": {"enheter": [unit() | {"organisasjonsnummer": "315014701"}]}, "page": {"totalElements": 1}},
    "hit without a name": {"_embedded": {"enheter": [{"organisasjonsnummer": "315014700"}]}, "page": {"totalElements": 1}},
}
