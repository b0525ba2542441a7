"""What the pages about claims, and about memberships that are asked for under another eID, show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import aliased

from database.claim_tables import CompanyClaim, MembershipRecovery
from database.staff_tables import StaffMemberRow
from database.tables import Company, Profile, UserAccount
from domain.desk.calendar import WORKING_DAY, after_working
from domain.employment import Verdict
from domain.ids import ClaimId, ProfileId, RecoveryId, UserId
from domain.members.claims import TO_OBJECT, ClaimState
from domain.members.recoveries import RecoveryState
from domain.names import PersonName


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody in support has proposed; a colleague has to agree."""

    by: UUID
    by_name: str
    grant: bool


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim: who wants to administer which company, what the register is worth, and how far it has come."""

    id: ClaimId
    profile: ProfileId
    user: UserId
    company_name: str
    organisation_number: str
    name: str
    birth_date: date = field(repr=False)
    claimed_at: datetime
    state: ClaimState
    vouched: bool
    reason: str | None
    objecting_until: datetime | None
    objected_by: UserId | None
    with_support_since: datetime | None
    proposal: Proposal | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """A membership that somebody asks for; `old_name` is whose it is, None when the address that was named is no member's."""

    id: RecoveryId
    profile: ProfileId
    user: UserId
    company_name: str
    organisation_number: str
    name: str
    birth_date: date = field(repr=False)
    old_name: str | None
    old_birth_date: date | None = field(repr=False)
    asked_at: datetime
    confirmed_at: datetime | None
    with_support_since: datetime | None
    state: RecoveryState
    proposal: Proposal | None
    ended_at: datetime | None


async def claim_view(engine: AsyncEngine, claim: UUID) -> ClaimView | None:
    """Read a claim, open or ended, or None when there is none of this id."""
    return next(iter(await _claims(engine, _claim_query().where(CompanyClaim.id == claim))), None)


async def latest_claim(engine: AsyncEngine, profile: UUID, user: UserId) -> ClaimView | None:
    """Read somebody's newest claim on a company."""
    mine = _claim_query().where(CompanyClaim.profile_id == profile, CompanyClaim.user_id == user)
    return next(iter(await _claims(engine, mine.order_by(CompanyClaim.claimed_at.desc()).limit(1))), None)


async def claims_told_of(engine: AsyncEngine, profile: UUID) -> Sequence[ClaimView]:
    """List the open claims on a company that its members have been told of."""
    told = (CompanyClaim.profile_id == profile) & CompanyClaim.announced_at.is_not(None) & CompanyClaim.ended_at.is_(None)
    return await _claims(engine, _claim_query().where(told).order_by(CompanyClaim.claimed_at))


async def claims_with_support(engine: AsyncEngine) -> Sequence[ClaimView]:
    """List the claims that wait for support, the oldest first."""
    waiting = _claim_query().where(CompanyClaim.with_support_since.is_not(None), CompanyClaim.ended_at.is_(None))
    return await _claims(engine, waiting.order_by(CompanyClaim.with_support_since))


async def waiting_for_two(engine: AsyncEngine) -> int:
    """Count what waits for two people in support: claims, and memberships that are asked for under another eID."""
    async with engine.connect() as connection:
        waiting = [
            await connection.scalar(select(func.count()).where(table.with_support_since.is_not(None), table.ended_at.is_(None))) or 0
            for table in (CompanyClaim, MembershipRecovery)
        ]
    return sum(waiting)


async def recovery_view(engine: AsyncEngine, recovery: UUID) -> RecoveryView | None:
    """Read one, open or ended, or None when there is none of this id."""
    return next(iter(await _recoveries(engine, _recovery_query().where(MembershipRecovery.id == recovery))), None)


async def latest_recovery(engine: AsyncEngine, profile: UUID, user: UserId) -> RecoveryView | None:
    """Read the newest that somebody has asked a company."""
    mine = _recovery_query().where(MembershipRecovery.profile_id == profile, MembershipRecovery.user_id == user)
    return next(iter(await _recoveries(engine, mine.order_by(MembershipRecovery.asked_at.desc()).limit(1))), None)


