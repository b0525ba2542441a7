"""The pages on which people decide about themselves, in every situation that changes what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from database.own import OwnSession
from domain.own import NOT_REFUSABLE, REFUSABLE, TickToDelete

NOW: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
COMPANIES: Final = [{"profile_id": UUID(int=7), "name": "HAVREGRØT OG DØTRE AS"}]
_LETTERS: Final[dict[str, object]] = {"kinds": [(kind, words, True) for kind, words in REFUSABLE.items()], "always": NOT_REFUSABLE}
_GOING: Final[dict[str, object]] = {"blocked_by": [], "companies": COMPANIES, "problem": None}
_HERE: Final = OwnSession("0123456789abcdef", NOW, NOW, this=True)
ACCOUNT_PAGES: Final[list[tuple[str, str, dict[str, object]]]] = [
    ("account_letters.html", "all", {**_LETTERS, "saved": False}),
    ("account_letters.html", "saved", {**_LETTERS, "saved": True}),
    ("account_sessions.html", "one", {"sessions": [_HERE], "done": True}),
    ("account_sessions.html", "two", {"sessions": [_HERE, OwnSession("fedcba9876543210", NOW, NOW, this=False)], "done": False}),
    ("account_data.html", "page", {"sections": {"account": 1, "sessions": 12}}),
    ("account_delete.html", "ready", _GOING),
    ("account_delete.html", "unsure", {**_GOING, "problem": TickToDelete()}),
    ("account_delete.html", "blocked", {**_GOING, "blocked_by": COMPANIES}),
    ("goodbye.html", "page", {"user_name": None}),
]
