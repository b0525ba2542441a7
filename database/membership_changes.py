"""Changing who acts for a company: the rule, the rows, the log and the letters in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.members import lock_company, members_of
from database.stage_log import write_step
from database.tables import Letter, Membership, StageLog
from domain.ids import UserId, derived
from domain.members.changes import Changed, ChangeWanted, Leaving, Member, Outcome, decide
from domain.members.roles import Role
from domain.post import LetterKind, LetterOrder
from domain.stages import Actor, Process, Step


@dataclass(frozen=True, slots=True)
class MembershipChanges:
    """Carries out what members decide about members. Two changes at once are taken one after the other, each by what holds then."""

    engine: AsyncEngine

    async def carry_out(self, wanted: ChangeWanted, at: datetime) -> Sequence[LetterOrder]:
        """Change it and write it down; tells which letters are to be set going. The same click again changes nothing more.

        Raises the Refusal that says why it may not be.
        """
        # Somebody may go back and choose something else, with the same click.
        step = derived(str(wanted.click), f"{wanted.profile} {wanted.by} {wanted.change}")
        async with self.engine.begin() as connection:
            number = await lock_company(connection, wanted.profile)
            if await connection.scalar(select(StageLog.id).where(StageLog.id == step)) is not None:
                return await _ordered(connection, step)
            members = await members_of(connection, wanted.profile)
            outcome = decide(members, wanted.by, wanted.change)
            if not outcome.changed:
                return []
            for changed in outcome.changed:
                await _write(connection, changed, at)
            await write_step(connection, _step(step, number, outcome, wanted.by), at)
            orders = [_letter(step, reader) for reader in _readers(members, wanted, outcome)]
            for order in orders:
                row = insert(Letter).values(key=order.key, kind=order.kind, user_id=order.to, about=order.about, ordered_at=at)
                await connection.execute(row)
        return orders


async def _write(connection: AsyncConnection, changed: Changed, at: datetime) -> None:
    becomes = {"ended_at": at} if changed.role is None else {"role": changed.role.value}
    await connection.execute(update(Membership).where(Membership.id == changed.member.id).values(becomes))


def _step(step: UUID, number: str, outcome: Outcome, by: UserId) -> Step:
    role = next((changed.role for changed in outcome.changed if changed.member == outcome.about), None)
    why = role.value if role else None
    return Step(step, outcome.about.id, number, outcome.stage, Actor.CUSTOMER, by, why, Process.MEMBERSHIP)


def _readers(members: Sequence[Member], wanted: ChangeWanted, outcome: Outcome) -> Sequence[UserId]:
    """Both hear of it: the one it is about and the one who did it; of somebody who leaves, those who administer the company."""
    if isinstance(wanted.change, Leaving):
        others = [member.user for member in members if member.role is Role.ADMINISTRATOR and member.user != wanted.by]
        return [wanted.by, *others]
    return list(dict.fromkeys((outcome.about.user, wanted.by)))


def _letter(step: UUID, reader: UserId) -> LetterOrder:
    return LetterOrder(derived(str(step), f"letter {reader}"), LetterKind.MEMBERSHIP_CHANGED, reader, step)


async def _ordered(connection: AsyncConnection, step: UUID) -> Sequence[LetterOrder]:
    readers = await connection.scalars(select(Letter.user_id).where(Letter.about == step))
    return [_letter(step, UserId(reader)) for reader in readers if reader is not None]
