"""Numbers, times and refusals as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.company import CompanyIsDeleted
from domain.languages import Language
from web.render import _environment

NOON = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def said(language: Language, template: str, **context: object) -> str:
    """Render a line of template in a language."""
    return _environment(language).from_string(template).render(**context)


def test_a_moment_is_told_in_norwegian_time() -> None:
    """Whoever reads it is in Norway, wherever the server is."""
    assert said(Language.NB, "{{ at|when }}", at=NOON) == "22. november 2026 kl. 14.05"
    assert said(Language.EN, "{{ at|when }}", at=NOON) == "22 November 2026 at 14:05"


def test_summer_time_is_kept() -> None:
    """Norway is two hours ahead in summer."""
    assert said(Language.NB, "{{ at|when }}", at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2. juli 2026 kl. 00.30"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    """It could be any of twenty-four moments."""
    with pytest.raises(ValueError, match="time zone"):
        said(Language.NB, "{{ at|when }}", at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("passed", "norwegian", "english"),
    [
        (timedelta(minutes=3), "3 minutter", "3 minutes"),
        (timedelta(hours=49), "2 døgn", "2 days"),
        (timedelta(seconds=59), "mindre enn ett minutt", "less than a minute"),
        (timedelta(seconds=-5), "mindre enn ett minutt", "less than a minute"),
    ],
)
def test_how_long_ago_is_told_in_its_largest_unit(passed: timedelta, norwegian: str, english: str) -> None:
    """Nobody waits for a support person in seconds; clocks that disagree never make time run backwards."""
    line = "{{ at|time_since(now) }}"

    assert said(Language.NB, line, at=NOON, now=NOON + passed) == norwegian
    assert said(Language.EN, line, at=NOON, now=NOON + passed) == english


def test_an_organisation_number_is_read_in_threes_on_one_line() -> None:
    """As the register itself writes it."""
    assert said(Language.NB, "{{ '312345676'|orgno }}") == "312\N{NO-BREAK SPACE}345\N{NO-BREAK SPACE}676"


def test_a_phone_number_can_be_dialled() -> None:
    """The spaces are for the eye."""
    assert said(Language.NB, "{{ '+47 23 00 00 00'|dialled }}") == "+4723000000"


def test_a_refusal_speaks_the_readers_language() -> None:
    """Refusals are raised in English and read in Norwegian, their facts filled in."""
    line = said(Language.NB, "{{ refusal|said }}", refusal=CompanyIsDeleted(date="2026-01-31"))

    assert line.startswith("Dette selskapet ble slettet fra registeret 2026-01-31,")
