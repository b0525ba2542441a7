"""Letters that were caught, kept in memory and, when there is a folder, in a file of JSON lines."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from uuid import uuid4

FILE = "letters.jsonl"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it was handed over; `to` are the envelope's recipients, `received_at` is UTC in ISO 8601."""

    id: str
    to: list[str]
    sender: str
    subject: str
    text: str
    html: str
    headers: list[list[str]]
    received_at: str
    attachments: list[str]

    def told(self) -> dict[str, object]:
        """The letter as JSON has it: the sender is called `from` there."""
        told = asdict(self)
        return {"from" if key == "sender" else key: value for key, value in told.items()}


def letter_from(sender: str, recipients: list[str], content: bytes) -> Letter:
    """Read what came over SMTP."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's promise, for the type checker
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    return Letter(
        id=uuid4().hex,
        to=[recipient.lower() for recipient in recipients],
        sender=str(message.get("From", sender)),
        subject=str(message.get("Subject", "")),
        text=_content(text),
        html=_content(html),
        headers=[[name, str(value)] for name, value in message.items()],
        received_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        attachments=[part.get_filename("") for part in message.iter_attachments()],
    )


def _content(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


@dataclass(slots=True)
class Letters:
    """All letters, oldest first. With a folder they survive a restart."""

    folder: Path | None = None
    _kept: list[Letter] = field(default_factory=list)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            kept = (self.folder / FILE).read_text("utf-8").splitlines() if (self.folder / FILE).exists() else []
            self._kept = [_letter_told(json.loads(line)) for line in kept if line.endswith("}")]

    async def keep(self, letter: Letter) -> None:
        """Keep a letter and wake whoever waits for one."""
        self._kept.append(letter)
        if self.folder:
            with (self.folder / FILE).open("a", encoding="utf-8") as file:
                file.write(json.dumps(letter.told(), ensure_ascii=False) + "\n")
        async with self._arrived:
            self._arrived.notify_all()

    def to(self, recipient: str = "") -> list[Letter]:
        """The letters to one address, or all of them; oldest first."""
        return [letter for letter in self._kept if not recipient or recipient.strip().lower() in letter.to]

    def recipients(self) -> list[str]:
        """Every address that has got a letter."""
        return sorted({recipient for letter in self._kept for recipient in letter.to})

    def by_id(self, letter_id: str) -> Letter | None:
        """One letter."""
        return next((letter for letter in self._kept if letter.id == letter_id), None)

    async def at_least(self, count: int, recipient: str, patience: float) -> list[Letter]:
        """The letters to one address as soon as there are so many, or what there is after `patience` seconds."""
        async with self._arrived:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait_for(lambda: len(self.to(recipient)) >= count), patience)
        return self.to(recipient)

    def forget(self) -> None:
        """Throw every letter away."""
        self._kept.clear()
        if self.folder:
            (self.folder / FILE).unlink(missing_ok=True)


def _letter_told(told: dict[str, object]) -> Letter:
    return Letter(**{"sender" if key == "from" else key: value for key, value in told.items()})  # type: ignore[arg-type]  # our own file
