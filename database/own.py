"""What people decide about themselves, read and written: letters, sessions, and leaving us."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.member_tables import Invitation, JoinRequest
from database.membership_changes import MembershipChanges
from database.own_data import HELD, Fate, to_their_address
from database.own_tables import ForgottenAccount, UnwantedLetter
from database.sessions import SESSION_IDLES, SESSION_LIVES, live
from database.tables import Company, EidLink, Letter, Membership, Profile, Session, Signup, UserAccount
from domain.ids import ProfileId, SignupId, UserId, derived
from domain.members.changes import ChangeWanted, Leaving
from domain.members.roles import Role
from domain.own import REFUSABLE, FarewellLetter, LastAdministratorOf, UnderWay
from domain.post import LetterKind, LetterOrder

# A column that cannot be empty, of somebody of whom nothing is known any longer.
NO_BIRTHDAY = date(1, 1, 1)
# Enough of a session's name to tell it from the owner's others.
HANDLE = 16


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which somebody is logged in. The handle tells it from their others, and opens nothing."""

    handle: str
    started_at: datetime
    seen_at: datetime
    this: bool


async def own_sessions(engine: AsyncEngine, user: UserId, this: str, now: datetime) -> Sequence[OwnSession]:
    """List the browsers in which somebody is logged in, this one first."""
    going_on = live(Session, now, idles=SESSION_IDLES, lives=SESSION_LIVES)
    query = select(Session).where(Session.user_id == user, *going_on).order_by((Session.id_hash == this).desc(), Session.seen_at.desc())
    async with engine.connect() as connection:
        rows = await connection.execute(query)
        return [OwnSession(row.id_hash[:HANDLE], row.started_at, row.seen_at, row.id_hash == this) for row in rows]


async def end_other_sessions(engine: AsyncEngine, user: UserId, this: str, handle: str | None, now: datetime) -> None:
    """Log somebody out in the browser with this handle, or in every one but this."""
    others = (Session.user_id == user) & (Session.id_hash != this) & Session.ended_at.is_(None)
    if handle is not None:
        others &= func.left(Session.id_hash, HANDLE) == handle
    async with engine.begin() as connection:
        await connection.execute(update(Session).where(others).values(ended_at=now, kept={}))


async def unwanted_letters(engine: AsyncEngine, user: UserId) -> frozenset[LetterKind]:
    """Tell which kinds of letters somebody does not want."""
    async with engine.connect() as connection:
        return frozenset(map(LetterKind, await connection.scalars(select(UnwantedLetter.kind).where(UnwantedLetter.user_id == user))))


async def choose_letters(engine: AsyncEngine, user: UserId, wanted: Collection[LetterKind], at: datetime) -> None:
    """Keep which of the letters that can be refused somebody wants."""
    unwanted = [{"user_id": user, "kind": kind, "since": at} for kind in REFUSABLE if kind not in wanted]
    async with engine.begin() as connection:
        await connection.execute(delete(UnwantedLetter).where(UnwantedLetter.user_id == user, UnwantedLetter.kind.in_(wanted)))
        if unwanted:
            await connection.execute(insert(UnwantedLetter).on_conflict_do_nothing(), unwanted)


async def withhold_unwanted(connection: AsyncConnection, order: LetterOrder) -> bool:
    """Mark a letter whose reader does not want its kind, and tell whether it is one."""
    if order.kind not in REFUSABLE:
        return False
    wanted_not = select(UnwantedLetter.kind).where(UnwantedLetter.user_id == order.to, UnwantedLetter.kind == order.kind)
    if await connection.scalar(wanted_not) is None:
        return False
    await connection.execute(update(Letter).where(Letter.key == order.key).values(unwanted_at=Letter.ordered_at))
    return True


