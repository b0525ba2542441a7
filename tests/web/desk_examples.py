"""The support desk's pages, and the status page of those who wait for it, in every situation that changes what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from database.desk_file import Note, TaskFile, Tick
from database.desk_inbox import InboxPage, InboxRow, Shelf
from database.desk_questions import DocumentView, QuestionView
from database.desk_statistics import OpenAge, ReasonCount, Week
from database.tasks import TaskView
from domain.company import CompanyIsDeleted
from domain.desk.checks import TITLES, Check, Earlier, Finding, Mark
from domain.desk.claims import HoldNeedsTime, TaskDeed, TaskIsTaken
from domain.desk.clock import Urgency
from domain.desk.conversation import TextTooShortOrLong
from domain.desk.documents import DocumentType
from domain.desk.expectation import Expectation
from domain.desk.fairness import Bond
from domain.desk.kinds import TaskKind
from domain.desk.likeness import Likeness, RoleNearby
from domain.desk.priority import Pressing, score
from domain.desk.reasons import APPROVALS, HOLDS, QUESTIONS, REVERSALS, HoldReason, QuestionReason, ReversalReason
from domain.desk.replies import SavedReply
from domain.languages import Language
from domain.names import PersonName
from domain.rulings import REASONS, RejectionNeedsReason, TaskIsDecided, TaskOutcome
from domain.stages import Actor, LogEntry, Stage
from gateways.letters import RenderedLetter
from web.desk_evidence import Evidence
from web.desk_pages import Moment, Typed
from web.plots import plot

from .member_examples import LATE, WAITS

BEGUN: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
READER: Final = UUID("0d0b1f3e-6a34-4c52-9f5e-3b7b3f0e7d11")
OTHER: Final = UUID(int=77)
TASK: Final = TaskView(
    id=UUID(int=1),
    kind=TaskKind.EMPLOYMENT,
    signup_id=UUID(int=2),
    organisation_number="310279323",
    company_name="HAVREGRØT OG DØTRE AS",
    person=PersonName("Kari", "Bruun-Hanssen"),
    birth_date=BEGUN.date(),
    reason="name-differs",
    role_code="DAGL",
    opened_at=BEGUN,
    closed_at=None,
    outcome=None,
    rejected=None,
    decided_by=None,
    decided_by_name=None,
)
ROW: Final = InboxRow(
    id=TASK.id,
    kind=TaskKind.EMPLOYMENT,
    organisation_number=TASK.organisation_number,
    company_name=TASK.company_name,
    opened_at=BEGUN,
    due_at=BEGUN,
    urgency=Urgency.ON_TIME,
    score=score(BEGUN, frozenset(), BEGUN),
    holder=None,
    holder_name=None,
    waiting_since=None,
    held_until=None,
    hold_reason=None,
    closed_at=None,
    outcome=None,
)
ROWS: Final = [
    *(replace(ROW, id=UUID(int=9 + number), urgency=urgency) for number, urgency in enumerate(Urgency)),
    replace(ROW, id=UUID(int=20), company_name=None, due_at=None, urgency=Urgency.PAUSED, waiting_since=BEGUN),
    replace(
        ROW, id=UUID(int=21), kind=TaskKind.APPEAL, held_until=BEGUN, hold_reason="company", score=score(BEGUN, frozenset(Pressing), BEGUN)
    ),
    replace(ROW, id=UUID(int=22), holder=OTHER, holder_name="Liv Myhre"),
]
CLOSED_ROWS: Final = [replace(ROW, id=UUID(int=30 + n), closed_at=BEGUN, outcome=outcome) for n, outcome in enumerate(TaskOutcome)]
DOCUMENT: Final = DocumentView(UUID(int=40), "avtale.pdf", DocumentType.PDF, 81234, BEGUN, None)
QUESTION: Final = QuestionView(
    id=UUID(int=50),
    task_id=TASK.id,
    asked_by=OTHER,
    asked_by_name="Liv Myhre",
    reason=QuestionReason.DOCUMENT,
    text="Har du en arbeidsavtale?\nSend den gjerne.",
    wants_document=True,
    asked_at=BEGUN,
    answered_at=None,
    answer=None,
    documents=(),
)
ANSWERED: Final = replace(
    QUESTION,
    answered_at=BEGUN,
    answer="Ja, her er den.",
    documents=[DOCUMENT, replace(DOCUMENT, id=UUID(int=41), deleted_at=BEGUN)],
)
LETTER: Final = RenderedLetter("Welcome", "Hello\n\nThe profile is open.\n", "<p>Hello</p>")
FILE: Final = TaskFile(
    email="kari@havregrot.example",
    score=score(BEGUN, frozenset(), BEGUN),
    due_at=BEGUN,
    holder=None,
    holder_name=None,
    lease_until=None,
    waiting_since=None,
    held_until=None,
    hold_reason=None,
    not_for=None,
    bond=None,
    notes=(),
    ticks=(),
    events=(),
    log=(),
    stands=Stage.NEEDS_A_PERSON,
    earlier=(),
    appeal=None,
    reversals=(),
)
MINE: Final = replace(FILE, holder=READER, holder_name="Gunnar Tveit", lease_until=BEGUN)
TAKEN: Final = replace(FILE, holder=OTHER, holder_name="Liv Myhre", lease_until=BEGUN)
FULL: Final = replace(
    MINE,
    waiting_since=BEGUN,
    held_until=BEGUN + timedelta(days=1),
    hold_reason=HoldReason.COMPANY,
    notes=[Note("Liv Myhre", "Jeg ringte, de ringer tilbake.", BEGUN)],
    earlier=[Earlier(date(2026, 1, 2), same, not same, "rejected") for same in (True, False)]
    + [Earlier(date(2026, 1, 1), same_person=True, same_company=True, outcome="withdrawn")],
    appeal="Jeg jobber der!",
)
EVIDENCE: Final = Evidence(
    findings=[
        Finding(check, mark, "The address is at %(domain)s, the company's own web site.", {"domain": "havregrot.example"})
        for check, mark in zip(Check, [*Mark, *Mark, Mark.WARN], strict=True)
    ],
    roles=[
        RoleNearby("DAGL", PersonName("Karin", "Bruun"), BEGUN.date(), likeness, current)
        for likeness, current in zip(Likeness, (True, False, True), strict=True)
    ],
    company=None,
)
MOMENTS: Final = [
    *(Moment(BEGUN, stage=stage, actor=Actor.SUPPORT) for stage in Stage),
    *(Moment(BEGUN, deed=deed, who="Liv Myhre") for deed in TaskDeed),
]
REPLY: Final = SavedReply(UUID(int=60), "Arbeidsavtale", {Language.NB: "Har du en avtale?", Language.EN: "Do you have a contract?"})
OPEN: Final[dict[str, object]] = {
    "task": TASK,
    "file": FILE,
    "urgency": Urgency.ON_TIME,
    "evidence": EVIDENCE,
    "titles": TITLES,
    "ticks": {Check.REGISTER: Tick(Check.REGISTER, "Liv Myhre", BEGUN)},
    "moments": MOMENTS,
    "questions": [QUESTION, ANSWERED],
    "replies": [(REPLY.id, REPLY.title, "Har du en avtale?")],
    "colleagues": {READER: "Gunnar Tveit", OTHER: "Liv Myhre"},
    "mine": False,
    "may_give": True,
    "may_reverse": False,
    "typed": Typed(),
    "choices": {"approve": APPROVALS, "reject": REASONS, "ask": QUESTIONS, "hold": HOLDS, "reverse": REVERSALS},
    "problem": None,
    "said": "",
    "now": BEGUN,
}
CLOSED: Final = {"evidence": None, "file": replace(FILE, stands=Stage.REJECTED), "may_reverse": True}
DECIDED: Final = replace(TASK, closed_at=BEGUN, decided_by=OTHER, decided_by_name="Liv Myhre")


def tasks() -> Iterator[tuple[str, dict[str, object]]]:
    """Give the page of a task, situation by situation."""
    yield "open", OPEN
    yield "mine", OPEN | {"file": FULL, "mine": True, "urgency": Urgency.PAUSED}
    yield "taken", OPEN | {"file": TAKEN, "may_give": False, "urgency": Urgency.OVERDUE, "said": "decided"}
    gone = replace(EVIDENCE, roles=(), refusal=CompanyIsDeleted(date="2026-01-02"))
    yield "company-gone", OPEN | {"task": replace(TASK, company_name=None), "evidence": gone, "replies": [], "urgency": Urgency.SOON}
    yield (
        "without-reason",
        OPEN
        | {"problem": RejectionNeedsReason(), "typed": Typed("ask", "document", "other-company", "name", "Hvem?", wants_document=True)},
    )
    yield "bad-hold", OPEN | {"problem": HoldNeedsTime(), "said": "reversed"}
    for bond in Bond:
        yield f"bond-{bond}", OPEN | {"file": replace(MINE, bond=bond), "evidence": None}
    yield "second-look", OPEN | {"file": replace(MINE, not_for=READER)}
    for outcome in TaskOutcome:
        rejected = "other-company" if outcome is TaskOutcome.REJECTED else None
        yield outcome.value, OPEN | CLOSED | {"task": replace(DECIDED, outcome=outcome, rejected=rejected), "said": "reversed"}


def desk_pages() -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Give every page of the desk by its template and situation."""
    listed = {"page": InboxPage(ROWS, "cursor"), "shelf": Shelf.QUEUE, "asked": {"shelf": "queue", "kind": "", "q": ""}, "now": BEGUN}
    listed |= {"next_path": "/support?after=cursor", "joining": [LATE, WAITS]}
    around = {"counts": dict.fromkeys(Shelf, 3), "by_kind": {TaskKind.EMPLOYMENT: 2}, "kinds": list(TaskKind), "asking": 2, "for_two": 1}
    empty = listed | {"joining": [], "page": InboxPage([], None), "next_path": None}
    searched = empty | {"asked": {"shelf": "open", "kind": "appeal", "q": "<b>"}, "shelf": Shelf.OPEN}
    yield "support.html", "queue", listed | around | {"said": ""}
    for said in ("decided", "asked", "empty", "handed-back", "released", "held", "given"):
        yield "support.html", f"said-{said}", empty | around | {"said": said}
    yield "support.html", "searched", searched | around | {"said": ""}
    yield "support.html", "closed", listed | around | {"page": InboxPage(CLOSED_ROWS, None), "shelf": Shelf.CLOSED, "said": ""}
    for situation, shown in tasks():
        yield "support_task.html", situation, shown
    decided = replace(DECIDED, outcome=TaskOutcome.REJECTED, rejected="other-company")
    conflict = {"task": decided, "file": FILE, "mine": False, "problem": TaskIsDecided(), "reasons": REASONS, "now": BEGUN}
    yield "support_conflict.html", "decided", conflict
    yield "support_conflict.html", "taken", conflict | {"task": TASK, "file": TAKEN, "problem": TaskIsTaken()}
    decision = {"task": TASK, "typed": Typed(text="Hvem?", wants_document=True), "letter": LETTER, "problem": None}
    for name, reasons in (("approve", APPROVALS), ("reject", REASONS), ("ask", QUESTIONS)):
        yield "support_decision.html", name, decision | {"decision": name, "reason": next(iter(reasons.values()))}
    yield (
        "support_decision.html",
        "late",
        decision | {"decision": "ask", "reason": QUESTIONS[QuestionReason.NAME], "letter": None, "problem": TaskIsDecided()},
    )
    reversal = {"task": decided, "reason": ReversalReason.MISTAKE, "words": REVERSALS[ReversalReason.MISTAKE], "letter": LETTER}
    for stands in (Stage.REJECTED, Stage.PROFILE_OPENED, Stage.PROFILE_SUSPENDED):
        yield "support_reversal.html", stands.value, reversal | {"stands": stands, "problem": None}
    yield "support_reversal.html", "problem", reversal | {"stands": Stage.REJECTED, "problem": TaskIsDecided()}
    yield from _for_leads()
    yield "support_keys.html", "keys", {}


