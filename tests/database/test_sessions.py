"""Sessions, logins on their way, and kept forms, as PostgreSQL keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.accounts import Accounts
from database.connection import build_engine, build_pool
from database.sessions import ATTEMPT_LIVES, FORM_KEPT, SESSION_IDLES, SESSION_LIVES, Attempt, Attempts, AttemptUnusable, Sessions
from database.sweeping import SESSIONS_ARE_KNOWN, Sweeping
from database.tables import KeptForm, LoginAttempt, Session
from domain.eid import EidIdentity, EidScheme
from domain.ids import UserId
from domain.languages import Language
from domain.names import PersonName

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ATTEMPT = Attempt(EidScheme.SE_BANKID, "nonce", "verifier", "/workplace")


def person(subject: str) -> EidIdentity:
    return EidIdentity(EidScheme.NO_BANKID, "https://eid.example", subject, PersonName("Kari", subject), date(1980, 2, 29), "NO")


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """The pool that the program itself would use."""
    engine = build_engine(fresh_database, program="test")
    yield engine
    await engine.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine) -> Sessions:
    """No session yet."""
    return Sessions(engine)


@pytest.fixture
async def kari(engine: AsyncEngine) -> UserId:
    """Somebody with an account."""
    return await Accounts(engine).find_or_create(person("kari"), Language.NB, NOW)


async def test_a_session_lives_as_long_as_somebody_is_there(sessions: Sessions, kari: UserId) -> None:
    """Half an hour from the last page, not from the first."""
    await sessions.begin("new", kari, NOW, instead_of="old")
    at = NOW
    for _ in range(4):
        at += SESSION_IDLES - SECOND
        assert await sessions.find("new", at) is not None

    assert await sessions.find("new", at + SESSION_IDLES) is None


async def test_a_session_ends_after_a_working_day(sessions: Sessions, kari: UserId) -> None:
    """However busy its owner is."""
    await sessions.begin("new", kari, NOW, instead_of="old")
    at = NOW
    while at + SESSION_IDLES / 2 < NOW + SESSION_LIVES:
        at += SESSION_IDLES / 2
        assert await sessions.find("new", at) is not None

    assert await sessions.find("new", NOW + SESSION_LIVES) is None


async def test_looking_at_pages_writes_once_a_minute(sessions: Sessions, kari: UserId, engine: AsyncEngine) -> None:
    """Otherwise every page would write to the database."""
    await sessions.begin("new", kari, NOW, instead_of="old")
    seen = []
    for seconds in (1, 59, 60, 61):
        await sessions.find("new", NOW + seconds * SECOND)
        async with engine.connect() as connection:
            seen.append(await connection.scalar(select(Session.seen_at)))

    assert [NOW, NOW, NOW + 60 * SECOND, NOW + 60 * SECOND] == seen


async def test_logging_in_again_ends_the_browsers_session_before(sessions: Sessions, kari: UserId) -> None:
    """The old cookie, wherever it has got to, opens nothing any more."""
    await sessions.begin("first", kari, NOW, instead_of="none")
    await sessions.begin("second", kari, NOW, instead_of="first")

    assert await sessions.find("first", NOW) is None
    assert await sessions.find("second", NOW) is not None


async def test_logging_out_everywhere_spares_others(sessions: Sessions, kari: UserId, engine: AsyncEngine) -> None:
    """A lost phone is one person's trouble."""
    ola = await Accounts(engine).find_or_create(person("ola"), Language.NB, NOW)
    for name, user in (("kari-1", kari), ("kari-2", kari), ("ola", ola)):
        await sessions.begin(name, user, NOW, instead_of="none")
    await sessions.end_all(kari, NOW)

    assert ["ola"] == [name for name in ("kari-1", "kari-2", "ola") if await sessions.find(name, NOW)]


async def test_what_was_typed_too_late_is_there_after_the_login(sessions: Sessions, kari: UserId) -> None:
    """Shown once, on its own page."""
    await sessions.keep_until_login("old", "/email", {"address": "kari@skranke.example"}, NOW)
    await sessions.begin("new", kari, NOW + FORM_KEPT - SECOND, instead_of="old")
    found = await sessions.find("new", NOW + FORM_KEPT)
    await sessions.forget_kept("new", "/email")
    later = await sessions.find("new", NOW + FORM_KEPT)

    assert found is not None
    assert later is not None
    assert {"/email": {"address": "kari@skranke.example"}} == found.kept
    assert {} == later.kept


async def test_what_was_typed_long_ago_is_gone(sessions: Sessions, kari: UserId, engine: AsyncEngine) -> None:
    """A quarter of an hour is enough to find a phone."""
    await sessions.keep_until_login("old", "/email", {"address": "kari@skranke.example"}, NOW)
    await sessions.begin("new", kari, NOW + FORM_KEPT, instead_of="old")
    found = await sessions.find("new", NOW + FORM_KEPT)
    async with engine.connect() as connection:
        left = await connection.scalar(select(func.count()).select_from(KeptForm))

    assert found is not None
    assert ({}, 0) == (found.kept, left)


