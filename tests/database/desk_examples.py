"""A desk with tasks on it, as the database tests want it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database.staff_tables import StaffMemberRow
from database.stage_log import write_step
from database.tables import Company, EmailAddress, EmploymentEvidence, Signup, UserAccount
from database.tasks import open_task
from domain.desk.kinds import TaskKind
from domain.staff import StaffMember, StaffRole
from domain.stages import Actor, Stage, Step

# Ten on a Monday in Oslo.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NUMBER = "310279323"


async def colleague(engine: AsyncEngine, name: str = "Siri Dahl", *roles: StaffRole) -> StaffMember:
    """Make somebody here, in support if nothing else is said."""
    member = StaffMember(uuid4(), name, f"{name.split(maxsplit=1)[0].lower()}@skranke.example", frozenset(roles or {StaffRole.SUPPORT}))
    row = {"id": member.id, "issuer": "https://id.example", "subject": str(member.id), "name": name, "email": member.email}
    async with engine.begin() as connection:
        await connection.execute(insert(StaffMemberRow).values(row | {"roles": sorted(member.roles), "last_login_at": NOW}))
    return member


async def company(engine: AsyncEngine, number: str = NUMBER, name: str = "FJELLBRYGG AS") -> None:
    """Let the register have told of a company."""
    told = {"organisation_number": number, "name": name, "form_code": "AS", "form": "Aksjeselskap", "address_lines": []}
    async with engine.begin() as connection:
        await connection.execute(insert(Company).values(told | {"postcode": "", "city": "", "country": "", "fetched_at": NOW}))


async def customer(engine: AsyncEngine, given: str = "Kari", family: str = "Nordmann") -> UUID:
    """Make a customer with an address."""
    user = uuid4()
    name = {"given_name": given, "family_name": family, "birth_date": NOW.date(), "language": "nb"}
    address = {"id": uuid4(), "user_id": user, "address": f"{user}@company.example", "given_at": NOW}
    async with engine.begin() as connection:
        await connection.execute(insert(UserAccount).values(name | {"id": user, "created_at": NOW, "last_login_at": NOW}))
        await connection.execute(insert(EmailAddress).values(address))
    return user


async def task(
    engine: AsyncEngine, at: datetime = NOW, number: str = NUMBER, kind: TaskKind = TaskKind.EMPLOYMENT, not_for: UUID | None = None
) -> UUID:
    """Have somebody sign up who has to be looked at."""
    user, signup, opened = await customer(engine), uuid4(), uuid4()
    step = Step(uuid4(), signup, number, Stage.NEEDS_A_PERSON, Actor.REGISTER)
    evidence = {"verdict": "needs-a-person", "reason": "no-role", "name_match": "different", "rule_version": "1", "answer_sha256": ""}
    async with engine.begin() as connection:
        await connection.execute(insert(Signup).values(id=signup, user_id=user, organisation_number=number, started_at=at))
        await connection.execute(insert(EmploymentEvidence).values(evidence | {"id": uuid4(), "signup_id": signup, "fetched_at": at}))
        await write_step(connection, step, at)
        await open_task(connection, opened, step, at, kind=kind, not_for=not_for)
    return opened


async def tasks(engine: AsyncEngine, moments: Sequence[datetime]) -> list[UUID]:
    """Have several people sign up, one after the other."""
    return [await task(engine, moment) for moment in moments]
