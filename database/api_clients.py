"""The programs that may call us, the tokens they have, and the assertions that have been used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A program of a company: a till, a chain's server, an integrator. It proves itself by a secret, by keys, or by either.

    A client of the `sandbox` meets nobody but test persons. One that is not `active` gets no token, and those it has count no more.
    """

    client_id: str
    company: str
    sandbox: bool
    active: bool = True
    secret_hash: bytes | None = field(default=None, repr=False)
    jwks: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """Whose access token it is."""

    client_id: str
    company: str
    sandbox: bool
    scopes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ApiClients:
    """Who may call, in PostgreSQL."""

    pool: AsyncConnectionPool[AsyncConnection[TupleRow]]

    async def find(self, client_id: str) -> ApiClient | None:
        """The client of this name, also one that is not active any more."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(ApiClient)) as cursor:
            await cursor.execute(FIND, {"client_id": client_id})
            return await cursor.fetchone()

    async def keep(self, client: ApiClient) -> None:
        """Register a client, or replace what is known of it."""
        async with self.pool.connection() as connection:
            await connection.execute(KEEP, _row(client))

    async def deactivate(self, client_id: str) -> None:
        """Let a client get no more tokens, and its tokens count no more, from this moment on."""
        async with self.pool.connection() as connection:
            await connection.execute("update api_client set active = false where client_id = %(client_id)s", {"client_id": client_id})

    async def remember_token(self, token_hash: bytes, client_id: str, scopes: Sequence[str], expires_at: datetime) -> None:
        """Let a token count until then. What is kept is its SHA-256."""
        told = {"token_hash": token_hash, "client_id": client_id, "scopes": list(scopes), "expires_at": expires_at}
        async with self.pool.connection() as connection:
            await connection.execute(REMEMBER, told)

    async def caller(self, token_hash: bytes, now: datetime) -> KnownCaller | None:
        """Whose token this is; nobody's when it has expired or its client is not active."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(KnownCaller)) as cursor:
            await cursor.execute(CALLER, {"token_hash": token_hash, "now": now})
            return await cursor.fetchone()

    async def take_assertion(self, client_id: str, jti: str, forget_at: datetime) -> bool:
        """Use an assertion up. False for one that has been used: of two that come at once, one wins."""
        told = {"client_id": client_id, "jti": jti, "expires_at": forget_at}
        async with self.pool.connection() as connection:
            return (await connection.execute(TAKE, told)).rowcount == 1

    async def forget_expired(self, now: datetime) -> None:
        """Forget the tokens and assertions whose time is over."""
        async with self.pool.connection() as connection:
            await connection.execute("delete from access_token where expires_at < %(now)s", {"now": now})
            await connection.execute("delete from assertion_used where expires_at < %(now)s", {"now": now})
