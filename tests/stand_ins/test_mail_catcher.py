"""The mail catcher keeps what it gets, shows it safely, and can be told to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
import httpx2
import pytest

from stand_ins.mail_catcher import Letters, Moods, catching, mailbox_app
from stand_ins.serving import served


def letter(to: str = "mari@fjordbrus.example", subject: str = "Bekreft adressen på Ås") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Skranke <no-reply@skranke.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<one@skranke.example>"
    message.set_content("Hei, åpne http://127.0.0.1:8000/confirm?t=a&b=c.\n<script>alert(1)</script>\n")
    message.add_alternative("<p>Hei, <a href='http://127.0.0.1:8000/confirm'>åpne</a></p>", subtype="html")
    return message


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The catcher's two sides."""

    site: httpx2.AsyncClient
    smtp_port: int

    async def send(self, message: EmailMessage) -> None:
        """Hand a letter in."""
        await aiosmtplib.send(message, hostname="127.0.0.1", port=self.smtp_port)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    letters, moods = Letters(), Moods()
    async with (
        catching(letters, moods) as smtp,
        served(lambda _: mailbox_app(letters, moods)) as url,
        httpx2.AsyncClient(base_url=url) as site,
    ):
        yield PostOffice(site, urlsplit(smtp).port or 0)


async def test_a_letter_is_told_as_it_was_written(office: PostOffice) -> None:
    """Both parts, headers included, for the address it was sent to."""
    await office.send(letter())
    (told,) = (await office.site.get("/api/letters", params={"to": "Mari@fjordbrus.example"})).json()

    assert ("Skranke <no-reply@skranke.example>", "Bekreft adressen på Ås") == (told["from"], told["subject"])
    assert ["mari@fjordbrus.example"] == told["to"]
    assert "åpne" in told["text"]
    assert "<a href=" in told["html"]
    assert ["Message-ID", "<one@skranke.example>"] in told["headers"]
    assert (await office.site.get("/api/letters", params={"to": "nobody@fjordbrus.example"})).json() == []


async def test_one_can_wait_for_a_letter(office: PostOffice) -> None:
    """Tests need not sleep."""
    waiting = asyncio.ensure_future(office.site.get("/api/letters", params={"wait": 5, "count": 2}, timeout=6))
    await office.send(letter())
    await office.send(letter("per@fjordbrus.example"))

    assert len((await waiting).json()) == 2


async def test_the_pages_show_letters_newest_first_and_harmless(office: PostOffice) -> None:
    """Links can be clicked; what the letter would like to run, cannot."""
    await office.send(letter(subject="Den første"))
    await office.send(letter(subject="Den andre"))
    mailbox = await office.site.get("/", params={"to": "mari@fjordbrus.example"})
    newest = (await office.site.get("/api/letters")).json()[-1]
    shown = await office.site.get(f"/letters/{newest['id']}")
    frame = await office.site.get(f"/letters/{newest['id']}/html")

    assert mailbox.text.index("Den andre") < mailbox.text.index("Den første")
    assert '<a href="http://127.0.0.1:8000/confirm?t=a&amp;b=c" target="_blank" rel="noopener">' in shown.text
    assert "&lt;script&gt;" in shown.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown.text
    assert frame.headers["content-security-policy"].startswith("sandbox ")


async def test_letters_can_be_thrown_away(office: PostOffice) -> None:
    """Between two tests."""
    await office.send(letter())
    await office.site.delete("/api/letters")

    assert (await office.site.get("/api/letters")).json() == []


async def test_an_address_can_bounce(office: PostOffice) -> None:
    """For good, and only that one."""
    await office.site.post("/_control/moods", json={"bounce": "gone@fjordbrus.example"})

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await office.send(letter("gone@fjordbrus.example"))
    assert [550] == [recipient.code for recipient in refused.value.recipients]
    await office.send(letter())
    assert len((await office.site.get("/api/letters")).json()) == 1


async def test_the_next_letters_can_fail_for_now(office: PostOffice) -> None:
    """A patient sender gets through."""
    await office.site.post("/_control/moods", json={"fail": 1})

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await office.send(letter())
    assert [451] == [recipient.code for recipient in refused.value.recipients]
    await office.send(letter())


async def test_an_answer_can_get_lost(office: PostOffice) -> None:
    """The letter has arrived and its sender does not know: the reason why sending again must not be seen twice."""
    await office.site.post("/_control/moods", json={"lose_answers": 1})

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await office.send(letter())
    assert len((await office.site.get("/api/letters")).json()) == 1


async def test_letters_survive_a_restart(tmp_path: Path) -> None:
    """The demo is stopped and started again."""
    before = Letters(tmp_path)
    async with catching(before, Moods()) as smtp:
        await aiosmtplib.send(letter(), hostname="127.0.0.1", port=urlsplit(smtp).port)
    after = Letters(tmp_path)

    assert before.to() == after.to("mari@fjordbrus.example")
    after.forget()
    assert Letters(tmp_path).to() == []
