"""Keeping those who work here from deciding about themselves."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from database.staff_tables import StaffMemberRow
from database.tables import EmailAddress, Membership, UserAccount
from domain.members.four_eyes import OwnCompany


async def refuse_own_company(connection: AsyncConnection, staff: UUID, profile: UUID, *askers: UUID) -> None:
    """Raise OwnCompany for a colleague with the name or an address of somebody who acts for the company, or of who asks.

    Nothing else connects those who work here with customers: the two log in by different doors.
    """
    members = select(Membership.user_id).where(Membership.profile_id == profile, Membership.ended_at.is_(None))
    full_name = UserAccount.given_name + " " + UserAccount.family_name
    same_address = exists().where(
        EmailAddress.user_id == UserAccount.id, func.lower(EmailAddress.address) == func.lower(StaffMemberRow.email)
    )
    same = (
        select(UserAccount.id)
        .join(StaffMemberRow, or_(func.lower(full_name) == func.lower(StaffMemberRow.name), same_address))
        .where(StaffMemberRow.id == staff, or_(UserAccount.id.in_(members), UserAccount.id.in_(askers)))
    )
    if await connection.scalar(same.limit(1)) is not None:
        raise OwnCompany
