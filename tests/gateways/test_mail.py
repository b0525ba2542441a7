"""Letters leave the house over real SMTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.email_address import EmailAddress
from domain.ids import AddressId
from domain.languages import Language
from domain.letters import ConfirmEmail, EmailReminder, Letter, NeedsAPerson, SalesContact, Welcome
from domain.post import AddressedLetter, NotDeliverable
from gateways.clock import SystemClock
from gateways.letters import Sender, render_letter
from gateways.mail import Mail, MailServer, MailServerFailed
from stand_ins.mail_catcher import Letter as Caught
from stand_ins.mail_catcher import Letters, Moods, catching

KARI = "kari@fjordbrus.example"
KEY = UUID("6f1b2c3d-0000-4000-8000-000000000001")
SENDER = Sender("http://127.0.0.1:8000", "support@skranke.example", "+47 23 00 00 00")


@dataclass(frozen=True)
class Office:
    """A mail server that catches what it is handed."""

    mail: Mail
    letters: Letters
    moods: Moods

    async def caught(self, letter: Letter, language: Language = Language.NB, key: UUID = KEY) -> Caught:
        """Send a letter to Kari and see what arrived."""
        await self.mail.send(key, to(KARI, letter, language))
        return self.letters.to(KARI)[-1]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    letters, moods = Letters(), Moods()
    async with catching(letters, moods) as smtp:
        yield Office(mail_to(smtp), letters, moods)


def mail_to(smtp: str) -> Mail:
    """Our side of a mail server."""
    render = partial(render_letter, sender=SENDER)
    return Mail(MailServer.parse(smtp), "Skranke <no-reply@skranke.example>", "skranke.example", render, SystemClock())


def to(address: str, letter: Letter, language: Language = Language.NB) -> AddressedLetter:
    """Put an address on a letter."""
    return AddressedLetter(AddressId(uuid4()), address, language, letter)


def headers(letter: Caught) -> dict[str, str]:
    """The headers of a letter; fails when one stands there twice."""
    names = [name.lower() for name, _ in letter.headers]
    assert len(names) == len(set(names)), names
    return {name.lower(): value for name, value in letter.headers}


async def test_a_letter_says_who_it_is_from_and_that_a_machine_wrote_it(office: Office) -> None:
    """So that holiday replies stay away, and mailboxes know it again."""
    told = headers(await office.caught(EmailReminder("/email/code"), Language.EN))

    assert "Skranke <no-reply@skranke.example>" == told["from"]
    assert KARI == told["to"]
    assert f"<{KEY}@skranke.example>" == told["message-id"]
    assert timedelta(minutes=1) > datetime.now(UTC) - parsedate_to_datetime(told["date"])
    assert "auto-generated" == told["auto-submitted"]
    assert "en" == told["content-language"]
    assert told["content-type"].startswith("multipart/alternative")


async def test_every_try_bears_the_same_message_id_and_every_letter_its_own(office: Office) -> None:
    """A mailbox that gets a letter twice can then tell that it is one."""
    tries = [headers(await office.caught(EmailReminder("/email/code")))["message-id"] for _ in range(2)]
    another = headers(await office.caught(EmailReminder("/email/code"), key=uuid4()))["message-id"]

    assert tries[0] == tries[1] != another


async def test_the_reader_is_written_to_in_their_language(office: Office) -> None:
    """In the subject, in the text and in the HTML."""
    letter = ConfirmEmail("012345", "/email/link/abc", 15, 24)
    norwegian, english = [await office.caught(letter, language) for language in (Language.NB, Language.EN)]

    assert norwegian.subject != english.subject
    assert "Your code" in english.subject
    for caught in (norwegian, english):
        assert "012345" in caught.text
        assert "012345" in caught.html
        assert "http://127.0.0.1:8000/email/link/abc" in caught.text
    assert 'lang="nb"' in norwegian.html
    assert 'lang="en"' in english.html


@pytest.mark.parametrize("name", ["BLÅBÆR & SØNNER AS", "DUODJI ČÁHPPESJÁVRI AS", "日本 \N{CHERRY BLOSSOM} NUF", "ÅÄÖ " * 60])
async def test_any_letter_of_any_alphabet_arrives(office: Office, name: str) -> None:
    """Companies are called what they are called, in the subject too."""
    caught = await office.caught(NeedsAPerson(name, "/signup/1"))

    assert name.strip() in caught.subject
    assert name.strip() in " ".join(caught.text.split())


HOSTILE = [
    "EVIL AS\r\nBcc: everybody@victim.example",
    "EVIL AS\nX-Spam: no\n\nAnother body",
    "EVIL AS\r\n\r\n.\r\nMAIL FROM:<x@evil.example>",
    "EVIL AS\u2028Bcc: x@victim.example\u2029\x0b\x0c\x85Reply-To: x@evil.example",
    "=?utf-8?q?EVIL_AS=0D=0ABcc=3A_x=40victim=2Eexample?=",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_company_name_stays_in_its_line(office: Office, name: str) -> None:
    """It adds no header, no recipient and no letter, whatever it looks like."""
    told = headers(await office.caught(Welcome(name, "/company/1", SalesContact("Rolf", "rolf@skranke.example", "+47 22 00 00 00"))))

    assert not {"bcc", "x-spam", "reply-to", "cc"} & told.keys()
    assert 1 == len(office.letters.to())
    assert [KARI] == office.letters.to()[0].to


ODD = ["o'brien+a=b?c@xn--bl-yia.example", f"{'a' * 64}@{'b' * 60}.example"]


@pytest.mark.parametrize("address", ODD)
async def test_an_odd_address_is_written_as_it_is(office: Office, address: str) -> None:
    """Mail servers allow many signs before the @."""
    parsed = EmailAddress.parse(address).value
    await office.mail.send(KEY, to(parsed, EmailReminder("/email/code")))
    (caught,) = office.letters.to()

    assert [parsed.lower()] == caught.to
    assert "bcc" not in headers(caught)


async def test_an_address_that_does_not_exist_is_told_apart(office: Office) -> None:
    """That is nothing to be tried again; and nobody's address stands in the error."""
    office.moods.bouncing.add(KARI)

    with pytest.raises(NotDeliverable) as refused:
        await office.caught(EmailReminder("/email/code"))
    assert KARI not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_server_that_is_busy_is_worth_another_try(office: Office) -> None:
    """It said so; the second time it takes the letter."""
    office.moods.failing = 1

    with pytest.raises(MailServerFailed):
        await office.caught(EmailReminder("/email/code"))
    await office.caught(EmailReminder("/email/code"))
    assert 1 == len(office.letters.to())


