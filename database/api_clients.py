"""The programs that may call us, the tokens they have, and the assertions that have been used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

_FIND = """
    select client_id, organisation_number as company, name, sandbox, active, secret_hash, jwks, created_at
    from api_client where client_id = %(client_id)s
"""
_KEEP = """
    insert into api_client (client_id, organisation_number, name, sandbox, active, secret_hash, jwks, created_at)
    values (%(client_id)s, %(company)s, %(name)s, %(sandbox)s, %(active)s, %(secret_hash)s, %(jwks)s, %(created_at)s)
    on conflict (client_id) do update set name = excluded.name, active = excluded.active, secret_hash = excluded.secret_hash,
        jwks = excluded.jwks
    where api_client.organisation_number = excluded.organisation_number and api_client.sandbox = excluded.sandbox
"""
_DEACTIVATE = "update api_client set active = false where client_id = %(client_id)s"
# Whoever suspends the company holds the client until they are done, so that what comes afterwards sees it; and they wait for whoever
# holds it already, so that no token is left behind. It takes a statement of its own: what a statement sees is settled as it begins.
_HOLD = "select from api_client where client_id = %(client_id)s for key share"
_REMEMBER = """
    insert into access_token (token_hash, client_id, expires_at, scope)
    select %(token_hash)s, client_id, %(expires_at)s, %(scope)s from api_client as client where client_id = %(client_id)s and active
        and not exists (
            select from profile_suspension join profile on profile.id = profile_id
            where profile.organisation_number = client.organisation_number and closed_at is null and lifted_at is null
        )
"""
_CALLER = """
    select client_id, client.organisation_number as company, sandbox, scope
    from access_token join api_client as client using (client_id)
    where token_hash = %(token_hash)s and expires_at > %(now)s and client.active
"""
_TAKE = "insert into assertion_used (signer, jti, expires_at) values (%(signer)s, %(jti)s, %(expires_at)s) on conflict do nothing"


class ClientIsAnothers(Exception):
    """A client stays with its company, and what is for trying things out does not become the real thing."""


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A program of a company: a till, a chain's server, an integrator. It proves itself by a secret, by keys, or by either.

    A client of the `sandbox` meets nobody but test persons. One that is not `active` gets no token, and those it has count no more.
    """

    client_id: str
    company: str
    name: str
    sandbox: bool
    created_at: datetime
    active: bool = True
    # The secret's SHA-256; see `domain.api_access.credential_hash`.
    secret_hash: bytes | None = field(default=None, repr=False)
    jwks: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """Whose access token it is, and the scopes it was given, with blanks between."""

    client_id: str
    company: str
    sandbox: bool
    scope: str


@dataclass(frozen=True, slots=True)
class ApiClients:
    """Who may call, in PostgreSQL. Everything here raises psycopg's errors when the database does not answer."""

    pool: AsyncConnectionPool[AsyncConnection[TupleRow]]

    async def find(self, client_id: str) -> ApiClient | None:
        """The client of this name, also one that is not active any more."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(ApiClient)) as cursor:
            await cursor.execute(_FIND, {"client_id": client_id})
            return await cursor.fetchone()

    async def keep(self, client: ApiClient) -> None:
        """Register a client, or replace its name, its credentials and whether it is active. Raises ClientIsAnothers."""
        async with self.pool.connection() as connection:
            kept = await connection.execute(_KEEP, dict(_row(client)))
            if kept.rowcount == 0:
                raise ClientIsAnothers(client.client_id)

    async def deactivate(self, client_id: str) -> None:
        """Let a client get no more tokens, and its tokens count no more, from this moment on."""
        async with self.pool.connection() as connection:
            await connection.execute(_DEACTIVATE, {"client_id": client_id})

    async def remember_token(self, token_hash: bytes, client_id: str, scope: str, expires_at: datetime) -> bool:
        """Let a token count until then; its SHA-256 is kept. False when the client is not active any more, or its company suspended."""
        told = {"token_hash": token_hash, "client_id": client_id, "scope": scope, "expires_at": expires_at}
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(_HOLD, told)
            return (await connection.execute(_REMEMBER, told)).rowcount == 1

    async def caller(self, token_hash: bytes, now: datetime) -> KnownCaller | None:
        """Whose token this is; nobody's when it has expired or its client is not active."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(KnownCaller)) as cursor:
            await cursor.execute(_CALLER, {"token_hash": token_hash, "now": now})
            return await cursor.fetchone()

    async def take_assertion(self, client_id: str, jti: str, forget_at: datetime) -> bool:
        """Use an assertion up. False for one that has been used: of two that come at once, one wins."""
        # Cards sign too; no client can be named so that it gets in the way of one.
        told = {"signer": f"client/{client_id}", "jti": jti, "expires_at": forget_at}
        async with self.pool.connection() as connection:
            return (await connection.execute(_TAKE, told)).rowcount == 1


def _row(client: ApiClient) -> Iterator[tuple[str, object]]:
    for name in ("client_id", "company", "name", "sandbox", "active", "secret_hash", "created_at"):
        yield name, getattr(client, name)
    yield "jwks", Jsonb(client.jwks) if client.jwks is not None else None
