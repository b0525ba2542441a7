"""The way to PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECTIONS = 10
# Beyond the pool's own, for a rush.
MORE_CONNECTIONS = 10
WAIT_FOR_A_CONNECTION = timedelta(seconds=3)
LONGEST_STATEMENT = timedelta(seconds=10)
# For the check of a card, which has its own pool.
CHECKING_CONNECTIONS = 10
WAIT_FOR_A_CHECK = timedelta(seconds=1)
LONGEST_CHECK = timedelta(seconds=2)
LONGEST_WAIT_FOR_A_LOCK = timedelta(seconds=5)


def build_engine(url: str, *, program: str) -> AsyncEngine:
    """Build the pool of connections that a program works with; whoever builds it disposes of it.

    `program` is the name that the database's operators see. Nothing is connected until it is needed, and a connection that has
    died in the pool is noticed before it is used. No statement and no wait for a lock goes on for long.
    """
    return create_async_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
        pool_timeout=WAIT_FOR_A_CONNECTION.total_seconds(),
        pool_pre_ping=True,
        # What a failed statement was about is personal and does not belong in a log.
        hide_parameters=True,
        connect_args={"application_name": program, "connect_timeout": 3, "options": _options(LONGEST_STATEMENT)},
    )


def build_pool(url: str, *, program: str) -> AsyncConnectionPool[AsyncConnection[TupleRow]]:
    """Build the pool for the check of a card, without anything between us and the driver; enter it to open it.

    Each connection commits every statement by itself. Whoever gets none in time, or waits too long for a statement, gets an error
    that is answered as an outage: a till's user stands before a customer.
    """
    return AsyncConnectionPool(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
        kwargs={
            "autocommit": True,
            "application_name": program,
            "connect_timeout": 3,
            "options": _options(LONGEST_CHECK),
            "prepare_threshold": 1,
        },
        min_size=CHECKING_CONNECTIONS // 2,
        max_size=CHECKING_CONNECTIONS,
        timeout=WAIT_FOR_A_CHECK.total_seconds(),
        open=False,
    )


def _options(longest_statement: timedelta) -> str:
    return (
        f"-c statement_timeout={_milliseconds(longest_statement)} -c lock_timeout={_milliseconds(LONGEST_WAIT_FOR_A_LOCK)} "
        f"-c idle_in_transaction_session_timeout={_milliseconds(LONGEST_STATEMENT)} -c timezone=UTC"
    )


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
