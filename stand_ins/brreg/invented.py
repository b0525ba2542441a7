"""Two hundred ordinary companies, the same in every run, so that searching and paging have something to go through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from stand_ins.brreg.codes import ORGANISATION_FORMS, ROLE_GROUPS, ROLE_TYPES

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
ORDINARY = 200

PLACES = [
    ("Granvik", "5003", "BERGEN", "4601"),
    ("Solberg", "0150", "OSLO", "0301"),
    ("Lyngstrand", "9008", "TROMSØ", "5501"),
    ("Havnnes", "4006", "STAVANGER", "1103"),
    ("Bjørkedal", "7011", "TRONDHEIM", "5001"),
    ("Kvitfjell", "2815", "GJØVIK", "3407"),
    ("Sandøy", "6002", "ÅLESUND", "1508"),
    ("Breivika", "8006", "BODØ", "1804"),
    ("Åsgård", "6413", "MOLDE", "1506"),
    ("Elvebakken", "9510", "ALTA", "5601"),
]
TRADES = [
    ("Bakeri", "10.710", "Produksjon av brød og ferske konditorvarer"),
    ("Bilverksted", "45.200", "Vedlikehold og reparasjon av motorvogner"),
    ("Bokhandel", "47.610", "Butikkhandel med bøker"),
    ("Bygg", "41.000", "Oppføring av bygninger"),
    ("Dagligvare", "47.110", "Butikkhandel med bredt vareutvalg"),
    ("Elektro", "43.210", "Elektrisk installasjonsarbeid"),
    ("Fisk", "47.230", "Butikkhandel med fisk og skalldyr"),
    ("Frisør", "96.020", "Frisering og annen skjønnhetspleie"),
    ("Hotell", "55.101", "Drift av hoteller med restaurant"),
    ("Kafé", "56.110", "Drift av restauranter og kafeer"),
    ("Kiosk", "47.111", "Kioskhandel"),
    ("Optikk", "47.782", "Butikkhandel med optiske artikler"),
    ("Rørlegger", "43.221", "Rørleggerarbeid"),
    ("Sport", "47.641", "Butikkhandel med sportsutstyr"),
    ("Taxi", "49.320", "Drosjebiltransport"),
    ("Tannklinikk", "86.230", "Tannhelsetjenester"),
    ("Transport", "49.410", "Godstransport på vei"),
    ("Treningssenter", "93.130", "Treningssentre"),
    ("Vinbar", "56.302", "Drift av barer"),
    ("Ølutsalg", "47.250", "Butikkhandel med drikkevarer"),
]
GIVEN = ["Arne", "Brita", "Dagny", "Egil", "Frida", "Geir", "Hilde", "Iselin", "Jørn", "Kjell", "Lone", "Magne", "Njål", "Oda", "Pål"]
FAMILY = [
    "Aspelund",
    "Bergheim",
    "Dalseth",
    "Engvik",
    "Fagerli",
    "Grønås",
    "Hellesø",
    "Kleivdal",
    "Lunder",
    "Mørkved",
    "Nybråten",
    "Røysland",
]


def check_digit(first_eight: int) -> int | None:
    """The ninth digit by modulus 11; None for the few numbers that have none."""
    rest = sum(int(digit) * weight for digit, weight in zip(str(first_eight), WEIGHTS, strict=True)) % 11
    return {0: 0, 1: None}.get(rest, 11 - rest)


def synthetic_numbers(first_eight: int) -> Iterator[str]:
    """Valid numbers from here upwards. Those that start with 3 are given to no real company."""
    for start in count(first_eight, 41):
        digit = check_digit(start)
        if digit is not None:
            yield f"{start}{digit}"


def ordinary_companies() -> Iterator[dict[str, Any]]:
    """Units with their role groups, in the register's own shape."""
    for index, number in enumerate(islice(synthetic_numbers(31600103), ORDINARY)):
        unit = _unit(index, number)
        yield {"enhet": unit, "rollegrupper": _role_groups(index, unit["organisasjonsform"]["kode"])}


def _unit(index: int, number: str) -> dict[str, Any]:
    place, postcode, town, municipality = PLACES[index % len(PLACES)]
    trade, nace, nace_text = TRADES[index // len(PLACES)]
    form = "ENK" if index % 7 == 3 else "AS"  # noqa: PLR2004 - one in seven is a sole proprietor
    since = f"{1990 + index % 34}-{1 + index % 12:02}-{1 + index % 28:02}"
    unit = {
        "organisasjonsnummer": number,
        "navn": f"{place} {trade} {form}".upper() if form == "AS" else f"{place} {trade}".upper(),
        "organisasjonsform": {"kode": form, "beskrivelse": ORGANISATION_FORMS[form]},
        "registreringsdatoEnhetsregisteret": since,
        "registrertIMvaregisteret": True,
        "naeringskode1": {"kode": nace, "beskrivelse": nace_text},
        "harRegistrertAntallAnsatte": index % 3 == 0,
        "forretningsadresse": {
            "land": "Norge",
            "landkode": "NO",
            "postnummer": postcode,
            "poststed": town,
            "adresse": [f"{place}vegen {1 + index}"],
            "kommune": town,
            "kommunenummer": municipality,
        },
        "registrertIForetaksregisteret": form == "AS",
        "registrertIStiftelsesregisteret": False,
        "registrertIFrivillighetsregisteret": False,
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "maalform": "Nynorsk" if index % 5 == 0 else "Bokmål",
        "registrertIPartiregisteret": False,
        "paategninger": [],
        "erIKonsern": False,
        "respons_klasse": "Enhet",
    }
    if index % 6 == 0:
        unit["antallAnsatte"] = 5 + index
    return unit


def _person(index: int) -> dict[str, Any]:
    name = {"fornavn": GIVEN[index % len(GIVEN)], "etternavn": FAMILY[index % len(FAMILY)]}
    return {"fodselsdato": f"{1950 + index % 50}-{1 + index % 12:02}-{1 + index % 28:02}", "navn": name, "erDoed": False}


def _role_groups(index: int, form: str) -> list[dict[str, Any]]:
    roles = {"INNH": "INNH"} if form == "ENK" else {"DAGL": "DAGL", "STYR": "LEDE"}
    return [
        {
            "type": {"kode": group, "beskrivelse": ROLE_GROUPS[group]},
            "sistEndret": "2023-01-02",
            "roller": [
                {
                    "type": {"kode": role, "beskrivelse": ROLE_TYPES[role]},
                    "person": _person(7 * index + position),
                    "fratraadt": False,
                    "avregistrert": False,
                    "rekkefolge": 0,
                }
            ],
        }
        for position, (group, role) in enumerate(roles.items())
    ]
