"""The till developers' pages in every situation that changes what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

from database.sandbox_clients import SandboxAccess, TerminalAt
from domain.cards.scanner_test import TEST_TEXT, examine
from web.developer_texts import FIELDS, TEST_PERSONS, data_sets, refusals_of_a_check, snippet
from web.sandbox import NotATerminal

API = "http://127.0.0.1:8000"
MADE = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
GUIDE: Mapping[str, object] = {
    "api": API,
    "snippet": snippet,
    "fields": FIELDS,
    "persons": TEST_PERSONS,
    "refusals": refusals_of_a_check(),
    "my_sandbox": None,
}
TYPED = {
    "clean": TEST_TEXT,
    "caps-lock": TEST_TEXT.lower(),
    "aim": f"]Q1{TEST_TEXT}",
    "around": f"<b>{TEST_TEXT}",
    "changed": TEST_TEXT.replace("A", "Q").replace("1", "!"),
    "incomplete": TEST_TEXT[:50],
    "twice": 2 * TEST_TEXT,
    "nothing": "",
    "else": "7035620058776",
    "real": "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7",
}
SCANNER: Mapping[str, object] = {"text": TEST_TEXT, "picture": "M4 4h1v1h-1z", "side": 37}
ACCESS = SandboxAccess(
    client_id="sandbox-312345676",
    created_at=MADE,
    default_terminal="kasse-2",
    terminals=[TerminalAt("kasse-1", "Kiosken <i>på kaia</i>"), TerminalAt("kasse-2", "Baren")],
    purposes=["alcohol_18", "parcel_pickup"],
    has_agreement=True,
)
NOTHING_YET = replace(ACCESS, created_at=None, default_terminal=None, terminals=[], purposes=[], has_agreement=False)
SANDBOX: Mapping[str, object] = {
    "company": SimpleNamespace(name="HAVREGRØT OG DØTRE AS"),
    "profile_id": UUID(int=7),
    "access": ACCESS,
    "secret": None,
    "problem": None,
    "api": API,
    "snippet": snippet,
}

DEVELOPERS: Sequence[tuple[str, str, Mapping[str, object]]] = (
    ("developers.html", "stranger", GUIDE),
    ("developers.html", "member", {**GUIDE, "my_sandbox": "/company/7/sandbox"}),
    ("developers_visleg.html", "page", {"api": API, "snippet": snippet, "data_sets": data_sets()}),
    ("developers_scanner.html", "begun", {**SCANNER, "verdict": None}),
    *(("developers_scanner.html", name, {**SCANNER, "verdict": examine(typed)}) for name, typed in TYPED.items()),
    ("sandbox.html", "made", SANDBOX),
    ("sandbox.html", "secret", {**SANDBOX, "secret": "skranke_secret_" + 43 * "x"}),
    ("sandbox.html", "gone", {**SANDBOX, "problem": NotATerminal()}),
    ("sandbox.html", "first", {**SANDBOX, "access": replace(ACCESS, created_at=None, default_terminal=None)}),
    ("sandbox.html", "no-terminals", {**SANDBOX, "access": replace(ACCESS, terminals=[], default_terminal=None)}),
    ("sandbox.html", "no-agreement", {**SANDBOX, "access": NOTHING_YET}),
)
