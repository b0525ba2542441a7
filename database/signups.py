"""The ledger of signups: who signs which company up, on what evidence, and which profile it opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.stage_log import write_step
from database.tables import Company as CompanyRow
from database.tables import EmploymentEvidence, Membership, Profile, SalesRep, Signup, UserAccount
from database.tasks import close_task, open_task
from domain.company import Address, Company
from domain.employment import Person, Verdict
from domain.ids import RepId, SignupId, UserId
from domain.names import PersonName
from domain.reps import RepTurn, next_rep
from domain.rulings import Ruling, TaskOutcome
from domain.signups import CompanyHasProfile, Evidence, ProfileOpening, SignupAlreadyOpen, SignupStart
from domain.stages import Stage, Step

NO_ADDRESS = Address(lines=(), postcode="", city="", country="")


@dataclass(frozen=True, slots=True)
class SignupLedger:
    """Writes signups down, each step in one transaction, so that a step is either whole or not there."""

    engine: AsyncEngine

    async def open_signup(self, start: SignupStart, step: Step, at: datetime) -> None:
        """Write the signup down with its first step. Raises SignupAlreadyOpen when the user has another one open."""
        async with self.engine.begin() as connection:
            await connection.execute(
                insert(Signup)
                .values(id=start.signup, user_id=start.user, organisation_number=start.organisation_number, started_at=at)
                .on_conflict_do_nothing()
            )
            if await connection.scalar(select(Signup.id).where(Signup.id == start.signup)) is None:
                raise SignupAlreadyOpen
            await write_step(connection, step, at)

    async def keep_company(self, company: Company, at: datetime) -> None:
        """Keep what the register says of the company, in place of what it said before."""
        address = company.business_address or NO_ADDRESS
        said = {
            "name": company.name,
            "form_code": company.form_code,
            "form": company.form,
            "address_lines": list(address.lines),
            "postcode": address.postcode,
            "city": address.city,
            "country": address.country,
            "fetched_at": at,
        }
        kept = insert(CompanyRow).values(organisation_number=company.number.value, **said)
        async with self.engine.begin() as connection:
            await connection.execute(kept.on_conflict_do_update(index_elements=[CompanyRow.organisation_number], set_=said))

    async def person(self, user: UserId) -> Person:
        """Read the name and birth date that the user's eID vouches for."""
        query = select(UserAccount.given_name, UserAccount.family_name, UserAccount.birth_date).where(UserAccount.id == user)
        async with self.engine.connect() as connection:
            row = (await connection.execute(query)).one()
        return Person(PersonName(row.given_name, row.family_name), row.birth_date)

    async def add(self, step: Step, at: datetime) -> None:
        """Add a step to the log, unless the signup has ended meanwhile."""
        async with self.engine.begin() as connection:
            if await _is_open(connection, step.process_id):
                await write_step(connection, step, at)

    async def keep_evidence(self, evidence: Evidence, confirmed: Step, not_confirmed: Step, task: UUID, at: datetime) -> Verdict:
        """Keep the evidence and its step, and queue for a person what is not confirmed.

        The first evidence kept under an id stands, whatever the register says later.
        """
        async with self.engine.begin() as connection:
            await connection.execute(_evidence_row(evidence).on_conflict_do_nothing(index_elements=[EmploymentEvidence.id]))
            kept = await connection.scalars(select(EmploymentEvidence.verdict).where(EmploymentEvidence.id == evidence.id))
            verdict = Verdict(kept.one())
            if await _is_open(connection, evidence.signup):
                await write_step(connection, confirmed if verdict is Verdict.CONFIRMED else not_confirmed, at)
                if verdict is not Verdict.CONFIRMED:
                    await open_task(connection, task, not_confirmed, at)
        return verdict

    async def rule(self, ruling: Ruling, step: Step, at: datetime) -> None:
        """Write a person's decision down: the task is closed, and when it is a rejection the signup with it."""
        async with self.engine.begin() as connection:
            outcome = TaskOutcome.APPROVED if ruling.rejected is None else TaskOutcome.REJECTED
            await close_task(connection, step.process_id, outcome, at, ruling)
            await write_step(connection, step, at)
            if ruling.rejected is not None:
                await _close(connection, step.process_id, at)

    async def others_of_the_company(self, signup: SignupId) -> Sequence[SignupId]:
        """List the other signups that are open for the same company."""
        number = select(Signup.organisation_number).where(Signup.id == signup).scalar_subquery()
        others = select(Signup.id).where(Signup.organisation_number == number, Signup.id != signup, Signup.ended_at.is_(None))
        async with self.engine.connect() as connection:
            return [SignupId(other) for other in await connection.scalars(others)]

    async def open_profile(self, opening: ProfileOpening, step: Step, at: datetime) -> None:
        """Open the profile with its administrator and sales rep. Raises CompanyHasProfile when another signup was first."""
        start = opening.start
        async with self.engine.begin() as connection:
            await connection.execute(
                insert(Profile)
                .values(id=opening.profile, organisation_number=start.organisation_number, opened_at=at)
                .on_conflict_do_nothing()
            )
            mine = await connection.execute(select(Profile.sales_rep_id).where(Profile.id == opening.profile))
            profile = mine.one_or_none()
            if profile is None:
                raise CompanyHasProfile
            await connection.execute(
                insert(Membership)
                .values(id=opening.membership, profile_id=opening.profile, user_id=start.user, role="administrator", since=at)
                .on_conflict_do_nothing()
            )
            if profile.sales_rep_id is None:
                await _assign_rep(connection, opening.profile, at)
            await write_step(connection, step, at)
            await _close(connection, start.signup, at, profile=opening.profile)

    async def end_signup(self, step: Step, at: datetime) -> None:
        """Add the last step and close the signup, and its task if a person was to look at it."""
        outcome = TaskOutcome.WITHDRAWN if step.stage is Stage.WITHDRAWN else TaskOutcome.PROFILE_EXISTS
        async with self.engine.begin() as connection:
            await close_task(connection, step.process_id, outcome, at)
            await write_step(connection, step, at)
            await _close(connection, step.process_id, at)


