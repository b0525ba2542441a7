"""A browser as a test drives it: it keeps cookies, fills in the page's own tokens, and goes to the eID over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx2
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.types import ASGIApp

from tests.gateways.eid_over_http import at_the_provider

HERE = "http://127.0.0.1:8000"
CSRF_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Browser:
    """Somebody's browser. `token` is the form token of the last page it has seen."""

    app: ASGIApp
    token: str = ""
    http: AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        self.http = AsyncClient(transport=transport, base_url=HERE, headers={"Accept-Language": "en"})

    async def get(self, path: str, **headers: str) -> Response:
        """Open a page."""
        return self._seen(await self.http.get(path, headers=headers))

    async def post(self, path: str, /, **fields: str) -> Response:
        """Send a form, with the token of the last page unless another one is given."""
        return self._seen(await self.http.post(path, data={"csrf_token": self.token} | fields))

    async def leave_for(self, eid: str, **fields: str) -> str:
        """Press a login button on the front page, and say where that leads."""
        await self.get("/")
        return str((await self.post(f"/login/{eid}", **fields)).headers["location"])

    async def come_back(self, eid: str = "no-bankid", return_to: str = "", **decision: str) -> str:
        """Go to the eID and decide something there; the address it sends the browser back to has still to be opened."""
        return await at_the_provider(await self.leave_for(eid, return_to=return_to), **decision)

    async def log_in(self, persona: str = "ingrid", eid: str = "no-bankid", return_to: str = "") -> Response:
        """Log in, and be sent on."""
        return await self.get(await self.come_back(eid, return_to, persona=persona))

    async def leave_for_work(self, return_to: str = "") -> str:
        """Press the button at the staff's door, and say where that leads."""
        await self.get("/staff/login")
        return str((await self.post("/staff/login", return_to=return_to)).headers["location"])

    async def come_to_work(self, persona: str = "liv", return_to: str = "") -> Response:
        """Log in as somebody who works here, and be sent on."""
        return await self.get(await at_the_provider(await self.leave_for_work(return_to), persona=persona))

    @property
    def cookie(self) -> str | None:
        """The session cookie."""
        return self.http.cookies.get("session")

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.http.cookies.clear()
        self.http.cookies.set("session", value, domain="127.0.0.1", path="/")

    @property
    def staff_cookie(self) -> str | None:
        """The session cookie of the staff's door."""
        return self.http.cookies.get("staff")

    @staff_cookie.setter
    def staff_cookie(self, value: str) -> None:
        self.http.cookies.clear()
        self.http.cookies.set("staff", value, domain="127.0.0.1", path="/")

    def _seen(self, answer: Response) -> Response:
        token = CSRF_TOKEN.search(answer.text)
        self.token = token[1] if token else self.token
        return answer


def title(answer: Response) -> str:
    """The heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    return found[1].strip() if found else ""


def led_to(answer: Response) -> str:
    """Where an answer sends the browser."""
    assert answer.status_code == httpx2.codes.SEE_OTHER, answer.text
    return str(answer.headers["location"])
