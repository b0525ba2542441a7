"""Handing letters to a mail server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from domain.languages import Language
from domain.letters import Letter
from domain.post import AddressedLetter, NotDeliverable
from gateways.letters import RenderedLetter

# What a receiving server says of an address that it will never take mail for (RFC 5321, section 4.2.3).
NO_SUCH_ADDRESS = frozenset({550, 551, 553, 556})
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in."""

    hostname: str
    port: int
    use_tls: bool
    username: str | None
    password: str | None

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """Read `smtp://user:password@host:port` (TLS when the server offers it) or `smtps://...` (TLS from the first byte)."""
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise ValueError("a mail server is written smtp://host:port or smtps://host:port")
        return cls(
            hostname=parts.hostname,
            port=parts.port or DEFAULT_PORTS[parts.scheme],
            use_tls=parts.scheme == "smtps",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """Writes a letter out in its reader's language and hands it to the mail server."""

    server: MailServer
    sender: str
    message_id_host: str
    render: Callable[[Letter, Language], RenderedLetter]

    async def send(self, key: UUID, addressed: AddressedLetter) -> None:
        """Hand the letter over.

        SMTP delivers at least once, so every try bears the same Message-ID and mailboxes can tell. Raises NotDeliverable when the
        server will never take mail for this address; everything else that goes wrong is worth another try.
        """
        message = self._message(key, addressed)
        try:
            await aiosmtplib.send(
                message,
                hostname=self.server.hostname,
                port=self.server.port,
                use_tls=self.server.use_tls,
                username=self.server.username,
                password=self.server.password,
                timeout=20,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(recipient.code in NO_SUCH_ADDRESS for recipient in refused.recipients):
                raise NotDeliverable("the receiving side knows no such address") from None
            raise MailServerFailed("the mail server refused for now") from None

    def _message(self, key: UUID, addressed: AddressedLetter) -> EmailMessage:
        rendered = self.render(addressed.letter, addressed.language)
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = addressed.address
        message["Subject"] = rendered.subject
        message["Message-ID"] = f"<{key}@{self.message_id_host}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = addressed.language.value
        message.set_content(rendered.text)
        message.add_alternative(rendered.html, subtype="html")
        return message


class MailServerFailed(Exception):
    """The mail server could not take a letter now; its own words may name the address, so they are not repeated."""