async def _is_open(connection: AsyncConnection, signup: UUID) -> bool:
    ended = await connection.scalar(select(Signup.ended_at).where(Signup.id == signup).with_for_update())
    return ended is None


async def _close(connection: AsyncConnection, signup: UUID, at: datetime, profile: UUID | None = None) -> None:
    await connection.execute(update(Signup).where(Signup.id == signup, Signup.ended_at.is_(None)).values(ended_at=at, profile_id=profile))


async def _assign_rep(connection: AsyncConnection, profile: UUID, at: datetime) -> None:
    """Give the profile the rep whose turn it is. Without an active rep it stays without one until sales names one."""
    rows = await connection.execute(select(SalesRep.id, SalesRep.last_assigned_at).where(SalesRep.active).with_for_update())
    rep = next_rep([RepTurn(RepId(row.id), row.last_assigned_at) for row in rows])
    if rep is not None:
        await connection.execute(update(SalesRep).where(SalesRep.id == rep).values(last_assigned_at=at))
        await connection.execute(update(Profile).where(Profile.id == profile).values(sales_rep_id=rep))


def _evidence_row(evidence: Evidence) -> Insert:
    judgement = evidence.judgement
    return insert(EmploymentEvidence).values(
        id=evidence.id,
        signup_id=evidence.signup,
        verdict=judgement.verdict,
        reason=judgement.reason,
        name_match=judgement.name_match,
        role_code=judgement.role_code,
        group_code=judgement.group_code,
        group_changed=judgement.group_changed,
        rule_version=judgement.rule_version,
        answer_sha256=evidence.answer_sha256,
        fetched_at=evidence.fetched_at,
    )
