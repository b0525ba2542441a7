"""Many signups, and bad luck in the middle of them: none is lost and none counts twice."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from database.tables import Membership, Profile, StageLog
from domain.ids import SignupId, UserId
from domain.organisation_number import OrganisationNumber
from domain.stages import Stage
from tests.soak.house import RunningHouse, each, once
from workflows.front_desk.desk import Answer, Done, NotRecorded, Received
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id

pytestmark = pytest.mark.soak

AT_ONCE = 20
LONG = timedelta(minutes=3)
BETWEEN_TRIES = timedelta(milliseconds=500)
WAITING = [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON]
OPENED = [Stage.COMPANY_NAMED, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED]


@dataclass(frozen=True)
class Attempt:
    """One person's signup of one company."""

    user: UserId
    company: OrganisationNumber
    id: SignupId = field(default_factory=lambda: SignupId(uuid4()))

    async def begin(self, house: RunningHouse) -> Answer[None]:
        """Send the form."""
        return await _patiently(lambda: SignupDesk(house.client).begin(self.id, self.user, self.company))

    async def withdraw(self, house: RunningHouse) -> Answer[None]:
        """Take it back."""
        click = uuid4()
        return await _patiently(lambda: SignupDesk(house.client).withdraw(self.id, self.user, click))

    async def outcome(self, house: RunningHouse) -> Stage:
        """Wait for its end."""
        ended: Stage = await house.client.get_workflow_handle(company_signup_id(self.id), result_type=Stage).result()
        return ended


async def _patiently(say: Callable[[], Awaitable[Answer[None]]]) -> Answer[None]:
    """Say something, again and again until somebody has it, as a patient person would."""
    while isinstance(answer := await say(), NotRecorded):  # noqa: ASYNC110 - it is others who have to come back
        await asyncio.sleep(BETWEEN_TRIES.total_seconds())
    return answer


async def attempts(house: RunningHouse, count: int, companies: Iterable[OrganisationNumber]) -> list[Attempt]:
    """Give each of so many people a company."""
    return [Attempt(user, company) for user, company in zip(await house.customers(count), companies, strict=False)]


async def stages(house: RunningHouse) -> Mapping[UUID, Sequence[Stage]]:
    """Read the steps of every signup in the order of the log; that the register was slow for a moment does not matter here."""
    found: defaultdict[UUID, list[Stage]] = defaultdict(list)
    async with house.engine.connect() as connection:
        for row in await connection.execute(select(StageLog.process_id, StageLog.to_stage).order_by(StageLog.sequence)):
            if row.to_stage != Stage.REGISTER_SILENT:
                found[row.process_id].append(Stage(row.to_stage))
    return found


async def rows(house: RunningHouse, stage: Stage) -> int:
    """Count the rows of the log that lead to a stage."""
    async with house.engine.connect() as connection:
        return int((await connection.scalars(select(func.count()).where(StageLog.to_stage == stage))).one())


async def test_a_thousand_wait_for_a_person_and_are_withdrawn(house: RunningHouse) -> None:
    """In real life they stand open for days, all at the same time; each is answered, and the log has each step once."""
    waiting = await attempts(house, 1000, cycle(house.companies))

    async def begin_and_wait(attempt: Attempt) -> None:
        await attempt.begin(house)
        await once(lambda: _has_come_to(house, attempt, Stage.NEEDS_A_PERSON), within=LONG, what="a person", every=BETWEEN_TRIES)

    await each(waiting, begin_and_wait, at_once=AT_ONCE)
    assert {attempt.id: WAITING for attempt in waiting} == await stages(house)

    withdrawn = await each(waiting, lambda attempt: attempt.withdraw(house), at_once=AT_ONCE)

    assert {Done, Received} >= {type(answer) for answer in withdrawn}
    assert {Stage.WITHDRAWN: 1000} == Counter(await each(waiting, lambda attempt: attempt.outcome(house), at_once=AT_ONCE))
    assert {attempt.id: [*WAITING, Stage.WITHDRAWN] for attempt in waiting} == await stages(house)


async def _has_come_to(house: RunningHouse, attempt: Attempt, stage: Stage) -> bool:
    async with house.engine.connect() as connection:
        return await connection.scalar(select(StageLog.id).where(StageLog.process_id == attempt.id, StageLog.to_stage == stage)) is not None


async def test_a_worker_that_is_killed_twice_loses_and_doubles_nothing(house: RunningHouse) -> None:
    """Power goes at the worst moment: with rows half written, with letters handed over and not yet noted."""
    opening = await attempts(house, 50, house.companies)
    for attempt in opening:
        house.hire(attempt.company)
    house.post_office.losing_answers = 2
    beginning = asyncio.gather(*(attempt.begin(house) for attempt in opening))

    await _kill(house, Stage.EMPLOYMENT_CONFIRMED, 15)
    await _kill(house, Stage.PROFILE_OPENED, 30)
    await beginning

    ends = await asyncio.wait_for(asyncio.gather(*(attempt.outcome(house) for attempt in opening)), LONG.total_seconds())
    assert {Stage.PROFILE_OPENED: 50} == Counter(ends)
    assert {attempt.id: OPENED for attempt in opening} == await stages(house)

    async def everybody_has_a_letter() -> bool:
        return len(message_ids(house)) >= len(opening)

    await once(everybody_has_a_letter, within=LONG, what="fifty letters")
    assert {f"{attempt.user}@company.example": 1 for attempt in opening} == {to: len(ids) for to, ids in message_ids(house).items()}


async def _kill(house: RunningHouse, stage: Stage, count: int) -> None:
    """Kill the worker when so many signups have come to a stage, and start another."""

    async def so_far() -> bool:
        return await rows(house, stage) >= count

    await once(so_far, within=LONG, what=f"{count} signups to reach {stage}")
    await house.worker.kill()
    await house.start_worker()


def message_ids(house: RunningHouse) -> Mapping[str, set[str]]:
    """Read which letters came to whom; the same Message-ID twice is one letter to every mailbox."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for letter in house.letters.to():
        found[letter.to[0]].update(value for name, value in letter.headers if name == "Message-ID")
    return found


async def test_a_hundred_races_for_a_company_have_one_winner_each(house: RunningHouse) -> None:
    """Two people fill in the form in the same minute: one opens the profile, the other is told that it is there."""
    companies = house.companies[:100]
    for company in companies:
        house.hire(company)

    async def race(company: OrganisationNumber) -> Counter[Stage]:
        racers = await attempts(house, 2, [company, company])
        await asyncio.gather(*(racer.begin(house) for racer in racers))
        return Counter(await asyncio.gather(*(racer.outcome(house) for racer in racers)))

    outcomes = await each(companies, race, at_once=4)

    assert [{Stage.PROFILE_OPENED: 1, Stage.COMPANY_HAS_PROFILE: 1}] * 100 == outcomes
    async with house.engine.connect() as connection:
        profiles = await connection.execute(select(Profile.organisation_number, func.count()).group_by(Profile.organisation_number))
        members = await connection.execute(select(Membership.profile_id, func.count()).group_by(Membership.profile_id))
        assert {(company.value, 1) for company in companies} == {tuple(row) for row in profiles}
        assert [1] * 100 == [count for _, count in members]
