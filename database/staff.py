"""The people who work here, and the browsers in which they are logged in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Update, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_claims import give_back_all
from database.sessions import SEEN_EVERY, SESSION_LIVES, live
from database.staff_tables import StaffLogout, StaffMemberRow, StaffSession
from domain.desk.claims import LEASE, TaskDeed
from domain.staff import ProviderLogout, StaffIdentity, StaffMember, StaffRole

# A desk is left for lunch, not for the day.
STAFF_IDLES = timedelta(minutes=60)
# Longer than a logout's token is good for, and than a login takes.
LOGOUT_REMEMBERED = timedelta(days=1)


class LoggedOutMeanwhile(Exception):
    """The provider ended the session before it had begun here."""


@dataclass(frozen=True, slots=True)
class LiveStaffSession:
    """A browser in which somebody who works here is logged in, and who that is."""

    id_hash: str = field(repr=False)
    staff: StaffMember


@dataclass(frozen=True, slots=True)
class StaffSessions:
    """Begins the sessions of the people who work here, finds them again, and ends them; by themselves they end when idle or old."""

    engine: AsyncEngine

    async def find(self, id_hash: str, now: datetime) -> LiveStaffSession | None:
        """Find the session of a browser with whose it is, and remember that it was seen."""
        query = select(StaffMemberRow, StaffSession.seen_at).join(StaffSession, StaffSession.staff_id == StaffMemberRow.id)
        current = live(StaffSession, now, idles=STAFF_IDLES, lives=SESSION_LIVES)
        async with self.engine.begin() as connection:
            row = (await connection.execute(query.where(StaffSession.id_hash == id_hash, *current))).one_or_none()
            if row is None:
                return None
            if now - row.seen_at >= SEEN_EVERY:
                await connection.execute(update(StaffSession).where(StaffSession.id_hash == id_hash).values(seen_at=now))
        return LiveStaffSession(id_hash, StaffMember(row.id, row.name, row.email, frozenset(map(StaffRole, row.roles))))

    async def begin(self, id_hash: str, identity: StaffIdentity, now: datetime, *, instead_of: str) -> StaffMember:
        """Log somebody in, as the provider describes them now, and end whatever session the browser had. Raises LoggedOutMeanwhile."""
        async with self.engine.begin() as connection:
            await _one_at_a_time(connection)
            if await connection.scalar(select(StaffLogout.token_hash).where(_ends(identity)).limit(1)):
                raise LoggedOutMeanwhile
            staff = await _brought_up_to_date(connection, identity, now)
            if StaffRole.SUPPORT not in identity.roles:
                await give_back_all(connection, StaffMemberRow.id == staff, now)
            session = {"id_hash": id_hash, "staff_id": staff, "provider_session": identity.provider_session}
            await connection.execute(insert(StaffSession).values(**session, started_at=now, seen_at=now))
            await _end(connection, StaffSession.id_hash == instead_of, now)
        return StaffMember(staff, identity.name, identity.email, identity.roles)

    async def end(self, id_hash: str, now: datetime) -> None:
        """Log a browser out."""
        async with self.engine.begin() as connection:
            await _one_at_a_time(connection)
            await _end(connection, StaffSession.id_hash == id_hash, now)

    async def end_all(self, issuer: str, subject: str, now: datetime) -> None:
        """Log somebody out everywhere; they do not work here any more, so the tasks they had claimed go back to the queue."""
        async with self.engine.begin() as connection:
            await connection.execute(_ending(now).where(StaffSession.staff_id.in_(_members(issuer, subject))))
            await give_back_all(connection, StaffMemberRow.id.in_(_members(issuer, subject)), now)
            await connection.execute(update(StaffMemberRow).where(StaffMemberRow.id.in_(_members(issuer, subject))).values(roles=[]))

    async def end_at_the_providers_word(self, logout: ProviderLogout, now: datetime) -> bool:
        """End what the provider says is over, though it may have ended already; False for a word that was given before."""
        async with self.engine.begin() as connection:
            await _one_at_a_time(connection)
            await connection.execute(delete(StaffLogout).where(StaffLogout.received_at < now - LOGOUT_REMEMBERED))
            if not await _first_time(connection, logout, now):
                return False
            sessions: ColumnElement[bool] = StaffSession.staff_id.in_(_members(logout.issuer, logout.subject))
            if logout.provider_session is not None:
                sessions = and_(sessions, StaffSession.provider_session == logout.provider_session)
            await _end(connection, sessions, now)
            if logout.provider_session is None:
                everything = StaffMemberRow.id.in_(_members(logout.issuer, logout.subject))
                await give_back_all(connection, everything, now, TaskDeed.LOGGED_OUT)
        return True


async def _one_at_a_time(connection: AsyncConnection) -> None:
    # Staff log in and out a few times a day, so waiting for each other is no hardship, and no login slips past a logout.
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("staff login"))))


async def _end(connection: AsyncConnection, sessions: ColumnElement[bool], now: datetime) -> None:
    """End sessions. Whoever is then at no other browser either cannot be at anything, so what they had claimed goes back to the queue."""
    left = set(await connection.scalars(_ending(now).where(sessions).returning(StaffSession.staff_id)))
    # A browser that was left behind without logging out renews no lease.
    current = live(StaffSession, now, idles=LEASE + SEEN_EVERY, lives=SESSION_LIVES)
    elsewhere = exists().where(StaffSession.staff_id == StaffMemberRow.id, *current)
    if left:
        await give_back_all(connection, StaffMemberRow.id.in_(left) & ~elsewhere, now, TaskDeed.LOGGED_OUT)


async def _brought_up_to_date(connection: AsyncConnection, identity: StaffIdentity, now: datetime) -> UUID:
    fresh = {"name": identity.name, "email": identity.email, "roles": sorted(identity.roles), "last_login_at": now}
    writing = (
        insert(StaffMemberRow)
        .values(id=uuid4(), issuer=identity.issuer, subject=identity.subject, **fresh)
        .on_conflict_do_update(index_elements=[StaffMemberRow.issuer, StaffMemberRow.subject], set_=fresh)
        .returning(StaffMemberRow.id)
    )
    return (await connection.execute(writing)).scalar_one()


async def _first_time(connection: AsyncConnection, logout: ProviderLogout, now: datetime) -> bool:
    told = {
        "token_hash": hashlib.sha256(f"{logout.issuer}|{logout.token_id}".encode()).hexdigest(),
        "issuer": logout.issuer,
        "provider_session": logout.provider_session,
        "subject": logout.subject,
        "issued_at": logout.issued_at,
        "received_at": now,
    }
    writing = insert(StaffLogout).values(**told).on_conflict_do_nothing().returning(StaffLogout.token_hash)
    return await connection.scalar(writing) is not None


def _ends(identity: StaffIdentity) -> ColumnElement[bool]:
    """Whether a logout is about the login that this identity comes from."""
    named = StaffLogout.provider_session == identity.provider_session if identity.provider_session else false()
    all_of_theirs = and_(
        StaffLogout.provider_session.is_(None), StaffLogout.subject == identity.subject, StaffLogout.issued_at >= identity.issued_at
    )
    return and_(StaffLogout.issuer == identity.issuer, or_(named, all_of_theirs))


def _members(issuer: str, subject: str | None) -> ColumnElement[UUID]:
    members = select(StaffMemberRow.id).where(StaffMemberRow.issuer == issuer)
    return (members if subject is None else members.where(StaffMemberRow.subject == subject)).scalar_subquery()


def _ending(now: datetime) -> Update:
    return update(StaffSession).where(StaffSession.ended_at.is_(None)).values(ended_at=now)
