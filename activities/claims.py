"""What a claim on a company needs from the world: the register's word, and our own ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from temporalio import activity

from activities.signing_up import CompanyRegister
from domain.clock import Clock
from domain.desk.calendar import WORKING_DAY, after_working
from domain.employment import Person, RolePolicy, judge
from domain.ids import ClaimId, UserId
from domain.members.claims import TO_OBJECT, Announced, ClaimJudgement, ClaimStands, ClaimStart, ClaimWord
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ClaimOpening:
    """Write this claim down; the step is kept under this id."""

    start: ClaimStart
    step: UUID


class ClaimLedger(Protocol):
    """Where claims are written down. Writing anything a second time changes nothing."""

    async def open(self, start: ClaimStart, step: UUID, at: datetime) -> None:
        """Write the claim down. Raises ClaimIsOpen, YouAdministerIt, ClaimNoStands or NoSuchCompanyHere."""

    async def person(self, user: UserId) -> Person:
        """Read the name and birth date that the user's eID vouches for."""

    async def announce(self, start: ClaimStart, judged: ClaimJudgement | None, step: UUID, at: datetime) -> Announced:
        """Keep what the register's word is worth; tells whom to write to. The first judgement stands."""

    async def announced_at(self, claim: ClaimId) -> datetime:
        """Tell when the members were told."""

    async def hear(self, word: ClaimWord, at: datetime) -> ClaimStands:
        """Write down what was said, or, when nothing was said, that time is up; tells where the claim stands. Raises the Refusal."""


@dataclass(frozen=True, slots=True)
class Claiming:
    """The steps of a claim that are written down or asked of the register."""

    register: CompanyRegister
    ledger: ClaimLedger
    policy: RolePolicy
    clock: Clock

    @activity.defn
    async def open_claim(self, opening: ClaimOpening) -> None:
        """Write down that somebody claims the company."""
        await self.ledger.open(opening.start, opening.step, self.clock.now())

    @activity.defn
    async def judge_claimant(self, opening: ClaimOpening) -> Announced:
        """Judge by the register's roles whether the claimant works there, keep that, and say who is to hear of the claim."""
        start = opening.start
        person = await self.ledger.person(start.user)
        try:
            answer = await self.register.roles(OrganisationNumber.parse(start.organisation_number))
            judged = ClaimJudgement(judge(person, answer.holdings, self.policy), answer.sha256)
        except Refusal:
            # The register has nothing to say of a company that is gone; a person has.
            judged = None
        return await self.ledger.announce(start, judged, opening.step, self.clock.now())

    @activity.defn
    async def time_to_object(self, claim: ClaimId) -> timedelta:
        """Tell how long the members may still object; nothing when their time is up."""
        due = after_working(await self.ledger.announced_at(claim), TO_OBJECT * WORKING_DAY)
        return max(due - self.clock.now(), timedelta(0))

    @activity.defn
    async def hear_claim(self, word: ClaimWord) -> ClaimStands:
        """Write down what somebody said, or that nobody objected in time."""
        return await self.ledger.hear(word, self.clock.now())
