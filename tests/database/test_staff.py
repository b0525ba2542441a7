"""The sessions of those who work here, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from database.connection import build_engine
from database.staff import LOGOUT_REMEMBERED, STAFF_IDLES, LoggedOutMeanwhile, StaffSessions
from database.staff_tables import StaffLogout, StaffMemberRow
from domain.staff import ProviderLogout, StaffIdentity, StaffRole

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "https://work.example"
LIV = StaffIdentity(ISSUER, "liv", "Liv Myhre", "liv@skranke.example", frozenset({StaffRole.SUPPORT}), "sid-1", NOW)
NOBODY = "no browser"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def sessions(fresh_database: str) -> AsyncIterator[StaffSessions]:
    """Nobody is logged in yet."""
    engine = build_engine(fresh_database, program="test")
    yield StaffSessions(engine)
    await engine.dispose()


def logout(jti: str = "jti-1", *, session: str | None = "sid-1", subject: str | None = "liv", at: datetime = NOW) -> ProviderLogout:
    """The provider's word that Liv's session is over."""
    return ProviderLogout(ISSUER, jti, at, session, subject)


async def test_somebody_is_found_by_their_browser_as_they_logged_in(sessions: StaffSessions) -> None:
    """With name, address and roles."""
    begun = await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    found = await sessions.find("a", NOW)

    assert found
    assert begun == found.staff
    assert ("Liv Myhre", "liv@skranke.example", frozenset({StaffRole.SUPPORT})) == (found.staff.name, found.staff.email, found.staff.roles)
    assert None is await sessions.find("b", NOW)


async def test_a_new_role_counts_from_the_next_login(sessions: StaffSessions) -> None:
    """For the same person, in every browser."""
    first = await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    second = await sessions.begin("b", replace(LIV, roles=frozenset({StaffRole.SALES}), name="Liv Moe"), NOW, instead_of=NOBODY)
    found = await sessions.find("a", NOW)

    assert first.id == second.id
    assert found
    assert (frozenset({StaffRole.SALES}), "Liv Moe") == (found.staff.roles, found.staff.name)


async def test_two_first_logins_at_once_are_one_person(sessions: StaffSessions) -> None:
    """Two browsers open the portal in the morning."""
    begun = await asyncio.gather(*(sessions.begin(f"b{number}", LIV, NOW, instead_of=NOBODY) for number in range(5)))

    assert 1 == len({member.id for member in begun})


async def test_the_database_knows_four_roles(sessions: StaffSessions) -> None:
    """Whoever writes to it."""
    with pytest.raises(IntegrityError, match="roles_are_known"):
        await sessions.begin("a", replace(LIV, roles=frozenset({"admin"})), NOW, instead_of=NOBODY)  # type: ignore[arg-type]  # wrong on purpose


async def test_a_session_ends_when_nobody_has_been_there_for_an_hour(sessions: StaffSessions) -> None:
    """A page now and then keeps it."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    assert await sessions.find("a", NOW + STAFF_IDLES - A_MINUTE)
    assert await sessions.find("a", NOW + 2 * STAFF_IDLES - 2 * A_MINUTE)

    assert None is await sessions.find("a", NOW + 3 * STAFF_IDLES - 2 * A_MINUTE)


async def test_a_session_ends_after_eight_hours(sessions: StaffSessions) -> None:
    """However busy."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    for half_hours in range(1, 16):
        assert await sessions.find("a", NOW + timedelta(minutes=30 * half_hours))

    assert None is await sessions.find("a", NOW + timedelta(hours=8))


async def test_a_new_login_ends_what_the_browser_had(sessions: StaffSessions) -> None:
    """Somebody takes over a desk."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    await sessions.begin("b", replace(LIV, subject="amina"), NOW, instead_of="a")

    assert None is await sessions.find("a", NOW)
    assert await sessions.find("b", NOW)


async def test_the_provider_ends_the_session_it_names_and_no_other(sessions: StaffSessions) -> None:
    """Logging out on the phone leaves the desk."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    await sessions.begin("b", replace(LIV, provider_session="sid-2"), NOW, instead_of=NOBODY)
    await sessions.begin("c", replace(LIV, subject="amina"), NOW, instead_of=NOBODY)

    assert await sessions.end_at_the_providers_word(logout(), NOW)
    assert [False, True, True] == [await sessions.find(browser, NOW) is not None for browser in "abc"]


async def test_the_provider_ends_everything_of_somebody(sessions: StaffSessions) -> None:
    """They have left the company."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    await sessions.begin("b", replace(LIV, provider_session=None), NOW, instead_of=NOBODY)
    await sessions.begin("c", replace(LIV, subject="amina"), NOW, instead_of=NOBODY)

    assert await sessions.end_at_the_providers_word(logout(session=None), NOW)
    assert [False, False, True] == [await sessions.find(browser, NOW) is not None for browser in "abc"]


async def test_a_session_may_be_named_without_its_owner(sessions: StaffSessions) -> None:
    """A provider need not say both."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)

    assert await sessions.end_at_the_providers_word(logout(subject=None), NOW)
    assert None is await sessions.find("a", NOW)


async def test_another_provider_ends_nothing(sessions: StaffSessions) -> None:
    """Its people may be called the same."""
    await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    await sessions.end_at_the_providers_word(replace(logout(), issuer="https://other.example"), NOW)

    assert await sessions.find("a", NOW)


async def test_a_word_is_taken_once(sessions: StaffSessions) -> None:
    """Also when it comes five times at the same instant."""
    taken = await asyncio.gather(*(sessions.end_at_the_providers_word(logout(), NOW) for _ in range(5)))

    assert [False, False, False, False, True] == sorted(taken)


async def test_a_login_does_not_slip_past_a_logout(sessions: StaffSessions) -> None:
    """Its answer was on its way when the provider ended the session."""
    await sessions.end_at_the_providers_word(logout(), NOW)
    with pytest.raises(LoggedOutMeanwhile):
        await sessions.begin("a", LIV, NOW, instead_of=NOBODY)

    assert None is await sessions.find("a", NOW)


async def test_whoever_was_logged_out_everywhere_can_log_in_again(sessions: StaffSessions) -> None:
    """What counts is which of the two the provider said later."""
    await sessions.end_at_the_providers_word(logout(session=None), NOW)
    with pytest.raises(LoggedOutMeanwhile):
        await sessions.begin("a", replace(LIV, issued_at=NOW - A_MINUTE, provider_session=None), NOW, instead_of=NOBODY)
    await sessions.begin("b", replace(LIV, issued_at=NOW + A_MINUTE, provider_session="sid-2"), NOW, instead_of=NOBODY)

    assert await sessions.find("b", NOW)


async def test_words_are_forgotten_when_no_login_can_meet_them_any_more(sessions: StaffSessions) -> None:
    """They hold somebody's name at the provider."""
    await sessions.end_at_the_providers_word(logout("old"), NOW)
    await sessions.end_at_the_providers_word(logout("new"), NOW + LOGOUT_REMEMBERED + A_MINUTE)
    async with sessions.engine.connect() as connection:
        left = await connection.scalar(select(func.count()).select_from(StaffLogout))

    assert 1 == left


async def test_nobody_is_written_down_for_a_login_that_did_not_begin(sessions: StaffSessions) -> None:
    """All of it or nothing."""
    await sessions.end_at_the_providers_word(logout(), NOW)
    with pytest.raises(LoggedOutMeanwhile):
        await sessions.begin("a", LIV, NOW, instead_of=NOBODY)
    async with sessions.engine.connect() as connection:
        known = await connection.scalar(select(func.count()).select_from(StaffMemberRow))

    assert 0 == known