def _for_leads() -> Iterator[tuple[str, str, Mapping[str, object]]]:
    typed = {"id": "", "title": "", "texts": {Language.NB: "x", Language.EN: ""}}
    yield "support_replies.html", "some", {"replies": [REPLY], "done": True, "problem": None, "typed": None}
    wrong = {"replies": [REPLY], "done": False, "problem": TextTooShortOrLong()}
    yield "support_replies.html", "new-problem", wrong | {"typed": typed}
    yield "support_replies.html", "edit-problem", wrong | {"typed": typed | {"id": str(REPLY.id)}}
    weeks = [
        Week(date(2026, 11, 9), TaskKind.EMPLOYMENT, 4, 0, 0, 0, None, None),
        Week(date(2026, 11, 16), TaskKind.EMPLOYMENT, 3, 5, 4, 4, timedelta(hours=3), timedelta(hours=19)),
    ]
    plots = {
        "count": plot(["a", "b"], [4, 3], [0, 5]),
        "time": plot(["a", "b"], [None, 3], [None, 19]),
        "share": plot(["a", "b"], [None, 80]),
    }
    nothing = {"weeks": [], "plots": dict.fromkeys(plots, plot([]))}
    shown = {"kinds": {TaskKind.EMPLOYMENT: {"weeks": weeks, "plots": plots}, TaskKind.APPEAL: nothing}, "weeks": 12}
    reasons = [
        ReasonCount(TaskKind.EMPLOYMENT, TaskOutcome.APPROVED, "document", 4),
        ReasonCount(TaskKind.APPEAL, TaskOutcome.REJECTED, "", 1),
    ]
    ages = [OpenAge(TaskKind.EMPLOYMENT, 1, 4), OpenAge(TaskKind.EMPLOYMENT, None, 2)]
    words = {reason.value: said for reason, said in APPROVALS.items()}
    yield "support_statistics.html", "some", shown | {"reasons": reasons, "ages": ages, "words": words}
    yield "support_statistics.html", "none", {"kinds": {TaskKind.APPEAL: nothing}, "weeks": 1, "reasons": [], "ages": [], "words": words}


