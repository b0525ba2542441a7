"""The companies that check cards from the first day on: what they may ask for, where, and with which programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.api_access import new_client_secret

# What the tills of a company under development are called besides.
TEST = "test"


@dataclass(frozen=True, slots=True)
class Shop:
    """A place of a company with its tills. GLNs begin with 2, which is for use inside a company."""

    name: str
    gln: str
    tills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomerCompany:
    """A company of the register's with an agreement. `slug` begins the names of its programs."""

    slug: str
    number: str
    name: str
    purposes: tuple[str, ...]
    shops: tuple[Shop, ...]

    @property
    def clients(self) -> Mapping[str, bool]:
        """The programs by name, and whether each of them meets test persons only."""
        return {f"{self.slug}-till": False, f"{self.slug}-{TEST}": True}


COMPANIES = (
    CustomerCompany(
        "jordnaer",
        "315008786",
        "Jordnær Samvirke SA",
        ("alcohol_18", "alcohol_20", "tobacco_18", "energy_drink_16", "parcel_pickup"),
        (
            Shop("Jordnær Gårdsbutikk", "2000000000015", ("gard-1", "gard-2")),
            Shop("Jordnær Torget", "2000000000022", ("torget-1",)),
        ),
    ),
    CustomerCompany(
        "like-ansvarlige",
        "315010268",
        "Like Ansvarlige ANS",
        ("venue_entry_20", "venue_entry_23", "alcohol_18", "alcohol_20"),
        (Shop("Kjellerbaren", "2000000000039", ("dora", "baren")),),
    ),
    CustomerCompany(
        "uskreven",
        "315006937",
        "Uskreven Regel AS",
        ("parcel_pickup", "tobacco_18", "id_check_full"),
        (Shop("Uskreven Kiosk", "2000000000046", ("kiosk-1",)),),
    ),
)


def write_tills(path: Path) -> None:
    """Write down every till with what it logs in with, readable by the owner only. Secrets that have been made stay."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else []
    secrets = {till["client_id"]: till["client_secret"] for till in kept}
    for company in COMPANIES:
        for client in company.clients:
            secrets.setdefault(client, new_client_secret())
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(list(_tills(secrets)), ensure_ascii=False, indent=2), "utf-8")
    unfinished.rename(path)


def _tills(secrets: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    for company in COMPANIES:
        for client, sandbox in company.clients.items():
            for shop in company.shops:
                for terminal in shop.tills[:1] if sandbox else shop.tills:
                    yield {
                        "id": f"{terminal}-{TEST}" if sandbox else terminal,
                        "company": company.name,
                        "place": shop.name,
                        "terminal": terminal,
                        "client_id": client,
                        "client_secret": secrets[client],
                        "purposes": company.purposes,
                        "sandbox": sandbox,
                    }


def secrets_in(path: Path) -> Mapping[str, str]:
    """Read what the companies' programs log in with, by the program's name."""
    tills: Sequence[Mapping[str, str]] = json.loads(path.read_text("utf-8"))
    return {till["client_id"]: till["client_secret"] for till in tills}
