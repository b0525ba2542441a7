"""Taking tasks, keeping them and giving them back, with everybody at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.connection import build_engine
from database.desk_claims import DeskClaims, colleagues_in_support
from database.desk_file import TaskFiles
from database.desk_ties import declare_interest, drop_interest, interests_of
from database.staff import StaffSessions
from database.task_tables import Task
from domain.desk.claims import LEASE, HoldNeedsTime, NotInSupport, NotYourTask, TaskDeed, TaskIsTaken
from domain.desk.conversation import SomebodyElseMustDecide
from domain.desk.fairness import BelongsToCompany, Bond
from domain.desk.kinds import TaskKind
from domain.desk.reasons import HoldReason
from domain.organisation_number import OrganisationNumber
from domain.rulings import NoSuchTask
from domain.staff import ProviderLogout, StaffIdentity, StaffRole

from .desk_examples import NOW, NUMBER, colleague, company, task, tasks

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
COMPANY = OrganisationNumber(NUMBER)


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A database of the test's own."""
    engine = build_engine(fresh_database, program="tests")
    yield engine
    await engine.dispose()


async def columns(engine: AsyncEngine, task_id: UUID) -> tuple[object, object]:
    """Read when a task is due, and until when it is held."""
    async with engine.connect() as connection:
        row = (await connection.execute(select(Task.due_at, Task.held_until).where(Task.id == task_id))).one()
    return row.due_at, row.held_until


async def test_the_next_task_is_the_most_pressing_and_nobodys_else(engine: AsyncEngine) -> None:
    """Whoever asks next gets the next; whoever asks for another kind gets none."""
    siri, odd = await colleague(engine), await colleague(engine, "Odd Lie")
    later, first = await tasks(engine, [NOW, NOW - HOUR])
    claims = DeskClaims(engine)

    assert first == await claims.take_next(siri.id, NOW)
    assert await claims.take_next(odd.id, NOW, {TaskKind.APPEAL}) is None
    assert later == await claims.take_next(odd.id, NOW)
    assert await claims.take_next(odd.id, NOW) is None
    assert first == await claims.take_next(odd.id, NOW + LEASE)


async def test_of_eight_takers_nobody_gets_what_another_has(engine: AsyncEngine) -> None:
    """Three hundred tasks, eight people as fast as they can: three hundred hand-outs, no task twice."""
    people = [await colleague(engine, f"Person {number}") for number in range(8)]
    waiting = await tasks(engine, [NOW + timedelta(seconds=number) for number in range(300)])
    claims = DeskClaims(engine)

    async def take_all(staff: UUID) -> list[UUID]:
        taken = []
        while (handed := await claims.take_next(staff, NOW)) is not None:
            taken.append(handed)
        return taken

    handed_out = await asyncio.gather(*(take_all(person.id) for person in people))

    assert 300 == sum(map(len, handed_out))
    assert set(waiting) == {handed for taken in handed_out for handed in taken}


async def test_a_claim_is_exclusive_until_its_lease_runs_out(engine: AsyncEngine) -> None:
    """Renewed while the page is open; afterwards somebody else may have it, and the first is told."""
    siri, odd = await colleague(engine), await colleague(engine, "Odd Lie")
    one, claims = await task(engine), DeskClaims(engine)
    await claims.claim(one, siri, NOW)

    with pytest.raises(TaskIsTaken):
        await claims.claim(one, odd, NOW + LEASE / 2)
    assert await claims.renew(one, siri.id, NOW + LEASE / 2)
    with pytest.raises(TaskIsTaken):
        await claims.claim(one, odd, NOW + LEASE)
    await claims.claim(one, odd, NOW + 2 * LEASE)
    assert not await claims.renew(one, siri.id, NOW + 2 * LEASE)
    with pytest.raises(NotYourTask):
        await claims.release(one, siri, NOW)


async def test_a_task_is_released_or_given_on(engine: AsyncEngine) -> None:
    """By its holder or by a lead, and only to somebody who can open it."""
    siri, odd = await colleague(engine), await colleague(engine, "Odd Lie")
    lead = await colleague(engine, "Liv Strand", StaffRole.SUPPORT, StaffRole.SUPPORT_LEAD)
    seller = await colleague(engine, "Sol Vik", StaffRole.SALES)
    one, claims = await task(engine), DeskClaims(engine)
    await claims.claim(one, siri, NOW)

    await claims.give(one, siri, odd.id, NOW + SECOND)
    with pytest.raises(NotInSupport):
        await claims.give(one, odd, seller.id, NOW + SECOND)
    await claims.release(one, lead, NOW + 2 * SECOND)

    file = await TaskFiles(engine).read(one, siri, NOW)
    deeds = [(event.what, event.by_name) for event in file.events]
    assert [(TaskDeed.CLAIMED, "Siri Dahl"), (TaskDeed.GIVEN, "Odd Lie"), (TaskDeed.RELEASED, "Liv Strand")] == deeds
    assert file.holder is None
    assert ["Liv Strand", "Odd Lie", "Siri Dahl"] == list((await colleagues_in_support(engine)).values())


