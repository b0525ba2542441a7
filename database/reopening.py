"""Opening a signup again that had ended."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from database.tables import Profile, Signup
from domain.ids import SignupId
from domain.signups import CompanyHasProfile, SignupAlreadyOpen


async def open_again(connection: AsyncConnection, signup: SignupId) -> None:
    """Open a signup again. Raises CompanyHasProfile when another has opened one meanwhile, SignupAlreadyOpen for who has begun anew."""
    live = (
        select(Profile.id)
        .join(Signup, Signup.organisation_number == Profile.organisation_number)
        .where(Signup.id == signup, Profile.closed_at.is_(None))
    )
    if await connection.scalar(live) is not None:
        raise CompanyHasProfile
    try:
        await connection.execute(update(Signup).where(Signup.id == signup).values(ended_at=None))
    except IntegrityError:
        # A person has one signup open at a time, and the database knows.
        raise SignupAlreadyOpen from None
