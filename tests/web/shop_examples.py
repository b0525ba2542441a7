"""The page of a company's shops, in every situation that changes what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from database.shops import BranchView, ShopsView, ShopView
from domain.company import RegisterIsAway
from domain.shops import TerminalStandsThere

NOW: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
PROFILE: Final = UUID(int=7)
SHOP: Final = ShopView(
    number="398765435",
    name="HAVREGRØT TORGALLMENNINGEN",
    unit=None,
    address_lines=["Torgallmenningen 8"],
    postcode="5014",
    city="BERGEN",
    closed_on=None,
    listed=True,
    chosen=False,
    terminals=0,
)
SHOPS: Final = (
    SHOP,
    replace(SHOP, number="312345676", name="HAVREGRØT NESTTUN", chosen=True, terminals=2),
    replace(SHOP, number="315001013", name="HAVREGRØT LADE", unit="315002869", closed_on=date(2026, 1, 2)),
    replace(SHOP, number="315002869", name="HAVREGRØT SLUPPEN", unit="315002869", chosen=True, listed=False, address_lines=[], postcode=""),
)
VIEW: Final = ShopsView(NOW, SHOPS, [BranchView("315002869", "HAVREGRØT MIDT AS", 1)], found=4, known=4, chosen=2, page=1)
_SHOWN: Final[dict[str, object]] = {
    "profile_id": PROFILE,
    "company_name": "HAVREGRØT OG DØTRE AS",
    "companies": [{"profile_id": PROFILE, "name": "HAVREGRØT OG DØTRE AS"}, {"profile_id": UUID(int=9), "name": "FJELLBRYGG AS"}],
    "administers": True,
    "view": VIEW,
    "q": "",
    "ticked": (),
    "done": "",
    "problem": None,
    "silent": False,
}
_NONE: Final = ShopsView(NOW, [], [], found=0, known=0, chosen=0, page=1)
SHOP_PAGES: Final[dict[str, dict[str, object]]] = {
    "tree": _SHOWN,
    "member": {**_SHOWN, "administers": False},
    "chain": {**_SHOWN, "view": replace(VIEW, branches=[], shops=SHOPS[:2], found=1240, known=1240, page=3), "q": "havregrøt"},
    "none": {**_SHOWN, "view": _NONE},
    "not-found": {**_SHOWN, "view": replace(VIEW, shops=[], found=0), "q": '"><b>'},
    "never-asked": {**_SHOWN, "view": replace(_NONE, fetched_at=None), "problem": RegisterIsAway(), "silent": True},
    "silent": {**_SHOWN, "problem": RegisterIsAway(), "silent": True},
    "problem": {**_SHOWN, "ticked": ["312345676"], "problem": TerminalStandsThere(places="HAVREGRØT NESTTUN")},
    **{done: {**_SHOWN, "done": done} for done in ("chosen", "taken-back", "refreshed")},
}
