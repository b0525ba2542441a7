"""Every page with something on it: what the tests of the templates render, and what a gallery can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Final
from uuid import UUID

from domain.company import CompanyIsBankrupt
from domain.languages import Language
from domain.refusals import Refusal
from domain.rulings import REASONS, RejectionReason
from domain.signups import SignupIsDecided
from domain.staff import StaffMember, roles_named
from domain.stages import Actor, LogEntry, Stage, position
from domain.words import _
from gateways.demo_time import Moved
from tests.web.claim_examples import CLAIM_PAGES, SUPPORT_CLAIMS
from tests.web.desk_examples import AT_THE_DESK, at_the_desk, desk_fragments, desk_pages
from tests.web.developer_examples import DEVELOPERS
from tests.web.member_examples import MEMBER_PAGES, SUPPORT_JOINING
from tests.web.operations_examples import SITUATIONS
from tests.web.own_examples import CUSTOMERS_PAGES, LOOK, STAFF_PAGES
from tests.web.usage_examples import PROGRAMS, USAGES
from web import help_texts
from web.duties import DUTIES
from web.problem_texts import EXPLANATIONS

BEGUN: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
QUIET: Final = {"problem": None, "typed": "", "said": ""}
CLOCK: Final = {"now": BEGUN, "days_ahead": 0, "moved": None, "away": False}
HERE: Final = "http://127.0.0.1:8000"
PHONE: Final = "+47 23 00 00 00"
EMAIL: Final = "support@skranke.example"


class ExampleProblem(Refusal):
    """Stands for whatever a form can be refused for."""

    code = "example-problem"
    words = _("The code has six digits. You find it in the newest letter that we sent you.")


@dataclass(frozen=True, slots=True)
class Example:
    """One page or fragment in one situation."""

    template: str
    situation: str
    context: Mapping[str, object]
    logged_in: bool = True
    fragment: bool = False
    at_staff_door: bool = False

    @property
    def name(self) -> str:
        """What the example is called in reports and picture files."""
        return f"{self.template.removesuffix('.html')}-{self.situation}"

    def full_context(self, path: str = "/") -> dict[str, object]:
        """Everything that the template wants."""
        if self.fragment:
            return dict(self.context)
        framed = staff_frame if self.at_staff_door else frame
        return {**framed(path=path, logged_in=self.logged_in), **self.context}


def frame(*, path: str, logged_in: bool) -> dict[str, object]:
    """Give what every full page wants."""
    return {
        "csrf_token": "token-of-this-form",
        "click_id": "5a0c3c76-4f56-4f6e-9d9f-0d6d8f0f7a10",
        "user_name": "Kari Bruun-Hanssen" if logged_in else None,
        "path": path,
        "my_place": "/signup/0b51" if logged_in else None,
        "mail_comes_back": False,
        "support_phone": PHONE,
        "support_email": EMAIL,
    }


def staff_frame(*, path: str, logged_in: bool) -> dict[str, object]:
    """Give what every full page for staff wants."""
    frame_of_all = {name: given for name, given in frame(path=path, logged_in=False).items() if name not in {"user_name", "my_place"}}
    return {**frame_of_all, "staff": GUNNAR if logged_in else None}


GUNNAR: Final = StaffMember(
    UUID("0d0b1f3e-6a34-4c52-9f5e-3b7b3f0e7d11"), "Gunnar Tveit", "gunnar.tveit@skranke.example", roles_named(["support-lead", "operator"])
)
COMPANY: Final = SimpleNamespace(
    organisation_number="312345676",
    name="HAVREGRØT OG DØTRE AS",
    form="Aksjeselskap",
    address_lines=["Øvre Slottsgate 12 B", "Oppgang C"],
    postcode="0157",
    city="OSLO",
    country="Norge",
    fetched_at=BEGUN,
)
SWEDISH_ADDRESS: Final = SimpleNamespace(
    organisation_number="312345676",
    name="NORDLYS SVERIGE NUF",
    form="Norskregistrert utenlandsk foretak",
    address_lines=["Storgatan 1"],
    postcode="",
    city="111 20 STOCKHOLM",
    country="Sverige",
)
HITS: Final = [
    {"organisation_number": "312345676", "name": "HAVREGRØT OG DØTRE AS", "place": "OSLO", "form": "AS"},
    {"organisation_number": "398765435", "name": "HAVREGRØT TORGALLMENNINGEN", "place": "BERGEN", "form": "ENK"},
]
SIGNUP: Final = {"id": "0b51", "company_name": "HAVREGRØT OG DØTRE AS", "organisation_number": "312345676", "started_at": BEGUN}


def log(*steps: tuple[Stage, Actor]) -> list[LogEntry]:
    """Write a log in which each step came three minutes after the one before."""
    return [LogEntry(BEGUN + timedelta(minutes=3 * number), stage, actor) for number, (stage, actor) in enumerate(steps)]


NAMED: Final = (Stage.COMPANY_NAMED, Actor.CUSTOMER)
CONFIRMED: Final = (Stage.EMPLOYMENT_CONFIRMED, Actor.REGISTER)
LOGS: Final = {
    "asking": log(NAMED),
    "silent": log(NAMED, (Stage.REGISTER_SILENT, Actor.REGISTER)),
    "person": log(NAMED, (Stage.NEEDS_A_PERSON, Actor.REGISTER)),
    "confirmed": log(NAMED, CONFIRMED),
    "opened": log(NAMED, CONFIRMED, (Stage.PROFILE_OPENED, Actor.SKRANKE)),
    "exists": log(NAMED, CONFIRMED, (Stage.COMPANY_HAS_PROFILE, Actor.SKRANKE)),
    "refused": log(NAMED, (Stage.COMPANY_REFUSED, Actor.REGISTER)),
    "rejected": log(NAMED, (Stage.NEEDS_A_PERSON, Actor.REGISTER), (Stage.REJECTED, Actor.SUPPORT)),
    "withdrawn": log(NAMED, (Stage.WITHDRAWN, Actor.CUSTOMER)),
    **AT_THE_DESK,
}


def signup_context(entries: Sequence[LogEntry]) -> dict[str, object]:
    """Give what the status page wants for a log."""
    now_at = position(entries)
    return {
        "signup": SIGNUP,
        "position": now_at,
        "log": entries,
        "refusal": CompanyIsBankrupt() if now_at.stage is Stage.COMPANY_REFUSED else None,
        "rejection": REASONS[RejectionReason.NOT_CONFIRMED] if now_at.stage is Stage.REJECTED else None,
        "profile_id": "77f0" if now_at.stage is Stage.PROFILE_OPENED else None,
        "now": now_at.since + timedelta(minutes=4),
        **at_the_desk(now_at.stage.value),
    }


TOUR: Final = {
    "mailbox_url": "http://127.0.0.1:8026",
    "temporal_url": "http://127.0.0.1:8233",
    "brreg_url": "http://127.0.0.1:8027",
    "eid_url": "http://localhost:8028",
    "phone_url": "http://127.0.0.1:8029",
    "till_url": "http://127.0.0.1:8030",
    "programs": PROGRAMS,
    "metrics_urls": ["http://127.0.0.1:9464/metrics", "http://127.0.0.1:9465/metrics"],
    "personas": [
        {"id": "kari", "name": "Kari Bruun-Hanssen", "eid": "no-bankid", "about": {"nb": "Daglig leder", "en": "Managing director"}},
        {"id": "sven", "name": "Sven Lindqvist", "eid": "se-bankid", "about": {"nb": "Svensk styreleder", "en": "Swedish chair"}},
        {
            "id": "mette",
            "name": "Mette Mikkelsen",
            "eid": "dk-mitid",
            "about": {"nb": "Det demoen sier om henne", "en": "Whatever the demo says of her"},
        },
    ],
    "staff": [{"id": "liv", "name": "Liv Myhre", "eid": "staff", "about": {"nb": "Kundestøtte", "en": "Support"}}],
}

STAFF_LOGIN_REASONS = ("no_role", "cancelled", "expired", "replayed", "forged", "mismatch", "unavailable", "other")
LOGIN_REASONS = (
    "cancelled",
    "expired",
    "replayed",
    "forged",
    "mismatch",
    "unavailable",
    "assurance_too_low",
    "birth_date_missing",
    "other",
)
LINK_STATES = ("ready", "confirmed", "expired", "replaced", "someone_else", "unknown")
ERROR_KINDS = (
    "not_found",
    "forbidden",
    "method_not_allowed",
    "too_large",
    "too_many",
    "server",
    "unavailable",
    "session_ended",
    "form_expired",
    "bad_request",
)


def _before_the_company() -> list[Example]:
    delivery: dict[str, object] = {"address": "kari@havregrot.example", "sent_at": BEGUN, "undeliverable": False}
    code = {**delivery, "on_its_way": False, "newcomer": True, "code": "", "resent": False, "problem": None}
    link = {"token": "t0ken", "address": "kari@havregrot.example", "newcomer": True, "problem": None}
    return [
        Example("home.html", "stranger", {"return_to": "/workplace"}, logged_in=False),
        Example("home.html", "back", {"return_to": ""}),
        *(Example("login_failed.html", reason, {"reason": reason, "return_to": ""}, logged_in=False) for reason in LOGIN_REASONS),
        Example("terms.html", "new", {"version": "2026-11-01", "accepted_at": None, "problem": None}),
        Example("terms.html", "problem", {"version": "2026-11-01", "accepted_at": None, "problem": ExampleProblem()}),
        Example("terms.html", "accepted", {"version": "2026-11-01", "accepted_at": BEGUN, "problem": None}),
        Example("email.html", "new", {"address": "", "changing": False, "newcomer": True, "problem": None}),
        Example(
            "email.html", "problem", {"address": "kari-at-havregrot", "changing": True, "newcomer": False, "problem": ExampleProblem()}
        ),
        Example("email_code.html", "sent", code),
        Example("email_code.html", "wrong", {**code, "code": "12345", "problem": ExampleProblem()}),
        Example("email_code.html", "resent", {**code, "resent": True, "newcomer": False}),
        Example("email_code.html", "bounced", {**code, "undeliverable": True}),
        Example("email_code.html", "on-its-way", {**code, "sent_at": None, "on_its_way": True}),
        Example("email_delivery.html", "sent", delivery, fragment=True),
        Example("email_delivery.html", "bounced", {**delivery, "undeliverable": True}, fragment=True),
        Example("email_delivery.html", "on-its-way", {**delivery, "sent_at": None}, fragment=True),
        *(Example("email_link.html", state, {"state": state, **link}) for state in LINK_STATES),
    ]


def _the_company() -> list[Example]:
    search = {"q": "havregrøt", "hits": HITS, "more": False, "problem": None, "changing": False}
    confirm = {
        "company": COMPANY,
        "shop": None,
        "address_presumed_wrong": False,
        "profile_exists": False,
        "instead_of": None,
        "refusal": None,
        "problem": None,
    }
    return [
        Example("workplace.html", "first", {**search, "q": "", "hits": None}),
        Example("workplace.html", "hits", search),
        Example("workplace.html", "problem", {**search, "q": "12345678", "hits": None, "problem": ExampleProblem()}),
        Example("workplace_hits.html", "none", {**search, "q": "<b>ingen</b>", "hits": []}, fragment=True),
        Example("workplace_hits.html", "more", {**search, "more": True}, fragment=True),
        Example("no_number.html", "page", {}),
        Example("workplace_confirm.html", "company", confirm),
        Example("workplace_confirm.html", "shop", {**confirm, "shop": "398765435", "address_presumed_wrong": True}),
        Example("workplace_confirm.html", "abroad", {**confirm, "company": SWEDISH_ADDRESS}),
        Example("workplace_confirm.html", "bankrupt", {**confirm, "refusal": CompanyIsBankrupt()}),
        Example("workplace_confirm.html", "instead", {**confirm, "instead_of": "0b51"}),
        Example("workplace_confirm.html", "exists", {**confirm, "profile_exists": True}),
        Example("workplace_confirm.html", "problem", {**confirm, "problem": ExampleProblem()}),
        Example("signup_received.html", "page", {}),
        *(Example("signup_status.html", situation, {**signup_context(entries), **QUIET}) for situation, entries in LOGS.items()),
        Example("signup_status.html", "too-late", {**signup_context(LOGS["opened"]), **QUIET, "problem": SignupIsDecided()}),
        *(
            Example("signup_status.html", said, {**signup_context(LOGS["appealed"]), **QUIET, "said": said})
            for said in ("answered", "appealed")
        ),
        *(Example("signup_progress.html", situation, signup_context(entries), fragment=True) for situation, entries in LOGS.items()),
        Example("company.html", "open", _company_context()),
        *(Example("company.html", name, {**_company_context(), "timeline": entries}) for name, entries in LOGS.items()),
        *(Example("usage.html", situation, {"company": COMPANY, **context}) for situation, context in USAGES.items()),
        Example("signup_status.html", "mail-comes-back", {**signup_context(LOGS["person"]), **QUIET, "mail_comes_back": True}),
        Example("company.html", "mail-comes-back", {**_company_context(), "mail_comes_back": True}),
        Example("company.html", "suspended", {**_company_context(), "suspended": True}),
        Example("company.html", "bare", {**_company_context(), "members": [], "sales_rep": None, "timeline": []}),
    ]


def _company_context() -> dict[str, object]:
    return {
        "company": COMPANY,
        "opened_at": BEGUN,
        "members": [
            {"name": "Kari Bruun-Hanssen", "role": "administrator", "since": BEGUN, "you": True},
            {"name": "Ola Nordmann", "role": "member", "since": BEGUN, "you": False},
            {"name": "Siri Lopes Larsen", "role": "developer", "since": BEGUN, "you": False},
        ],
        "sales_rep": {"name": "Ingrid Aas", "email": "ingrid.aas@skranke.example", "phone": "+47 23 00 00 11"},
        "timeline": LOGS["opened"],
        "suspended": False,
        "profile_id": "77f0",
        "companies": [{"profile_id": "77f0", "name": "HAVREGRØT OG DØTRE AS"}, {"profile_id": "88f0", "name": "FJELLBRYGG AS"}],
    }


def _the_rest(language: Language) -> list[Example]:
    every = help_texts.find(language, "", support_phone=PHONE, support_email=EMAIL)
    feedback: dict[str, object] = {"answer": every[0].answers[0], "thanked": False, "comment": "", "problem": None}
    account: dict[str, object] = {
        "name": "Kari Bruun-Hanssen",
        "eid": "no-bankid",
        "email": "kari@havregrot.example",
        "email_confirmed": True,
        "email_undeliverable": False,
        "companies": [{"profile_id": "77f0", "name": "HAVREGRØT OG DØTRE AS", "organisation_number": "312345676"}],
        "saved": False,
    }
    linked = next(shown for group in every for shown in group.answers if shown.links)
    return [
        Example("help.html", "all", {"q": "", "groups": every}, logged_in=False),
        Example("help_hits.html", "none", {"q": "zzz", "groups": ()}, fragment=True),
        Example("help_answer.html", "answer", feedback, logged_in=False),
        Example("help_answer.html", "linked", {**feedback, "answer": linked}),
        Example("help_answer.html", "problem", {**feedback, "comment": "Where is it?", "problem": ExampleProblem()}),
        Example("help_answer.html", "thanked", {**feedback, "thanked": True}),
        Example("account.html", "full", account),
        Example("account.html", "bounced", {**account, "email_undeliverable": True}),
        Example("account.html", "bare", {**account, "eid": "dk-mitid", "email": None, "companies": [], "saved": True}),
        Example("demo.html", "stranger", {"tour": TOUR, "moves_time": True, "api": HERE}, logged_in=False),
        Example(
            "demo.html",
            "bare",
            {"tour": {**dict.fromkeys(TOUR), "metrics_urls": [], "personas": [], "staff": []}, "moves_time": False, "api": HERE},
        ),
        Example("demo_clock.html", "untouched", CLOCK, logged_in=False),
        Example("demo_clock.html", "moved", CLOCK | {"days_ahead": 1, "moved": Moved(timedelta(days=1), 1, 0)}),
        Example("demo_clock.html", "late", CLOCK | {"days_ahead": 17, "moved": Moved(timedelta(days=14), 12, 3)}),
        Example("demo_clock.html", "away", CLOCK | {"away": True}),
        *(Example("error.html", kind, _error(kind), logged_in=False) for kind in ERROR_KINDS),
        *_for_staff(),
        *(Example("ops.html", situation, shown, at_staff_door=True) for situation, shown in SITUATIONS.items()),
        Example("problems.html", "all", {"explanations": tuple(EXPLANATIONS.values())}, logged_in=False),
        *(Example("problem.html", code, {"explanation": EXPLANATIONS[code]}) for code in ("qr_used", "card_blocked", "not_found")),
        Example("accessibility.html", "page", {}, logged_in=False),
        Example("privacy.html", "page", {}, logged_in=False),
    ]


def _for_staff() -> list[Example]:
    stranger = partial(Example, logged_in=False, at_staff_door=True)
    return [
        Example("staff.html", "duties", {"duties": DUTIES}, at_staff_door=True),
        Example("staff.html", "bare", {"duties": ()}, at_staff_door=True),
        *(Example(template, situation, shown, at_staff_door=True) for template, situation, shown in desk_pages()),
        *(Example(template, situation, shown, fragment=True) for template, situation, shown in desk_fragments()),
        stranger("staff_login.html", "stranger", {"return_to": "/staff", "logged_out": False}),
        stranger("staff_login.html", "logged-out", {"return_to": "", "logged_out": True}),
        *(stranger("staff_login_failed.html", reason, {"reason": reason, "return_to": "/staff"}) for reason in STAFF_LOGIN_REASONS),
        *(stranger("error.html", f"staff-{kind}", {**_error(kind), "at_staff_door": True}) for kind in ("session_ended", "form_expired")),
        Example("error.html", "staff-forbidden", {**_error("forbidden"), "at_staff_door": True}, at_staff_door=True),
    ]


def _error(kind: str) -> dict[str, object]:
    ended = kind == "session_ended"
    return {
        "kind": kind,
        "at_staff_door": False,
        "status": 500 if kind == "server" else 400,
        "kept": ended,
        "return_to": "/email",
        "reference": "8f3a-11" if kind == "server" else None,
    }


def examples(language: Language) -> list[Example]:
    """Every page and fragment, in every situation that changes what it says."""
    return [*_before_the_company(), *_the_company(), *_the_rest(language), *(Example(*shown) for shown in DEVELOPERS), *_members()]


def _members() -> list[Example]:
    pages = MEMBER_PAGES | CLAIM_PAGES
    members = [(template, name, shown) for template, situations in pages.items() for name, shown in situations.items()]
    return [
        *(Example(template, name, shown) for template, name, shown in (*members, *CUSTOMERS_PAGES)),
        *(Example(template, name, shown, at_staff_door=True) for template, name, shown in STAFF_PAGES),
        Example("company.html", "looked-at", {**_company_context(), **LOOK, "companies": ()}, at_staff_door=True),
        Example(
            "signup_status.html",
            "looked-at",
            {**signup_context(LOGS["person"]), **LOOK, "problem": None, "typed": "", "said": ""},
            at_staff_door=True,
        ),
        *(Example("support_joining.html", name, shown, at_staff_door=True) for name, shown in SUPPORT_JOINING.items()),
        *(Example("support_claims.html", name, shown, at_staff_door=True) for name, shown in SUPPORT_CLAIMS.items()),
    ]
