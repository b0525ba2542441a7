"""Whom support can look at, and when it has: each time stands in the company's log before anything is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database.member_tables import StaffView
from database.stage_log import write_step
from database.tables import Company, Profile, Signup
from domain.ids import StaffId, derived
from domain.staff_views import LASTS, NothingToView, ViewReason
from domain.stages import Actor, Process, Stage, Step

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Viewable:
    """A customer or a signup that can be looked at."""

    id: UUID
    is_signup: bool
    organisation_number: str
    company_name: str | None
    since: datetime
    ended: bool


@dataclass(frozen=True, slots=True)
class View:
    """One look at a customer or a signup: one of the two is None."""

    id: UUID
    profile: UUID | None
    signup: UUID | None
    staff: UUID
    ends_at: datetime
    reason: ViewReason


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody wants to look at what has this id; `id` is derived from the click."""

    id: UUID
    subject: UUID
    staff: StaffId
    reason: ViewReason


async def viewable(engine: AsyncEngine, q: str) -> Sequence[Viewable]:
    """Find customers and signups by the company's name or number, the newest first."""
    number, name = "".join(q.split()), Company.name.icontains(q, autoescape=True)
    profiles = select(Profile, Company.name).join(Company, Company.organisation_number == Profile.organisation_number)
    profiles = profiles.where(Profile.closed_at.is_(None), or_(name, Profile.organisation_number == number))
    signups = select(Signup, Company.name).join(Company, Company.organisation_number == Signup.organisation_number, isouter=True)
    signups = signups.where(or_(name, Signup.organisation_number == number))
    async with engine.connect() as connection:
        opened = await connection.execute(profiles.order_by(Profile.opened_at.desc()).limit(MOST_FOUND))
        customers = [_viewable(row, row.opened_at, is_signup=False) for row in opened]
        started = await connection.execute(signups.order_by(Signup.started_at.desc()).limit(MOST_FOUND))
        return customers + [_viewable(row, row.started_at, is_signup=True) for row in started]


async def begin_view(engine: AsyncEngine, looking: Looking, at: datetime) -> None:
    """Let somebody look from now on, and write that into the company's log. Twice is once. Raises NothingToView."""
    async with engine.begin() as connection:
        profile = await connection.scalar(
            select(Profile.organisation_number).where(Profile.id == looking.subject, Profile.closed_at.is_(None))
        )
        signup = await connection.scalar(select(Signup.organisation_number).where(Signup.id == looking.subject))
        number = profile or signup
        if number is None:
            raise NothingToView
        view = {"id": looking.id, "staff_id": looking.staff, "begun_at": at, "ends_at": at + LASTS, "reason": looking.reason}
        subject = {"profile_id" if profile else "signup_id": looking.subject}
        await connection.execute(insert(StaffView).values(**view, **subject).on_conflict_do_nothing(index_elements=[StaffView.id]))
        step = derived(str(looking.id), "looked")
        looked = Step(step, looking.id, number, Stage.SUPPORT_LOOKED, Actor.SUPPORT, looking.staff, looking.reason, Process.STAFF_VIEW)
        await write_step(connection, looked, at)


async def read_view(engine: AsyncEngine, view: UUID) -> View | None:
    """Read one look, over or not, or None when there was none."""
    async with engine.connect() as connection:
        row = (await connection.execute(select(StaffView).where(StaffView.id == view))).one_or_none()
    if row is None:
        return None
    return View(row.id, row.profile_id, row.signup_id, row.staff_id, row.ends_at, ViewReason(row.reason))


async def end_view(engine: AsyncEngine, view: UUID, at: datetime) -> None:
    """Let a look be over now, unless it was before."""
    async with engine.begin() as connection:
        ending = update(StaffView).where(StaffView.id == view).values(ends_at=func.least(StaffView.ends_at, at))
        await connection.execute(ending)


def _viewable(row: Row, since: datetime, *, is_signup: bool) -> Viewable:  # type: ignore[type-arg]  # a customer or a signup
    return Viewable(
        id=row.id,
        is_signup=is_signup,
        organisation_number=row.organisation_number,
        company_name=row.name,
        since=since,
        ended=is_signup and row.ended_at is not None,
    )
