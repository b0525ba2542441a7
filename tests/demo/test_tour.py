"""What a newcomer is told at the end of the start."""

from __future__ import annotations

import json
from pathlib import Path

from demo.tour import Addresses, persona_link, summary

HERE = Addresses(
    "http://127.0.0.1:8000", "http://127.0.0.1:8012", "http://127.0.0.1:8233", "http://127.0.0.1:8011", "http://localhost:8010"
)


def test_a_persona_is_one_click_away() -> None:
    """The portal logs in with the persona's eID, and the provider asks nobody."""
    link = persona_link(HERE.portal, {"id": "ingrid", "eid": "no-bankid"})

    assert link == "http://127.0.0.1:8000/login/no-bankid?persona=ingrid"


def test_a_member_of_staff_is_one_click_away() -> None:
    """By the staff's own door."""
    assert persona_link(HERE.portal, {"id": "liv", "eid": "staff"}) == "http://127.0.0.1:8000/staff/login?persona=liv"


def test_the_summary_names_every_address_and_every_persona(tmp_path: Path) -> None:
    """Nobody has to look into a file to begin."""
    ingrid = {
        "id": "ingrid",
        "name": "Ingrid Nordheim",
        "eid": "no-bankid",
        "about": {"nb": "Daglig leder", "en": "Managing director"},
        "link": "http://the.link",
    }
    liv = {"id": "liv", "name": "Liv Myhre", "eid": "staff", "about": {"nb": "Kundestøtte", "en": "Support"}, "link": "http://staff.link"}
    (tmp_path / "tour.json").write_text(json.dumps({"personas": [ingrid], "staff": [liv]}))

    told = summary(HERE, tmp_path / "tour.json")

    for words in (
        HERE.portal,
        f"{HERE.portal}/demo",
        f"{HERE.portal}/demo/clock",
        HERE.mailbox,
        HERE.temporal,
        "Ingrid Nordheim",
        "http://the.link",
        "Managing director",
        "Liv Myhre",
        "http://staff.link",
    ):
        assert words in told
