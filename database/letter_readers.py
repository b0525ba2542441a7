"""Where a letter goes and in which language: to a user, to whom a company invites or hands a signup, or to one of us."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from database.claim_tables import SignupHandover
from database.desk_tables import DeskNotice
from database.member_tables import Invitation
from database.staff_tables import StaffMemberRow
from database.tables import EmailAddress, SalesRep, UserAccount
from domain.ids import AddressId
from domain.languages import Language
from domain.post import LetterKind, LetterOrder

# The address in our books, the address itself, and its reader's language.
# An invitation's, a handover's or a notice's own id stands for its address.
Reader: TypeAlias = tuple[AddressId, str, Language]


async def reader_of(connection: AsyncConnection, order: LetterOrder) -> Reader | None:
    """Find whom a letter is for: the user, or whom it is about where it is ordered for nobody in particular."""
    if order.kind is LetterKind.ADDRESS_REPLACED:
        return await _user(connection, EmailAddress.id == order.about)
    if order.to is not None:
        # Always the address that the user has now.
        return await _user(connection, (UserAccount.id == order.to) & EmailAddress.replaced_at.is_(None))
    if order.kind is LetterKind.DESK_NOTICE:
        return await _noticing(connection, order.about)
    return await _invited(connection, order.about) or await _handed(connection, order.about)


async def _user(connection: AsyncConnection, whose: ColumnElement[bool]) -> Reader | None:
    query = (
        select(EmailAddress.id, EmailAddress.address, UserAccount.language)
        .join(UserAccount, UserAccount.id == EmailAddress.user_id)
        .where(whose)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (AddressId(row.id), row.address, Language(row.language))


async def _invited(connection: AsyncConnection, invitation: UUID) -> Reader | None:
    row = (await connection.execute(select(Invitation).where(Invitation.id == invitation))).one_or_none()
    return None if row is None else (AddressId(row.id), row.email, Language(row.language))


async def _handed(connection: AsyncConnection, handover: UUID) -> Reader | None:
    row = (await connection.execute(select(SignupHandover).where(SignupHandover.id == handover))).one_or_none()
    return None if row is None else (AddressId(row.id), row.email, Language(row.language))


async def _noticing(connection: AsyncConnection, notice: UUID) -> Reader | None:
    """People here read Norwegian."""
    query = (
        select(DeskNotice.id, StaffMemberRow.email, SalesRep.email.label("rep"))
        .join(StaffMemberRow, StaffMemberRow.id == DeskNotice.staff_id, isouter=True)
        .join(SalesRep, SalesRep.id == DeskNotice.rep_id, isouter=True)
        .where(DeskNotice.id == notice)
    )
    row = (await connection.execute(query)).one_or_none()
    address = (row.email or row.rep) if row else None
    return (AddressId(notice), address, Language.NB) if address else None
