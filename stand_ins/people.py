"""The invented people who can log in: customers by the electronic IDs they hold, staff by their work account."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

PEOPLE = Path(__file__).parent / "people.json"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who can be chosen on the login page. `acr` is set for those whose login is weaker than the eID's usual one."""

    id: str
    eid: str
    given_name: str
    family_name: str
    about: Mapping[str, str]
    birthdate: str | None = None
    works_for: str | None = None
    ssn: str | None = None
    acr: str | None = None
    email: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The whole name in one string."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """An electronic ID, or the work account, as its broker presents it: which `acr` it answers with, and what it tells about people."""

    id: str
    title: str
    acr: str
    low_acr: str
    amr: tuple[str, ...]
    claims: Callable[[Persona], dict[str, Any]]


def _bankid(persona: Persona) -> dict[str, Any]:
    tail = int(sha256(persona.id.encode()).hexdigest()[:6], 16)
    return {
        "identityscheme": "nobankid-oidc",
        "uniqueuserid": f"9578-5999-4-{tail}",
        "given_name": persona.given_name,
        "family_name": persona.family_name,
        "name": persona.name,
        "birthdate": persona.birthdate,
        "country": "NO",
    }


def _swedish_bankid(persona: Persona) -> dict[str, Any]:
    return {
        "identityscheme": "sebankid",
        "ssn": persona.ssn,
        "given_name": persona.given_name,
        "family_name": persona.family_name,
        "name": persona.name,
        "country": "SE",
    }


def _mitid(persona: Persona) -> dict[str, Any]:
    uuid = str(uuid5(NAMESPACE_URL, f"mitid/{persona.id}"))
    return {"identityscheme": "dkmitid", "uuid": uuid, "name": persona.name, "birthdate": persona.birthdate, "country": "DK"}


def _work_account(persona: Persona) -> dict[str, Any]:
    return {
        "given_name": persona.given_name,
        "family_name": persona.family_name,
        "name": persona.name,
        "email": persona.email,
        "roles": list(persona.roles),
    }


STAFF = "staff"
SCHEMES = {
    scheme.id: scheme
    for scheme in (
        Scheme("no-bankid", "BankID", "urn:grn:authn:no:bankid", "urn:grn:authn:no:bankid:substantial", ("bid",), _bankid),
        Scheme("se-bankid", "BankID (Sverige)", "urn:grn:authn:se:bankid", "urn:grn:authn:se:bankid:low", ("bankid",), _swedish_bankid),
        Scheme("dk-mitid", "MitID", "urn:grn:authn:dk:mitid:substantial", "urn:grn:authn:dk:mitid:low", ("code_app",), _mitid),
        Scheme(STAFF, "Skranke", "urn:example:authn:work", "urn:example:authn:work:low", ("pwd", "otp"), _work_account),
    )
}
EIDS = tuple(scheme for scheme in SCHEMES if scheme != STAFF)


@cache
def personas() -> Mapping[str, Persona]:
    """Everybody, by id, in the order of the file."""
    return {entry["id"]: Persona(**entry | {"roles": tuple(entry.get("roles", ()))}) for entry in json.loads(PEOPLE.read_text("utf-8"))}
