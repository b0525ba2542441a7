"""What operators see of the house as a whole, and what they have done by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database.operations_tables import OpsLog
from database.sessions import SESSION_IDLES, SESSION_LIVES, live
from database.staff import STAFF_IDLES
from database.staff_tables import StaffMemberRow, StaffSession
from database.tables import EmailAddress, EmailChallenge, Letter, Session, Signup, StageLog
from database.task_tables import Task
from domain.ids import AddressId, SignupId, UserId
from domain.operations import Deed, OpenSignup, UnconfirmedAddress, WaitingLetter
from domain.organisation_number import OrganisationNumber
from domain.post import LetterKind, LetterOrder

MOST_SHOWN = 50
# A letter that was given up this long ago is nobody's any more.
STILL_OF_INTEREST = timedelta(days=30)
WAITING = Letter.sent_at.is_(None) & Letter.refused_at.is_(None) & Letter.unwanted_at.is_(None)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """How many browsers are logged in, at either door."""

    customers: int
    staff: int


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """How the letters stand that have not arrived. `oldest` is when the first of those that wait was ordered."""

    waiting: int
    oldest: datetime | None
    given_up: int


@dataclass(frozen=True, slots=True)
class Operations:
    """Reads what operators look at, and keeps what they do."""

    engine: AsyncEngine

    async def letters_waiting(self, ordered_before: datetime) -> Sequence[WaitingLetter]:
        """List letters ordered before a moment that no mail server has taken, the oldest first."""
        return await self._letters(WAITING & (Letter.ordered_at < ordered_before))

    async def letters_given_up(self, now: datetime) -> Sequence[WaitingLetter]:
        """List letters of the last month that will not arrive, the oldest first."""
        return await self._letters(Letter.sent_at.is_(None) & (Letter.refused_at > now - STILL_OF_INTEREST))

    async def letter(self, key: UUID) -> WaitingLetter | None:
        """Read one letter that has not arrived, or None when there is none such."""
        found = await self._letters((Letter.key == key) & Letter.sent_at.is_(None))
        return found[0] if found else None

    async def take_up_again(self, key: UUID) -> None:
        """Let a letter that was given up wait again."""
        async with self.engine.begin() as connection:
            await connection.execute(update(Letter).where(Letter.key == key, Letter.sent_at.is_(None)).values(refused_at=None))

    async def letter_counts(self, now: datetime) -> LetterCounts:
        """Count the letters that have not arrived."""
        given_up = Letter.sent_at.is_(None) & (Letter.refused_at > now - STILL_OF_INTEREST)
        query = select(
            func.count().filter(WAITING).label("waiting"),
            func.min(Letter.ordered_at).filter(WAITING).label("oldest"),
            func.count().filter(given_up).label("given_up"),
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(query)).one()
        return LetterCounts(row.waiting, row.oldest, row.given_up)

    async def open_signups(self, started_before: datetime) -> Sequence[OpenSignup]:
        """List signups started before a moment that have not ended, the oldest first."""
        query = select(Signup).where(Signup.ended_at.is_(None), Signup.started_at < started_before).order_by(Signup.started_at)
        async with self.engine.connect() as connection:
            return [_open_signup(row) for row in await connection.execute(query)]

    async def open_among(self, signups: Sequence[UUID]) -> frozenset[UUID]:
        """Tell which of these signups are written down and have not ended, or can still be appealed or turned round."""
        decided = exists().where(Task.signup_id == Signup.id, Task.decided_by.is_not(None))
        query = select(Signup.id).where(Signup.id.in_(signups), or_(Signup.ended_at.is_(None), decided))
        async with self.engine.connect() as connection:
            return frozenset(await connection.scalars(query))

    async def unconfirmed(self, lettered_after: datetime, lettered_before: datetime) -> Sequence[UnconfirmedAddress]:
        """List present addresses that are not confirmed and whose newest letter was written between these moments."""
        newest = func.max(EmailChallenge.issued_at)
        query = (
            select(EmailAddress.id, EmailAddress.user_id, newest.label("lettered_at"))
            .join(EmailChallenge, EmailChallenge.address_id == EmailAddress.id)
            .where(EmailAddress.replaced_at.is_(None), EmailAddress.confirmed_at.is_(None))
            .group_by(EmailAddress.id)
            .having((newest > lettered_after) & (newest < lettered_before))
            .order_by(newest)
        )
        async with self.engine.connect() as connection:
            rows = await connection.execute(query)
            return [UnconfirmedAddress(AddressId(row.id), UserId(row.user_id), row.lettered_at) for row in rows]

    async def signups_by_stage(self) -> Mapping[str, int]:
        """Count signups, open and ended, by the stage they have come to."""
        latest = (
            select(StageLog.to_stage)
            .ext(distinct_on(StageLog.process_id))
            .order_by(StageLog.process_id, StageLog.sequence.desc())
            .subquery()
        )
        query = select(latest.c.to_stage, func.count().label("count")).group_by(latest.c.to_stage)
        async with self.engine.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def logged_in(self, now: datetime) -> LoggedIn:
        """Count the browsers that are logged in now."""
        customers = select(func.count()).select_from(Session).where(*live(Session, now, idles=SESSION_IDLES, lives=SESSION_LIVES))
        staff = select(func.count()).select_from(StaffSession).where(*live(StaffSession, now, idles=STAFF_IDLES, lives=SESSION_LIVES))
        async with self.engine.connect() as connection:
            return LoggedIn(await connection.scalar(customers) or 0, await connection.scalar(staff) or 0)

    async def keep_deed(self, id_: UUID, at: datetime, staff: UUID, deed: Deed) -> bool:
        """Write down what an operator did, under the id of the click; False when that very click is written down already."""
        row = {"id": id_, "at": at, "staff_id": staff, "action": deed.action, "subject": deed.subject, "reason": deed.reason}
        written = insert(OpsLog).values(row).on_conflict_do_nothing(index_elements=[OpsLog.id]).returning(OpsLog.id)
        async with self.engine.begin() as connection:
            return (await connection.execute(written)).one_or_none() is not None

    async def deeds(self) -> Sequence[tuple[datetime, str, Deed]]:
        """List what operators did of late, the newest first: when, who by name, and what."""
        query = select(OpsLog, StaffMemberRow.name).join(StaffMemberRow, StaffMemberRow.id == OpsLog.staff_id)
        async with self.engine.connect() as connection:
            rows = await connection.execute(query.order_by(OpsLog.at.desc()).limit(MOST_SHOWN))
            return [(row.at, row.name, Deed(row.action, row.subject, row.reason)) for row in rows]

    async def _letters(self, condition: ColumnElement[bool]) -> Sequence[WaitingLetter]:
        query = select(Letter).where(condition).order_by(Letter.ordered_at).limit(MOST_SHOWN)
        async with self.engine.connect() as connection:
            return [_letter(row) for row in await connection.execute(query)]


def _letter(row: Row[Letter]) -> WaitingLetter:
    order = LetterOrder(row.key, LetterKind(row.kind), UserId(row.user_id) if row.user_id else None, row.about)
    return WaitingLetter(order, row.ordered_at, row.refused_at)


def _open_signup(row: Row[Signup]) -> OpenSignup:
    return OpenSignup(SignupId(row.id), UserId(row.user_id), OrganisationNumber(row.organisation_number), row.started_at)
