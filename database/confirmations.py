"""The ledger of e-mail addresses: challenges sent, codes tried, addresses confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.tables import CodeTry as TryRow
from database.tables import EmailAddress, EmailChallenge
from domain.confirmations import CodeTry, Issue
from domain.email_confirmation import Challenge, Outcome
from domain.ids import AddressId, ChallengeId

WRONG = (Outcome.WRONG, Outcome.TOO_MANY_TRIES)


@dataclass(frozen=True, slots=True)
class ConfirmationLedger:
    """Writes down what happens to an address on its way to being confirmed."""

    engine: AsyncEngine

    async def earlier_letters(self, issue: Issue) -> Sequence[datetime]:
        """Tell when the user was sent challenges, this one apart."""
        query = (
            select(EmailChallenge.issued_at)
            .join(EmailAddress, EmailAddress.id == EmailChallenge.address_id)
            .where(EmailAddress.user_id == issue.user, EmailChallenge.id != issue.challenge)
        )
        async with self.engine.connect() as connection:
            return (await connection.scalars(query)).all()

    async def issue(self, issue: Issue, at: datetime) -> None:
        """Write the challenge down."""
        async with self.engine.begin() as connection:
            await connection.execute(
                insert(EmailChallenge)
                .values(id=issue.challenge, address_id=issue.address, issued_at=at)
                .on_conflict_do_nothing(index_elements=[EmailChallenge.id])
            )

    async def is_confirmed(self, address: AddressId) -> bool:
        """Tell whether the address has been confirmed already."""
        async with self.engine.connect() as connection:
            return await connection.scalar(select(EmailAddress.confirmed_at).where(EmailAddress.id == address)) is not None

    async def challenge(self, challenge: ChallengeId) -> Challenge:
        """Read the challenge with its wrong tries."""
        issued = select(EmailChallenge.issued_at).where(EmailChallenge.id == challenge)
        wrong = select(func.count()).select_from(TryRow).where(TryRow.challenge_id == challenge, TryRow.outcome.in_(WRONG))
        async with self.engine.connect() as connection:
            return Challenge((await connection.scalars(issued)).one(), (await connection.scalars(wrong)).one())

    async def kept_outcome(self, click: str) -> Outcome | None:
        """Read what came of this click, if it was tried before."""
        async with self.engine.connect() as connection:
            kept = await connection.scalar(select(TryRow.outcome).where(TryRow.id == click))
        return None if kept is None else Outcome(kept)

    async def keep_try(self, attempt: CodeTry, outcome: Outcome, at: datetime) -> None:
        """Write the try down and, when it was right, confirm the address with it."""
        row = insert(TryRow).values(id=attempt.click, challenge_id=attempt.challenge, tried_at=at, outcome=outcome)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing(index_elements=[TryRow.id]))
            if outcome is Outcome.CONFIRMED:
                await _confirm(connection, attempt.address, at)

    async def confirm(self, address: AddressId, at: datetime) -> None:
        """Confirm the address."""
        async with self.engine.begin() as connection:
            await _confirm(connection, address, at)


async def _confirm(connection: AsyncConnection, address: AddressId, at: datetime) -> None:
    # Whoever reads what we send there proves that it gets there, too.
    unconfirmed = EmailAddress.confirmed_at.is_(None)
    await connection.execute(
        update(EmailAddress).where(EmailAddress.id == address, unconfirmed).values(confirmed_at=at, undeliverable_at=None)
    )
