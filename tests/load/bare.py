"""`python -m tests.load.bare`: the check with as little around it as there can be, served as ours is.

The same SQL through the same pool, the same cryptography, the same bytes on the wire; no framework, no model, no rules for what is
wrong with a request, no headers, meters or lines in a log.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from argparse import ArgumentParser
from dataclasses import dataclass, field

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import Receive, Scope, Send

from api.check_desk import CheckDesk
from api.checking import Scan, check, idempotency_hash, read_scan
from api.receipt_keys import ReceiptKeys
from api.sandbox_cards import SandboxCards
from database.check_log import CheckLogs
from database.checks import Checks
from database.connection import build_pool
from domain.api_access import credential_hash
from domain.cards.purposes import PURPOSES
from gateways.cards import CardIssuer
from gateways.clock import SystemClock
from gateways.http import outbound_client
from server import HEADERS
from settings import ApiSettings

BEARER = len("Bearer ")


@dataclass(frozen=True)
class Bare:
    """The check alone."""

    desk: CheckDesk
    clock: SystemClock = field(default_factory=SystemClock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one check, or that it is there."""
        answer = await self._answer(scope, receive) if scope["path"] == "/v1/checks" else b"ready"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        headers = dict(scope["headers"])
        body = (await receive())["body"]
        asked = json.loads(body)
        scan = Scan(
            code=read_scan(asked["qr"]),
            purpose=PURPOSES[asked["purpose"]],
            purpose_name=asked["purpose"],
            terminal=asked["terminal"]["id"],
            shop_name=None,
            gln=None,
            idem_hash=idempotency_hash(asked["terminal"]["id"], headers[b"idempotency-key"].decode()),
            body_hash=hashlib.sha256(body).digest(),
        )
        found = await self.desk.checks.use(scan.asked(credential_hash(headers[b"authorization"][BEARER:].decode()), self.clock.now()))
        if found is None:
            raise RuntimeError("nobody's token")
        return await check(self.desk, scan, found)


async def serve(port: int) -> None:
    """Serve until the process is stopped."""
    settings = ApiSettings()
    async with build_pool(settings.database_url, program="bare") as pool, outbound_client(settings.support_email) as http:
        issuer = CardIssuer(http, settings.card_issuer, SystemClock())
        key = ReceiptKeys.parse(settings.receipt_keys).signing
        desk = CheckDesk(Checks(pool), CheckLogs(pool), issuer, SandboxCards(settings.sandbox_key), key)
        await asyncio.gather(
            issuer.keys(),
            Server(
                Bare(desk),
                address="127.0.0.1",
                port=port,
                interface=Interfaces.ASGINL,
                websockets=False,
                http1_settings=HEADERS,
                backlog=1024,
                log_enabled=False,
            ).serve(),
        )


def main() -> None:
    """Serve. Of the arguments that `server.py` takes only the port is heeded."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_known_args()[0].port))


if __name__ == "__main__":
    main()
