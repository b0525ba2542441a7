"""Who belongs to the company that a task is about, so that they do not decide about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_tables import StaffInterest
from database.tables import EmailAddress, Membership, Profile, Signup, UserAccount
from database.task_tables import Task
from domain.desk.fairness import Ties
from domain.names import PersonName
from domain.organisation_number import OrganisationNumber
from domain.rulings import NoSuchTask


async def ties_of(connection: AsyncConnection, task: UUID) -> tuple[Ties, UUID | None]:
    """Read who is around a task's company, and who decided the first time. Raises NoSuchTask."""
    row = (await connection.execute(select(Task.organisation_number, Task.signup_id, Task.not_for).where(Task.id == task))).one_or_none()
    if row is None:
        raise NoSuchTask
    applicant = await connection.scalar(select(Signup.user_id).where(Signup.id == row.signup_id))
    return await ties_around(connection, row.organisation_number, applicant), row.not_for


async def ties_around(connection: AsyncConnection, number: str, applicant: UUID | None) -> Ties:
    """Read who is around a company: its members, whoever wants to act for it, and those here who say that they belong to it."""
    members = (
        select(Membership.user_id)
        .join(Profile, Profile.id == Membership.profile_id)
        .where(Profile.organisation_number == number, Profile.closed_at.is_(None), Membership.ended_at.is_(None))
    )
    people = (
        select(UserAccount.given_name, UserAccount.family_name, EmailAddress.address)
        .join(EmailAddress, (EmailAddress.user_id == UserAccount.id) & EmailAddress.replaced_at.is_(None), isouter=True)
        .where(or_(UserAccount.id.in_(members), UserAccount.id == applicant))
    )
    found = (await connection.execute(people)).all()
    declared = await connection.scalars(select(StaffInterest.staff_id).where(StaffInterest.organisation_number == number))
    names = [PersonName(person.given_name, person.family_name) for person in found]
    return Ties(frozenset(declared), names, [person.address for person in found if person.address])


async def declare_interest(engine: AsyncEngine, staff: UUID, company: OrganisationNumber, at: datetime) -> None:
    """Write down that somebody here belongs to a company; tasks about it are not handed to them any more."""
    row = insert(StaffInterest).values(staff_id=staff, organisation_number=company.value, declared_at=at)
    async with engine.begin() as connection:
        await connection.execute(row.on_conflict_do_nothing())


async def drop_interest(engine: AsyncEngine, staff: UUID, company: OrganisationNumber) -> None:
    """Forget that somebody belonged to a company."""
    mine = (StaffInterest.staff_id == staff) & (StaffInterest.organisation_number == company.value)
    async with engine.begin() as connection:
        await connection.execute(delete(StaffInterest).where(mine))


async def interests_of(engine: AsyncEngine, staff: UUID) -> list[OrganisationNumber]:
    """List the companies that somebody here has said they belong to."""
    query = select(StaffInterest.organisation_number).where(StaffInterest.staff_id == staff).order_by(StaffInterest.organisation_number)
    async with engine.connect() as connection:
        return [OrganisationNumber(number) for number in await connection.scalars(query)]
