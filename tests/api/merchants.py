"""Companies that check cards, for the tests: what they have agreed to, where they are, and what calls us for them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from psycopg.sql import SQL, Identifier

from api.counter import Pool
from domain.api_access import credential_hash, new_token

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
TOKENS_LIVE = timedelta(days=36500)
# Numbers of companies that do not exist.
NUMBERS = ("310279323", "310279331", "310279358", "310279366")


@dataclass(frozen=True, slots=True)
class Merchant:
    """A company with one shop, one till and one client."""

    number: str = NUMBERS[0]
    shop: str = "Fjellbrygg Torggata"
    gln: str | None = "7080000000019"
    till: str = "kasse-1"
    client: str = field(default_factory=lambda: f"client-{secrets.token_hex(4)}")
    token: str = field(default_factory=new_token)
    place_id: UUID = field(default_factory=uuid4)
    terminal_id: UUID = field(default_factory=uuid4)

    @property
    def headers(self) -> dict[str, str]:
        """What its client sends with every request."""
        return {"Authorization": f"Bearer {self.token}"}


async def insert(pool: Pool, table: str, **values: object) -> None:
    """Add one row."""
    statement = SQL("insert into {} ({}) values ({}) on conflict do nothing").format(
        Identifier(table), SQL(", ").join(map(Identifier, values)), SQL(", ").join([SQL("%s")] * len(values))
    )
    async with pool.connection() as connection:
        await connection.execute(statement, list(values.values()))


async def open_shop(
    pool: Pool, merchant: Merchant, purposes: Sequence[str], *, sandbox: bool = False, status: str = "active", **client: object
) -> None:
    """Let a company have an agreement for these purposes, and its shop, till and client with a token that lives long."""
    number = merchant.number
    await insert(
        pool,
        "company",
        organisation_number=number,
        name="FJELLBRYGG AS",
        form_code="AS",
        form="Aksjeselskap",
        address_lines=[],
        postcode="",
        city="",
        country="",
        fetched_at=BEGAN,
    )
    # A company has one, however many of its shops a test opens.
    agreement = uuid5(NAMESPACE_OID, number)
    await insert(pool, "agreement", organisation_number=number, id=agreement, status=status, active_from=BEGAN)
    for purpose in purposes:
        await insert(pool, "agreement_purpose", organisation_number=number, agreement_id=agreement, purpose=purpose)
    await insert(pool, "place", organisation_number=number, id=merchant.place_id, name=merchant.shop, gln=merchant.gln)
    await insert(pool, "terminal", organisation_number=number, id=merchant.terminal_id, place_id=merchant.place_id, code=merchant.till)
    await insert(
        pool,
        "api_client",
        client_id=merchant.client,
        organisation_number=number,
        name="till",
        sandbox=sandbox,
        active=True,
        created_at=BEGAN,
        **client,
    )
    await insert(
        pool, "access_token", token_hash=credential_hash(merchant.token), client_id=merchant.client, expires_at=BEGAN + TOKENS_LIVE
    )


async def all_of(pool: Pool, query: str, *arguments: object) -> Sequence[tuple[object, ...]]:
    """Read rows."""
    async with pool.connection() as connection:
        return await (await connection.execute(query.encode(), arguments)).fetchall()
