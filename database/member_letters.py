"""What letters say of invitations, requests to join and changes among members, each from what is true when it is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from database.member_tables import Invitation, JoinRequest
from database.tables import Company, Membership, Profile, StageLog, UserAccount
from domain.ids import InvitationId
from domain.letter_secrets import LetterSecrets
from domain.letters import InvitationAnswered, InvitationRevoked, Invited, JoinAsked, JoinDeclined, Joined, Letter, MembershipChanged
from domain.members.invitations import EXPIRES, InvitationState
from domain.members.roles import ROLE_NAMES, Role
from domain.names import PersonName
from domain.post import LetterKind, LetterOrder

# A letter about an invitation that is to be answered is of no use when it has been.
INVITATIONS = frozenset({LetterKind.INVITATION, LetterKind.INVITATION_REMINDER})

Composer = Callable[[AsyncConnection, LetterOrder], Awaitable[Letter | None]]


@dataclass(frozen=True, slots=True)
class MemberLetters:
    """Composes the letters about members."""

    secrets: LetterSecrets

    @property
    def composers(self) -> dict[LetterKind, Composer]:
        """How each kind is composed; a letter that there is no reason for any more is None."""
        return {
            LetterKind.INVITATION: self._invited,
            LetterKind.INVITATION_REMINDER: self._invited,
            LetterKind.INVITATION_ANSWERED: _answered,
            LetterKind.INVITATION_REVOKED: _revoked,
            LetterKind.JOINED: _joined,
            LetterKind.COLLEAGUE_JOINED: _joined,
            LetterKind.JOIN_ASKED: _asked,
            LetterKind.JOIN_REMINDER: _asked,
            LetterKind.JOIN_DECLINED: _declined,
            LetterKind.MEMBERSHIP_CHANGED: _changed,
        }

    async def _invited(self, connection: AsyncConnection, order: LetterOrder) -> Letter | None:
        query = _company(Invitation, UserAccount.given_name, UserAccount.family_name, Invitation.role)
        query = query.join(UserAccount, UserAccount.id == Invitation.invited_by)
        row = (await connection.execute(query.where(Invitation.id == order.about, Invitation.answered_at.is_(None)))).one_or_none()
        if row is None:
            return None
        return Invited(
            company_name=row.company_name,
            inviter=PersonName(row.given_name, row.family_name).full,
            role=ROLE_NAMES[Role(row.role)],
            days=EXPIRES // timedelta(days=1),
            reminder=order.kind is LetterKind.INVITATION_REMINDER,
            path=f"/invitation/{self.secrets.invitation_token(InvitationId(order.about))}",
        )


async def _answered(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    query = _company(Invitation, Invitation, UserAccount.given_name, UserAccount.family_name)
    query = query.join(UserAccount, UserAccount.id == Invitation.accepted_by, isouter=True)
    row = (await connection.execute(query.where(Invitation.id == order.about))).one_or_none()
    if row is None or row.state not in {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.EXPIRED}:
        return None
    name = PersonName(row.given_name, row.family_name).full if row.accepted_by else None
    return InvitationAnswered(row.company_name, row.state, row.email, name, f"/company/{row.profile_id}/members")


async def _revoked(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    row = (await connection.execute(_company(Invitation).where(Invitation.id == order.about))).one_or_none()
    return None if row is None else InvitationRevoked(row.company_name, "/")


async def _joined(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    query = _company(Membership, Membership, UserAccount.given_name, UserAccount.family_name)
    query = query.join(UserAccount, UserAccount.id == Membership.user_id)
    row = (await connection.execute(query.where(Membership.id == order.about))).one_or_none()
    if row is None:
        return None
    role = ROLE_NAMES[Role(row.role)]
    if order.kind is LetterKind.JOINED:
        return Joined(row.company_name, role, f"/company/{row.profile_id}")
    name = PersonName(row.given_name, row.family_name).full
    return MembershipChanged(row.company_name, "joined", name, you=False, role=role, path=f"/company/{row.profile_id}/members")


async def _asked(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    query = _company(JoinRequest, JoinRequest.profile_id, UserAccount.given_name, UserAccount.family_name)
    query = query.join(UserAccount, UserAccount.id == JoinRequest.user_id)
    row = (await connection.execute(query.where(JoinRequest.id == order.about, JoinRequest.answered_at.is_(None)))).one_or_none()
    if row is None:
        return None
    name, reminder = PersonName(row.given_name, row.family_name).full, order.kind is LetterKind.JOIN_REMINDER
    return JoinAsked(row.company_name, name, reminder, f"/company/{row.profile_id}/join-requests/{order.about}")


async def _declined(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    row = (await connection.execute(_company(JoinRequest).where(JoinRequest.id == order.about))).one_or_none()
    return None if row is None else JoinDeclined(row.company_name, "/workplace")


async def _changed(connection: AsyncConnection, order: LetterOrder) -> Letter | None:
    query = _company(Membership, Membership.user_id, Membership.profile_id, StageLog, UserAccount.given_name, UserAccount.family_name)
    query = query.join(UserAccount, UserAccount.id == Membership.user_id).join(StageLog, StageLog.process_id == Membership.id)
    row = (await connection.execute(query.where(StageLog.id == order.about))).one_or_none()
    if row is None:
        return None
    you = row.user_id == order.to
    gone = row.why is None
    return MembershipChanged(
        company_name=row.company_name,
        what=row.to_stage,
        name=PersonName(row.given_name, row.family_name).full,
        you=you,
        role="" if gone else ROLE_NAMES[Role(row.why)],
        path="/account" if gone and you else f"/company/{row.profile_id}/members",
    )


def _company(of: type[Invitation | JoinRequest | Membership], *columns: object) -> Select[str]:
    """Select these columns and the name of the company that a row is about."""
    return (
        select(Company.name.label("company_name"), *columns)
        .select_from(of)
        .join(Profile, Profile.id == of.profile_id)
        .join(Company, Company.organisation_number == Profile.organisation_number)
    )
