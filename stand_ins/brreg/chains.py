"""A chain with more shops than fit on one page, and a municipality whose schools and homes are units of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from stand_ins.brreg.codes import ORGANISATION_FORMS
from stand_ins.brreg.invented import PLACES, synthetic_numbers

CHAIN, MUNICIPALITY = "315002869", "315007674"
SHOPS = 1_240
STREETS = ("Storgata", "Kirkegata", "Strandgata", "Jernbanegata", "Torggata", "Havnegata", "Skolegata")
UNDER_THE_MUNICIPALITY = {
    "VIDDEBY KOMMUNE OPPVEKST": ("VIDDEBY BARNESKOLE", "VIDDEBY UNGDOMSSKOLE", "LYNGHEIA BARNEHAGE"),
    "VIDDEBY KOMMUNE HELSE OG OMSORG": ("VIDDEBY SYKEHJEM", "VIDDEBY LEGEVAKT"),
    "VIDDEBY KOMMUNE KULTUR": ("VIDDEBY KULTURSKOLE", "VIDDEBY KINO"),
}


def shops_of_the_chain() -> Iterator[dict[str, Any]]:
    """Shops with names and addresses that tell them apart, the same in every run."""
    for index, number in enumerate(islice(synthetic_numbers(34100007), SHOPS)):
        place, postcode, town, municipality = PLACES[index % len(PLACES)]
        street = f"{STREETS[index % len(STREETS)]} {1 + index // 3}"
        yield _shop(number, f"HYLLEPLASS {town} {place} {1 + index // len(PLACES)}".upper(), CHAIN, (street, postcode, town, municipality))


def units_of_the_municipality() -> Iterator[dict[str, Any]]:
    """Units in the register's own shape, with their sub-units."""
    numbers = synthetic_numbers(36100011)
    for name, departments in UNDER_THE_MUNICIPALITY.items():
        unit = next(numbers)
        shops = [
            _shop(next(numbers), department, unit, (f"Skoleveien {1 + index}", "2870", "DOKKA", "3447"))
            for index, department in enumerate(departments)
        ]
        yield {"enhet": _unit(unit, name), "underenheter": shops}


def _unit(number: str, name: str) -> dict[str, Any]:
    flags = ("registrertIForetaksregisteret", "registrertIStiftelsesregisteret", "registrertIFrivillighetsregisteret")
    states = ("konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning", "registrertIPartiregisteret", "erIKonsern")
    return {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {"kode": "ORGL", "beskrivelse": ORGANISATION_FORMS["ORGL"]},
        "registreringsdatoEnhetsregisteret": "2001-03-01",
        "registrertIMvaregisteret": False,
        "harRegistrertAntallAnsatte": True,
        "overordnetEnhet": MUNICIPALITY,
        "maalform": "Nynorsk",
        "paategninger": [],
        "respons_klasse": "Enhet",
        **dict.fromkeys((*flags, *states), False),
    }


def _shop(number: str, name: str, company: str, where: tuple[str, str, str, str]) -> dict[str, Any]:
    street, postcode, town, municipality = where
    return {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {"kode": "BEDR", "beskrivelse": ORGANISATION_FORMS["BEDR"]},
        "registreringsdatoEnhetsregisteret": "2016-04-01",
        "registrertIMvaregisteret": True,
        "harRegistrertAntallAnsatte": False,
        "overordnetEnhet": company,
        "oppstartsdato": "2016-04-01",
        "beliggenhetsadresse": {
            "land": "Norge",
            "landkode": "NO",
            "postnummer": postcode,
            "poststed": town,
            "adresse": [street],
            "kommune": town,
            "kommunenummer": municipality,
        },
        "respons_klasse": "Underenhet",
    }
