"""The ledger of claims on companies whose administrators cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.claim_tables import CompanyClaim
from database.four_eyes import refuse_own_company
from database.members import add_member, administrators_of, lock_company, members_of
from database.signups import SignupLedger
from database.stage_log import write_step
from database.tables import Membership, Profile, StageLog
from domain.employment import Person, Verdict
from domain.ids import ClaimId, MembershipId, StaffId, UserId
from domain.members.changes import Member
from domain.members.claims import (
    STAGES,
    Announced,
    ClaimIsOpen,
    ClaimIsOver,
    ClaimJudgement,
    ClaimStands,
    ClaimStart,
    ClaimState,
    ClaimWord,
    Heard,
    MembersOnly,
    ObjectedAlready,
    YouAdministerIt,
    refuse_pestering,
)
from domain.members.four_eyes import NotWithSupport, SupportsWord, decides
from domain.members.roles import Role
from domain.stages import Actor, Process, Stage, Step

TURNED_DOWN = (ClaimState.OBJECTED, ClaimState.REJECTED)


@dataclass(frozen=True, slots=True)
class ClaimLedger:
    """Writes claims down, each step in one transaction under the company's lock."""

    engine: AsyncEngine

    async def open(self, start: ClaimStart, step: UUID, at: datetime) -> None:
        """Write the claim down. Raises ClaimIsOpen, YouAdministerIt, ClaimNoStands or NoSuchCompanyHere."""
        async with self.engine.begin() as connection:
            await lock_company(connection, start.profile)
            if await connection.scalar(select(CompanyClaim.id).where(CompanyClaim.id == start.claim)) is not None:
                return
            await _refuse_to_claim(connection, start, at)
            row = {"id": start.claim, "profile_id": start.profile, "user_id": start.user, "claimed_at": at, "state": ClaimState.OPEN}
            await connection.execute(insert(CompanyClaim).values(row))
            await write_step(connection, _step(start, step, Stage.CLAIM_MADE, Actor.CUSTOMER, start.user), at)

    async def person(self, user: UserId) -> Person:
        """Read the name and birth date that the user's eID vouches for."""
        return await SignupLedger(self.engine).person(user)

    async def announce(self, start: ClaimStart, judged: ClaimJudgement | None, step: UUID, at: datetime) -> Announced:
        """Keep what the register's word is worth; tells whom to write to. The first judgement stands."""
        async with self.engine.begin() as connection:
            await lock_company(connection, start.profile, closed_too=True)
            found = await _claim(connection, start.claim)
            others = [member.user for member in await members_of(connection, start.profile) if member.user != start.user]
            if found.announced_at is not None or found.state != ClaimState.OPEN:
                return Announced(others, vouched=found.verdict == Verdict.CONFIRMED and found.with_support_since is None)
            vouched = judged is not None and judged.judgement.verdict is Verdict.CONFIRMED
            kept = _kept(judged) | {"announced_at": at, "with_support_since": None if vouched else at}
            await connection.execute(update(CompanyClaim).where(CompanyClaim.id == start.claim).values(kept))
            stage = Stage.CLAIM_ANNOUNCED if vouched else Stage.CLAIM_WITH_SUPPORT
            await write_step(connection, _step(start, step, stage, Actor.REGISTER, why=str(kept["reason"])), at)
        return Announced(others, vouched=vouched)

    async def announced_at(self, claim: ClaimId) -> datetime:
        """Tell when the members were told."""
        async with self.engine.connect() as connection:
            found = await _claim(connection, claim)
        told: datetime = found.announced_at or found.claimed_at
        return told

    async def hear(self, word: ClaimWord, at: datetime) -> ClaimStands:
        """Write down what was said, or, when nothing was said, that time is up; tells where the claim stands. Raises the Refusal."""
        async with self.engine.begin() as connection:
            await lock_company(connection, word.start.profile, closed_too=True)
            found = await _claim(connection, word.start.claim)
            if await connection.scalar(select(StageLog.id).where(StageLog.id == word.step)) is None:
                if found.state != ClaimState.OPEN:
                    raise ClaimIsOver
                await _HEARING[word.heard](connection, found, word, at)
            return await _stands(connection, word.start)


async def _refuse_to_claim(connection: AsyncConnection, start: ClaimStart, at: datetime) -> None:
    if start.user in await administrators_of(connection, start.profile):
        raise YouAdministerIt
    mine = (CompanyClaim.profile_id == start.profile) & (CompanyClaim.user_id == start.user)
    earlier = (await connection.execute(select(CompanyClaim).where(mine))).all()
    if any(row.ended_at is None for row in earlier):
        raise ClaimIsOpen
    refuse_pestering([row.ended_at for row in earlier if row.state in TURNED_DOWN], at)


async def _objection(connection: AsyncConnection, found: Row[CompanyClaim], word: ClaimWord, at: datetime) -> None:
    """An administrator's ends it; a member's brings it to support."""
    role = next((member.role for member in await members_of(connection, found.profile_id) if member.user == word.by), None)
    if role is None or word.by == found.user_id:
        raise MembersOnly
    if role is Role.ADMINISTRATOR:
        await _end(connection, word, ClaimState.OBJECTED, Actor.CUSTOMER, at, objected_by=word.by)
        return
    if found.objected_by is not None:
        raise ObjectedAlready
    to_support = {"objected_by": word.by, "with_support_since": found.with_support_since or at}
    await connection.execute(update(CompanyClaim).where(CompanyClaim.id == found.id).values(to_support))
    await write_step(connection, _step(word.start, word.step, Stage.CLAIM_WITH_SUPPORT, Actor.CUSTOMER, word.by, "objection"), at)


