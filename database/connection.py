"""The way to PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECTIONS = 10
# Beyond the pool's own, for a rush.
MORE_CONNECTIONS = 10
WAIT_FOR_A_CONNECTION = timedelta(seconds=3)
LONGEST_STATEMENT = timedelta(seconds=10)
LONGEST_WAIT_FOR_A_LOCK = timedelta(seconds=5)


def build_engine(url: str, *, program: str) -> AsyncEngine:
    """Build the pool of connections that a program works with; whoever builds it disposes of it.

    `program` is the name that the database's operators see. Nothing is connected until it is needed, and a connection that has
    died in the pool is noticed before it is used. No statement and no wait for a lock goes on for long.
    """
    options = (
        f"-c statement_timeout={_milliseconds(LONGEST_STATEMENT)} -c lock_timeout={_milliseconds(LONGEST_WAIT_FOR_A_LOCK)} "
        f"-c idle_in_transaction_session_timeout={_milliseconds(LONGEST_STATEMENT)} -c timezone=UTC"
    )
    return create_async_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
        pool_timeout=WAIT_FOR_A_CONNECTION.total_seconds(),
        pool_pre_ping=True,
        # What a failed statement was about is personal and does not belong in a log.
        hide_parameters=True,
        connect_args={"application_name": program, "connect_timeout": 3, "options": options},
    )


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
