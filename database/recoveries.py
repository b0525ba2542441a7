"""The ledger of memberships that are asked for under another eID."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.claim_tables import MembershipRecovery
from database.four_eyes import refuse_own_company
from database.members import add_member, administrators_of, confirmed_as, is_member, lock_company
from database.stage_log import write_step
from database.tables import EmailAddress, Membership, Session, StageLog
from domain.ids import MembershipId, RecoveryId, StaffId, UserId
from domain.members.changes import Member
from domain.members.four_eyes import NotWithSupport, SupportsWord, decides
from domain.members.invitations import AlreadyMember
from domain.members.recoveries import (
    STAGES,
    NobodyToMoveFrom,
    NotConfirmedYet,
    RecoveryDraft,
    RecoveryHeard,
    RecoveryIsOpen,
    RecoveryIsOver,
    RecoveryStands,
    RecoveryStart,
    RecoveryState,
    RecoveryTimes,
    RecoveryWord,
    refuse_pestering,
)
from domain.members.roles import AdministratorsOnly, Role
from domain.stages import Actor, Process, Stage, Step


async def draft_recovery(engine: AsyncEngine, draft: RecoveryDraft, at: datetime) -> None:
    """Write down what somebody has typed, for the process to take up; a second time changes nothing."""
    row = {"id": draft.id, "profile_id": draft.profile, "user_id": draft.user, "email": draft.email, "asked_at": at}
    async with engine.begin() as connection:
        drafted = insert(MembershipRecovery).values(**row, state=RecoveryState.OPEN)
        await connection.execute(drafted.on_conflict_do_nothing(index_elements=[MembershipRecovery.id]))


@dataclass(frozen=True, slots=True)
class RecoveryLedger:
    """Writes it down, each step in one transaction under the company's lock."""

    engine: AsyncEngine

    async def open(self, start: RecoveryStart, step: UUID, at: datetime) -> RecoveryStands:
        """Take the draft up and find whose membership it is about. Raises the Refusal when it may not be asked."""
        async with self.engine.begin() as connection:
            await lock_company(connection, start.profile)
            found = await _recovery(connection, start.recovery)
            if found.opened_at is None:
                await _refuse_to_ask(connection, start, at)
                old_user = await _member_reading(connection, found)
                taken_up = {"opened_at": at, "old_user_id": old_user}
                await connection.execute(update(MembershipRecovery).where(MembershipRecovery.id == found.id).values(taken_up))
                await write_step(connection, _step(start, step, Stage.RECOVERY_ASKED, Actor.CUSTOMER, start.user), at)
            return await _stands(connection, start)

    async def times(self, recovery: RecoveryId) -> RecoveryTimes:
        """Tell when what happened."""
        async with self.engine.connect() as connection:
            found = await _recovery(connection, recovery)
        return RecoveryTimes(found.asked_at, found.confirmed_at)

    async def hear(self, word: RecoveryWord, at: datetime) -> RecoveryStands:
        """Write down what was said, and move the membership when that is decided; tells where it stands. Raises the Refusal."""
        async with self.engine.begin() as connection:
            await lock_company(connection, word.start.profile, closed_too=True)
            found = await _recovery(connection, word.start.recovery)
            if await connection.scalar(select(StageLog.id).where(StageLog.id == word.step)) is None:
                if found.state != RecoveryState.OPEN:
                    raise RecoveryIsOver
                await _hear(connection, found, word, at)
            return await _stands(connection, word.start)


async def _refuse_to_ask(connection: AsyncConnection, start: RecoveryStart, at: datetime) -> None:
    if await is_member(connection, start.profile, start.user):
        raise AlreadyMember
    mine = (MembershipRecovery.user_id == start.user) & MembershipRecovery.opened_at.is_not(None)
    earlier = (await connection.execute(select(MembershipRecovery).where(mine))).all()
    if any(row.ended_at is None and row.profile_id == start.profile for row in earlier):
        raise RecoveryIsOpen
    refuse_pestering([row.asked_at for row in earlier], at)


async def _member_reading(connection: AsyncConnection, found: Row[MembershipRecovery]) -> UUID | None:
    """Find the member of the company who has confirmed the address that was named."""
    query = (
        select(Membership.user_id)
        .join(EmailAddress, EmailAddress.user_id == Membership.user_id)
        .where(Membership.profile_id == found.profile_id, Membership.ended_at.is_(None), confirmed_as(found.email))
        .where(Membership.user_id != found.user_id)
    )
    return await connection.scalar(query.order_by(Membership.since).limit(1))


async def _hear(connection: AsyncConnection, found: Row[MembershipRecovery], word: RecoveryWord, at: datetime) -> None:
    match word.said.heard:
        case RecoveryHeard.CONFIRMED:
            await _confirm(connection, found, word, at)
        case RecoveryHeard.NO_MAIL | RecoveryHeard.NOBODY_ANSWERED:
            await _hand_to_support(connection, found, word, at)
        case RecoveryHeard.ANSWER:
            await _answer(connection, found, word, at)
        case RecoveryHeard.SUPPORT:
            await _support(connection, found, word, at)
        case RecoveryHeard.TAKEN_BACK:
            await _end(connection, word, RecoveryState.WITHDRAWN, Actor.CUSTOMER, at)
        case RecoveryHeard.NOT_ME:
            await _end(connection, word, RecoveryState.DECLINED, Actor.CUSTOMER, at)
        case RecoveryHeard.NOBODY_CONFIRMED:
            await _end(connection, word, RecoveryState.EXPIRED, Actor.SKRANKE, at)


