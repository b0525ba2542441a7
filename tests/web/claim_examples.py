"""The pages about claims, other eIDs and signups that are handed on, in every situation that changes what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from database.claim_pages import ClaimView, Proposal, RecoveryView
from database.handovers import HandoverView
from domain.email_address import NoAtSign
from domain.handovers import HandoverIsUsed
from domain.ids import ClaimId, HandoverId, RecoveryId, SignupId, UserId
from domain.members.claims import ClaimIsOver, ClaimState, ObjectedAlready
from domain.members.four_eyes import SameEyes
from domain.members.recoveries import RecoveryIsOpen, RecoveryIsOver, RecoveryState
from tests.web.member_examples import COMPANY, MEMBER_PAGES, NOW, PLACE, PROFILE, Situations

NUMBER: Final = "312345676"
LIV: Final = UUID(int=30)
CLAIM: Final = ClaimView(
    id=ClaimId(UUID(int=20)),
    profile=PROFILE,
    user=UserId(UUID(int=6)),
    company_name=COMPANY,
    organisation_number=NUMBER,
    name="Ola Dahl",
    birth_date=date(1980, 5, 17),
    claimed_at=NOW,
    state=ClaimState.OPEN,
    vouched=False,
    reason=None,
    objecting_until=None,
    objected_by=None,
    with_support_since=None,
    proposal=None,
    ended_at=None,
)
VOUCHED: Final = replace(CLAIM, vouched=True, reason="holds-role", objecting_until=NOW + timedelta(days=3))
OBJECTED: Final = replace(VOUCHED, objected_by=UserId(UUID(int=7)), with_support_since=NOW)
UNKNOWN: Final = replace(CLAIM, reason="no-role", with_support_since=NOW)
RECOVERY: Final = RecoveryView(
    id=RecoveryId(UUID(int=21)),
    profile=PROFILE,
    user=UserId(UUID(int=6)),
    company_name=COMPANY,
    organisation_number=NUMBER,
    name="Kari Bru",
    birth_date=date(1980, 5, 17),
    old_name="Kari Bruun-Hanssen",
    old_birth_date=date(1980, 5, 17),
    asked_at=NOW,
    confirmed_at=None,
    with_support_since=None,
    state=RecoveryState.OPEN,
    proposal=None,
    ended_at=None,
)
CONFIRMED: Final = replace(RECOVERY, confirmed_at=NOW)
HANDOVER: Final = HandoverView(
    id=HandoverId(UUID(int=22)),
    signup=SignupId(UUID(int=23)),
    organisation_number=NUMBER,
    company_name=COMPANY,
    by=UserId(UUID(int=6)),
    by_name="Ola Dahl",
    handed_at=NOW,
    taken_by=None,
    open=True,
)


def _claim() -> Situations:
    shown: dict[str, object] = {"place": PLACE, "claim": None, "days": 3, "problem": None, "now": NOW}
    return {
        "new": shown,
        "administrator": {**shown, "place": replace(PLACE, member=True, administrator=True)},
        "problem": {**shown, "problem": ClaimIsOver()},
        "asking": {**shown, "claim": CLAIM},
        "told": {**shown, "claim": VOUCHED},
        "objection": {**shown, "claim": OBJECTED},
        "support": {**shown, "claim": UNKNOWN},
        **{state.value: {**shown, "claim": replace(VOUCHED, state=state)} for state in ClaimState if state is not ClaimState.OPEN},
    }


def _claimed() -> dict[str, object]:
    return {**MEMBER_PAGES["members.html"]["administrator"], "claims": [VOUCHED, OBJECTED], "recoveries": [CONFIRMED]}


def _objection() -> Situations:
    shown: dict[str, object] = {"claim": VOUCHED, "yours": False, "objected": False, "open": True, "problem": None, "now": NOW}
    ended = [state for state in ClaimState if state is not ClaimState.OPEN]
    return {
        "told": shown,
        "yours": {**shown, "yours": True},
        "support": {**shown, "claim": OBJECTED, "problem": ObjectedAlready()},
        "objected-yourself": {**shown, "claim": OBJECTED, "objected": True},
        **{state.value: {**shown, "open": False, "claim": replace(VOUCHED, state=state, ended_at=NOW)} for state in ended},
    }


def _old_membership() -> Situations:
    shown: dict[str, object] = {"place": PLACE, "recovery": None, "email": "", "problem": None, "now": NOW}
    return {
        "new": shown,
        "wrong": {**shown, "email": "kari", "problem": NoAtSign()},
        "asked": {**shown, "recovery": RECOVERY, "problem": RecoveryIsOpen()},
        "confirmed": {**shown, "recovery": CONFIRMED},
        "support": {**shown, "recovery": replace(RECOVERY, with_support_since=NOW)},
        "declined": {**shown, "recovery": replace(RECOVERY, state=RecoveryState.DECLINED)},
    }


def _recovery() -> Situations:
    shown: dict[str, object] = {"token": "t0ken", "recovery": RECOVERY, "problem": None}
    return {
        "asked": {**shown, "user_name": None},
        "confirmed": {**shown, "recovery": CONFIRMED},
        "over": {**shown, "recovery": replace(RECOVERY, state=RecoveryState.EXPIRED), "problem": RecoveryIsOver()},
        "unknown": {**shown, "recovery": None},
    }


def _answer() -> Situations:
    shown: dict[str, object] = {"recovery": CONFIRMED, "problem": None, "now": NOW}
    over = replace(CONFIRMED, state=RecoveryState.GRANTED, ended_at=NOW)
    return {"asked": shown, "over": {**shown, "recovery": over, "problem": RecoveryIsOver()}}


def _hand_over() -> Situations:
    signup = {"id": "0b51", "company_name": COMPANY, "organisation_number": NUMBER, "started_at": NOW}
    shown: dict[str, object] = {"signup": signup, "email": "", "done": False, "problem": None}
    return {"new": shown, "done": {**shown, "done": True}, "wrong": {**shown, "email": "ola", "problem": NoAtSign()}}


def _handover() -> Situations:
    shown: dict[str, object] = {"token": "t0ken", "handover": HANDOVER, "problem": None}
    return {
        "stranger": {**shown, "user_name": None},
        "open": shown,
        "used": {**shown, "handover": replace(HANDOVER, open=False), "problem": HandoverIsUsed()},
        "unknown": {**shown, "handover": None},
    }


CLAIM_PAGES: Final[dict[str, Situations]] = {
    "claim.html": _claim(),
    "members.html": MEMBER_PAGES["members.html"] | {"claimed": _claimed()},
    "objection.html": _objection(),
    "old_membership.html": _old_membership(),
    "recovery.html": _recovery(),
    "recovery_answer.html": _answer(),
    "hand_over.html": _hand_over(),
    "handover.html": _handover(),
}
_PROPOSED: Final = Proposal(LIV, "Liv Myhre", grant=True)
_WITH_SUPPORT: Final = replace(RECOVERY, with_support_since=NOW)
_QUEUE: Final[dict[str, object]] = {
    "claims": [replace(UNKNOWN, proposal=_PROPOSED), replace(OBJECTED, id=ClaimId(UUID(int=24)))],
    "recoveries": [
        replace(_WITH_SUPPORT, proposal=replace(_PROPOSED, grant=False)),
        replace(_WITH_SUPPORT, id=RecoveryId(UUID(int=25)), old_name=None, old_birth_date=None),
        replace(_WITH_SUPPORT, id=RecoveryId(UUID(int=26)), confirmed_at=NOW),
    ],
    "me": UUID(int=31),
    "done": True,
    "problem": None,
    "now": NOW,
}
SUPPORT_CLAIMS: Final[Situations] = {
    "queue": _QUEUE,
    "yours": {**_QUEUE, "me": LIV, "done": False, "problem": SameEyes()},
    "empty": {**_QUEUE, "claims": [], "recoveries": [], "done": False},
}
