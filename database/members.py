"""Who acts for a company, read and written inside somebody else's transaction, under the company's own lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from database.tables import EmailAddress, Membership, Profile
from domain.ids import MembershipId, ProfileId, UserId
from domain.members.changes import Member
from domain.members.requests import NoSuchCompanyHere
from domain.members.roles import AdministratorsOnly, Role


async def lock_company(connection: AsyncConnection, profile: UUID, *, closed_too: bool = False) -> str:
    """Let one transaction at a time decide who acts for a company; tells its organisation number.

    Raises NoSuchCompanyHere, also for a company whose profile is closed unless that does not matter.
    """
    live = true() if closed_too else Profile.closed_at.is_(None)
    number = await connection.scalar(select(Profile.organisation_number).where(Profile.id == profile, live).with_for_update())
    if number is None:
        raise NoSuchCompanyHere
    return number


async def members_of(connection: AsyncConnection, profile: UUID) -> Sequence[Member]:
    """List who acts for a company now, the first one first."""
    query = select(Membership).where(Membership.profile_id == profile, Membership.ended_at.is_(None)).order_by(Membership.since)
    return [Member(MembershipId(row.id), UserId(row.user_id), Role(row.role)) for row in await connection.execute(query)]


async def administrators_of(connection: AsyncConnection, profile: UUID) -> Sequence[UserId]:
    """List who administers a company now."""
    return [member.user for member in await members_of(connection, profile) if member.role is Role.ADMINISTRATOR]


async def refuse_unless_administrator(connection: AsyncConnection, profile: UUID, user: UUID) -> None:
    """Raise AdministratorsOnly for anybody else."""
    if user not in await administrators_of(connection, profile):
        raise AdministratorsOnly


async def add_member(connection: AsyncConnection, profile: ProfileId, member: Member, at: datetime) -> bool:
    """Make somebody a member; False when they are one already under another id."""
    row = insert(Membership).values(id=member.id, profile_id=profile, user_id=member.user, role=member.role, since=at)
    await connection.execute(row.on_conflict_do_nothing())
    return await connection.scalar(select(Membership.id).where(Membership.id == member.id)) is not None


async def is_member(connection: AsyncConnection, profile: UUID, user: UUID) -> bool:
    """Tell whether somebody acts for a company now."""
    mine = (Membership.profile_id == profile) & (Membership.user_id == user) & Membership.ended_at.is_(None)
    return await connection.scalar(select(Membership.id).where(mine)) is not None


def confirmed_as(email: str) -> ColumnElement[bool]:
    """Addresses that their users have confirmed and still have, and that are this one, however it is written."""
    return (func.lower(EmailAddress.address) == email.lower()) & EmailAddress.confirmed_at.is_not(None) & EmailAddress.replaced_at.is_(None)


async def confirm_by_letter(connection: AsyncConnection, user: UUID, email: str, new_id: UUID, at: datetime) -> None:
    """Take an address as confirmed whose letter somebody has answered, unless they have a confirmed one already."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"email_address {user}"))))
    mine = (EmailAddress.user_id == user) & EmailAddress.replaced_at.is_(None)
    if await connection.scalar(select(EmailAddress.id).where(mine, EmailAddress.confirmed_at.is_not(None))) is not None:
        return
    await connection.execute(update(EmailAddress).where(mine).values(replaced_at=at))
    given = insert(EmailAddress).values(id=new_id, user_id=user, address=email, given_at=at, confirmed_at=at)
    await connection.execute(given.on_conflict_do_nothing(index_elements=[EmailAddress.id]))
