"""The ledger of invitations: drafts, what is open, and how each ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.member_tables import Invitation, JoinRequest
from database.members import add_member, administrators_of, confirm_by_letter, confirmed_as, lock_company, refuse_unless_administrator
from database.stage_log import write_step
from database.tables import EmailAddress, Membership
from domain.ids import InvitationId, MembershipId, ProfileId, UserId, derived
from domain.members.changes import Member
from domain.members.invitations import (
    EXPIRES,
    AddressIsInvited,
    AddressIsMembers,
    AlreadyMember,
    Draft,
    Ending,
    InvitationIsOver,
    InvitationStart,
    InvitationState,
    Opened,
    Told,
    over,
    refuse_flood,
    refuse_too_many,
)
from domain.members.roles import Role
from domain.stages import Actor, Process, Stage, Step

A_DAY = timedelta(days=1)
STAGES = {
    InvitationState.ACCEPTED: Stage.INVITATION_ACCEPTED,
    InvitationState.DECLINED: Stage.INVITATION_DECLINED,
    InvitationState.REVOKED: Stage.INVITATION_REVOKED,
    InvitationState.EXPIRED: Stage.INVITATION_EXPIRED,
    InvitationState.SUPERSEDED: Stage.INVITATION_SUPERSEDED,
}


async def draft_invitation(engine: AsyncEngine, draft: Draft, at: datetime) -> None:
    """Write down what an administrator has typed, for the invitation's process to take up; a second time changes nothing."""
    row = insert(Invitation).values(
        id=draft.id,
        profile_id=draft.profile,
        email=draft.email,
        role=draft.role,
        language=draft.language,
        invited_by=draft.by,
        drafted_at=at,
        sendings=0,
        state=InvitationState.OPEN,
    )
    async with engine.begin() as connection:
        await connection.execute(row.on_conflict_do_nothing(index_elements=[Invitation.id]))


@dataclass(frozen=True, slots=True)
class InvitationLedger:
    """Writes invitations down, each step in one transaction under the company's lock."""

    engine: AsyncEngine

    async def open(self, start: InvitationStart, step: UUID, at: datetime) -> Opened:
        """Open the draft, unless somebody with that address has asked to join. Raises the Refusal when it may not be opened."""
        async with self.engine.begin() as connection:
            number = await lock_company(connection, start.profile)
            draft = await _invitation(connection, start.invitation)
            if draft.state != InvitationState.OPEN:
                raise over(InvitationState(draft.state))
            if draft.opened_at is not None:
                return Opened()
            await refuse_unless_administrator(connection, start.profile, start.by)
            await _refuse_when_in_or_invited(connection, draft, at)
            asker = await _asker(connection, draft)
            if asker is not None:
                return Opened(asker)
            times = {"opened_at": at, "sent_at": at, "sendings": 1, "expires_at": at + EXPIRES}
            await connection.execute(update(Invitation).where(Invitation.id == draft.id).values(times))
            await write_step(connection, _step(start, step, number, Stage.MEMBER_INVITED, start.by, draft.role), at)
        return Opened()

    async def send_again(self, start: InvitationStart, by: UserId, sending: int, at: datetime) -> None:
        """Count the time anew; `sending` says which letter of an administrator it is. Raises SentJustNow, and AdministratorsOnly."""
        async with self.engine.begin() as connection:
            await lock_company(connection, start.profile)
            await refuse_unless_administrator(connection, start.profile, by)
            found = await _invitation(connection, start.invitation)
            if found.sendings >= sending:
                return
            refuse_flood(found.sent_at or at, at)
            renewed = {"sent_at": at, "sendings": sending, "expires_at": at + EXPIRES, "undeliverable_at": None}
            await connection.execute(update(Invitation).where(Invitation.id == start.invitation).values(renewed))

    async def end(self, ending: Ending, at: datetime) -> Told:
        """Write the end down, and make a member of whoever accepts; tells who is to hear of it. Raises InvitationIsOver."""
        start = ending.start
        async with self.engine.begin() as connection:
            number = await lock_company(connection, start.profile, closed_too=ending.membership is None)
            found = await _invitation(connection, start.invitation)
            if found.state == ending.state and found.accepted_by == (ending.by if ending.membership else None):
                return await _told(connection, start)
            if found.state != InvitationState.OPEN:
                raise over(InvitationState(found.state))
            if ending.state is InvitationState.REVOKED and ending.by is not None:
                await refuse_unless_administrator(connection, start.profile, ending.by)
            if ending.membership is not None:
                await _let_in(connection, found, ending, at)
            accepted_by = ending.by if ending.membership is not None else None
            ended = {"state": ending.state, "answered_at": at, "accepted_by": accepted_by}
            await connection.execute(update(Invitation).where(Invitation.id == start.invitation).values(ended))
            if found.opened_at is not None:
                await write_step(connection, _step(start, ending.step, number, STAGES[ending.state], ending.by, found.role), at)
            return await _told(connection, start)

    async def others_open(self, profile: ProfileId, user: UserId) -> Sequence[InvitationId]:
        """List the open invitations to an address of somebody who is a member now."""
        theirs = select(func.lower(EmailAddress.address)).where(
            EmailAddress.user_id == user, EmailAddress.confirmed_at.is_not(None), EmailAddress.replaced_at.is_(None)
        )
        query = select(Invitation.id).where(_is_open(profile), func.lower(Invitation.email).in_(theirs))
        async with self.engine.connect() as connection:
            return [InvitationId(found) for found in await connection.scalars(query)]


