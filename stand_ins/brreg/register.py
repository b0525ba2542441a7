"""What the invented register knows, and how it changes: every change shows up in the feeds, as in the real one."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stand_ins.brreg.chains import shops_of_the_chain, units_of_the_municipality
from stand_ins.brreg.invented import ordinary_companies

COMPANIES = Path(__file__).parent.parent / "companies"
FIRST_UPDATE = 25_000_001
OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)

Thing = dict[str, Any]


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def json_patch(before: Thing, after: Thing) -> list[Thing]:
    """What changed at the top level, as JSON Patch."""
    gone = [{"op": "remove", "path": f"/{key}"} for key in before if key not in after]
    changed = [{"op": "replace", "path": f"/{key}", "value": after[key]} for key in before if key in after and after[key] != before[key]]
    return gone + changed + [{"op": "add", "path": f"/{key}", "value": after[key]} for key in after if key not in before]


def merge_patch(thing: Thing, patch: Thing) -> Thing:
    """JSON Merge Patch (RFC 7396): null takes away, objects are merged, everything else replaces."""
    merged = dict(thing)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = merge_patch(merged[key], value)
        else:
            merged[key] = value
    return merged


@dataclass(slots=True)
class Register:
    """Units, sub-units, roles, authority to sign, and the three feeds; kept in memory."""

    units: dict[str, Thing] = field(default_factory=dict)
    sub_units: dict[str, Thing] = field(default_factory=dict)
    role_groups: dict[str, list[Thing]] = field(default_factory=dict)
    authority: dict[str, dict[str, Thing]] = field(default_factory=dict)
    removed: dict[str, Thing] = field(default_factory=dict)
    unit_feed: list[Thing] = field(default_factory=list)
    sub_unit_feed: list[Thing] = field(default_factory=list)
    role_feed: list[Thing] = field(default_factory=list)

    @classmethod
    def invented(cls) -> Register:
        """The companies of the `companies` folder and two hundred ordinary ones."""
        register = cls()
        register.reset()
        return register

    def reset(self) -> None:
        """Forget every change."""
        for part in (self.units, self.sub_units, self.role_groups, self.authority, self.removed):
            part.clear()
        for feed in (self.unit_feed, self.sub_unit_feed, self.role_feed):
            feed.clear()
        told = [json.loads(path.read_text("utf-8")) for path in sorted(COMPANIES.glob("*.json"))]
        for company in [*told, *ordinary_companies(), *units_of_the_municipality()]:
            self._take_in(company)
        self.sub_units.update({shop["organisasjonsnummer"]: shop for shop in shops_of_the_chain()})
        self._tell_of_the_beginning(told)

    def _take_in(self, company: Thing) -> None:
        if "fjernet" in company:
            self.removed[company["fjernet"]["organisasjonsnummer"]] = company["fjernet"]
            return
        number = company["enhet"]["organisasjonsnummer"]
        self.units[number] = company["enhet"]
        self.role_groups[number] = company.get("rollegrupper", [])
        self.authority[number] = company.get("fullmakt", {})
        self.sub_units.update({shop["organisasjonsnummer"]: shop for shop in company.get("underenheter", [])})

    def _tell_of_the_beginning(self, told: Iterable[Thing]) -> None:
        for company in told:
            unit = company.get("enhet") or company["fjernet"]
            number = unit["organisasjonsnummer"]
            kind = {"SlettetEnhet": "Sletting", "Enhet": "Ny"}.get(unit.get("respons_klasse", ""), "Fjernet")
            self.tell_of_unit(number, kind, at=OPENED)
            if company.get("rollegrupper"):
                self.tell_of_roles(number, at=OPENED)
        self.tell_of_unit(self.unit_feed[0]["organisasjonsnummer"], "Ukjent", at=OPENED)

    # Changes.

    def put_unit(self, unit: Thing) -> None:
        """Enter a unit, or replace what is known of it."""
        number = unit["organisasjonsnummer"]
        before = self.units.get(number)
        self.units[number] = copy.deepcopy(unit)
        self.removed.pop(number, None)
        if before is None:
            self.tell_of_unit(number, "Ny")
        elif changes := json_patch(before, unit):
            self.tell_of_unit(number, "Endring", changes)

    def put_sub_unit(self, shop: Thing) -> None:
        """Enter a sub-unit, or replace what is known of it."""
        number = shop["organisasjonsnummer"]
        kind = "Endring" if number in self.sub_units else "Ny"
        self.sub_units[number] = copy.deepcopy(shop)
        self._append(self.sub_unit_feed, number, kind)

    def delete_unit(self, number: str) -> None:
        """Strike a unit off: it is still shown, with little more than its name."""
        today = datetime.now(UTC).date().isoformat()
        kept = {key: value for key, value in self.units[number].items() if key in {"organisasjonsnummer", "navn", "organisasjonsform"}}
        self.units[number] = kept | {"slettedato": today, "respons_klasse": "SlettetEnhet"}
        self.role_groups[number] = []
        self.tell_of_unit(number, "Sletting")
        self.tell_of_roles(number)

    def remove_unit(self, number: str) -> None:
        """Take a unit out altogether, as the law sometimes asks: 410 from now on."""
        del self.units[number]
        self.removed[number] = {"organisasjonsnummer": number, "slettedato": datetime.now(UTC).date().isoformat()}
        self.role_groups[number] = []
        self.tell_of_unit(number, "Fjernet")

    def put_roles(self, number: str, role_groups: list[Thing]) -> None:
        """Replace every role of a unit; an empty list leaves it without roles."""
        self.role_groups[number] = copy.deepcopy(role_groups)
        self.tell_of_roles(number)

    def end_roles(self, number: str, family_name: str, born: str) -> int:
        """Let one person step down from every role here. Answers how many there were."""
        ended = 0
        for group in self.role_groups.get(number, []):
            for role in group["roller"]:
                person = role.get("person", {})
                if person.get("fodselsdato") == born and person["navn"]["etternavn"] == family_name and not role.get("fratraadt"):
                    role["fratraadt"] = True
                    group["sistEndret"] = datetime.now(UTC).date().isoformat()
                    ended += 1
        if ended:
            self.tell_of_roles(number)
        return ended

    # The feeds.

    def tell_of_unit(self, number: str, kind: str, changes: list[Thing] | None = None, at: datetime | None = None) -> None:
        """Append to the feed of units; `kind` is Ny, Endring, Sletting, Fjernet or Ukjent."""
        self._append(self.unit_feed, number, kind, changes, at)

    def tell_of_roles(self, number: str, at: datetime | None = None) -> None:
        """Append to the feed of roles, which only says that something changed."""
        self.role_feed.append(
            {
                "specversion": "1.0",
                "id": str(len(self.role_feed) + 1),
                "source": "https://data.brreg.no/enhetsregisteret/api/oppdateringer/roller",
                "type": "no.brreg.enhetsregisteret.rolle.oppdatert",
                "time": _at(at or datetime.now(UTC)),
                "data": {"organisasjonsnummer": number},
            }
        )

    def _append(self, feed: list[Thing], number: str, kind: str, changes: list[Thing] | None = None, at: datetime | None = None) -> None:
        update: Thing = {
            "oppdateringsid": FIRST_UPDATE + len(self.unit_feed) + len(self.sub_unit_feed),
            "dato": _at(at or datetime.now(UTC)),
            "organisasjonsnummer": number,
            "endringstype": kind,
        }
        feed.append(update | ({"endringer": changes} if changes else {}))
