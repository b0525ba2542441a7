"""One journey with somebody killed on the way, and what has to be true afterwards: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import httpx2
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import OperationalError

from database.tables import (
    CodeTry,
    EidLink,
    EmailAddress,
    EmailChallenge,
    EmploymentEvidence,
    Letter,
    Membership,
    Profile,
    SalesRep,
    Signup,
    StageLog,
    TermsAcceptance,
    UserAccount,
)
from database.task_tables import Task
from domain.post import LetterKind
from domain.stages import Stage
from tests.crashes.house import EVERYTHING, POINTS, House, Victim
from tests.crashes.journeys import BREWERY, Journey, onboard
from tests.crashes.person import Person
from tests.crashes.wires import Trap

# Whoever was killed with a letter in hand is missed after a minute.
LONGEST_ROUND = 150
BETWEEN_LOOKS = 0.2
RUNNING = 'ExecutionStatus = "Running"'

Remembered = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Round:
    """One journey, and who is killed at the n-th of which points; `from_workplace` counts only from where the journeys part."""

    journey: Journey
    victims: Sequence[Victim]
    points: re.Pattern[str]
    nth: int
    from_workplace: bool = False

    async def live_through(self, house: House) -> Trap:
        """Live through it, and see that everything is as if nobody had been killed. Raises AssertionError."""
        await house.everybody_is_up()
        await house.fresh_database()
        person = Person(house.portal, house.mailbox, self.journey.persona)
        trap = house.set_trap(0 if self.from_workplace else self.nth, self.victims, self.points)
        wrong: Remembered = {}
        try:
            async with asyncio.timeout(LONGEST_ROUND):
                await onboard(person)
                trap = house.set_trap(self.nth, self.victims, self.points) if self.from_workplace else trap
                await self.journey.go_on(person)
                while wrong := await what_is_wrong(house, self.journey, person):  # noqa: ASYNC110 - what is waited for happens in other programs
                    await asyncio.sleep(BETWEEN_LOOKS)
                # From here on the server only keeps house, and nobody is to be killed under the last look.
                house.set_trap(0, [], EVERYTHING)
                await nothing_is_under_way(house)
            wrong = await what_is_wrong(house, self.journey, person)
            assert not wrong
            assert not house.faults(), house.faults()
        except (AssertionError, LookupError, TimeoutError) as error:
            await start_over(house)
            point = trap.points[-1] if trap.sprung else "nothing"
            told = f"{self.journey.name}, {', '.join(self.victims)} killed at {self.nth} ({point})"
            raise AssertionError(f"{told}: {error!r} {dict(wrong)}") from error
        finally:
            await person.http.aclose()
        return trap


async def nothing_is_under_way(house: House) -> None:
    """Wait until no process is under way, since nobody is waited for any more."""
    await house.everybody_is_up()
    while [process async for process in house.client.list_workflows(RUNNING)]:  # noqa: ASYNC110 - what is waited for happens in other programs
        await asyncio.sleep(BETWEEN_LOOKS)
    await house.everybody_is_up()


async def start_over(house: House) -> None:
    """End what a failed round has left under way, so that the next one finds a quiet house."""
    await house.everybody_is_up()
    house.set_trap(0, [], EVERYTHING)
    house.said.clear()
    async for process in house.client.list_workflows(RUNNING):
        await house.client.get_workflow_handle(process.id).terminate()


def everything(journey: Journey, person: Person) -> Remembered:
    """Tell what there has to be after a journey."""
    opened = int(journey.opens_profile)
    return {
        "accounts": 1,
        "eids": 1,
        "acceptances of the terms": 1,
        "addresses, confirmed and current": [(person.address, True, True)],
        "codes sent": 1,
        "codes tried": ["confirmed"],
        "signups, ended": [(BREWERY, True, bool(opened))],
        "evidence": 1,
        "tasks": [outcome for outcome in ["withdrawn"] if not opened],
        "profiles": [BREWERY] * opened,
        "administrators": opened,
        "sales reps who got a company": opened,
        "profiles with a sales rep": opened,
        "steps": [(number, stage.value) for number, stage in enumerate(journey.stages, start=1)],
        "letters ordered": {kind.value: 1 for kind in journey.letters},
        "letters still to be sent": 0,
        "letters that came": len(journey.letters),
    }


async def what_is_wrong(house: House, journey: Journey, person: Person) -> Remembered:
    """Say what is not as it has to be after a journey, or not yet."""
    try:
        found = await remembered(house, person)
    except OperationalError:
        return {"the database": "does not answer"}
    expected = everything(journey, person)
    return {name: f"{found[name]} and not {expected[name]}" for name in expected if expected[name] != found[name]}


async def remembered(house: House, person: Person) -> Remembered:
    """Read what there is. The same Message-ID twice is one letter; the register's silence is true, and no step of the way.

    A code that was typed before we heard that its letter had been taken needs no letter any more, so nobody asks again.
    """
    async with house.engine.connect() as connection:

        async def rows(query: Select[*tuple[object, ...]]) -> list[tuple[object, ...]]:
            return [tuple(row) for row in await connection.execute(query)]

        async def number(of: type, *where: ColumnElement[bool]) -> int:
            return int((await connection.execute(select(func.count()).select_from(of).where(*where))).scalar_one())

        letters = await rows(select(Letter.key, Letter.kind, Letter.sent_at.is_not(None)))
        addresses = await rows(select(EmailAddress.address, EmailAddress.confirmed_at.is_not(None), EmailAddress.replaced_at.is_(None)))
        found: Remembered = {
            "accounts": await number(UserAccount),
            "eids": await number(EidLink),
            "acceptances of the terms": await number(TermsAcceptance),
            "addresses, confirmed and current": addresses,
            "codes sent": await number(EmailChallenge),
            "codes tried": [outcome for (outcome,) in await rows(select(CodeTry.outcome))],
            "signups, ended": await rows(select(Signup.organisation_number, Signup.ended_at.is_not(None), Signup.profile_id.is_not(None))),
            "evidence": await number(EmploymentEvidence),
            "tasks": [outcome for (outcome,) in await rows(select(Task.outcome))],
            "profiles": [company for (company,) in await rows(select(Profile.organisation_number))],
            "administrators": await number(Membership, Membership.role == "administrator", Membership.ended_at.is_(None)),
            "sales reps who got a company": await number(SalesRep, SalesRep.last_assigned_at.is_not(None)),
            "profiles with a sales rep": await number(Profile, Profile.sales_rep_id.is_not(None)),
            "steps": without_silence(await rows(select(StageLog.sequence, StageLog.to_stage).order_by(StageLog.sequence))),
            "letters ordered": Counter(kind for _, kind, _ in letters),
            "letters still to be sent": sum(kind != LetterKind.CONFIRM_EMAIL and not sent for _, kind, sent in letters),
            "letters that came": len({str(key) for key, *_ in letters} & await message_keys(house, person)),
        }
    return found


def without_silence(steps: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Leave out that the register was silent for a while, which it is to whoever is dead, and number the steps behind it anew."""
    numbers, stages = zip(*steps, strict=True)
    assert list(numbers) == list(range(1, len(stages) + 1)), f"the steps are numbered {numbers}"
    return list(enumerate((stage for stage in stages if stage != Stage.REGISTER_SILENT), start=1))


