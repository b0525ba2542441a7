"""What a company's signup needs from the world: the register's word, and our own ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from temporalio import activity

from domain.clock import Clock
from domain.company import Company, NumberOfAShop
from domain.employment import Person, RoleHolding, RolePolicy, Verdict, judge
from domain.handovers import TAKEN_OVER
from domain.ids import ProfileId, SignupId, UserId
from domain.organisation_number import OrganisationNumber
from domain.rulings import Ruling
from domain.signups import CHANGED_COMPANY, Evidence, ProfileOpening, SignupStart
from domain.stages import Actor, Stage, Step


@dataclass(frozen=True, slots=True)
class EmploymentCheck:
    """Ask whether the one signing up works there, and keep the evidence and the step under these ids."""

    start: SignupStart
    evidence: UUID
    step: UUID
    task: UUID


@dataclass(frozen=True, slots=True)
class RulingGiven:
    """A person has decided about this signup; the step is kept under this id."""

    start: SignupStart
    ruling: Ruling
    step: UUID


class RegisterAnswer(Protocol):
    """What the register said of a company's roles, and what shows later that it said so."""

    @property
    def holdings(self) -> tuple[RoleHolding, ...]:
        """Every role, with who holds it."""

    @property
    def sha256(self) -> str:
        """The fingerprint of the answer as it came."""


class CompanyRegister(Protocol):
    """Where companies and their roles are looked up."""

    async def company(self, number: OrganisationNumber) -> Company:
        """Look a company up. Raises the Refusal for one that is bankrupt, dissolved, deleted or gone."""

    async def roles(self, number: OrganisationNumber) -> RegisterAnswer:
        """Fetch the roles that stand on the company's certificate of registration."""


class SignupLedger(Protocol):
    """Where signups, companies and profiles are written down. Writing anything a second time changes nothing."""

    async def open_signup(self, start: SignupStart, step: Step, at: datetime) -> None:
        """Write the signup down. Raises SignupAlreadyOpen when the user has another one open."""

    async def keep_company(self, company: Company, at: datetime) -> None:
        """Keep what the register says of the company."""

    async def person(self, user: UserId) -> Person:
        """Read the name and birth date that the user's eID vouches for."""

    async def add(self, step: Step, at: datetime) -> None:
        """Add a step to the log."""

    async def keep_evidence(self, evidence: Evidence, confirmed: Step, not_confirmed: Step, task: UUID, at: datetime) -> Verdict:
        """Keep the evidence and its step, and queue what is not confirmed; returns the verdict that stands, the first one kept."""

    async def rule(self, ruling: Ruling, step: Step, at: datetime) -> None:
        """Write a person's decision down, and close what it ends."""

    async def others_of_the_company(self, signup: SignupId) -> Sequence[SignupId]:
        """List the other signups that are open for the same company."""

    async def open_profile(self, opening: ProfileOpening, step: Step, at: datetime) -> None:
        """Open the profile, make the user its administrator and give it a sales rep. Raises CompanyHasProfile."""

    async def end_signup(self, step: Step, at: datetime) -> None:
        """Add the last step and close the signup."""


class OtherSignups(Protocol):
    """How one signup speaks with another, which is the judge of itself."""

    async def make_way(self, signup: SignupId, user: UserId, why: str) -> None:
        """Withdraw this user's signup, for which another one is begun. Raises SignupIsDecided when it is too late for that."""

    async def tell_profile_exists(self, signup: SignupId, profile: ProfileId) -> None:
        """Tell a signup that another one has opened the company's profile; one that has ended need not know."""


@dataclass(frozen=True, slots=True)
class AmongSignups:
    """The steps of a signup that concern other signups."""

    ledger: SignupLedger
    others: OtherSignups

    @activity.defn
    async def take_the_place(self, start: SignupStart) -> None:
        """Withdraw the signup that this one comes instead of. Raises SignupIsDecided when it is too late for that."""
        if start.instead_of is not None:
            why = CHANGED_COMPANY if start.handed_by is None else TAKEN_OVER
            await self.others.make_way(start.instead_of, start.handed_by or start.user, why)

    @activity.defn
    async def tell_the_others(self, opening: ProfileOpening) -> None:
        """Tell everybody else who is signing the same company up that its profile is open now."""
        for other in await self.ledger.others_of_the_company(opening.start.signup):
            await self.others.tell_profile_exists(other, opening.profile)


@dataclass(frozen=True, slots=True)
class SigningUp:
    """The steps of a signup that are written down or asked of the register."""

    register: CompanyRegister
    ledger: SignupLedger
    policy: RolePolicy
    clock: Clock

    @activity.defn
    async def open_signup(self, start: SignupStart) -> None:
        """Write down that this person has named this company."""
        step = _step(start, start.signup, Stage.COMPANY_NAMED, Actor.CUSTOMER, actor_id=start.user)
        await self.ledger.open_signup(start, step, self.clock.now())

    @activity.defn
    async def look_company_up(self, start: SignupStart) -> None:
        """Make sure the company may sign up, and keep what the register says of it."""
        number = OrganisationNumber.parse(start.organisation_number)
        company = await self.register.company(number)
        if company.number != number:
            raise NumberOfAShop
        await self.ledger.keep_company(company, self.clock.now())

    @activity.defn
    async def check_employment(self, check: EmploymentCheck) -> Verdict:
        """Judge by the register's roles whether this person works there, and keep the evidence."""
        start = check.start
        person = await self.ledger.person(start.user)
        answer = await self.register.roles(OrganisationNumber.parse(start.organisation_number))
        judgement = judge(person, answer.holdings, self.policy)
        now = self.clock.now()
        return await self.ledger.keep_evidence(
            Evidence(check.evidence, start.signup, judgement, answer.sha256, now),
            _step(start, check.step, Stage.EMPLOYMENT_CONFIRMED, Actor.REGISTER),
            _step(start, check.step, Stage.NEEDS_A_PERSON, Actor.REGISTER, why=judgement.reason.value),
            check.task,
            now,
        )

    @activity.defn
    async def note(self, step: Step) -> None:
        """Add a step to the log."""
        await self.ledger.add(step, self.clock.now())

    @activity.defn
    async def write_ruling(self, given: RulingGiven) -> None:
        """Write down what a person has decided."""
        ruling = given.ruling
        if ruling.rejected is None:
            step = _step(given.start, given.step, Stage.EMPLOYMENT_CONFIRMED, Actor.SUPPORT, actor_id=ruling.by)
        else:
            step = _step(given.start, given.step, Stage.REJECTED, Actor.SUPPORT, actor_id=ruling.by, why=ruling.rejected.value)
        await self.ledger.rule(ruling, step, self.clock.now())

    @activity.defn
    async def open_profile(self, opening: ProfileOpening) -> None:
        """Open the company's profile, unless somebody else has opened it already."""
        step = _step(opening.start, opening.step, Stage.PROFILE_OPENED, Actor.SKRANKE)
        await self.ledger.open_profile(opening, step, self.clock.now())

    @activity.defn
    async def end_signup(self, step: Step) -> None:
        """Write down how the signup ended."""
        await self.ledger.end_signup(step, self.clock.now())


def _step(  # noqa: PLR0913 - a step is all of this
    start: SignupStart, step: UUID, stage: Stage, actor: Actor, *, actor_id: UUID | None = None, why: str | None = None
) -> Step:
    return Step(step, start.signup, start.organisation_number, stage, actor, actor_id, why)
