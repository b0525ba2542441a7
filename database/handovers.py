"""The book of signups handed to a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.claim_tables import SignupHandover
from database.tables import Company, Letter, Signup, UserAccount
from domain.handovers import Handover, HandoverIsUsed, SignupIsOver, refuse_too_many, refuse_too_old
from domain.ids import HandoverId, SignupId, UserId, derived
from domain.names import PersonName
from domain.post import LetterKind, LetterOrder


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A signup that somebody hands on; `open` as long as it can be taken over."""

    id: HandoverId
    signup: SignupId
    organisation_number: str
    company_name: str
    by: UserId
    by_name: str
    handed_at: datetime
    taken_by: UserId | None
    open: bool


@dataclass(frozen=True, slots=True)
class Handovers:
    """Writes down who hands a signup on and who takes it over; each letter is written down with it."""

    engine: AsyncEngine

    async def hand(self, handover: Handover, at: datetime) -> LetterOrder:
        """Write it down; tells which letter is to be set going. Raises SignupIsOver, HandedTooOften."""
        row = {"id": handover.id, "signup_id": handover.signup, "email": handover.email, "language": handover.language, "handed_at": at}
        async with self.engine.begin() as connection:
            signup = (await connection.execute(select(Signup).where(Signup.id == handover.signup).with_for_update())).one_or_none()
            if signup is None or signup.ended_at is not None:
                raise SignupIsOver
            others = (SignupHandover.signup_id == handover.signup) & (SignupHandover.id != handover.id)
            refuse_too_many(await connection.scalar(select(func.count()).where(others)) or 0)
            await connection.execute(insert(SignupHandover).values(row).on_conflict_do_nothing(index_elements=[SignupHandover.id]))
            return await _order(connection, handover.id, LetterKind.SIGNUP_HANDED, None, at)

    async def take(self, handover: HandoverView, user: UserId, at: datetime) -> None:
        """Let somebody take the signup over; once, in time. Raises HandoverIsUsed, HandoverIsTooOld, SignupIsOver."""
        if handover.taken_by != user:
            refuse_too_old(handover.handed_at, at)
        mine = (SignupHandover.id == handover.id) & (SignupHandover.taken_by.is_(None) | (SignupHandover.taken_by == user))
        async with self.engine.begin() as connection:
            taken = update(SignupHandover).where(mine).values(taken_by=user, taken_at=func.coalesce(SignupHandover.taken_at, at))
            if (await connection.execute(taken.returning(SignupHandover.id))).one_or_none() is None:
                raise HandoverIsUsed

    async def tell(self, handover: HandoverView, at: datetime) -> LetterOrder:
        """Write down the letter to the one whose signup it was; tells which is to be set going."""
        async with self.engine.begin() as connection:
            return await _order(connection, handover.id, LetterKind.SIGNUP_TAKEN, handover.by, at)

    async def view(self, handover: UUID) -> HandoverView | None:
        """Read one, or None when there is none of this id."""
        query = (
            select(SignupHandover, Signup.organisation_number, Signup.ended_at, Signup.user_id, Company.name.label("company"))
            .add_columns(UserAccount.given_name, UserAccount.family_name)
            .join(Signup, Signup.id == SignupHandover.signup_id)
            .join(UserAccount, UserAccount.id == Signup.user_id)
            .join(Company, Company.organisation_number == Signup.organisation_number, isouter=True)
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(query.where(SignupHandover.id == handover))).one_or_none()
        if row is None:
            return None
        return HandoverView(
            id=HandoverId(row.id),
            signup=SignupId(row.signup_id),
            organisation_number=row.organisation_number,
            company_name=row.company or row.organisation_number,
            by=UserId(row.user_id),
            by_name=PersonName(row.given_name, row.family_name).full,
            handed_at=row.handed_at,
            taken_by=None if row.taken_by is None else UserId(row.taken_by),
            open=row.ended_at is None and row.taken_by is None,
        )


async def _order(connection: AsyncConnection, about: HandoverId, kind: LetterKind, to: UserId | None, at: datetime) -> LetterOrder:
    order = LetterOrder(derived(str(about), f"letter {kind}"), kind, to, about)
    row = insert(Letter).values(key=order.key, kind=kind, user_id=to, about=about, ordered_at=at)
    await connection.execute(row.on_conflict_do_nothing(index_elements=[Letter.key]))
    return order