async def _taken_back(connection: AsyncConnection, _found: Row[CompanyClaim], word: ClaimWord, at: datetime) -> None:
    await _end(connection, word, ClaimState.WITHDRAWN, Actor.CUSTOMER, at)


async def _nobody_objected(connection: AsyncConnection, found: Row[CompanyClaim], word: ClaimWord, at: datetime) -> None:
    """Somebody may have objected in the very moment; then support has it, and nothing is granted."""
    if found.with_support_since is None:
        await _grant(connection, found, word, Actor.SKRANKE, at)


async def _support(connection: AsyncConnection, found: Row[CompanyClaim], word: ClaimWord, at: datetime) -> None:
    """The first word is a proposal; a colleague's that agrees with it decides."""
    said = word.support
    if said is None or found.with_support_since is None:
        raise NotWithSupport
    await refuse_own_company(connection, said.by, found.profile_id, found.user_id)
    proposed = None if found.proposed_by is None else SupportsWord(StaffId(found.proposed_by), bool(found.proposed_grant))
    if not decides(proposed, said):
        proposal = {"proposed_by": said.by, "proposed_grant": said.grant}
        await connection.execute(update(CompanyClaim).where(CompanyClaim.id == found.id).values(proposal))
        why = "grant" if said.grant else "reject"
        await write_step(connection, _step(word.start, word.step, Stage.CLAIM_PROPOSED, Actor.SUPPORT, said.by, why), at)
    elif said.grant:
        await _grant(connection, found, word, Actor.SUPPORT, at)
    else:
        await _end(connection, word, ClaimState.REJECTED, Actor.SUPPORT, at, decided_by=said.by)


_HEARING = {Heard.OBJECTION: _objection, Heard.TAKEN_BACK: _taken_back, Heard.NOBODY_OBJECTED: _nobody_objected, Heard.SUPPORT: _support}


async def _grant(connection: AsyncConnection, found: Row[CompanyClaim], word: ClaimWord, actor: Actor, at: datetime) -> None:
    """Make the claimant administrator, unless the company has got another one by a claim meanwhile, or has no profile any more."""
    decided_by = word.support.by if word.support else None
    other = (CompanyClaim.profile_id == found.profile_id) & (CompanyClaim.state == ClaimState.GRANTED)
    overtaken = exists().where(other, CompanyClaim.ended_at >= found.claimed_at)
    closed = exists().where(Profile.id == found.profile_id, Profile.closed_at.is_not(None))
    if await connection.scalar(select(overtaken | closed)):
        await _end(connection, word, ClaimState.OVERTAKEN, actor, at, decided_by=decided_by)
        return
    member = Member(MembershipId(word.membership), word.start.user, Role.ADMINISTRATOR)
    if not await add_member(connection, word.start.profile, member, at):
        mine = (Membership.profile_id == found.profile_id) & (Membership.user_id == found.user_id) & Membership.ended_at.is_(None)
        await connection.execute(update(Membership).where(mine).values(role=Role.ADMINISTRATOR))
    await _end(connection, word, ClaimState.GRANTED, actor, at, decided_by=decided_by)


async def _end(connection: AsyncConnection, word: ClaimWord, state: ClaimState, actor: Actor, at: datetime, **by: UUID | None) -> None:
    ended = {"state": state, "ended_at": at, **by}
    await connection.execute(update(CompanyClaim).where(CompanyClaim.id == word.start.claim).values(ended))
    who = word.support.by if word.support else word.by
    await write_step(connection, _step(word.start, word.step, STAGES[state], actor, who), at)


async def _stands(connection: AsyncConnection, start: ClaimStart) -> ClaimStands:
    found = await _claim(connection, start.claim)
    others = [member.user for member in await members_of(connection, start.profile) if member.user != start.user]
    return ClaimStands(ClaimState(found.state), found.with_support_since is not None, others)


async def _claim(connection: AsyncConnection, claim: ClaimId) -> Row[CompanyClaim]:
    found = (await connection.execute(select(CompanyClaim).where(CompanyClaim.id == claim))).one_or_none()
    if found is None:
        raise ClaimIsOver
    return found


def _kept(judged: ClaimJudgement | None) -> dict[str, object]:
    if judged is None:
        return {"verdict": Verdict.NEEDS_A_PERSON, "reason": "company-gone"}
    said = judged.judgement
    kept: dict[str, object] = {"verdict": said.verdict, "reason": said.reason, "role_code": said.role_code}
    return kept | {"rule_version": said.rule_version, "answer_sha256": judged.answer_sha256}


def _step(  # noqa: PLR0913, PLR0917 - a step is all of this
    start: ClaimStart, step: UUID, stage: Stage, actor: Actor, by: UUID | None = None, why: str | None = None
) -> Step:
    return Step(step, start.claim, start.organisation_number, stage, actor, by, why, Process.CLAIM)
