"""The pages about members, invitations and requests to join, in every situation that changes what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from database.desk_joining import JoinEnd, JoinTask
from database.member_pages import InvitationView, JoinPlace, MemberRow, MembersView, OpenInvitation, OpenRequest
from domain.desk.clock import Urgency
from domain.desk.fairness import Bond
from domain.eid import EidScheme
from domain.ids import InvitationId, JoinRequestId, MembershipId, ProfileId, UserId
from domain.members.changes import LastAdministrator
from domain.members.invitations import AddressIsInvited, AlreadyMember, InvitationState, SentJustNow
from domain.members.requests import JoinRequestState, RequestIsOver
from domain.members.roles import ROLE_NAMES, ROLE_USES, Role

NOW: Final = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
PROFILE: Final = ProfileId(UUID(int=7))
COMPANY: Final = "HAVREGRØT OG DØTRE AS"
KARI: Final = MemberRow(MembershipId(UUID(int=1)), "Kari Bruun-Hanssen", Role.ADMINISTRATOR, EidScheme.NO_BANKID, NOW, NOW, you=True)
SVEN: Final = MemberRow(MembershipId(UUID(int=2)), "Sven Lindqvist", Role.MEMBER, EidScheme.SE_BANKID, NOW, None, you=False)
METTE: Final = MemberRow(MembershipId(UUID(int=3)), "Mette Mikkelsen", Role.DEVELOPER, EidScheme.DK_MITID, NOW, NOW, you=False)
SENT: Final = OpenInvitation(
    InvitationId(UUID(int=4)), "ola.dahl@havregrot.example", Role.MEMBER, NOW, NOW + timedelta(days=14), undeliverable=False
)
ASKED: Final = OpenRequest(
    JoinRequestId(UUID(int=5)), PROFILE, UserId(UUID(int=6)), COMPANY, "Ola Dahl", NOW - timedelta(hours=3), JoinRequestState.OPEN
)
VIEW: Final = MembersView(
    COMPANY, "312345676", [KARI, SVEN, METTE], [SENT, replace(SENT, id=InvitationId(UUID(int=8)), undeliverable=True)], [ASKED]
)
INVITATION: Final = InvitationView(
    id=SENT.id,
    profile=PROFILE,
    organisation_number="312345676",
    company_name=COMPANY,
    role=Role.DEVELOPER,
    inviter="Kari Bruun-Hanssen",
    state=InvitationState.OPEN,
    expires_at=NOW,
    accepted_by=None,
)
PLACE: Final = JoinPlace(
    PROFILE, COMPANY, "312345676", member=False, administrator=False, state=None, asked_at=None, with_support_since=None
)
COMPANIES: Final = [{"profile_id": PROFILE, "name": COMPANY}, {"profile_id": UUID(int=9), "name": "FJELLBRYGG AS"}]
DONE: Final = ("invited", "sent", "revoked", "answered", "changed", "removed", "handed-over")

Situations = dict[str, dict[str, object]]


def _members() -> Situations:
    shown: dict[str, object] = {
        "profile_id": PROFILE,
        "view": VIEW,
        "companies": COMPANIES,
        "claims": [],
        "recoveries": [],
        "role_names": ROLE_NAMES,
        "done": "",
        "problem": None,
        "now": NOW,
    }
    as_member = MembersView(COMPANY, "312345676", [replace(KARI, role=Role.MEMBER), SVEN], [SENT], [ASKED])
    return {
        "administrator": shown,
        "member": {**shown, "view": as_member, "companies": COMPANIES[:1]},
        "problem": {**shown, "problem": SentJustNow(minutes="8")},
        **{done: {**shown, "done": done} for done in DONE},
    }


def _member() -> Situations:
    shown: dict[str, object] = {
        "profile_id": PROFILE,
        "company_name": COMPANY,
        "member": SVEN,
        "role_names": ROLE_NAMES,
        "role_uses": ROLE_USES,
        "problem": None,
    }
    return {"other": shown, "yourself": {**shown, "member": KARI}, "problem": {**shown, "problem": LastAdministrator()}}


def _invite() -> Situations:
    shown: dict[str, object] = {
        "profile_id": PROFILE,
        "company_name": COMPANY,
        "email": "",
        "role": "member",
        "chosen_language": "nb",
        "role_names": ROLE_NAMES,
        "role_uses": ROLE_USES,
        "problem": None,
    }
    return {"new": shown, "problem": {**shown, "email": "ola@havregrot.example", "problem": AddressIsInvited()}}


def _invitation() -> Situations:
    shown: dict[str, object] = {
        "token": "t0ken",
        "invitation": INVITATION,
        "yours": False,
        "must_accept": False,
        "role_names": ROLE_NAMES,
        "role_uses": ROLE_USES,
        "problem": None,
    }
    return {
        "stranger": {**shown, "user_name": None},
        "problem": {**shown, "problem": AlreadyMember()},
        "terms": {**shown, "must_accept": True},
        "inviter-gone": {**shown, "invitation": replace(INVITATION, inviter="")},
        "unknown": {**shown, "invitation": None},
        "yours": {**shown, "invitation": replace(INVITATION, state=InvitationState.ACCEPTED), "yours": True},
        **{state.value: {**shown, "invitation": replace(INVITATION, state=state)} for state in InvitationState},
    }


def _join() -> Situations:
    shown: dict[str, object] = {"place": PLACE, "problem": None, "now": NOW}
    asked = replace(PLACE, state=JoinRequestState.OPEN, asked_at=NOW - timedelta(hours=3))
    return {
        "new": shown,
        "asked": {**shown, "place": asked},
        "with-support": {**shown, "place": replace(asked, with_support_since=NOW)},
        "declined": {**shown, "place": replace(PLACE, state=JoinRequestState.DECLINED)},
        "problem": {**shown, "problem": RequestIsOver()},
    }


def _request() -> Situations:
    shown: dict[str, object] = {"request": ASKED, "role_names": ROLE_NAMES, "problem": None, "now": NOW}
    return {
        "problem": {**shown, "problem": RequestIsOver()},
        **{state.value: {**shown, "request": replace(ASKED, state=state)} for state in JoinRequestState},
    }


LEAVE: Final[Situations] = {
    "page": {"profile_id": PROFILE, "company_name": COMPANY, "alone": False, "problem": None},
    "last": {"profile_id": PROFILE, "company_name": COMPANY, "alone": True, "problem": None},
    "problem": {"profile_id": PROFILE, "company_name": COMPANY, "alone": True, "problem": LastAdministrator()},
}
MEMBER_PAGES: Final[dict[str, Situations]] = {
    "members.html": _members(),
    "member.html": _member(),
    "leave.html": LEAVE,
    "invite.html": _invite(),
    "invitation.html": _invitation(),
    "join.html": _join(),
    "join_request.html": _request(),
}
WAITS: Final = JoinTask(
    ASKED.id, "312345676", COMPANY, ASKED.name, ASKED.asked_at, NOW - timedelta(hours=1), NOW + timedelta(days=2), Urgency.ON_TIME, None
)
LATE: Final = replace(WAITS, id=UUID(int=10), due_at=NOW - timedelta(hours=1), urgency=Urgency.OVERDUE, bond=Bond.SAME_NAME)
_QUEUE: Final[dict[str, object]] = {
    "requests": [LATE, WAITS],
    "role_names": ROLE_NAMES,
    "done": True,
    "said": "",
    "problem": None,
    "end": None,
    "now": NOW,
}
SUPPORT_JOINING: Final[Situations] = {
    "queue": _QUEUE,
    "empty": {**_QUEUE, "requests": [], "done": False},
    "next": {**_QUEUE, "said": "decided"},
    "problem": {**_QUEUE, "problem": RequestIsOver()},
    **{
        state.value: {**_QUEUE, "problem": RequestIsOver(), "end": JoinEnd(state, NOW, name)}
        for state, name in zip(list(JoinRequestState)[1:], ("Liv Myhre", None, None, None), strict=True)
    },
}
