"""The pages of shops, of what support looks at, and of letters, in every situation that changes what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from database.staff_views import View, Viewable
from domain.languages import Language
from domain.post import LetterKind
from domain.staff_views import REASON_NAMES, ViewNeedsReason, ViewReason
from tests.web.account_examples import ACCOUNT_PAGES
from tests.web.shop_examples import SHOP_PAGES
from web.demo_letters import ShownKind, ShownLetter

NOW: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
COMPANY: Final = "HAVREGRØT OG DØTRE AS"

Shown = dict[str, object]


def _letters() -> Shown:
    shown = [
        ShownLetter(language, "Velkommen & <b>hei</b>", "Hei.\n\nVennlig hilsen\nSkranke", f"/demo/letters/welcome/0/{language}")
        for language in Language
    ]
    return {"kinds": [ShownKind(LetterKind.WELCOME, [shown, shown]), ShownKind(LetterKind.JOINED, [shown])]}


_SEARCH: Final[Shown] = {"q": "havregrøt", "found": [], "reasons": REASON_NAMES, "problem": None}
_FOUND: Final = [
    Viewable(UUID(int=7), is_signup=False, organisation_number="312345676", company_name=COMPANY, since=NOW, ended=False),
    Viewable(UUID(int=8), is_signup=True, organisation_number="312345676", company_name=COMPANY, since=NOW, ended=True),
    Viewable(UUID(int=9), is_signup=True, organisation_number="398765435", company_name=None, since=NOW, ended=False),
]
LOOK: Final[Shown] = {
    "layout": "_staff_view.html",
    "read_only": True,
    "view": View(UUID(int=1), UUID(int=7), None, UUID(int=2), NOW + timedelta(minutes=30), ViewReason.DECIDING),
    "view_reason": REASON_NAMES[ViewReason.DECIDING],
}
CUSTOMERS_PAGES: Final[list[tuple[str, str, Shown]]] = [
    *(("shops.html", name, shown) for name, shown in SHOP_PAGES.items()),
    ("demo_letters.html", "all", _letters()),
    *ACCOUNT_PAGES,
]
STAFF_PAGES: Final[list[tuple[str, str, Shown]]] = [
    ("support_customers.html", "first", {**_SEARCH, "q": "", "found": None}),
    ("support_customers.html", "found", {**_SEARCH, "found": _FOUND}),
    ("support_customers.html", "none", _SEARCH),
    ("support_customers.html", "problem", {**_SEARCH, "found": _FOUND, "problem": ViewNeedsReason()}),
    ("staff_view_over.html", "page", {}),
]
