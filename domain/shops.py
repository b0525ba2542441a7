"""A company's shops and departments as the register lists them, and which of them are places where terminals stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.company import Address
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from domain.words import _


@dataclass(frozen=True, slots=True)
class Shop:
    """A sub-unit (underenhet): a shop or a department of the unit `of`. `address` is where it lies, None where that is not told."""

    number: OrganisationNumber
    name: str
    of: OrganisationNumber
    address: Address | None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitBelow:
    """A main unit that belongs to another one, such as a school that belongs to a municipality."""

    number: OrganisationNumber
    name: str
    of: OrganisationNumber


@dataclass(frozen=True, slots=True)
class Below:
    """Everything that the register lists under a company: units, units under those, and the shops of all of them."""

    units: Sequence[UnitBelow]
    shops: Sequence[Shop]


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in its place in the tree; those right under the company have the depth 1."""

    unit: UnitBelow
    depth: int


class TerminalStandsThere(Refusal):
    """A place where a terminal stands stays a place."""

    code = "terminal-stands-there"
    words = _("Terminals stand at %(places)s. Move them to another place first. Nothing has been changed.")


class NoShopsChosen(Refusal):
    """A button was pressed, and nothing was ticked."""

    code = "no-shops-chosen"
    words = _("Tick at least one shop first.")


class NoSuchShop(Refusal):
    """What was ticked is not among the company's shops, or has closed."""

    code = "no-such-shop"
    words = _("The register does not list all of these shops as open any longer. Load the page again, and choose among those it shows.")


def in_order(company: OrganisationNumber, units: Iterable[UnitBelow]) -> Iterator[Branch]:
    """Walk the tree under a company, each unit before those under it and otherwise by name. A unit is met once, circles or not."""
    below: dict[OrganisationNumber, list[UnitBelow]] = {}
    for unit in units:
        below.setdefault(unit.of, []).append(unit)
    yield from _walk(company, below, {company}, 1)


def _walk(
    above: OrganisationNumber, below: Mapping[OrganisationNumber, Sequence[UnitBelow]], met: set[OrganisationNumber], depth: int
) -> Iterator[Branch]:
    for unit in sorted(below.get(above, ()), key=lambda found: (found.name, found.number.value)):
        if unit.number not in met:
            met.add(unit.number)
            yield Branch(unit, depth)
            yield from _walk(unit.number, below, met, depth + 1)