async def test_what_somebody_typed_is_not_shown_to_the_next_one(sessions: Sessions, kari: UserId, engine: AsyncEngine) -> None:
    """Two people share a computer; the first one's session had run out before the form was sent."""
    ola = await Accounts(engine).find_or_create(person("ola"), Language.NB, NOW)
    await sessions.begin("karis", kari, NOW, instead_of="none")
    await sessions.keep_until_login("karis", "/email", {"address": "kari@skranke.example"}, NOW)
    await sessions.begin("olas", ola, NOW, instead_of="karis")
    found = await sessions.find("olas", NOW)

    assert found is not None
    assert {} == found.kept


async def test_a_later_form_of_a_page_takes_the_earlier_ones_place(sessions: Sessions, kari: UserId) -> None:
    """Other pages' forms stay."""
    await sessions.begin("new", kari, NOW, instead_of="old")
    await sessions.keep("new", "/email", {"address": "a"})
    await sessions.keep("new", "/workplace", {"q": "fjell"})
    await sessions.keep("new", "/email", {"address": "b"})
    found = await sessions.find("new", NOW)

    assert found is not None
    assert {"/email": {"address": "b"}, "/workplace": {"q": "fjell"}} == found.kept


async def test_a_browser_keeps_one_form_and_forgotten_ones_are_thrown_away(sessions: Sessions, engine: AsyncEngine) -> None:
    """Nobody's typing lies about for longer than it is promised."""
    await sessions.keep_until_login("gone", "/email", {"address": "x"}, NOW - FORM_KEPT - SECOND)
    for typed in ("a", "b"):
        await sessions.keep_until_login("old", "/email", {"address": typed}, NOW)
    async with engine.connect() as connection:
        left = [(row.browser_hash, row.fields) for row in await connection.execute(select(KeptForm))]

    assert [("old", {"address": "b"})] == left


async def test_ending_a_session_forgets_what_was_kept_in_it(sessions: Sessions, kari: UserId, engine: AsyncEngine) -> None:
    """It was kept for somebody who has left."""
    await sessions.begin("new", kari, NOW, instead_of="old")
    await sessions.keep("new", "/email", {"address": "a"})
    await sessions.end("new", NOW)
    async with engine.connect() as connection:
        kept = await connection.scalar(select(Session.kept))

    assert {} == kept


async def test_a_login_is_finished_once(engine: AsyncEngine) -> None:
    """Of ten that come back at once, one is let in."""
    attempts = Attempts(engine)
    await attempts.start("state", "browser", ATTEMPT, NOW)
    came_back = await asyncio.gather(*(attempts.finish("state", "browser", NOW) for _ in range(10)), return_exceptions=True)

    assert [ATTEMPT] == [one for one in came_back if isinstance(one, Attempt)]
    assert {"replayed"} == {one.reason.value for one in came_back if isinstance(one, AttemptUnusable)}


@pytest.mark.parametrize(
    ("state", "browser", "after", "reason", "return_to"),
    [
        ("another", "browser", SECOND, "forged", ""),
        ("state", "another", SECOND, "mismatch", ""),
        ("state", "browser", ATTEMPT_LIVES, "expired", "/workplace"),
    ],
)
async def test_a_login_that_cannot_be_finished_says_why(  # noqa: PLR0917 - a row of the table
    engine: AsyncEngine, state: str, browser: str, after: timedelta, reason: str, return_to: str
) -> None:
    """Whoever is not its owner is not told where it was to lead."""
    attempts = Attempts(engine)
    await attempts.start("state", "browser", ATTEMPT, NOW)
    with pytest.raises(AttemptUnusable) as raised:
        await attempts.finish(state, browser, NOW + after)

    assert (reason, return_to) == (raised.value.reason, raised.value.return_to)


async def test_another_browser_does_not_use_a_login_up(engine: AsyncEngine) -> None:
    """Otherwise whoever has seen an address could keep its owner out."""
    attempts = Attempts(engine)
    await attempts.start("state", "browser", ATTEMPT, NOW)
    with pytest.raises(AttemptUnusable):
        await attempts.finish("state", "another", NOW)

    assert ATTEMPT == await attempts.finish("state", "browser", NOW)


async def test_old_logins_are_thrown_away(engine: AsyncEngine) -> None:
    """For a day they can still be told apart from forged ones; then nobody asks any more."""
    attempts = Attempts(engine)
    await attempts.start("old", "browser", ATTEMPT, NOW - timedelta(days=1, seconds=1))
    await attempts.start("state", "browser", ATTEMPT, NOW)
    async with engine.connect() as connection:
        left = (await connection.execute(select(LoginAttempt.state_hash))).scalars().all()

    assert ["state"] == left


async def test_sessions_that_are_long_over_are_forgotten(
    fresh_database: str, engine: AsyncEngine, sessions: Sessions, kari: UserId
) -> None:
    """When somebody was last here is nothing to keep for ever."""
    await sessions.begin("long over", kari, NOW, instead_of="")
    await sessions.begin("alive", kari, NOW + SESSIONS_ARE_KNOWN, instead_of="")

    async with build_pool(fresh_database, program="test") as pool:
        await Sweeping(pool).sweep(NOW + SESSIONS_ARE_KNOWN + SECOND)

    async with engine.connect() as connection:
        assert ["alive"] == list(await connection.scalars(select(Session.id_hash)))