async def test_a_hold_stops_the_clock_only_while_the_register_is_down(engine: AsyncEngine) -> None:
    """Whatever else it waits for is ours to hurry."""
    siri = await colleague(engine)
    one, claims = await task(engine), DeskClaims(engine)
    due, _ = await columns(engine, one)
    await claims.claim(one, siri, NOW)

    await claims.hold(one, siri, NOW + 48 * HOUR, HoldReason.COMPANY, NOW)
    assert (due, NOW + 48 * HOUR) == await columns(engine, one)
    assert await claims.take_next(siri.id, NOW) is None
    await claims.resume(one, siri, NOW)
    await claims.claim(one, siri, NOW)
    await claims.hold(one, siri, NOW + 2 * HOUR, HoldReason.REGISTER_DOWN, NOW)
    assert (NOW + 50 * HOUR, NOW + 2 * HOUR) == await columns(engine, one)
    await claims.resume(one, siri, NOW + HOUR)

    assert (NOW + 49 * HOUR, None) == await columns(engine, one)
    assert one == await claims.take_next(siri.id, NOW + HOUR)


async def test_a_hold_has_an_end_and_needs_the_task(engine: AsyncEngine) -> None:
    """Nobody lays aside what somebody else is at."""
    siri, odd = await colleague(engine), await colleague(engine, "Odd Lie")
    one, claims = await task(engine), DeskClaims(engine)
    await claims.claim(one, siri, NOW)

    with pytest.raises(HoldNeedsTime):
        await claims.hold(one, siri, NOW, HoldReason.OTHER, NOW)
    with pytest.raises(NotYourTask):
        await claims.hold(one, odd, NOW + HOUR, HoldReason.OTHER, NOW)
    with pytest.raises(NoSuchTask):
        await claims.claim(UUID(int=0), siri, NOW)


async def test_whoever_belongs_to_a_company_does_not_get_its_tasks(engine: AsyncEngine) -> None:
    """Neither handed out, nor claimed, nor given by a colleague."""
    siri, namesake = await colleague(engine), await colleague(engine, "Kari Nordmann")
    await company(engine)
    one, claims = await task(engine), DeskClaims(engine)
    await declare_interest(engine, siri.id, COMPANY, NOW)

    assert await claims.take_next(siri.id, NOW) is None
    with pytest.raises(BelongsToCompany):
        await claims.claim(one, siri, NOW)
    with pytest.raises(BelongsToCompany):
        await claims.claim(one, namesake, NOW)
    assert Bond.SAME_NAME is (await TaskFiles(engine).read(one, namesake, NOW)).bond
    assert [COMPANY] == await interests_of(engine, siri.id)
    await drop_interest(engine, siri.id, COMPANY)
    assert one == await claims.take_next(siri.id, NOW)


async def test_an_appeal_is_not_for_the_first_decider(engine: AsyncEngine) -> None:
    """Whoever said no is not asked again."""
    siri, odd = await colleague(engine), await colleague(engine, "Odd Lie")
    one, claims = await task(engine, kind=TaskKind.APPEAL, not_for=siri.id), DeskClaims(engine)

    assert await claims.take_next(siri.id, NOW) is None
    with pytest.raises(SomebodyElseMustDecide):
        await claims.claim(one, siri, NOW)
    assert one == await claims.take_next(odd.id, NOW)


async def test_who_loses_the_role_loses_the_tasks(engine: AsyncEngine) -> None:
    """They go back to the queue at once, and the file says why."""
    siri, odd = await colleague(engine), await colleague(engine, "Odd Lie")
    one, other = await tasks(engine, [NOW, NOW + HOUR])
    claims, sessions = DeskClaims(engine), StaffSessions(engine)
    await claims.claim(one, siri, NOW)
    await claims.claim(other, odd, NOW)

    sold = StaffIdentity("https://id.example", str(odd.id), odd.name, odd.email, frozenset({StaffRole.SALES}), None, NOW)
    await sessions.begin("hash", sold, NOW, instead_of="none")
    await sessions.end_all("https://id.example", str(siri.id), NOW)

    assert {} == await colleagues_in_support(engine)
    helper = await colleague(engine, "Hege Moe")
    assert {one, other} == {await claims.take_next(helper.id, NOW), await claims.take_next(helper.id, NOW)}
    assert TaskDeed.ROLE_LOST in {event.what for event in (await TaskFiles(engine).read(one, helper, NOW)).events}


@pytest.mark.parametrize("how", ["logs out", "is logged out by the provider", "leaves the browser to a colleague"])
async def test_who_is_logged_in_nowhere_has_no_tasks(engine: AsyncEngine, how: str) -> None:
    """Nobody waits for a lease to run out; but logging out on the phone leaves what is done at the desk."""
    odd, (one,), sessions = await colleague(engine, "Odd Lie"), await tasks(engine, [NOW]), StaffSessions(engine)
    login = StaffIdentity("https://id.example", str(odd.id), odd.name, odd.email, odd.roles, "desk", NOW)
    await sessions.begin("closed without a word", replace(login, provider_session="home"), NOW - HOUR / 2, instead_of="none")
    await sessions.begin("desk", login, NOW, instead_of="none")
    await sessions.begin("phone", replace(login, provider_session="phone"), NOW, instead_of="none")
    await DeskClaims(engine).claim(one, odd, NOW)
    await sessions.end("phone", NOW)
    helper = await colleague(engine, "Hege Moe")
    assert None is await DeskClaims(engine).take_next(helper.id, NOW)

    match how:
        case "logs out":
            await sessions.end("desk", NOW)
        case "is logged out by the provider":
            await sessions.end_at_the_providers_word(ProviderLogout(login.issuer, "jti", NOW, "desk", login.subject), NOW)
        case _:
            await sessions.begin("new", replace(login, subject="hege", provider_session="new"), NOW, instead_of="desk")

    assert one == await DeskClaims(engine).take_next(helper.id, NOW)
    assert TaskDeed.LOGGED_OUT in {event.what for event in (await TaskFiles(engine).read(one, helper, NOW)).events}
