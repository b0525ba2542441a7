"""Requests to join that have come to the desk: no process of the desk's own stands behind them, but they wait and are due as tasks are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.desk_ties import ties_around
from database.member_pages import person
from database.member_tables import JoinRequest
from database.staff_tables import StaffMemberRow
from database.tables import Company, Profile, UserAccount
from domain.desk.clock import Urgency, falls_due, urgency
from domain.desk.fairness import Bond, bond, refuse_unless_may_decide
from domain.desk.kinds import JOINING
from domain.members.requests import JoinRequestState
from domain.staff import StaffMember

MOST_SHOWN = 200
WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class JoinTask:
    """Somebody whom no administrator has answered. `since` is when it came to us; `bond` says why the reader must not answer it."""

    id: UUID
    organisation_number: str
    company_name: str
    name: str
    asked_at: datetime
    since: datetime
    due_at: datetime | None
    urgency: Urgency
    bond: Bond | None

    def found_by(self, typed: str) -> bool:
        """Tell whether a search means this company, as the inbox searches: by words that may be unfinished, or by its number."""
        digits = re.sub(r"\s", "", typed)
        if digits.isdecimal():
            return self.organisation_number.startswith(digits)
        theirs = WORDS.findall(self.company_name.casefold())
        asked = WORDS.findall(typed.casefold())
        return bool(asked) and all(any(word.startswith(start) for word in theirs) for start in asked)


@dataclass(frozen=True, slots=True)
class JoinEnd:
    """How a request ended, when, and which of us ended it; None when the company, or whoever asked, did."""

    state: JoinRequestState
    at: datetime
    by_name: str | None


@dataclass(frozen=True, slots=True)
class JoinTasks:
    """Reads the requests to join that have come to the desk, for one person here."""

    engine: AsyncEngine
    staff: StaffMember

    async def open_ones(self, now: datetime, *, bonds: bool = False) -> Sequence[JoinTask]:
        """List what nobody has answered yet, what is due first first. With `bonds` it is told what the reader must not answer."""
        query = (
            select(JoinRequest, Company.name, Company.organisation_number, UserAccount.given_name, UserAccount.family_name)
            .join(UserAccount, UserAccount.id == JoinRequest.user_id)
            .join(Profile, Profile.id == JoinRequest.profile_id)
            .join(Company, Company.organisation_number == Profile.organisation_number)
            .where(JoinRequest.with_support_since.is_not(None), JoinRequest.answered_at.is_(None))
            .order_by(JoinRequest.with_support_since, JoinRequest.id)
            .limit(MOST_SHOWN)
        )
        async with self.engine.connect() as connection:
            found = []
            for row in (await connection.execute(query)).all():
                due = falls_due(row.with_support_since, JOINING.allowed, []) if JOINING.allowed else None
                ties = await ties_around(connection, row.organisation_number, row.user_id) if bonds else None
                found.append(
                    JoinTask(
                        id=row.id,
                        organisation_number=row.organisation_number,
                        company_name=row.name,
                        name=person(row),
                        asked_at=row.asked_at,
                        since=row.with_support_since,
                        due_at=due,
                        urgency=urgency(due, now, JOINING.reminded_before),
                        bond=bond(self.staff, ties) if ties else None,
                    )
                )
        return found

    async def refuse_unless_may_answer(self, request: UUID) -> None:
        """Raise BelongsToCompany for whoever belongs to the company that is asked, or is the one who asks."""
        query = select(Profile.organisation_number, JoinRequest.user_id).join(JoinRequest, JoinRequest.profile_id == Profile.id)
        async with self.engine.connect() as connection:
            row = (await connection.execute(query.where(JoinRequest.id == request))).one()
            refuse_unless_may_decide(self.staff, await ties_around(connection, row.organisation_number, row.user_id))

    async def end_of(self, request: UUID) -> JoinEnd | None:
        """Tell how a request ended, or None while it is open."""
        colleague = StaffMemberRow.id == JoinRequest.answered_by_staff
        query = select(JoinRequest.state, JoinRequest.answered_at, StaffMemberRow.name).join(StaffMemberRow, colleague, isouter=True)
        async with self.engine.connect() as connection:
            row = (await connection.execute(query.where(JoinRequest.id == request, JoinRequest.answered_at.is_not(None)))).one_or_none()
        return JoinEnd(JoinRequestState(row.state), row.answered_at, row.name) if row else None
