"""Handing letters to a mail server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from domain.clock import Clock
from domain.languages import Language
from domain.letters import Letter
from domain.post import AddressedLetter, NotDeliverable
from gateways.letters import RenderedLetter

# What a receiving server says of an address that it will never take mail for (RFC 5321, section 4.2.3).
NO_SUCH_ADDRESS = frozenset({550, 551, 553, 556})
# It says the same when it wants nothing from us (RFC 3463, class 7), which is no fault of the address.
OUR_FAULT = "5.7."
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
    clock: Clock

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
            if all(_is_the_address(recipient) for recipient in refused.recipients):
                raise NotDeliverable("the receiving side knows no such address") from None
            raise MailServerFailed("the mail server refused for now") from None
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise MailServerFailed(f"the mail server did not take it: {type(failed).__name__}") from None

    def _message(self, key: UUID, addressed: AddressedLetter) -> EmailMessage:
        rendered = self.render(addressed.letter, addressed.language)
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = _Written("To", addressed.address)
        message["Subject"] = _Written("Subject", rendered.subject)
        message["Date"] = format_datetime(self.clock.now())
        message["Message-ID"] = f"<{key}@{self.message_id_host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(rendered.text)
        message.add_alternative(rendered.html, subtype="html")
        # Setting the content takes away every earlier header that begins with Content.
        message["Content-Language"] = addressed.language.value
        return message


class _Written(str):
    """A header that is written as it stands.

    The standard library would first decode what looks encoded in it, line breaks and all: a company called `=?utf-8?q?=0ABcc:...?=`
    would add headers of its own. It also loses blanks where it folds a long line.
    """

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str, text: str) -> Self:
        """Take the header's name beside its text, as `email.policy` wants it."""
        header = super().__new__(cls, text)
        header.name = name
        return header

    def fold(self, *, policy: Policy[EmailMessage]) -> str:
        """Write the header's line or lines; blanks and letters of any alphabet survive."""
        plain = self.isascii() and "=?" not in self
        text = str(self) if plain else Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {text}{policy.linesep}"


def _is_the_address(refused: aiosmtplib.SMTPRecipientRefused) -> bool:
    return refused.code in NO_SUCH_ADDRESS and not refused.message.startswith(OUR_FAULT)


class MailServerFailed(Exception):
    """The mail server could not take a letter now; its own words may name the address, so they are not repeated."""
