"""The register over HTTP, as small as a test needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from httpx2 import ASGITransport

from domain.organisation_number import OrganisationNumber
from gateways.brreg import Brreg
from gateways.http import outbound_client

COMPANY = OrganisationNumber("315014700")


class Register:
    """Answers what it is told to, 404 without a body to everything else, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Mapping[str, str], bytes]] = {}
        self.asked: list[tuple[str, Mapping[str, list[str]], Mapping[str, str]]] = []

    def answer(self, path: str, body: object = b"", status: int = 200, **headers: str) -> None:
        """Answer a path below the register's own from now on; bytes go out as they are, everything else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[f"/enhetsregisteret/api/{path}"] = (status, headers, sent)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401, ARG002 - ASGI's own shape
        """Answer one request."""
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], parse_qs(scope["query_string"].decode()), headers))
        status, told, body = self.answers.get(scope["path"], (404, {}, b""))
        sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    def gateway(self) -> Brreg:
        """Make a gateway that asks this register."""
        return Brreg(outbound_client("drift@skranke.example", ASGITransport(app=self)), "https://register.example")


def unit(number: OrganisationNumber = COMPANY, /, **changes: object) -> dict[str, object]:
    """A live unit, with less in it than any real one."""
    return {
        "organisasjonsnummer": number.value,
        "navn": "TRYGG HAVN AS",
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
    } | changes
