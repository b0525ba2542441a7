"""Companies whose profile is there, but through which nobody may act for a while."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.card_tables import AccessToken, ApiClient
from database.desk_tables import ProfileSuspension
from database.tables import Profile
from domain.desk.reasons import ReversalReason
from domain.ids import ProfileId


async def suspend(connection: AsyncConnection, suspension: UUID, profile: ProfileId, reason: ReversalReason, at: datetime) -> None:
    """Suspend a profile from this moment on. The tokens that its programs have count no more, and none gets another."""
    number = select(Profile.organisation_number).where(Profile.id == profile).scalar_subquery()
    programs = select(ApiClient.client_id).where(ApiClient.organisation_number == number).order_by(ApiClient.client_id)
    # A token may be on its way out at this very moment.
    await connection.execute(programs.with_for_update())
    row = {"id": suspension, "profile_id": profile, "reason": reason, "suspended_at": at}
    await connection.execute(insert(ProfileSuspension).values(row))
    await connection.execute(delete(AccessToken).where(AccessToken.client_id.in_(programs)))


async def let_come_back(connection: AsyncConnection, profile: ProfileId, at: datetime) -> None:
    """End a profile's suspension."""
    standing = (ProfileSuspension.profile_id == profile) & ProfileSuspension.lifted_at.is_(None)
    await connection.execute(update(ProfileSuspension).where(standing).values(lifted_at=at))


async def is_suspended(engine: AsyncEngine, profile: UUID) -> bool:
    """Tell whether nobody may act through a profile now."""
    standing = (ProfileSuspension.profile_id == profile) & ProfileSuspension.lifted_at.is_(None)
    async with engine.connect() as connection:
        return await connection.scalar(select(ProfileSuspension.id).where(standing)) is not None
