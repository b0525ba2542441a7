"""What has to be known before a till's request by the published contract can be put as one of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool

from domain.api_access import Scope

# The agreement's part is the one that `database.checks` decides by; here it is only looked up.
_FIND = """
    select token.scope,
           array(
               select agreed.purpose
               from agreement join agreement_purpose agreed
                 on agreed.organisation_number = agreement.organisation_number and agreed.agreement_id = agreement.id
               where agreement.organisation_number = client.organisation_number
                 and (agreement.status = 'active' or (agreement.status = 'testing' and client.sandbox))
                 and agreement.active_from <= %(at)s and (agreement.active_until is null or agreement.active_until > %(at)s)
           ) as purposes,
           (
               select found.code
               from (
                   select terminal.code, coalesce(terminal.id = client.default_terminal_id, false) as is_default,
                          coalesce(place.gln = %(gln)s, false) and %(shop_info)s = any (string_to_array(token.scope, ' ')) as is_there,
                          count(*) over () = 1 as is_only
                   from terminal join place on place.organisation_number = terminal.organisation_number and place.id = terminal.place_id
                   where terminal.organisation_number = client.organisation_number and terminal.active
               ) as found
               where is_there or is_default or is_only
               order by is_there desc, is_default desc, code
               limit 1
           ) as terminal
    from access_token token join api_client client using (client_id)
    where token.token_hash = %(token_hash)s and token.expires_at > %(at)s and client.active
"""


@dataclass(frozen=True, slots=True)
class MerchantCaller:
    """A till that names neither purpose nor terminal: its token's scopes, its company's purposes, and where its checks count.

    `terminal` is the code of a terminal at the place with the global location number that was sent, if the token lets shops be
    named and there is such a place; else of the client's default terminal; else of the company's only one; else None.
    """

    scope: str
    purposes: list[str]
    terminal: str | None


@dataclass(frozen=True, slots=True)
class MerchantCallers:
    """Who calls by the published contract, in PostgreSQL."""

    pool: AsyncConnectionPool[AsyncConnection[TupleRow]]

    async def find(self, token_hash: bytes, gln: str | None, at: datetime) -> MerchantCaller | None:
        """Whose token this is; nobody's when it has expired or its client is not active."""
        told = {"token_hash": token_hash, "gln": gln or "", "at": at, "shop_info": Scope.SHOP_INFO.value}
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(MerchantCaller)) as cursor:
            await cursor.execute(_FIND, told, prepare=True)
            return await cursor.fetchone()