def desk_fragments() -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Give the pieces of pages that are sent again and again."""
    listed = {"page": InboxPage(ROWS, "cursor"), "shelf": Shelf.QUEUE, "asked": {"shelf": "queue", "kind": "", "q": ""}}
    listed |= {"counts": dict.fromkeys(Shelf, 3), "asking": 2, "for_two": 1}
    yield "support_list.html", "some", listed | {"next_path": "/support?after=cursor", "joining": [LATE, WAITS], "now": BEGUN}
    yield "support_lease.html", "mine", {"file": MINE, "mine": True}
    yield "support_lease.html", "taken", {"file": TAKEN, "mine": False}
    yield "support_lease.html", "nobody", {"file": FILE, "mine": False}


PERSON: Final = [
    LogEntry(BEGUN, Stage.COMPANY_NAMED, Actor.CUSTOMER),
    LogEntry(BEGUN + timedelta(minutes=3), Stage.NEEDS_A_PERSON, Actor.REGISTER),
]
# What the log of somebody ends with whom the desk has dealt with.
AT_THE_DESK: Final = {
    stage.value: [*PERSON, LogEntry(BEGUN + timedelta(minutes=6), stage, Actor.SUPPORT)]
    for stage in (
        Stage.CUSTOMER_ASKED,
        Stage.LAID_ASIDE,
        Stage.CUSTOMER_ANSWERED,
        Stage.DECISION_LATE,
        Stage.APPEALED,
        Stage.DECISION_REVERSED,
        Stage.PROFILE_SUSPENDED,
    )
}
SLOW: Final = Expectation(3, timedelta(hours=3), timedelta(hours=19), 40)
NEW: Final = Expectation(1, None, None, 2)


def at_the_desk(stage: str) -> dict[str, object]:
    """Say what the status page is told besides, of somebody whom the desk has to do with."""
    asked = stage in {Stage.CUSTOMER_ASKED, Stage.LAID_ASIDE}
    waits = {Stage.NEEDS_A_PERSON: SLOW, Stage.APPEALED: NEW}.get(Stage(stage))
    return {"question": QUESTION if asked else None, "expectation": waits, "may_appeal": stage == Stage.REJECTED}
