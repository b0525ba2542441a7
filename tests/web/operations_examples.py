"""The operators' page in every situation that changes what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from database.operations import LoggedIn
from domain.ids import AddressId, ProfileId, SignupId, UserId
from domain.operations import Action, Deed, Drift, OpenMatter, OpenSignup, ReasonIsMissing, UnconfirmedAddress, WaitingLetter
from domain.organisation_number import OrganisationNumber
from domain.post import LetterKind, LetterOrder
from domain.stages import Process
from gateways.upstreams import Upstream
from web.ops import Tried
from workflows.front_desk.processes import Ailment, Rounds

BEGUN: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)

ORDER = LetterOrder(UUID(int=7), LetterKind.WELCOME, UserId(UUID(int=8)), UUID(int=9))
LETTER = WaitingLetter(ORDER, BEGUN, None)
STUCK = Ailment("company-signup/0b51", "CompanySignup", BEGUN, 7, "RegisterUnavailable", "look_company_up", "4", BEGUN)
FAILURES = ("RegisterUnavailable", "MailServerFailed", "OperationalError", "KeyError")
AILMENTS = [
    *(replace(STUCK, failure=failure, activity_id=failure) for failure in FAILURES),
    replace(STUCK, activity=None, next_try=None),
]
SIGNUP = OpenSignup(SignupId(UUID(int=1)), UserId(UUID(int=2)), OrganisationNumber("312345676"), BEGUN)
MATTER = OpenMatter(Process.CLAIM, UUID(int=6), ProfileId(UUID(int=7)), UserId(UUID(int=2)), "312345676")
QUIET: dict[str, object] = {
    "tried": Tried(),
    "done": False,
    "upstreams": [Upstream("temporal", None)],
    "rounds": Rounds([], 0, all_seen=True),
    "drift": Drift([], [], [], []),
    "waiting": [],
    "given_up": [],
    "logged_in": LoggedIn(1, 1),
    "deeds": [],
    "temporal_ui": None,
    "namespace": "default",
    "now": BEGUN + timedelta(hours=2),
}
BUSY = {
    "upstreams": [Upstream(name, BEGUN) for name in ("temporal", "worker", "register", "eid", "staff-login", "mail", "other")],
    "rounds": Rounds(AILMENTS, 200, all_seen=False),
    "drift": Drift(
        [SIGNUP], [UnconfirmedAddress(AddressId(UUID(int=3)), UserId(UUID(int=4)), BEGUN)], [LETTER], ["company-signup/1"], [MATTER]
    ),
    "waiting": [LETTER],
    "given_up": [replace(LETTER, order=replace(ORDER, key=UUID(int=5)), given_up_at=BEGUN)],
    "deeds": [(BEGUN, "Oda Rønning", Deed(action, "letter/7", "Why not?")) for action in (*Action, "unknown")],
    "temporal_ui": "http://127.0.0.1:8233",
}

SITUATIONS: Final[Mapping[str, dict[str, object]]] = {
    "quiet": QUIET,
    "done": {**QUIET, "done": True},
    "away": {**QUIET, "rounds": None, "drift": None},
    "busy": {**QUIET, **BUSY},
    "refused": {**QUIET, **BUSY, "tried": Tried("start-again", "x", ReasonIsMissing())},
}
