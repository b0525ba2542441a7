"""What the pages about members, invitations and requests to join show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.member_tables import Invitation, JoinRequest
from database.tables import Company, EidLink, Membership, Profile, UserAccount
from domain.eid import EidScheme
from domain.ids import InvitationId, JoinRequestId, MembershipId, ProfileId, UserId
from domain.members.invitations import InvitationState
from domain.members.requests import JoinRequestState
from domain.members.roles import Role
from domain.names import PersonName
from domain.organisation_number import OrganisationNumber


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who acts for the company: as what, with which kind of eID, since when, and when they were last here."""

    id: MembershipId
    name: str
    role: Role
    eid: EidScheme
    since: datetime
    last_seen_at: datetime | None
    you: bool


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has answered. Undeliverable when the letter came back."""

    id: InvitationId
    email: str = field(repr=False)
    role: Role
    sent_at: datetime
    expires_at: datetime
    undeliverable: bool


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Somebody asks to be let in."""

    id: JoinRequestId
    profile: ProfileId
    user: UserId
    company_name: str
    name: str
    asked_at: datetime
    state: JoinRequestState


@dataclass(frozen=True, slots=True)
class MembersView:
    """Everybody who acts for a company, and who may come."""

    company_name: str
    organisation_number: str
    members: Sequence[MemberRow]
    invitations: Sequence[OpenInvitation]
    requests: Sequence[OpenRequest]

    @property
    def you(self) -> MemberRow:
        """The one who reads the page."""
        return next(member for member in self.members if member.you)

    @property
    def reader_is_last_administrator(self) -> bool:
        """Whether nobody else could let anybody in."""
        return [member.you for member in self.members if member.role is Role.ADMINISTRATOR] == [True]


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as whoever has the letter sees it. The inviter has no name when their account is deleted."""

    id: InvitationId
    profile: ProfileId
    organisation_number: str
    company_name: str
    role: Role
    inviter: str
    state: InvitationState
    expires_at: datetime
    accepted_by: UserId | None


@dataclass(frozen=True, slots=True)
class JoinPlace:
    """A company as somebody sees it who wants to join: whether they are in, and where their last request stands."""

    profile: ProfileId
    company_name: str
    organisation_number: str
    member: bool
    administrator: bool
    state: JoinRequestState | None
    asked_at: datetime | None
    with_support_since: datetime | None


async def members_view(engine: AsyncEngine, profile: ProfileId, reader: UserId) -> MembersView | None:
    """Read who acts for a company, or None when there is no such company or the reader is not one of them."""
    company = select(Company).join(Profile, Profile.organisation_number == Company.organisation_number).where(Profile.id == profile)
    async with engine.connect() as connection:
        row = (await connection.execute(company)).one_or_none()
        members = await _members(connection, profile, reader)
        if row is None or not any(member.you for member in members):
            return None
        invitations = await _invitations(connection, profile)
        waiting = _requests().where(JoinRequest.profile_id == profile, JoinRequest.answered_at.is_(None))
        requests = [_request(found) for found in await connection.execute(waiting.order_by(JoinRequest.asked_at))]
    return MembersView(row.name, row.organisation_number, members, invitations, requests)


async def invitation_view(engine: AsyncEngine, invitation: InvitationId) -> InvitationView | None:
    """Read an invitation, or None when it was never opened."""
    query = (
        select(Invitation, Company.name, Company.organisation_number, UserAccount.given_name, UserAccount.family_name)
        .join(Profile, Profile.id == Invitation.profile_id)
        .join(Company, Company.organisation_number == Profile.organisation_number)
        .join(UserAccount, UserAccount.id == Invitation.invited_by)
        .where(Invitation.id == invitation, Invitation.opened_at.is_not(None))
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return InvitationView(
        id=InvitationId(row.id),
        profile=ProfileId(row.profile_id),
        organisation_number=row.organisation_number,
        company_name=row.name,
        role=Role(row.role),
        inviter=person(row),
        state=InvitationState(row.state),
        expires_at=row.expires_at,
        accepted_by=row.accepted_by,
    )


async def request_view(engine: AsyncEngine, request: UUID) -> OpenRequest | None:
    """Read one request, open or ended, or None when there is none of this id."""
    async with engine.connect() as connection:
        row = (await connection.execute(_requests().where(JoinRequest.id == request))).one_or_none()
    return None if row is None else _request(row)


async def join_place(engine: AsyncEngine, number: OrganisationNumber, user: UserId) -> JoinPlace | None:
    """Read how somebody stands with a company that has a profile, or None when it has none."""
    mine = (Membership.profile_id == Profile.id) & (Membership.user_id == user) & Membership.ended_at.is_(None)
    query = (
        select(Profile.id, Company.name, Membership.role)
        .join(Company, Company.organisation_number == Profile.organisation_number)
        .join(Membership, mine, isouter=True)
        .where(Profile.organisation_number == number.value, Profile.closed_at.is_(None))
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        asked = select(JoinRequest).where(JoinRequest.profile_id == row.id, JoinRequest.user_id == user)
        last = (await connection.execute(asked.order_by(JoinRequest.asked_at.desc()).limit(1))).one_or_none()
    return JoinPlace(
        profile=ProfileId(row.id),
        company_name=row.name,
        organisation_number=number.value,
        member=row.role is not None,
        administrator=row.role == Role.ADMINISTRATOR,
        state=JoinRequestState(last.state) if last else None,
        asked_at=last.asked_at if last else None,
        with_support_since=last.with_support_since if last else None,
    )


async def _members(connection: AsyncConnection, profile: UUID, reader: UserId) -> Sequence[MemberRow]:
    scheme = select(EidLink.scheme).where(EidLink.user_id == Membership.user_id).order_by(EidLink.linked_at).limit(1).scalar_subquery()
    query = (
        select(Membership, UserAccount.given_name, UserAccount.family_name, scheme.label("scheme"))
        .join(UserAccount, UserAccount.id == Membership.user_id)
        .where(Membership.profile_id == profile, Membership.ended_at.is_(None))
        .order_by(Membership.since)
    )
    return [
        MemberRow(
            MembershipId(row.id), person(row), Role(row.role), EidScheme(row.scheme), row.since, row.last_seen_at, row.user_id == reader
        )
        for row in await connection.execute(query)
    ]


async def _invitations(connection: AsyncConnection, profile: UUID) -> Sequence[OpenInvitation]:
    query = select(Invitation).where(Invitation.profile_id == profile, Invitation.opened_at.is_not(None), Invitation.answered_at.is_(None))
    rows = await connection.execute(query.order_by(Invitation.opened_at))
    return [
        OpenInvitation(InvitationId(row.id), row.email, Role(row.role), row.sent_at, row.expires_at, row.undeliverable_at is not None)
        for row in rows
    ]


def _requests() -> Select[JoinRequest, str, str, str]:
    return (
        select(JoinRequest, UserAccount.given_name, UserAccount.family_name, Company.name)
        .join(UserAccount, UserAccount.id == JoinRequest.user_id)
        .join(Profile, Profile.id == JoinRequest.profile_id)
        .join(Company, Company.organisation_number == Profile.organisation_number)
    )


def _request(row: Row[JoinRequest, str, str, str]) -> OpenRequest:
    return OpenRequest(
        id=JoinRequestId(row.id),
        profile=ProfileId(row.profile_id),
        user=UserId(row.user_id),
        company_name=row.name,
        name=person(row),
        asked_at=row.asked_at,
        state=JoinRequestState(row.state),
    )


def person(row: Row) -> str:  # type: ignore[type-arg]  # any row with a name in it
    """Put together the name of somebody."""
    return PersonName(row.given_name, row.family_name).full
