"""What is open among a company's members, for operators who compare it with the processes under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.claim_tables import CompanyClaim, MembershipRecovery
from database.member_tables import Invitation, JoinRequest
from database.tables import Profile
from domain.ids import ProfileId, UserId
from domain.members.roles import Role
from domain.operations import OpenMatter
from domain.stages import Process

INVITATIONS = (
    select(Invitation.id, Invitation.profile_id, Invitation.invited_by.label("by"), Invitation.opened_at.label("begun"), Invitation.role)
    .add_columns(Profile.organisation_number)
    .join(Profile, Profile.id == Invitation.profile_id)
    .where(Invitation.opened_at.is_not(None), Invitation.answered_at.is_(None))
)
REQUESTS = (
    select(JoinRequest.id, JoinRequest.profile_id, JoinRequest.user_id.label("by"), JoinRequest.asked_at.label("begun"))
    .add_columns(Profile.organisation_number)
    .join(Profile, Profile.id == JoinRequest.profile_id)
    .where(JoinRequest.answered_at.is_(None))
)
CLAIMS = (
    select(CompanyClaim.id, CompanyClaim.profile_id, CompanyClaim.user_id.label("by"), CompanyClaim.claimed_at.label("begun"))
    .add_columns(Profile.organisation_number)
    .join(Profile, Profile.id == CompanyClaim.profile_id)
    .where(CompanyClaim.ended_at.is_(None))
)
RECOVERIES = (
    select(MembershipRecovery.id, MembershipRecovery.profile_id, MembershipRecovery.user_id.label("by"))
    .add_columns(MembershipRecovery.opened_at.label("begun"), Profile.organisation_number)
    .join(Profile, Profile.id == MembershipRecovery.profile_id)
    .where(MembershipRecovery.opened_at.is_not(None), MembershipRecovery.ended_at.is_(None))
)
QUERIES: Sequence[tuple[Process, Select[Any]]] = (
    (Process.INVITATION, INVITATIONS),
    (Process.JOIN_REQUEST, REQUESTS),
    (Process.CLAIM, CLAIMS),
    (Process.RECOVERY, RECOVERIES),
)


async def open_matters(engine: AsyncEngine) -> Sequence[tuple[OpenMatter, datetime]]:
    """List invitations, requests to join, claims and other eIDs that have not ended, each with when it began."""
    async with engine.connect() as connection:
        return [(_matter(kind, row), row.begun) for kind, query in QUERIES for row in await connection.execute(query)]


def _matter(kind: Process, row: Row[Any]) -> OpenMatter:
    role = Role(row.role) if kind is Process.INVITATION else None
    return OpenMatter(kind, row.id, ProfileId(row.profile_id), UserId(row.by), row.organisation_number, role)