async def recoveries_to_approve(engine: AsyncEngine, profile: UUID) -> Sequence[RecoveryView]:
    """List the memberships that a company's administrators are asked about: the old address has said yes."""
    asked = (
        (MembershipRecovery.profile_id == profile) & MembershipRecovery.confirmed_at.is_not(None) & MembershipRecovery.ended_at.is_(None)
    )
    known = MembershipRecovery.old_user_id.is_not(None)
    return await _recoveries(engine, _recovery_query().where(asked & known).order_by(MembershipRecovery.asked_at))


async def recoveries_with_support(engine: AsyncEngine) -> Sequence[RecoveryView]:
    """List those that wait for support, the oldest first."""
    waiting = _recovery_query().where(MembershipRecovery.with_support_since.is_not(None), MembershipRecovery.ended_at.is_(None))
    return await _recoveries(engine, waiting.order_by(MembershipRecovery.with_support_since))


def _claim_query() -> Select[Any]:
    return (
        select(CompanyClaim, UserAccount.given_name, UserAccount.family_name, UserAccount.birth_date)
        .add_columns(Company.name, Company.organisation_number, StaffMemberRow.name.label("colleague"))
        .join(UserAccount, UserAccount.id == CompanyClaim.user_id)
        .join(Profile, Profile.id == CompanyClaim.profile_id)
        .join(Company, Company.organisation_number == Profile.organisation_number)
        .join(StaffMemberRow, StaffMemberRow.id == CompanyClaim.proposed_by, isouter=True)
    )


def _recovery_query() -> Select[Any]:
    old = aliased(UserAccount)
    return (
        select(MembershipRecovery, UserAccount.given_name, UserAccount.family_name, UserAccount.birth_date)
        .add_columns(Company.name, Company.organisation_number, StaffMemberRow.name.label("colleague"))
        .add_columns(old.given_name.label("old_given"), old.family_name.label("old_family"), old.birth_date.label("old_birth_date"))
        .join(UserAccount, UserAccount.id == MembershipRecovery.user_id)
        .join(old, old.id == MembershipRecovery.old_user_id, isouter=True)
        .join(Profile, Profile.id == MembershipRecovery.profile_id)
        .join(Company, Company.organisation_number == Profile.organisation_number)
        .join(StaffMemberRow, StaffMemberRow.id == MembershipRecovery.proposed_by, isouter=True)
        .where(MembershipRecovery.opened_at.is_not(None))
    )


async def _claims(engine: AsyncEngine, query: Select[Any]) -> Sequence[ClaimView]:
    async with engine.connect() as connection:
        return [_claim(row) for row in await connection.execute(query)]


async def _recoveries(engine: AsyncEngine, query: Select[Any]) -> Sequence[RecoveryView]:
    async with engine.connect() as connection:
        return [_recovery(row) for row in await connection.execute(query)]


def _claim(row: Row[Any]) -> ClaimView:
    vouched = row.verdict == Verdict.CONFIRMED
    return ClaimView(
        id=ClaimId(row.id),
        profile=ProfileId(row.profile_id),
        user=UserId(row.user_id),
        company_name=row.name,
        organisation_number=row.organisation_number,
        name=PersonName(row.given_name, row.family_name).full,
        birth_date=row.birth_date,
        claimed_at=row.claimed_at,
        state=ClaimState(row.state),
        vouched=vouched,
        reason=row.reason,
        objecting_until=after_working(row.announced_at, TO_OBJECT * WORKING_DAY) if row.announced_at and vouched else None,
        objected_by=UserId(row.objected_by) if row.objected_by else None,
        with_support_since=row.with_support_since,
        proposal=_proposal(row),
        ended_at=row.ended_at,
    )


def _recovery(row: Row[Any]) -> RecoveryView:
    return RecoveryView(
        id=RecoveryId(row.id),
        profile=ProfileId(row.profile_id),
        user=UserId(row.user_id),
        company_name=row.name,
        organisation_number=row.organisation_number,
        name=PersonName(row.given_name, row.family_name).full,
        birth_date=row.birth_date,
        old_name=PersonName(row.old_given, row.old_family).full if row.old_user_id else None,
        old_birth_date=row.old_birth_date,
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        with_support_since=row.with_support_since,
        state=RecoveryState(row.state),
        proposal=_proposal(row),
        ended_at=row.ended_at,
    )


def _proposal(row: Row[Any]) -> Proposal | None:
    return None if row.proposed_by is None else Proposal(row.proposed_by, row.colleague, row.proposed_grant)
