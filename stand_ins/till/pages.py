"""The pages of the tills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from stand_ins.pages import STYLE, file, page
from stand_ins.till.asking import Answer, CardCheck, NotVerified
from stand_ins.till.shops import Shop, shops_in
from stand_ins.till.words import FACTS, MODES, NO_ANSWER, NOTHING_SCANNED, PURPOSES, WORDS

SEE_OTHER = 303
NOBODY_THERE: dict[str, Any] = {"told": None, "not_verified": None, "qr": "", "shown_by": "", "asked_for_code": False}


def till_app(http: httpx2.AsyncClient, shops_file: Path) -> ASGIApp:
    """The tills of every shop in the file, over a client whose base is the card check's address."""
    tills = Tills(CardCheck(http), shops_file)
    routes = [
        Route("/", tills.choose),
        Route("/tills/{id}", tills.stand_at, methods=["GET", "POST"]),
        Route("/tills/{id}/test-code", tills.test_code, methods=["GET", "POST"]),
        STYLE,
        file("till.css"),
        file("till.js"),
    ]
    return Starlette(routes=routes)


@dataclass(frozen=True, slots=True)
class Tills:
    """The routes over the shops' tills."""

    card_check: CardCheck
    shops_file: Path

    async def choose(self, request: Request) -> Response:
        """Every till there is; those under development apart."""
        shops = shops_in(self.shops_file).values()
        return page("tills.html", shops=shops, words=WORDS[_language(request)], language=_language(request))

    async def stand_at(self, request: Request) -> Response:
        """One till, ready for the next customer; or, after a scan, what it was told of this one."""
        shop = shops_in(self.shops_file).get(request.path_params["id"])
        if shop is None:
            return RedirectResponse("/", SEE_OTHER)
        if request.method != "POST":
            return await self._till(request, shop)
        form = await request.form()
        answer = await self._answer(shop, form)
        if isinstance(answer, NotVerified):
            return await self._till(request, shop, form, not_verified=answer.words[_language(request)])
        return await self._till(request, shop, form, told=answer)

    async def test_code(self, request: Request) -> Response:
        """A test person shows a code, and the scanner has typed it already."""
        shop = shops_in(self.shops_file).get(request.path_params["id"])
        if shop is None or not shop.sandbox or request.method != "POST":
            return RedirectResponse("/", SEE_OTHER)
        form = await request.form()
        person, mode = str(form.get("person", "")), str(form.get("mode", ""))
        qr = await self.card_check.test_code(shop, person, mode) if person.isdecimal() and mode in {"", *MODES} else ""
        return await self._till(request, shop, form, qr=qr, shown_by=person, asked_for_code=True)

    async def _answer(self, shop: Shop, form: FormData) -> Answer:
        scanned, purpose = str(form.get("qr", "")), str(form.get("purpose", ""))
        if not scanned.strip():
            return NotVerified(NOTHING_SCANNED, "nothing_scanned")
        if purpose not in shop.purposes:
            return NotVerified(NO_ANSWER, "no_purpose")
        return await self.card_check.check(shop, scanned, purpose, str(form.get("visit", "")))

    async def _till(
        self,
        request: Request,
        shop: Shop,
        form: Mapping[str, Any] | None = None,
        **shown: Any,  # noqa: ANN401 - what the template shows
    ) -> Response:
        language, chosen = _language(request), (form or request.query_params).get("purpose")
        facts: dict[str, Any] = {
            "shop": shop,
            "visit": uuid4().hex,
            "purpose": chosen if chosen in shop.purposes else shop.purposes[0],
            "purposes": {code: PURPOSES.get(code, {}).get(language, code) for code in shop.purposes},
            "fact_names": {name: words[language] for name, words in FACTS.items()},
            "modes": {mode: words[language] for mode, words in MODES.items()},
            "persons": await self.card_check.test_persons(shop) if shop.sandbox else [],
            "words": WORDS[language],
            "language": language,
        }
        return page("till.html", live=True, **facts | NOBODY_THERE | shown)


def _language(request: Request) -> str:
    """Norwegian, unless the address or the browser says otherwise."""
    asked = request.query_params.get("lang")
    if asked in WORDS:
        return asked
    return "en" if request.headers.get("accept-language", "nb").lower().startswith("en") else "nb"
