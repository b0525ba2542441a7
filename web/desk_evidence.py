"""What is known of somebody who signs a company up, gathered fresh while a colleague looks at it. Nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from database.desk_file import TaskFile
from database.tasks import TaskView
from domain.company import Company, CompanyHit
from domain.desk.checks import Finding, Gathered, findings, roles_nearby
from domain.desk.likeness import RoleNearby
from domain.employment import ROLE_POLICY, Person
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from gateways.brreg import Brreg, RegisterUnavailable

# Whoever opens a task does not wait longer than this for the register; the checks then say that it does not answer.
PATIENCE = timedelta(seconds=4)
MOST_HITS = 10
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every check came to, and who in the register might be meant. `refusal` is what the register says of a company that is gone."""

    findings: Sequence[Finding]
    roles: Sequence[RoleNearby] = field(repr=False)
    company: Company | None
    refusal: Refusal | None = None


async def evidence_of(register: Brreg, task: TaskView, file: TaskFile) -> Evidence:
    """Ask the register and run every check."""
    number, person = OrganisationNumber(task.organisation_number), Person(task.person, task.birth_date)
    company, roles, hits = await asyncio.gather(
        _in_time(register.look_up(number)),
        _in_time(register.roles(number)),
        _in_time(register.search(task.company_name, MOST_HITS) if task.company_name else _nothing()),
    )
    gathered = Gathered(
        person=person,
        email=file.email or "",
        company=company if isinstance(company, Company) else None,
        holdings=None if roles is None or isinstance(roles, Refusal) else roles.holdings,
        earlier=file.earlier,
        hits=hits if isinstance(hits, list) else [],
    )
    refusal = company if isinstance(company, Refusal) else None
    return Evidence(findings(gathered, number, ROLE_POLICY), roles_nearby(gathered), gathered.company, refusal)


async def _in_time(asked: Awaitable[Told]) -> Told | Refusal | None:
    """Wait for an answer; None when there is none to rely on."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await asked
    except Refusal as refusal:
        return refusal
    except (RegisterUnavailable, TimeoutError):
        return None


async def _nothing() -> list[CompanyHit]:
    return []
