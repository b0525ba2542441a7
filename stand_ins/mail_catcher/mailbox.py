"""The web side: pages that show the letters, JSON for tests, and the control door."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from http import HTTPStatus

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from stand_ins.behaviours import CONTROL, Behaviours
from stand_ins.mail_catcher.letters import Letters
from stand_ins.mail_catcher.smtp import Moods
from stand_ins.pages import STYLE, page

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
# A letter may look as it likes and be clicked, and can do nothing else. Its links open in a new tab.
SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:"


def with_links(text: str) -> Markup:
    """Plain text with its web addresses made clickable."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found[0])
        pieces += [escape(text[end : found.start()]), Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(address)]
        end = found.end()
    return Markup().join([*pieces, escape(text[end:])])


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The routes over the letters."""

    letters: Letters
    moods: Moods
    behaviours: Behaviours

    def routes(self) -> list[Route]:
        """Pages for people, JSON for tests, and the control door."""
        return [
            Route("/", self.list_page),
            Route("/letters/{id}", self.letter_page),
            Route("/letters/{id}/html", self.letter_html),
            STYLE,
            Route("/api/letters", self.list_json),
            Route("/api/letters", self.forget, methods=["DELETE"]),
            Route(f"{CONTROL}/moods", self.control, methods=["GET", "POST", "DELETE"]),
            *self.behaviours.routes(),
        ]

    async def list_page(self, request: Request) -> Response:
        """All letters, or those to one address (`?to=`); newest first."""
        to = request.query_params.get("to", "").strip()
        return page("mailbox.html", to=to, letters=self.letters.to(to)[::-1], recipients=self.letters.recipients())

    async def letter_page(self, request: Request) -> Response:
        """One letter: HTML in a sandboxed frame, and the text."""
        letter = self.letters.by_id(request.path_params["id"])
        if letter is None:
            return page("mailbox.html", status=404, to="", letters=[], recipients=self.letters.recipients())
        return page("letter.html", letter=letter, text=with_links(letter.text))

    async def letter_html(self, request: Request) -> Response:
        """The HTML part alone, for the frame."""
        letter = self.letters.by_id(request.path_params["id"])
        body = '<base target="_blank">' + (letter.html if letter else "")
        return HTMLResponse(body, headers={"content-security-policy": SANDBOX, "referrer-policy": "no-referrer"})

    async def list_json(self, request: Request) -> Response:
        """Oldest first. `?to=` one address; `?wait=10&count=2` answers when there are two, or after ten seconds."""
        query = request.query_params
        found = await self.letters.at_least(int(query.get("count", "1")), query.get("to", ""), float(query.get("wait", "0")))
        return JSONResponse([letter.told() for letter in found])

    async def forget(self, _: Request) -> Response:
        """Throw every letter away."""
        self.letters.forget()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def control(self, request: Request) -> Response:
        """POST `{"bounce": "address"}`, `{"fail": 3}` (451 for the next three recipients) or `{"lose_answers": 1}`; DELETE cheers up."""
        if request.method == "DELETE":
            self.moods.clear()
        if request.method == "POST":
            told = await request.json()
            self.moods.bouncing |= {told["bounce"].lower()} if "bounce" in told else set()
            self.moods.failing = told.get("fail", self.moods.failing)
            self.moods.losing_answers = told.get("lose_answers", self.moods.losing_answers)
        return JSONResponse(asdict(self.moods) | {"bouncing": sorted(self.moods.bouncing)})
