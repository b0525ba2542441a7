"""The SMTP side: takes every letter, unless it has been told not to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from stand_ins.mail_catcher.letters import Letters, letter_from

ADDRESS = "127.0.0.1"


@dataclass(slots=True)
class Moods:
    """How the post office feels: addresses that bounce for good, the number of letters it refuses for now, and of answers it loses."""

    bouncing: set[str] = field(default_factory=set)
    failing: int = 0
    losing_answers: int = 0

    def clear(self) -> None:
        """Take everything from now on."""
        self.bouncing.clear()
        self.failing = self.losing_answers = 0


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What aiosmtpd calls for every recipient and every letter."""

    letters: Letters
    moods: Moods

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """Refuse an address that bounces (550), and anybody for a while (451)."""
        if address.lower() in self.moods.bouncing:
            return "550 5.1.1 No such user here"
        if self.moods.failing > 0:
            self.moods.failing -= 1
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the letter. An answer that gets lost makes the sender send the letter again."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        await self.letters.keep(letter_from(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        if self.moods.losing_answers > 0 and isinstance(server.transport, asyncio.Transport):
            self.moods.losing_answers -= 1
            server.transport.abort()
        return "250 2.0.0 OK"


@asynccontextmanager
async def catching(letters: Letters, moods: Moods, *, port: int = 0) -> AsyncIterator[str]:
    """Catch letters in the running event loop, on this machine only, and yield the address `smtp://127.0.0.1:<port>`."""
    loop = asyncio.get_running_loop()
    office = PostOffice(letters, moods)

    def conversation() -> SMTP:
        return SMTP(office, hostname="mail.example", ident="catcher", enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(conversation, ADDRESS, port)
    try:
        yield f"smtp://{ADDRESS}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
