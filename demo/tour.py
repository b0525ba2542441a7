"""What a newcomer is shown: where everything is, and who there is to be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

# What the provider says in place of an eID, of those who have a work account.
STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The pages that people open."""

    portal: str
    mailbox: str
    temporal: str
    brreg: str
    openid_provider: str
    phone: str = ""
    till: str = ""
    metrics: Sequence[str] = ()


def persona_link(portal: str, persona: Mapping[str, Any]) -> str:
    """Where one becomes a persona with one click: the portal's login with their eID or work account, the choice made beforehand."""
    login = "/staff/login" if persona["eid"] == STAFF else f"/login/{quote(persona['eid'])}"
    return f"{portal}{login}?{urlencode({'persona': persona['id']})}"


async def write_tour(addresses: Addresses, path: Path, tills: Path | None = None) -> None:
    """Write down the addresses, the companies' programs and the OpenID provider's personas, for the portal's tour page."""
    async with httpx2.AsyncClient() as http:
        answer = await http.get(f"{addresses.openid_provider}/personas")
    _write(addresses, answer.raise_for_status().json(), _programs(tills) if tills else [], path)


def _programs(tills: Path) -> Sequence[Mapping[str, Any]]:
    """Every program with its secret, once, and the terminals it speaks for."""
    programs: dict[str, dict[str, Any]] = {}
    for till in json.loads(tills.read_text("utf-8")):
        shown = {name: till[name] for name in ("company", "client_id", "client_secret", "sandbox", "purposes")}
        programs.setdefault(till["client_id"], {**shown, "terminals": []})["terminals"].append(till["terminal"])
    return list(programs.values())


def _write(addresses: Addresses, personas: Sequence[Mapping[str, Any]], programs: Sequence[Mapping[str, Any]], path: Path) -> None:
    tour = {
        "mailbox_url": addresses.mailbox,
        "temporal_url": addresses.temporal,
        "brreg_url": addresses.brreg,
        "eid_url": addresses.openid_provider,
        "phone_url": addresses.phone,
        "till_url": addresses.till,
        "programs": programs,
        "personas": [_on_tour(addresses.portal, persona) for persona in personas if persona["eid"] != STAFF],
        "staff": [_on_tour(addresses.portal, persona) for persona in personas if persona["eid"] == STAFF],
        "metrics_urls": list(addresses.metrics),
    }
    path.write_text(json.dumps(tour, ensure_ascii=False, indent=2), encoding="utf-8")


def _on_tour(portal: str, persona: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**persona, "link": persona_link(portal, persona)}


def summary(addresses: Addresses, tour: Path) -> str:
    """Tell in a few lines where to go, and as whom."""
    written = json.loads(tour.read_text(encoding="utf-8"))
    personas = [*written["personas"], *written["staff"]]
    places = {
        "Portal": addresses.portal,
        "Tour": f"{addresses.portal}/demo",
        "Clock": f"{addresses.portal}/demo/clock",
        "Mailbox": addresses.mailbox,
        "Temporal": addresses.temporal,
        "Register": addresses.brreg,
        "Operations": f"{addresses.portal}/ops",
        "Phone": addresses.phone,
        "Till": addresses.till,
    }
    people = {persona["name"]: f"{persona['link']}\n      {persona['about']['en']}" for persona in personas}
    return f"\n{_table(places)}\n\n  Be one of them:\n\n{_table(people)}\n\n  Ctrl-C stops everything.\n"


def _table(rows: Mapping[str, str]) -> str:
    width = max(map(len, rows), default=0)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows.items())
