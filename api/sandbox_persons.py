"""The people of the sandbox: nobody lives, and each of them shows a till's maker one thing that happens at tills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

from domain.cards.claims import Claim, Mode
from domain.words import _

PORTRAITS = Path(__file__).parent / "portraits"
GROWN_UP = 18


class Mood(StrEnum):
    """How the check of somebody's card goes."""

    WELL = "well"
    SLOW = "slow"
    OUTAGE = "outage"


def aged(years: int, day: date) -> date:
    """The birth date of somebody who is so old all year round."""
    return date(day.year - years, 1, 1)


def of_age_in(days: int, day: date) -> date:
    """The birth date of somebody who turns eighteen after so many days. As nobody does on 29 February, it is then a day aside."""
    birthday = day + timedelta(days=days)
    try:
        return birthday.replace(year=birthday.year - GROWN_UP)
    except ValueError:
        return date(birthday.year - GROWN_UP, 3, 1) if days else date(birthday.year - GROWN_UP, 2, 28)


def on_leap_day(_day: date) -> date:
    """A birthday that most years do not have."""
    return date(2008, 2, 29)


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """Somebody made up. `born` is asked on each day anew, so that ages stay; `mode` is what they show if nothing else is asked for."""

    n: int
    given_name: str
    family_name: str
    born: Callable[[date], date]
    about: str
    mode: Mode = Mode.STANDARD
    is_expired: bool = False
    is_blocked: bool = False
    has_portrait: bool = True
    mood: Mood = Mood.WELL

    def expires_on(self, day: date) -> date:
        """The last day on which the card holds."""
        return day + timedelta(days=-1 if self.is_expired else 365)

    def claims(self, day: date) -> Mapping[Claim, object]:
        """What stands on the card on a day. The number is none that anybody can have: 80 is added to its month."""
        born = self.born(day)
        claims: dict[Claim, object] = {
            Claim.GIVEN_NAME: self.given_name,
            Claim.FAMILY_NAME: self.family_name,
            Claim.BIRTHDATE: born.isoformat(),
            Claim.NATIONAL_ID: f"{born.day:02}{born.month + 80}{born.year % 100:02}000{self.n:02}",
            Claim.DOCUMENT_NUMBER: f"SANDBOX{self.n:02}",
            Claim.DOCUMENT_TYPE: "passport",
        }
        return claims

    @property
    def portrait(self) -> bytes | None:
        """A drawn face as JPEG."""
        return (PORTRAITS / f"{self.n:02}.jpg").read_bytes() if self.has_portrait else None


LONG_GIVEN_NAME = "Karoline Wilhelmine Alexandra Margrethe Josefine Fredrikke"
LONG_FAMILY_NAME = "Hubertsdatter von Ankerstjerne-Løvenskjold af Nordre Sørlandsstrøm og Vesterøyfjordene"

PERSONS: Mapping[int, SandboxPerson] = {
    person.n: person
    for person in (
        SandboxPerson(1, "Kristin", "Testnes", partial(aged, 43), _("43 years old")),
        SandboxPerson(2, "Omar", "Prøvestad", partial(aged, 29), _("29 years old")),
        SandboxPerson(3, "Emma", "Kontrollvik", partial(aged, 14), _("14 years old")),
        SandboxPerson(4, "Sofia", "Sandkasse", partial(aged, 18), _("18 years old")),
        SandboxPerson(5, "Jonas", "Mønsterbakk", partial(aged, 16), _("16 years old")),
        SandboxPerson(6, "Imani", "Akkurat", partial(of_age_in, 0), _("Turns 18 today")),
        SandboxPerson(7, "Leo", "Nesten", partial(of_age_in, 1), _("Turns 18 tomorrow")),
        SandboxPerson(8, "Odd", "Skuddår", on_leap_day, _("Born on 29 February")),
        SandboxPerson(9, "Áile Máret", "Čáhppes-Bjørnåsæter", partial(aged, 37), _("Letters such as æ, ø, å, á, č and š")),
        SandboxPerson(10, LONG_GIVEN_NAME, LONG_FAMILY_NAME, partial(aged, 33), _("A very long name")),
        SandboxPerson(11, "Arne", "Utgått", partial(aged, 61), _("The card has expired"), is_expired=True),
        SandboxPerson(12, "Leila", "Sperret", partial(aged, 35), _("The card is blocked"), is_blocked=True),
        SandboxPerson(13, "Samuel", "Barealder", partial(aged, 31), _("Shows age only"), mode=Mode.AGE),
        SandboxPerson(14, "Ronja", "Bildeløs", partial(aged, 27), _("Has no portrait"), has_portrait=False),
        SandboxPerson(15, "Mads", "Langsom", partial(aged, 24), _("The check is slow: three seconds"), mood=Mood.SLOW),
        SandboxPerson(16, "Noor", "Strømbrudd", partial(aged, 45), _("The check does not work"), mood=Mood.OUTAGE),
    )
}
