"""A patient person at a browser without scripts: does what a page asks, and what breaks is done once more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import uuid4

import httpx2

from domain.conversations import NotTakenDown

BETWEEN_TRIES = 0.1
REFUSED, BROKEN = 400, 500
SIX_DIGITS = re.compile(r"\b(\d{6})\b")


@dataclass(slots=True)
class Form:
    """A form on a page, with what stands in its fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Reading(HTMLParser):
    """Reads the forms and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, and the fields in them."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(said["action"]))
        elif tag == "input" and self.forms and said.get("type") != "checkbox":
            self.forms[-1].fields[said["name"]] = said.get("value", "")

    def handle_data(self, data: str) -> None:
        """Note what is written."""
        self.text.append(data)


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser shows."""

    path: str
    status: int
    html: str

    @property
    def forms(self) -> Sequence[Form]:
        """The forms that stand on it."""
        return _read(self.html).forms

    @property
    def text(self) -> str:
        """Everything that can be read on it, in one line."""
        return " ".join("".join(_read(self.html).text).split())

    def form(self, action: str) -> Form:
        """The form that leads there. Raises LookupError when there is none."""
        for form in self.forms:
            if form.action == action:
                return form
        raise LookupError(f"no form to {action} on {self.path} ({self.status}): {self.text}")

    @property
    def is_refused(self) -> bool:
        """Whether it says that something cannot be."""
        return self.status >= REFUSED

    @property
    def is_broken(self) -> bool:
        """Whether it only says that it cannot be shown."""
        return self.status >= BROKEN


def _read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    return reading


NOTHING_CAME = Page("", 599, "")


@dataclass(slots=True)
class Person:
    """Somebody with a browser and an address of their own. `met` are the statuses of all pages they were shown."""

    portal: str
    mailbox: str
    persona: str
    address: str = field(default_factory=lambda: f"{uuid4().hex}@firma.example")
    met: list[int] = field(default_factory=list)
    http: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx2.AsyncClient(follow_redirects=True, timeout=20, headers={"Accept-Language": "en"}, base_url=self.portal)

    async def look(self, path: str) -> Page:
        """Open a page once."""
        return await self._shown(self.http.build_request("GET", path))

    async def press(self, form: Form, **typed: str) -> Page:
        """Send a form once."""
        return await self._shown(self.http.build_request("POST", form.action, data=form.fields | typed))

    async def open(self, path: str) -> Page:
        """Open a page, again and again until it can be shown."""
        while (page := await self.look(path)).is_broken:  # noqa: ASYNC110 - what is waited for happens in other programs
            await asyncio.sleep(BETWEEN_TRIES)
        return page

    async def send(self, page: Page, form: Form, **typed: str) -> Page:
        """Send a form. When that breaks or was not taken down, open its page again and send the form once more, with the same click."""
        while (answer := await self.press(form, **typed)).is_broken or NotTakenDown.words in answer.text:
            await self.open(page.path)
        return answer

    async def log_in(self) -> Page:
        """Log in by the demo's short cut, from the beginning if anything breaks on the way."""
        while (page := await self.look(f"/login/no-bankid?persona={self.persona}")).is_refused:  # noqa: ASYNC110 - what is waited for happens in other programs
            await asyncio.sleep(BETWEEN_TRIES)
        return page

    async def code(self) -> str:
        """Read the code in the newest letter, as soon as there is one."""
        found = SIX_DIGITS.search((await self.letter_about("Your code"))["text"])
        assert found
        return found[1]

    async def letter_about(self, subject: str) -> Mapping[str, str]:
        """Wait for a letter with this in its subject, the newest if there are several."""
        while not (letters := [letter for letter in await self._letters() if subject in letter["subject"]]):  # noqa: ASYNC110 - what is waited for happens in other programs
            await asyncio.sleep(BETWEEN_TRIES)
        return letters[-1]

    async def _letters(self) -> list[dict[str, str]]:
        try:
            answer = await self.http.get(f"{self.mailbox}/api/letters", params={"to": self.address})
            letters: list[dict[str, str]] = answer.raise_for_status().json()
        except httpx2.HTTPError:
            return []
        return letters

    async def _shown(self, request: httpx2.Request) -> Page:
        try:
            answer = await self.http.send(request)
        except httpx2.TransportError:
            return NOTHING_CAME
        self.met.append(answer.status_code)
        return Page(answer.url.path, answer.status_code, answer.text)
