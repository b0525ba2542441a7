"""The register's own code lists, as far as the invented companies need them."""

from __future__ import annotations

from typing import Any

ORGANISATION_FORMS = {
    "AAFY": "Underenhet til ikke-næringsdrivende",
    "ANS": "Ansvarlig selskap med solidarisk ansvar",
    "AS": "Aksjeselskap",
    "ASA": "Allmennaksjeselskap",
    "BEDR": "Underenhet til næringsdrivende og offentlig forvaltning",
    "BRL": "Borettslag",
    "DA": "Ansvarlig selskap med delt ansvar",
    "ENK": "Enkeltpersonforetak",
    "FLI": "Forening/lag/innretning",
    "KIRK": "Den norske kirke",
    "KOMM": "Kommune",
    "KS": "Kommandittselskap",
    "NUF": "Norskregistrert utenlandsk foretak",
    "ORGL": "Organisasjonsledd",
    "PRE": "Partrederi",
    "SA": "Samvirkeforetak",
    "SAM": "Tingsrettslig sameie",
    "STI": "Stiftelse",
    "SÆR": "Annet foretak iflg. særskilt lov",
}
SUB_UNIT_FORMS = {"AAFY", "BEDR"}

ROLE_TYPES = {
    "BEST": "Bestyrende reder",
    "BOBE": "Bostyrer",
    "DAGL": "Daglig leder",
    "DTPR": "Deltaker med delt ansvar",
    "DTSO": "Deltaker med fullt ansvar",
    "FFØR": "Forretningsfører",
    "INNH": "Innehaver",
    "KOMP": "Komplementar",
    "KONT": "Kontaktperson",
    "LEDE": "Styrets leder",
    "MEDL": "Styremedlem",
    "NEST": "Nestleder",
    "OBS": "Observatør",
    "POFE": "Prokura i fellesskap",
    "POHV": "Prokura hver for seg",
    "PROK": "Prokura",
    "REGN": "Regnskapsfører",
    "REPR": "Norsk representant for utenlandsk enhet",
    "REVI": "Revisor",
    "SAM": "Sameiere",
    "SIFE": "Signatur i fellesskap",
    "SIGN": "Signatur",
    "SIHV": "Signatur hver for seg",
    "VARA": "Varamedlem",
}
ROLE_GROUPS = {
    "BEST": "Bestyrende reder",
    "BOBE": "Bostyrer",
    "DAGL": "Daglig leder",
    "DELT": "Deltakere",
    "FFØR": "Forretningsfører",
    "INNH": "Innehaver",
    "KOMP": "Komplementar",
    "KONT": "Kontaktperson",
    "PROK": "Prokura",
    "REGN": "Regnskapsfører",
    "REPR": "Norsk representant for utenlandsk enhet",
    "REVI": "Revisor",
    "SAM": "Sameiere",
    "SIGN": "Signatur",
    "STYR": "Styre",
}
REPRESENTATIVES = {"AREP": "Representant for de ansatte"}

# Where each list lives below `/enhetsregisteret/api`.
LISTS = {
    "organisasjonsformer": ORGANISATION_FORMS,
    "roller/rolletyper": ROLE_TYPES,
    "roller/rollegruppetyper": ROLE_GROUPS,
    "roller/representanter": REPRESENTATIVES,
}


def coded(api: str, code_list: str, code: str) -> dict[str, Any]:
    """One entry of a code list as the register shows it, with its description and link."""
    description = LISTS[code_list].get(code, code)
    return {"kode": code, "beskrivelse": description, "_links": {"self": {"href": f"{api}/{code_list}/{code}"}}}
