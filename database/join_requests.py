"""The ledger of requests to join: who asks which company, and how each ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.member_tables import Invitation, JoinRequest
from database.members import add_member, administrators_of, is_member, lock_company, refuse_unless_administrator
from database.stage_log import write_step
from database.tables import EmailAddress, Profile
from domain.ids import InvitationId, JoinRequestId, MembershipId, ProfileId, UserId
from domain.members.changes import Member
from domain.members.invitations import AlreadyMember
from domain.members.requests import (
    Answering,
    Asked,
    Asking,
    Handing,
    JoinRequestState,
    RequestIsOpen,
    RequestIsOver,
    RequestIsSuperseded,
    over,
    refuse_pestering,
)
from domain.stages import Actor, Process, Stage, Step

STAGES = {
    JoinRequestState.ACCEPTED: Stage.JOIN_ACCEPTED,
    JoinRequestState.DECLINED: Stage.JOIN_DECLINED,
    JoinRequestState.WITHDRAWN: Stage.JOIN_WITHDRAWN,
    JoinRequestState.SUPERSEDED: Stage.JOIN_SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class JoinLedger:
    """Writes requests down, each step in one transaction under the company's lock."""

    engine: AsyncEngine

    async def ask(self, asking: Asking, at: datetime) -> Asked:
        """Write the request down, unless an invitation is open for the same person. Raises RequestIsOpen or AlreadyMember."""
        profile, user = asking.start.profile, asking.start.user
        async with self.engine.begin() as connection:
            number = await lock_company(connection, profile)
            if await connection.scalar(select(JoinRequest.id).where(JoinRequest.id == asking.id)) is not None:
                return Asked(await administrators_of(connection, profile))
            if await is_member(connection, profile, user):
                raise AlreadyMember
            invitation = await _open_invitation(connection, profile, user)
            if invitation is not None:
                return Asked(invitation=invitation)
            await _refuse_to_ask(connection, profile, user, at)
            row = insert(JoinRequest).values(id=asking.id, profile_id=profile, user_id=user, asked_at=at, state=JoinRequestState.OPEN)
            await connection.execute(row)
            step = Step(asking.step, asking.id, number, Stage.JOIN_ASKED, Actor.CUSTOMER, user, None, Process.JOIN_REQUEST)
            await write_step(connection, step, at)
            return Asked(await administrators_of(connection, profile))

    async def end(self, answering: Answering, at: datetime) -> None:
        """Write the end down, and make a member of whoever is let in. Raises RequestIsOver, and AdministratorsOnly."""
        profile, user, state = answering.start.profile, answering.start.user, answering.state
        async with self.engine.begin() as connection:
            number = await lock_company(connection, profile, closed_too=answering.role is None)
            found = await _request(connection, answering.id)
            if found.state == state:
                return
            if found.state != JoinRequestState.OPEN:
                raise over(JoinRequestState(found.state))
            if answering.by is not None and state is not JoinRequestState.WITHDRAWN:
                await refuse_unless_administrator(connection, profile, answering.by)
            if answering.role is not None:
                member = Member(MembershipId(answering.membership), user, answering.role)
                if not await add_member(connection, profile, member, at):
                    raise RequestIsSuperseded
            ended = {"state": state, "answered_at": at, "answered_by": answering.by, "answered_by_staff": answering.by_staff}
            await connection.execute(update(JoinRequest).where(JoinRequest.id == answering.id).values(ended))
            await write_step(connection, _last_step(answering, number), at)

    async def hand_over(self, handing: Handing, at: datetime) -> None:
        """Write down that support has to look at it."""
        async with self.engine.begin() as connection:
            found = await _request(connection, handing.id)
            number = await lock_company(connection, found.profile_id, closed_too=True)
            waiting = (JoinRequest.id == handing.id) & JoinRequest.with_support_since.is_(None)
            await connection.execute(update(JoinRequest).where(waiting).values(with_support_since=at))
            step = Step(handing.step, handing.id, number, Stage.JOIN_WITH_SUPPORT, Actor.SKRANKE, process=Process.JOIN_REQUEST)
            await write_step(connection, step, at)

    async def asked_at(self, request: JoinRequestId) -> datetime:
        """Tell when somebody asked."""
        async with self.engine.connect() as connection:
            asked: datetime = (await _request(connection, request)).asked_at
        return asked

    async def administrators(self, profile: ProfileId) -> Sequence[UserId]:
        """List who can let people in now."""
        async with self.engine.connect() as connection:
            return await administrators_of(connection, profile)

    async def profile_of(self, organisation_number: str) -> ProfileId | None:
        """Find a company's live profile."""
        live = select(Profile.id).where(Profile.organisation_number == organisation_number, Profile.closed_at.is_(None))
        async with self.engine.connect() as connection:
            found = await connection.scalar(live)
        return None if found is None else ProfileId(found)

    async def is_open(self, profile: ProfileId, user: UserId) -> bool:
        """Tell whether somebody has an open request to join this company."""
        mine = (JoinRequest.profile_id == profile) & (JoinRequest.user_id == user) & JoinRequest.answered_at.is_(None)
        async with self.engine.connect() as connection:
            return await connection.scalar(select(JoinRequest.id).where(mine)) is not None


async def _request(connection: AsyncConnection, request: JoinRequestId) -> Row[JoinRequest]:
    found = (await connection.execute(select(JoinRequest).where(JoinRequest.id == request))).one_or_none()
    if found is None:
        raise RequestIsOver
    return found


async def _open_invitation(connection: AsyncConnection, profile: UUID, user: UUID) -> InvitationId | None:
    """Find an open invitation of this company to an address that this user has confirmed."""
    query = (
        select(Invitation.id)
        .join(EmailAddress, func.lower(EmailAddress.address) == func.lower(Invitation.email))
        .where(Invitation.profile_id == profile, Invitation.opened_at.is_not(None), Invitation.answered_at.is_(None))
        .where(EmailAddress.user_id == user, EmailAddress.confirmed_at.is_not(None), EmailAddress.replaced_at.is_(None))
    )
    found = await connection.scalar(query)
    return None if found is None else InvitationId(found)


async def _refuse_to_ask(connection: AsyncConnection, profile: UUID, user: UUID, at: datetime) -> None:
    mine = (JoinRequest.profile_id == profile) & (JoinRequest.user_id == user)
    earlier = (await connection.execute(select(JoinRequest).where(mine))).all()
    if any(row.answered_at is None for row in earlier):
        raise RequestIsOpen
    declined = [row.answered_at for row in earlier if row.state == JoinRequestState.DECLINED]
    refuse_pestering([row.asked_at for row in earlier], declined, at)


def _last_step(answering: Answering, number: str) -> Step:
    actor = Actor.SUPPORT if answering.by_staff else Actor.CUSTOMER if answering.by else Actor.SKRANKE
    why = answering.role.value if answering.role else None
    by = answering.by_staff or answering.by
    return Step(answering.step, answering.id, number, STAGES[answering.state], actor, by, why, Process.JOIN_REQUEST)
