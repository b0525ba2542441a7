"""What the pages of a signup and of a company show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_tables import ProfileSuspension
from database.stage_log import read_company, read_looks, read_process
from database.tables import Company, Membership, Profile, SalesRep, Signup, UserAccount
from domain.ids import ProfileId, SignupId, UserId
from domain.organisation_number import OrganisationNumber
from domain.stages import LogEntry


@dataclass(frozen=True, slots=True)
class SignupView:
    """A signup as its owner sees it. Until the register has answered the company has no name yet."""

    id: SignupId
    company_name: str | None
    organisation_number: str
    started_at: datetime
    profile_id: ProfileId | None
    log: Sequence[LogEntry]
    # When support has looked at the page, and why.
    looks: Sequence[LogEntry] = ()


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the register said of a company when it was last asked."""

    organisation_number: str
    name: str
    form: str
    address_lines: Sequence[str]
    postcode: str
    city: str
    country: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody who acts for the company here."""

    name: str
    role: str
    since: datetime
    you: bool


@dataclass(frozen=True, slots=True)
class RepView:
    """The company's contact in sales."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class CompanyView:
    """A customer as its members see it."""

    company: CompanyFacts
    opened_at: datetime
    members: Sequence[MemberView]
    sales_rep: RepView | None
    timeline: Sequence[LogEntry]
    suspended: bool


@dataclass(frozen=True, slots=True)
class MembershipIn:
    """Whether a company is a customer, and the profile that opens for a member of it."""

    exists: bool
    mine: ProfileId | None


async def signup_view(engine: AsyncEngine, signup: SignupId) -> SignupView | None:
    """Read a signup with its log, or None when it is not written down."""
    query = select(Signup, Company.name).join(Company, Company.organisation_number == Signup.organisation_number, isouter=True)
    async with engine.connect() as connection:
        row = (await connection.execute(query.where(Signup.id == signup))).one_or_none()
        if row is None:
            return None
        log = await read_process(connection, signup)
        looks = await read_looks(connection, signup)
    return SignupView(signup, row.name, row.organisation_number, row.started_at, row.profile_id, log, looks)


async def company_view(engine: AsyncEngine, profile: ProfileId, reader: UserId) -> CompanyView | None:
    """Read a customer with its members, contact and timeline, or None when there is no such customer."""
    query = (
        select(
            Company, Profile.opened_at, ProfileSuspension.id.label("suspension"), SalesRep.name.label("rep"), SalesRep.email, SalesRep.phone
        )
        .join(Profile, Profile.organisation_number == Company.organisation_number)
        .join(SalesRep, SalesRep.id == Profile.sales_rep_id, isouter=True)
        .join(ProfileSuspension, (ProfileSuspension.profile_id == Profile.id) & ProfileSuspension.lifted_at.is_(None), isouter=True)
        .where(Profile.id == profile)
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        members = await _members(connection, profile, reader)
        timeline = await read_company(connection, row.organisation_number)
    rep = RepView(row.rep, row.email, row.phone) if row.rep else None
    return CompanyView(_facts(row), row.opened_at, members, rep, timeline, row.suspension is not None)


async def company_facts(engine: AsyncEngine, profile: ProfileId) -> CompanyFacts | None:
    """Read what the register said of a customer, or None when there is no such customer."""
    query = select(Company).join(Profile, Profile.organisation_number == Company.organisation_number).where(Profile.id == profile)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    return None if row is None else _facts(row)


async def membership_in(engine: AsyncEngine, number: OrganisationNumber, user: UserId) -> MembershipIn:
    """Tell whether a company is a customer already, and whether this user is a member of it."""
    membership = (Membership.profile_id == Profile.id) & (Membership.user_id == user) & Membership.ended_at.is_(None)
    query = (
        select(Profile.id, Membership.id.label("membership"))
        .join(Membership, membership, isouter=True)
        .where(Profile.organisation_number == number.value, Profile.closed_at.is_(None))
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    mine = ProfileId(row.id) if row is not None and row.membership is not None else None
    return MembershipIn(exists=row is not None, mine=mine)


def _facts(row: Row) -> CompanyFacts:  # type: ignore[type-arg]  # any row with a company in it
    return CompanyFacts(row.organisation_number, row.name, row.form, row.address_lines, row.postcode, row.city, row.country, row.fetched_at)


async def _members(connection: AsyncConnection, profile: UUID, reader: UserId) -> Sequence[MemberView]:
    query = (
        select(UserAccount.id, UserAccount.given_name, UserAccount.family_name, Membership.role, Membership.since)
        .join(Membership, Membership.user_id == UserAccount.id)
        .where(Membership.profile_id == profile, Membership.ended_at.is_(None))
        .order_by(Membership.since)
    )
    rows = await connection.execute(query)
    return [MemberView(f"{row.given_name} {row.family_name}", row.role, row.since, row.id == reader) for row in rows]
