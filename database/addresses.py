"""The e-mail addresses that users give: taking one, and seeing how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import aliased

from database.tables import EmailAddress, EmailChallenge, Letter
from domain.email_address import EmailAddress as ParsedAddress
from domain.ids import AddressId, ChallengeId, UserId


@dataclass(frozen=True, slots=True)
class CurrentAddress:
    """The address a user has now, and how far it has come. `letter_sent_at` is the newest code's, None while it is on its way."""

    id: AddressId
    address: str
    confirmed: bool
    undeliverable: bool
    letter_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChallengedAddress:
    """What a letter's challenge was about: whose address, whether it is confirmed, and whether the letter is the newest."""

    user: UserId
    address: str
    issued_at: datetime
    confirmed: bool
    replaced: bool


async def give_address(engine: AsyncEngine, user: UserId, address: ParsedAddress, new_id: AddressId, at: datetime) -> AddressId:
    """Make this the user's address in place of the one they had.

    Giving the present one again keeps it as it is, unless our letters to it came back: then it has to be confirmed anew.
    The id comes from the click and the address: a form that is sent again after another one brings its own row back.
    """
    async with engine.begin() as connection:
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"email_address {user}"))))
        mine = (EmailAddress.user_id == user) & EmailAddress.replaced_at.is_(None)
        present = (await connection.execute(select(EmailAddress).where(mine))).one_or_none()
        if present is not None and (present.id == new_id or (present.address == address.value and present.undeliverable_at is None)):
            return AddressId(present.id)
        await connection.execute(update(EmailAddress).where(mine).values(replaced_at=at))
        given = insert(EmailAddress).values(id=new_id, user_id=user, address=address.value, given_at=at)
        await connection.execute(given.on_conflict_do_update(index_elements=[EmailAddress.id], set_={"replaced_at": None}))
    return new_id


async def address_left(engine: AsyncEngine, user: UserId) -> AddressId | None:
    """Find the confirmed address that the present one has taken the place of; None when there was none, or it is the same again."""
    present = aliased(EmailAddress)
    query = (
        select(EmailAddress.id, EmailAddress.address == present.address)
        .join(present, (present.user_id == EmailAddress.user_id) & present.replaced_at.is_(None))
        .where(EmailAddress.user_id == user, EmailAddress.confirmed_at.is_not(None), EmailAddress.replaced_at.is_not(None))
        .order_by(EmailAddress.replaced_at.desc())
    )
    async with engine.connect() as connection:
        left = (await connection.execute(query.limit(1))).one_or_none()
    return None if left is None or left[1] else AddressId(left.id)


async def current_address(engine: AsyncEngine, user: UserId) -> CurrentAddress | None:
    """Read the address that the user has now, or None when they have given none."""
    sent_at = (
        select(Letter.sent_at)
        .join(EmailChallenge, EmailChallenge.id == Letter.about)
        .where(EmailChallenge.address_id == EmailAddress.id)
        .order_by(EmailChallenge.issued_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(EmailAddress, sent_at.label("sent_at")).where(EmailAddress.user_id == user, EmailAddress.replaced_at.is_(None))
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return CurrentAddress(AddressId(row.id), row.address, row.confirmed_at is not None, row.undeliverable_at is not None, row.sent_at)


async def challenged_address(engine: AsyncEngine, challenge: ChallengeId) -> ChallengedAddress | None:
    """Read what a letter's link is about, or None when there was no such letter."""
    later, later_address = aliased(EmailChallenge), aliased(EmailAddress)
    newer = (
        select(func.count())
        .select_from(later)
        .join(later_address, later_address.id == later.address_id)
        .where(later_address.user_id == EmailAddress.user_id, later.issued_at > EmailChallenge.issued_at)
        .scalar_subquery()
    )
    query = (
        select(EmailAddress, EmailChallenge.issued_at, newer.label("newer"))
        .join(EmailChallenge, EmailChallenge.address_id == EmailAddress.id)
        .where(EmailChallenge.id == challenge)
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    replaced = row.newer > 0 or row.replaced_at is not None
    return ChallengedAddress(UserId(row.user_id), row.address, row.issued_at, row.confirmed_at is not None, replaced)
