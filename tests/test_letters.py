"""Every letter, in every language."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest
from jinja2 import UndefinedError

from domain.languages import Language
from domain.letters import (
    ClaimAnnounced,
    ClaimDecided,
    ClaimEnded,
    ClaimReceived,
    ConfirmEmail,
    EmailReminder,
    EmploymentRejected,
    InvitationAnswered,
    InvitationRevoked,
    Invited,
    JoinAsked,
    JoinDeclined,
    Joined,
    Letter,
    MembershipChanged,
    NeedsAPerson,
    RecoveryAsked,
    RecoveryEnded,
    RecoveryToApprove,
    SalesContact,
    SignupHanded,
    SignupTaken,
    Welcome,
)
from domain.members.claims import ClaimState
from domain.members.roles import ROLE_NAMES, Role
from domain.rulings import REASONS, RejectionReason
from gateways.letters import TEMPLATES, RenderedLetter, Sender, render_letter, template_name

SENDER = Sender("http://127.0.0.1:8000", "support@skranke.example", "+47 23 00 00 00")
COMPANY, MEMBERS = "HAVREGRØT OG DØTRE AS", "/company/77f0/members"
CHANGES = ("joined", "role-changed", "member-removed", "member-left", "handed-over")
INGRID = SalesContact("Ingrid Aas", "ingrid.aas@skranke.example", "+47 23 00 00 11")
LETTERS: tuple[Letter, ...] = (
    ConfirmEmail("123456", "/email/link/t0ken", code_minutes=15, link_hours=24),
    EmailReminder("/email"),
    Welcome("HAVREGRØT OG DØTRE AS", "/company/77f0", INGRID),
    Welcome("HAVREGRØT OG DØTRE AS", "/company/77f0", None),
    NeedsAPerson("HAVREGRØT OG DØTRE AS", "/signup/0b51"),
    EmploymentRejected("HAVREGRØT OG DØTRE AS", REASONS[RejectionReason.NOT_CONFIRMED], "/signup/0b51"),
    *(Invited(COMPANY, "Kari Lund", ROLE_NAMES[role], 14, role is Role.MEMBER, "/invitation/t0ken") for role in Role),
    *(InvitationAnswered(COMPANY, answer, "ola@firma.example", "Ola Dahl", MEMBERS) for answer in ("accepted", "declined", "expired")),
    InvitationRevoked(COMPANY, "/"),
    Joined(COMPANY, ROLE_NAMES[Role.DEVELOPER], "/company/77f0"),
    *(JoinAsked(COMPANY, "Ola Dahl", reminder, "/company/77f0/join-requests/1") for reminder in (False, True)),
    JoinDeclined(COMPANY, "/workplace"),
    *(ClaimAnnounced(COMPANY, "Ola Dahl", 3, with_support, "/company/77f0/claims/1") for with_support in (False, True)),
    *(ClaimReceived(COMPANY, 3, with_support, "/claim/310279323") for with_support in (False, True)),
    *(ClaimEnded(COMPANY, state, "/claim/310279323") for state in ClaimState if state not in {ClaimState.OPEN, ClaimState.WITHDRAWN}),
    *(ClaimDecided(COMPANY, "Ola Dahl", state, MEMBERS) for state in ClaimState if state is not ClaimState.OPEN),
    RecoveryAsked(COMPANY, "Kari Bru", "/recovery/t0ken"),
    RecoveryToApprove(COMPANY, "Kari Bru", "Kari Lund", "/company/77f0/recoveries/1"),
    *(RecoveryEnded(COMPANY, "Kari Bru", what, you, "/help") for what in ("granted", "declined", "expired") for you in (False, True)),
    SignupHanded(COMPANY, "Ola Dahl", 14, "/handover/t0ken"),
    SignupTaken(COMPANY, "Ola Dahl", "/signup/0b51"),
    *(MembershipChanged(COMPANY, what, "Ola Dahl", you, ROLE_NAMES[Role.MEMBER], MEMBERS) for what in CHANGES for you in (False, True)),
)
EVERY = [pytest.param(letter, language, id=f"{type(letter).__name__}-{language}") for letter in LETTERS for language in Language]


def test_every_letter_has_both_halves_and_every_half_a_letter() -> None:
    """A letter finds its templates by its own name, so a misspelt file would never be sent."""
    written = {path.name for path in TEMPLATES.iterdir() if not path.name.startswith("_")}

    assert {template_name(letter) + half for letter in get_args(Letter) for half in (".txt", ".html")} == written
    assert {type(letter) for letter in LETTERS} == set(get_args(Letter))


@pytest.mark.parametrize(("letter", "language"), EVERY)
def test_a_letter_has_one_line_of_subject_and_says_the_same_in_text_and_html(letter: Letter, language: Language) -> None:
    """A mail program shows one of the two; both lead to the same page."""
    rendered = render_letter(letter, language, SENDER)

    assert rendered.subject
    assert "\n" not in rendered.subject
    assert SENDER.public_url + letter.path in rendered.text
    assert f'href="{SENDER.public_url}{letter.path}"' in rendered.html
    assert SENDER.support_phone in rendered.text
    assert "{{" not in rendered.text + rendered.html


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_in_its_readers_language(letter: Letter) -> None:
    """Nothing of one language is left in the other."""
    norwegian, english = (render_letter(letter, language, SENDER) for language in (Language.NB, Language.EN))

    assert "Vennlig hilsen" in norwegian.text
    assert "Kind regards" in english.text
    assert 'lang="nb"' in norwegian.html
    assert not set(_sentences(norwegian)) & set(_sentences(english))


@pytest.mark.parametrize("language", Language)
def test_a_company_with_a_hostile_name_changes_nothing_but_the_name(language: Language) -> None:
    """Names come from a public register that anybody can write a name into."""
    hostile = "<b>Fin</b>\r\nBcc: everybody@bad.example\n& Co"
    rendered = render_letter(NeedsAPerson(hostile, "/signup/0b51"), language, SENDER)

    assert "<b>Fin</b> Bcc: everybody@bad.example & Co" in rendered.subject
    assert "<b>Fin</b>" not in rendered.html
    assert "&lt;b&gt;Fin&lt;/b&gt;" in rendered.html


def test_html_brings_its_own_style_and_fetches_nothing() -> None:
    """Mail programs take style away from the head, and a picture fetched from us would tell when the letter is read."""
    html = render_letter(LETTERS[0], Language.NB, SENDER).html

    assert 'class="code" style="' in html
    assert "@media (max-width: 480px)" in html
    assert "<img" not in html
    assert "src=" not in html


def test_a_fact_that_is_missing_is_an_error() -> None:
    """Better no letter than one with a hole in it."""

    @dataclasses.dataclass(frozen=True)
    class Welcome:
        path: str = "/"

    with pytest.raises(UndefinedError):
        render_letter(Welcome(), Language.EN, SENDER)  # type: ignore[arg-type]  # the point of the test


def _sentences(rendered: RenderedLetter) -> list[str]:
    facts = (SENDER.public_url, INGRID.name, INGRID.email, INGRID.phone, "Skranke", "123456")
    lines = (line.strip() for line in rendered.text.splitlines())
    return [line for line in lines if line and not any(fact in line for fact in facts)]
