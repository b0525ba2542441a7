"""The two journeys: to an open profile, and to somebody who has to look and a change of mind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.post import LetterKind
from domain.stages import Stage
from tests.crashes.person import BETWEEN_TRIES, Page, Person

BREWERY = "315001013"
OPEN = "The company's profile is open"
A_PERSON_LOOKS = "A person here will look at it"
WITHDRAWN = "You have withdrawn the signup"


@dataclass(frozen=True, slots=True)
class Journey:
    """What somebody wants, and what there has to be afterwards. The register's silence may come in between."""

    name: str
    persona: str
    go_on: Callable[[Person], Awaitable[None]]
    stages: Sequence[Stage]
    letters: Sequence[LetterKind]
    opens_profile: bool


async def onboard(person: Person, page: Page | None = None) -> Page:
    """Log in unless that is done, accept the terms and confirm an address; returns with the page that asks where one works."""
    page = page or await person.log_in()
    while page.path != "/workplace":
        match page.path:
            case "/terms":
                page = await person.send(page, page.form("/terms"), accepted="yes")
            case "/email":
                page = await person.send(page, page.form("/email"), address=person.address)
            case "/email/code":
                page = await person.send(page, page.form("/email/code"), code=await person.code())
            case _:
                raise AssertionError(f"nobody comes to {page.path} ({page.status}) on this way: {page.text}")
    return page


async def sign_up(person: Person) -> Page:
    """Name the brewery; returns with the page that shows where the signup stands."""
    page = await person.open(f"/workplace/{BREWERY}")
    while not page.path.startswith("/signup/"):
        page = await person.send(page, page.form(f"/workplace/{BREWERY}"))
    return page


async def until(person: Person, page: Page, words: str) -> Page:
    """Open the page again until it says so."""
    while words not in page.text:
        assert not page.is_refused, f"{page.path} ({page.status}): {page.text}"
        await asyncio.sleep(BETWEEN_TRIES)
        page = await person.open(page.path)
    return page


async def _wait_for_the_profile(person: Person) -> None:
    await until(person, await sign_up(person), OPEN)


async def _change_ones_mind(person: Person) -> None:
    page = await until(person, await sign_up(person), A_PERSON_LOOKS)
    await person.letter_about("We are looking")
    page = await person.send(page, page.form(f"{page.path}/withdraw"))
    await until(person, page, WITHDRAWN)


OPENING = Journey(
    "a profile is opened",
    "ingrid",
    _wait_for_the_profile,
    [Stage.COMPANY_NAMED, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED],
    [LetterKind.CONFIRM_EMAIL, LetterKind.WELCOME],
    opens_profile=True,
)
WITHDRAWING = Journey(
    "a person has to look, and the signup is withdrawn",
    "mari",
    _change_ones_mind,
    [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON, Stage.WITHDRAWN],
    [LetterKind.CONFIRM_EMAIL, LetterKind.NEEDS_A_PERSON],
    opens_profile=False,
)
