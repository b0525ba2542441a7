"""The phone's screen, as a page: one phone for each of the invented people with a Norwegian eID."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import segno
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from stand_ins.pages import STYLE, file, page
from stand_ins.people import Persona, personas
from stand_ins.phone.app import Phone, Refused, Shown
from stand_ins.phone.eid import Login, LoginFailed
from stand_ins.phone.idk1 import Mode
from stand_ins.phone.wallet import Wallet
from stand_ins.phone.words import MODES, WORDS, shown

SEE_OTHER = 303
OSLO = ZoneInfo("Europe/Oslo")
MOMENT = {"nb": "%d.%m.%Y kl. %H.%M", "en": "%d/%m/%Y at %H:%M"}
NORWEGIAN = "no-bankid"
GONE = {"card_blocked", "card_expired", "unauthorized"}


@dataclass(slots=True)
class Drawer:
    """Everybody's phones. With a folder, each phone's protected storage survives a restart."""

    http: httpx2.AsyncClient
    portal: str
    card_issuer: str
    login: Login
    folder: Path | None = None
    prefix: str = "IDK1"
    _phones: dict[str, Phone] = field(default_factory=dict)

    def phone_of(self, who: Persona) -> Phone:
        """Take somebody's phone out."""
        if who.id not in self._phones:
            phone = Phone(self.http, self.portal, self.card_issuer, self.login, prefix=self.prefix)
            storage = self._storage(who)
            if storage and storage.exists():
                phone.wallet = Wallet.restored(storage.read_text("utf-8"))
            self._phones[who.id] = phone
        return self._phones[who.id]

    async def enrol(self, who: Persona) -> None:
        """Get somebody a card, on a phone with new keys. Raises Refused, LoginFailed and httpx2's errors."""
        phone = Phone(self.http, self.portal, self.card_issuer, self.login, prefix=self.prefix)
        await phone.enrol(who.id)
        self._phones[who.id] = phone
        if storage := self._storage(who):
            storage.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            storage.touch(mode=0o600)
            storage.write_text(phone.wallet.kept(), "utf-8")

    def _storage(self, who: Persona) -> Path | None:
        return self.folder / f"{who.id}.json" if self.folder else None


def phone_app(drawer: Drawer) -> ASGIApp:
    """The screens of everybody's phones."""
    screens = Screens(drawer)
    routes = [
        Route("/", screens.choose),
        Route("/{persona}", screens.home),
        Route("/{persona}/card", screens.enrol, methods=["POST"]),
        Route("/{persona}/code", screens.show, methods=["POST"]),
        Route("/{persona}/code/{ref_hash}", screens.hear),
        Route("/{persona}/log", screens.log),
        file("phone.css"),
        file("phone.js"),
    ]
    return Starlette(routes=[STYLE, *routes[-2:], *routes[:-2]])


@dataclass(slots=True)
class Screens:
    """What each screen shows."""

    drawer: Drawer
    _shown: dict[str, Shown] = field(default_factory=dict)

    async def choose(self, request: Request) -> Response:
        """Everybody whose phone can be taken."""
        return _screen("phones.html", request, people=list(_people().values()))

    async def home(self, request: Request) -> Response:
        """A card to show, or none yet."""
        who = _people().get(request.path_params["persona"])
        if who is None:
            return RedirectResponse("/", SEE_OTHER)
        return self._home(request, who)

    async def enrol(self, request: Request) -> Response:
        """Log in with eID and get a card."""
        who = _people().get(request.path_params["persona"])
        if who is None:
            return RedirectResponse("/", SEE_OTHER)
        try:
            await self.drawer.enrol(who)
        except (Refused, LoginFailed, httpx2.HTTPError) as error:
            return self._home(request, who, problem=_problem(request, error))
        return RedirectResponse(f"/{who.id}?lang={_language(request)}", SEE_OTHER)

    async def show(self, request: Request) -> Response:
        """A new code on the screen, as soon as the portal knows of it."""
        who = _people().get(request.path_params["persona"])
        asked = str((await request.form()).get("mode", ""))
        if who is None or asked not in MODES:
            return RedirectResponse("/", SEE_OTHER)
        try:
            code = await self.drawer.phone_of(who).show(Mode[asked.upper()])
        except (Refused, LookupError, httpx2.HTTPError) as error:
            return self._home(request, who, problem=_problem(request, error), gone=isinstance(error, Refused) and error.code in GONE)
        self._shown[code.ref_hash.hex()] = code
        picture = segno.make(code.text, error="m", micro=False, boost_error=False).svg_data_uri(scale=8, border=4, light="#fff")
        return _screen("phone_code.html", request, who=who, code=code, picture=picture, mode=asked, fresh=True, entry=None)

    async def hear(self, request: Request) -> Response:
        """Wait for somebody to scan this code, and say who it was, or that its time is over."""
        who, code = _people().get(request.path_params["persona"]), self._shown.get(request.path_params["ref_hash"])
        if who is None or code is None:
            return RedirectResponse("/", SEE_OTHER)
        try:
            entry = await self.drawer.phone_of(who).hear(code)
        except (Refused, httpx2.HTTPError) as error:
            return self._home(request, who, problem=_problem(request, error))
        told = _told(entry, _language(request)) if entry else None
        return _screen("phone_code.html", request, who=who, mode=code.mode.name.lower(), fresh=False, entry=told)

    async def log(self, request: Request) -> Response:
        """Everything that this card has been asked for, which only this phone can read."""
        who = _people().get(request.path_params["persona"])
        if who is None:
            return RedirectResponse("/", SEE_OTHER)
        entries: Sequence[Mapping[str, Any]] = []
        problem = ""
        try:
            entries = await self.drawer.phone_of(who).log()
        except LookupError:
            pass
        except (Refused, httpx2.HTTPError) as error:
            problem = _problem(request, error)
        told = [_told(entry, _language(request)) for entry in entries]
        return _screen("phone_log.html", request, who=who, entries=told, problem=problem)

    def _home(self, request: Request, who: Persona, *, problem: str = "", gone: bool = False) -> Response:
        has_card = self.drawer.phone_of(who).wallet.card_id is not None
        return _screen("phone.html", request, who=who, has_card=has_card, gone=gone, problem=problem)


def _people() -> Mapping[str, Persona]:
    return {who.id: who for who in personas().values() if who.eid == NORWEGIAN and who.birthdate}


def _told(entry: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """An entry of the log as the screen says it."""
    at = datetime.fromisoformat(str(entry["at"])).astimezone(OSLO)
    return {**entry, "at": at.strftime(MOMENT[language]), "shown": shown(list(entry["released"]), language)}


def _problem(request: Request, error: Exception) -> str:
    return error.detail or error.code if isinstance(error, Refused) else WORDS[_language(request)]["no_answer"]


def _screen(template: str, request: Request, **facts: Any) -> Response:  # noqa: ANN401 - what a template shows
    language = _language(request)
    modes = {mode: words[language] for mode, words in MODES.items()}
    return page(template, live=True, words=WORDS[language], language=language, modes=modes, here=request.url.path, **facts)


def _language(request: Request) -> str:
    """Norwegian, unless the address or the browser says otherwise."""
    asked = request.query_params.get("lang")
    if asked in WORDS:
        return asked
    return "en" if request.headers.get("accept-language", "nb").lower().startswith("en") else "nb"