async def message_keys(house: House, person: Person) -> set[str]:
    """Read the Message-IDs of the letters that came, as far as they are ours. Nobody reads while there is no mailbox."""
    try:
        letters = (await person.http.get(f"{house.mailbox}/api/letters", params={"to": person.address})).json()
    except httpx2.TransportError:
        return set()
    ids = [value for letter in letters for name, value in letter["headers"] if name == "Message-ID"]
    return {message_id.strip("<>").partition("@")[0] for message_id in ids}


@dataclass(slots=True)
class Sweep:
    """Rounds of one kind: whom it kills at the first point, at the second and so on, until one passes untouched."""

    rounds: Iterator[Round]
    killed_at: list[str] = field(default_factory=list)
    is_over: bool = False

    @classmethod
    def of(cls, journey: Journey, victim: Victim, *, from_workplace: bool = False, every: int = 1) -> Sweep:
        """Kill somebody on this journey at each of their points, or at every second, third and so on."""
        return cls(Round(journey, [victim], POINTS[victim], nth, from_workplace) for nth in count(1, every))


async def live_through(houses: Sequence[House], sweeps: Sequence[Sweep]) -> list[str]:
    """Live through all of them, one round at a time in each house; lists what failed."""
    failed: list[str] = []

    async def live_in(house: House) -> None:
        while sweep := next((sweep for sweep in sweeps if not sweep.is_over), None):
            try:
                trap = await next(sweep.rounds).live_through(house)
            except AssertionError as error:
                failed.append(str(error))
            else:
                sweep.killed_at.extend(trap.points[-1:] if trap.sprung else [])
                sweep.is_over |= not trap.sprung

    await asyncio.gather(*(live_in(house) for house in houses))
    return failed


async def each_once(houses: Sequence[House], rounds: Iterable[Round]) -> list[str]:
    """Live through some rounds; lists what failed, and those in which nobody was killed."""
    failed: list[str] = []
    to_come = iter(rounds)

    async def live_in(house: House) -> None:
        for one in to_come:
            try:
                if not (await one.live_through(house)).sprung:
                    failed.append(f"nobody was killed in {one}")
            except AssertionError as error:
                failed.append(str(error))

    await asyncio.gather(*(live_in(house) for house in houses))
    return failed