async def test_an_answer_that_got_lost_is_worth_another_try(office: Office) -> None:
    """The letter is there and we do not know: it comes twice, under one Message-ID."""
    office.moods.losing_answers = 1

    with pytest.raises(MailServerFailed):
        await office.caught(EmailReminder("/email/code"))
    await office.caught(EmailReminder("/email/code"))
    assert 2 == len(office.letters.to())
    assert 1 == len({headers(letter)["message-id"] for letter in office.letters.to()})


async def test_a_server_that_is_away_is_worth_another_try() -> None:
    """Nobody listens on port 1."""
    with pytest.raises(MailServerFailed) as failed:
        await mail_to("smtp://127.0.0.1:1").send(KEY, to(KARI, EmailReminder("/email/code")))
    assert failed.value.__cause__ is None


@dataclass(frozen=True)
class Grumpy:
    """A mail server that refuses in its own words, at the recipient or at the letter."""

    recipient: str = "250 OK"
    data: str = "250 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer for a recipient."""
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _: SMTP, __: Session, ___: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer for a letter."""
        return self.data


ServeSmtp = Callable[[Grumpy], Awaitable[str]]


@pytest.fixture
async def serve_smtp() -> AsyncIterator[ServeSmtp]:
    """Puts a mail server on the air for as long as the test lasts, and tells its address."""
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as servers:

        async def serve(server: Grumpy) -> str:
            listening = await loop.create_server(lambda: SMTP(server, hostname="mail.example", loop=loop), "127.0.0.1", 0)
            servers.callback(listening.close)
            return f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}"

        yield serve


GRUMBLES = {
    "relaying denied": (Grumpy(recipient=f"550 5.7.1 <{KARI}>: relay access denied"), MailServerFailed),
    "greylisted": (Grumpy(recipient=f"450 4.2.0 <{KARI}>: greylisted"), MailServerFailed),
    "over quota": (Grumpy(recipient=f"452 4.2.2 <{KARI}>: mailbox full"), MailServerFailed),
    "spam": (Grumpy(data=f"554 5.7.1 to {KARI}: looks like spam"), MailServerFailed),
    "busy at the letter": (Grumpy(data=f"451 4.3.0 {KARI}: try later"), MailServerFailed),
    "no such user": (Grumpy(recipient=f"550 5.1.1 <{KARI}>: no such user"), NotDeliverable),
    "moved away": (Grumpy(recipient=f"551 5.1.6 <{KARI}> has moved"), NotDeliverable),
    "closed": (Grumpy(recipient=f"550 5.2.1 <{KARI}> is disabled"), NotDeliverable),
    "no code of its own": (Grumpy(recipient="550 no"), NotDeliverable),
}


@pytest.mark.parametrize(("server", "expected"), GRUMBLES.values(), ids=GRUMBLES)
async def test_only_what_is_said_of_the_address_marks_the_address(server: Grumpy, expected: type[Exception], serve_smtp: ServeSmtp) -> None:
    """A server that does not like us says 550 as well; and no refusal repeats the words in which the address stands."""
    mail = mail_to(await serve_smtp(server))

    with pytest.raises(expected) as refused:
        await mail.send(KEY, to(KARI, EmailReminder("/email/code")))
    assert KARI not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25", ""])
def test_what_is_no_mail_server_is_refused_at_the_start(url: str) -> None:
    """A mistyped setting should not show first when somebody waits for a letter."""
    with pytest.raises(ValueError, match="a mail server is written"):
        MailServer.parse(url)


def test_a_mail_server_is_read_from_its_url() -> None:
    """With TLS from the first byte or when it is offered, and a password that holds any sign."""
    encrypted, plain = MailServer.parse("smtps://u%40x:p%2Fss@mail.example"), MailServer.parse("smtp://127.0.0.1:8025")

    assert ("mail.example", 465, True, "u@x", "p/ss") == astuple(encrypted)
    assert ("127.0.0.1", 8025, False, None, None) == astuple(plain)