async def _invitation(connection: AsyncConnection, invitation: UUID) -> Row[Invitation]:
    """Read an invitation. Raises InvitationIsOver for a draft that has been thrown away."""
    found = (await connection.execute(select(Invitation).where(Invitation.id == invitation))).one_or_none()
    if found is None:
        raise InvitationIsOver
    return found


def _is_open(profile: UUID) -> ColumnElement[bool]:
    return (Invitation.profile_id == profile) & Invitation.opened_at.is_not(None) & Invitation.answered_at.is_(None)


async def _refuse_when_in_or_invited(connection: AsyncConnection, draft: Row[Invitation], at: datetime) -> None:
    theirs = EmailAddress.user_id == Membership.user_id
    members = select(Membership.id).where(Membership.profile_id == draft.profile_id, Membership.ended_at.is_(None))
    if await connection.scalar(select(exists(members.where(exists().where(theirs, confirmed_as(draft.email)))))):
        raise AddressIsMembers
    to_address = func.lower(Invitation.email) == draft.email.lower()
    if await connection.scalar(select(exists().where(_is_open(draft.profile_id), to_address))):
        raise AddressIsInvited
    lately = (Invitation.profile_id == draft.profile_id) & (Invitation.opened_at > at - A_DAY)
    counts = select(func.count().filter(to_address).label("to_address"), func.count().label("of_company")).where(lately)
    row = (await connection.execute(counts)).one()
    refuse_too_many(row.to_address, row.of_company)


async def _asker(connection: AsyncConnection, draft: Row[Invitation]) -> UserId | None:
    """Find somebody who has asked to join this company and reads the address that is invited."""
    query = (
        select(JoinRequest.user_id)
        .join(EmailAddress, EmailAddress.user_id == JoinRequest.user_id)
        .where(JoinRequest.profile_id == draft.profile_id, JoinRequest.answered_at.is_(None), confirmed_as(draft.email))
        .order_by(JoinRequest.asked_at)
        .limit(1)
    )
    user = await connection.scalar(query)
    return None if user is None else UserId(user)


async def _let_in(connection: AsyncConnection, found: Row[Invitation], ending: Ending, at: datetime) -> None:
    """Make whoever accepts a member, and take the address as confirmed: they have read the letter."""
    if ending.by is None or ending.membership is None:
        raise ValueError("an invitation is accepted by somebody")
    member = Member(MembershipId(ending.membership), ending.by, Role(found.role))
    if not await add_member(connection, ending.start.profile, member, at):
        raise AlreadyMember
    await confirm_by_letter(connection, ending.by, found.email, derived(str(found.id), "address"), at)


async def _told(connection: AsyncConnection, start: InvitationStart) -> Told:
    """Whoever invited hears of it, or, where they are no administrator any longer, all who are."""
    administrators = await administrators_of(connection, start.profile)
    return Told([start.by] if start.by in administrators else administrators)


def _step(start: InvitationStart, step: UUID, number: str, stage: Stage, by: UserId | None, role: str) -> Step:  # noqa: PLR0913, PLR0917
    actor = Actor.SKRANKE if stage in {Stage.INVITATION_EXPIRED, Stage.INVITATION_SUPERSEDED} else Actor.CUSTOMER
    return Step(step, start.invitation, number, stage, actor, by, role, Process.INVITATION)
