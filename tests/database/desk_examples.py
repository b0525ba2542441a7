"""A desk with tasks on it, as the database tests want it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, text
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
FILL = (
    "set local statement_timeout = 0",
    """
    create temporary table numbered on commit drop as
    select gen_random_uuid() as task, gen_random_uuid() as signup, (400000000 + n)::text as number, n > :open as decided,
        cast(:now as timestamptz) - n * interval '1 minute' as moment, n
    from generate_series(1, :open + :decided) as n
    """,
    """
    insert into company select number, 'COMPANY ' || n || ' AS', 'AS', 'Aksjeselskap', '{}', '', '', '', moment from numbered
    on conflict do nothing
    """,
    """
    insert into signup (id, user_id, organisation_number, started_at, ended_at)
    select signup, (select user_id from signup limit 1), number, moment, moment from numbered
    """,
    """
    insert into task (id, kind, signup_id, organisation_number, opened_at, closed_at, outcome, decided_by, took_seconds, on_time, search,
        rank_at, due_at)
    select task, 'employment', signup, number, moment, case when decided then moment end, case when decided then 'approved' end,
        case when decided then cast(:staff as uuid) end, case when decided then n end, decided,
        to_tsvector('simple', number || ' company ' || n),
        moment, moment
    from numbered
    """,
    "analyze task",
)


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


async def fill(engine: AsyncEngine, *, open_ones: int, decided: int, staff: UUID) -> None:
    """Have so many more be open, and so many have been decided by somebody. One task at least stands there already."""
    told = {"open": open_ones, "decided": decided, "now": NOW, "staff": staff}
    async with engine.begin() as connection:
        for statement in FILL:
            await connection.execute(text(statement), told)