async def administered_alone(engine: AsyncEngine, user: UserId) -> Sequence[str]:
    """List the companies that have no administrator but this user, by name."""
    administrators = (Membership.role == Role.ADMINISTRATOR) & Membership.ended_at.is_(None)
    alone = select(Membership.profile_id).where(administrators).group_by(Membership.profile_id)
    alone = alone.having(func.bool_and(Membership.user_id == user))
    query = select(Company.name).join(Profile).where(Profile.id.in_(alone), Profile.closed_at.is_(None)).order_by(Company.name)
    async with engine.connect() as connection:
        return (await connection.scalars(query)).all()


@dataclass(frozen=True, slots=True)
class FarewellLedger:
    """Lets somebody go, step by step; every step may be done again and changes nothing more then."""

    engine: AsyncEngine

    async def refuse_last_administrator(self, user: UserId) -> None:
        """Raise LastAdministratorOf for whoever nobody could take the place of."""
        if await administered_alone(self.engine, user):
            raise LastAdministratorOf

    async def under_way(self, user: UserId) -> UnderWay:
        """List what somebody has begun that is not decided yet."""
        signups = select(Signup.id).where(Signup.user_id == user, Signup.ended_at.is_(None))
        requests = select(JoinRequest.profile_id).where(JoinRequest.user_id == user, JoinRequest.answered_at.is_(None))
        async with self.engine.connect() as connection:
            return UnderWay(
                [SignupId(found) for found in await connection.scalars(signups)],
                [ProfileId(found) for found in await connection.scalars(requests)],
            )

    async def leave_companies(self, user: UserId, at: datetime) -> Sequence[LetterOrder]:
        """End every membership, each with its step and letters. Raises LastAdministrator when a colleague was quicker to leave."""
        open_ones = select(Membership).join(Profile).where(Membership.user_id == user, Membership.ended_at.is_(None))
        async with self.engine.connect() as connection:
            rows = (await connection.execute(open_ones.where(Profile.closed_at.is_(None)))).all()
        orders: list[LetterOrder] = []
        for row in rows:
            leaving = ChangeWanted(ProfileId(row.profile_id), user, Leaving(), derived(str(row.id), "farewell"))
            orders += await MembershipChanges(self.engine).carry_out(leaving, at)
        return [order for order in orders if order.to != user]

    async def lock_out(self, user: UserId, at: datetime) -> None:
        """End every session and let no eID open the account any more; whoever comes back is somebody new."""
        async with self.engine.begin() as connection:
            gone = insert(ForgottenAccount).values(user_id=user, left_at=at).on_conflict_do_nothing()
            await connection.execute(gone)
            await connection.execute(
                update(Session).where(Session.user_id == user, Session.ended_at.is_(None)).values(ended_at=at, kept={})
            )
            await connection.execute(delete(EidLink).where(EidLink.user_id == user))

    async def order_letter(self, letter: FarewellLetter, at: datetime) -> LetterOrder:
        """Write the last letter's order down."""
        order = LetterOrder(letter.key, LetterKind.ACCOUNT_DELETED, letter.user, letter.user)
        row = insert(Letter).values(key=order.key, kind=order.kind, user_id=order.to, about=order.about, ordered_at=at)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing(index_elements=[Letter.key]))
        return order

    async def forget(self, user: UserId, at: datetime) -> None:
        """Delete what is personal. What stays holds ids only, and the account has no name any longer."""
        async with self.engine.begin() as connection:
            # While it is still known which addresses were theirs.
            answered = to_their_address(user) & Invitation.answered_at.is_not(None)
            await connection.execute(update(Invitation).where(answered).values(email=""))
            for held in HELD:
                if held.fate is Fate.DELETED:
                    await connection.execute(delete(held.table).where(held.whose(user)))
            membership = (Membership.user_id == user) & Membership.ended_at.is_(None)
            await connection.execute(update(Membership).where(membership).values(ended_at=at))
            nobody = {"given_name": "", "family_name": "", "birth_date": NO_BIRTHDAY}
            await connection.execute(update(UserAccount).where(UserAccount.id == user).values(nobody))
            done = update(ForgottenAccount).where(ForgottenAccount.user_id == user, ForgottenAccount.done_at.is_(None))
            await connection.execute(done.values(done_at=at))
