"""Browsers: which are logged in, which are on their way to an eID, and what was typed while nobody was logged in.

A browser goes by the SHA-256 of its cookie's value; the value itself is never here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Update, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.accounts import Account, account_columns, read_account
from database.staff_tables import StaffSession
from database.tables import KeptForm, LoginAttempt, Session, UserAccount
from domain.ids import UserId

# Nobody is logged out in the middle of a phone call, nor left logged in over lunch.
SESSION_IDLES = timedelta(minutes=30)
SESSION_LIVES = timedelta(hours=8)
# How exact `seen_at` is: not every page needs to write.
SEEN_EVERY = timedelta(minutes=1)
# An eID takes a minute or two, and some people have to find their phone first.
ATTEMPT_LIVES = timedelta(minutes=10)
# So long can an attempt still be told apart from one that never was.
ATTEMPT_REMEMBERED = timedelta(days=1)
FORM_KEPT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A browser that is logged in, whose it is, and what was typed before it was, by the page it was typed on."""

    id_hash: str = field(repr=False)
    account: Account
    kept: Mapping[str, Mapping[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins sessions, finds them again, and ends them. A session ends by itself when it is idle or old."""

    engine: AsyncEngine

    async def find(self, id_hash: str, now: datetime) -> LiveSession | None:
        """Find the session of a browser with its account, and remember that it was seen."""
        query = account_columns().add_columns(Session.seen_at, Session.kept).join(Session, Session.user_id == UserAccount.id)
        current = live(Session, now, idles=SESSION_IDLES, lives=SESSION_LIVES)
        async with self.engine.begin() as connection:
            row = (await connection.execute(query.where(Session.id_hash == id_hash, *current))).one_or_none()
            if row is None:
                return None
            if now - row.seen_at >= SEEN_EVERY:
                await connection.execute(update(Session).where(Session.id_hash == id_hash).values(seen_at=now))
        return LiveSession(id_hash, read_account(row), row.kept)

    async def begin(self, id_hash: str, user: UserId, now: datetime, *, instead_of: str) -> None:
        """Log a browser in under a new name, and end whatever session it had under its old one.

        What was typed on a page after the old session had run out goes with it, unless that session was somebody else's.
        """
        async with self.engine.begin() as connection:
            others = select(Session.id_hash).where(Session.id_hash == instead_of, Session.user_id != user)
            kept = await connection.execute(delete(KeptForm).where(KeptForm.browser_hash == instead_of).returning(KeptForm))
            form = None if await connection.scalar(others) else kept.one_or_none()
            typed = {form.path: form.fields} if form is not None and now - form.kept_at < FORM_KEPT else {}
            await connection.execute(_ending(now).where(Session.id_hash == instead_of))
            await connection.execute(insert(Session).values(id_hash=id_hash, user_id=user, started_at=now, seen_at=now, kept=typed))

    async def end(self, id_hash: str, now: datetime) -> None:
        """Log a browser out."""
        async with self.engine.begin() as connection:
            await connection.execute(_ending(now).where(Session.id_hash == id_hash))

    async def end_all(self, user: UserId, now: datetime) -> None:
        """Log somebody out everywhere."""
        async with self.engine.begin() as connection:
            await connection.execute(_ending(now).where(Session.user_id == user))

    async def keep(self, id_hash: str, path: str, fields: Mapping[str, str]) -> None:
        """Keep what somebody logged in has typed until they open the page again; a later form of that page takes its place."""
        typed = func.jsonb_build_object(path, cast(dict(fields), JSONB))
        async with self.engine.begin() as connection:
            await connection.execute(update(Session).where(Session.id_hash == id_hash).values(kept=Session.kept.op("||")(typed)))

    async def forget_kept(self, id_hash: str, path: str) -> None:
        """Forget what was typed on a page, once it has been shown."""
        async with self.engine.begin() as connection:
            await connection.execute(update(Session).where(Session.id_hash == id_hash).values(kept=Session.kept.op("-")(path)))

    async def keep_until_login(self, browser_hash: str, path: str, fields: Mapping[str, str], now: datetime) -> None:
        """Keep the last form of a browser that is not logged in; whatever nobody came back for in time is thrown away."""
        form = {"path": path, "fields": dict(fields), "kept_at": now}
        async with self.engine.begin() as connection:
            await connection.execute(delete(KeptForm).where(KeptForm.kept_at < now - FORM_KEPT))
            await connection.execute(
                insert(KeptForm)
                .values(browser_hash=browser_hash, **form)
                .on_conflict_do_update(index_elements=[KeptForm.browser_hash], set_=form)
            )


class AttemptProblem(StrEnum):
    """Why a login cannot be finished though somebody came back from the eID."""

    FORGED = "forged"
    REPLAYED = "replayed"
    MISMATCH = "mismatch"
    EXPIRED = "expired"


class AttemptUnusable(Exception):
    """This login was never begun here, is finished already, was begun in another browser, or took too long.

    `return_to` is where its owner wanted to go, where that is known.
    """

    def __init__(self, reason: AttemptProblem, return_to: str = "") -> None:
        super().__init__(f"the login cannot be finished: {reason}")
        self.reason = reason
        self.return_to = return_to


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login on its way: at an eID or at the staff's provider, what the answer must fit, and where its owner wants to go then."""

    scheme: str
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    return_to: str = ""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Logins on their way to an eID and back."""

    engine: AsyncEngine

    async def start(self, state_hash: str, browser_hash: str, attempt: Attempt, now: datetime) -> None:
        """Remember a login that sets out from this browser."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(LoginAttempt).where(LoginAttempt.started_at < now - ATTEMPT_REMEMBERED))
            await connection.execute(
                insert(LoginAttempt).values(
                    state_hash=state_hash,
                    browser_hash=browser_hash,
                    scheme=attempt.scheme,
                    nonce=attempt.nonce,
                    code_verifier=attempt.code_verifier,
                    return_to=attempt.return_to,
                    started_at=now,
                    expires_at=now + ATTEMPT_LIVES,
                )
            )

    async def finish(self, state_hash: str, browser_hash: str, now: datetime) -> Attempt:
        """Take up a login that came back: once, in the browser it set out from, in time. Raises AttemptUnusable."""
        mine = (LoginAttempt.state_hash == state_hash, LoginAttempt.browser_hash == browser_hash)
        in_time = (LoginAttempt.used_at.is_(None), LoginAttempt.expires_at > now)
        taking = update(LoginAttempt).where(*mine, *in_time).values(used_at=now).returning(LoginAttempt)
        async with self.engine.begin() as connection:
            row = (await connection.execute(taking)).one_or_none()
            if row is None:
                raise await _why_unusable(connection, state_hash, browser_hash)
        return Attempt(row.scheme, row.nonce, row.code_verifier, row.return_to)


async def _why_unusable(connection: AsyncConnection, state_hash: str, browser_hash: str) -> AttemptUnusable:
    row = (await connection.execute(select(LoginAttempt).where(LoginAttempt.state_hash == state_hash))).one_or_none()
    if row is None:
        return AttemptUnusable(AttemptProblem.FORGED)
    if row.used_at is not None:
        return AttemptUnusable(AttemptProblem.REPLAYED)
    if row.browser_hash != browser_hash:
        # Whoever came back is not who set out, so they are not told where that was going.
        return AttemptUnusable(AttemptProblem.MISMATCH)
    return AttemptUnusable(AttemptProblem.EXPIRED, row.return_to)


def live(table: type[Session | StaffSession], now: datetime, *, idles: timedelta, lives: timedelta) -> tuple[ColumnElement[bool], ...]:
    """What holds of the sessions that go on: neither ended, nor older than `lives`, nor unseen for as long as `idles`."""
    return (table.ended_at.is_(None), table.started_at > now - lives, table.seen_at > now - idles)


def _ending(now: datetime) -> Update:
    return update(Session).where(Session.ended_at.is_(None)).values(ended_at=now, kept={})