async def _hand_to_support(connection: AsyncConnection, found: Row[MembershipRecovery], word: RecoveryWord, at: datetime) -> None:
    if found.with_support_since is None:
        await _set(connection, word.start, with_support_since=at)
        why = word.said.heard.value
        await write_step(connection, _step(word.start, word.step, Stage.RECOVERY_WITH_SUPPORT, Actor.SKRANKE, why=why), at)


async def _confirm(connection: AsyncConnection, found: Row[MembershipRecovery], word: RecoveryWord, at: datetime) -> None:
    """The old address has confirmed; where nobody else administers the company, that is for support to judge."""
    if found.confirmed_at is not None:
        return
    alone = not await _others(connection, found)
    await _set(connection, word.start, confirmed_at=at, **({"with_support_since": found.with_support_since or at} if alone else {}))
    stage = Stage.RECOVERY_WITH_SUPPORT if alone else Stage.RECOVERY_CONFIRMED
    await write_step(connection, _step(word.start, word.step, stage, Actor.CUSTOMER), at)


async def _answer(connection: AsyncConnection, found: Row[MembershipRecovery], word: RecoveryWord, at: datetime) -> None:
    by = word.said.by
    if by not in await _others(connection, found):
        raise AdministratorsOnly
    if found.confirmed_at is None:
        raise NotConfirmedYet
    if word.said.yes:
        await _move(connection, found, word, at)
    state = RecoveryState.GRANTED if word.said.yes else RecoveryState.DECLINED
    await _end(connection, word, state, Actor.CUSTOMER, at, answered_by=by)


async def _support(connection: AsyncConnection, found: Row[MembershipRecovery], word: RecoveryWord, at: datetime) -> None:
    """The first word is a proposal; a colleague's that agrees with it decides."""
    said = word.support
    if said is None or found.with_support_since is None:
        raise NotWithSupport
    await refuse_own_company(connection, said.by, found.profile_id, found.user_id)
    if said.grant and found.old_user_id is None:
        raise NobodyToMoveFrom
    proposed = None if found.proposed_by is None else SupportsWord(StaffId(found.proposed_by), bool(found.proposed_grant))
    if not decides(proposed, said):
        await _set(connection, word.start, proposed_by=said.by, proposed_grant=said.grant)
        why = "grant" if said.grant else "reject"
        await write_step(connection, _step(word.start, word.step, Stage.RECOVERY_PROPOSED, Actor.SUPPORT, said.by, why), at)
        return
    if said.grant:
        await _move(connection, found, word, at)
    state = RecoveryState.GRANTED if said.grant else RecoveryState.DECLINED
    await _end(connection, word, state, Actor.SUPPORT, at, decided_by=said.by)


async def _move(connection: AsyncConnection, found: Row[MembershipRecovery], word: RecoveryWord, at: datetime) -> None:
    """Give the membership to whoever asks for it, and log the old eID out everywhere. Raises NobodyToMoveFrom when it is gone."""
    theirs = (Membership.profile_id == found.profile_id) & (Membership.user_id == found.old_user_id) & Membership.ended_at.is_(None)
    old = (await connection.execute(select(Membership).where(theirs))).one_or_none()
    if old is None:
        raise NobodyToMoveFrom
    await connection.execute(update(Membership).where(Membership.id == old.id).values(ended_at=at))
    member = Member(MembershipId(word.membership), word.start.user, Role(old.role))
    if not await add_member(connection, word.start.profile, member, at):
        mine = (Membership.profile_id == found.profile_id) & (Membership.user_id == found.user_id) & Membership.ended_at.is_(None)
        await connection.execute(update(Membership).where(mine).values(role=old.role))
    sessions = (Session.user_id == found.old_user_id) & Session.ended_at.is_(None)
    await connection.execute(update(Session).where(sessions).values(ended_at=at, kept={}))


async def _end(
    connection: AsyncConnection, word: RecoveryWord, state: RecoveryState, actor: Actor, at: datetime, **by: UUID | None
) -> None:
    """Write the end down; the address that was named is forgotten with it."""
    await _set(connection, word.start, state=state, ended_at=at, email="", **by)
    who = word.support.by if word.support else word.said.by
    await write_step(connection, _step(word.start, word.step, STAGES[state], actor, who), at)


async def _set(connection: AsyncConnection, start: RecoveryStart, **values: object) -> None:
    await connection.execute(update(MembershipRecovery).where(MembershipRecovery.id == start.recovery).values(**values))


async def _others(connection: AsyncConnection, found: Row[MembershipRecovery]) -> list[UserId]:
    """List the administrators who can answer: neither the one who asks nor the one whose membership it is."""
    return [user for user in await administrators_of(connection, found.profile_id) if user not in {found.user_id, found.old_user_id}]


async def _stands(connection: AsyncConnection, start: RecoveryStart) -> RecoveryStands:
    found = await _recovery(connection, start.recovery)
    return RecoveryStands(
        RecoveryState(found.state),
        None if found.old_user_id is None else UserId(found.old_user_id),
        found.confirmed_at is not None,
        found.with_support_since is not None,
        await _others(connection, found),
    )


async def _recovery(connection: AsyncConnection, recovery: RecoveryId) -> Row[MembershipRecovery]:
    found = (await connection.execute(select(MembershipRecovery).where(MembershipRecovery.id == recovery))).one_or_none()
    if found is None:
        raise RecoveryIsOver
    return found


def _step(  # noqa: PLR0913, PLR0917 - a step is all of this
    start: RecoveryStart, step: UUID, stage: Stage, actor: Actor, by: UUID | None = None, why: str | None = None
) -> Step:
    return Step(step, start.recovery, start.organisation_number, stage, actor, by, why, Process.RECOVERY)
