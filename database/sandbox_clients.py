"""The sandbox client that a company's members make for themselves, and what it can be tried with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import InstrumentedAttribute

from database.card_tables import AccessToken, Agreement, AgreementPurpose, ApiClient, Place, Terminal
from domain.api_access import sandbox_client_of

Column = TypeVar("Column")

LIVE = ("testing", "active")


@dataclass(frozen=True, slots=True)
class TerminalAt:
    """A terminal by its code, and the name of the place where it stands."""

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class SandboxAccess:
    """What a company needs for its first check. `created_at` is None until somebody has made the client."""

    client_id: str
    created_at: datetime | None
    default_terminal: str | None
    terminals: Sequence[TerminalAt]
    purposes: Sequence[str]
    has_agreement: bool


async def sandbox_access(engine: AsyncEngine, number: str, now: datetime) -> SandboxAccess:
    """Read what a company can try checks with. Without an agreement, be it only for testing, it can try nothing."""
    client = (
        select(ApiClient.created_at, Terminal.code)
        .join(
            Terminal,
            (Terminal.id == ApiClient.default_terminal_id) & (Terminal.organisation_number == ApiClient.organisation_number),
            isouter=True,
        )
        .where(ApiClient.client_id == sandbox_client_of(number), ApiClient.organisation_number == number)
    )
    async with engine.connect() as connection:
        made = (await connection.execute(client)).one_or_none()
        agreement = await _agreement(connection, number, now)
        purposes = await connection.execute(select(AgreementPurpose.purpose).where(AgreementPurpose.agreement_id == agreement))
        terminals = await _terminals(connection, number)
        return SandboxAccess(
            client_id=sandbox_client_of(number),
            created_at=made.created_at if made else None,
            default_terminal=made.code if made else None,
            terminals=terminals,
            purposes=sorted(purpose for (purpose,) in purposes),
            has_agreement=agreement is not None,
        )


async def renew_sandbox_client(engine: AsyncEngine, number: str, secret_hash: bytes, now: datetime) -> None:
    """Make a company's sandbox client, or give it another secret. Neither its old secret nor its old tokens count any more.

    Until somebody chooses, the terminal that the page shows first is its default, so that every line of the guide works at once.
    """
    client = {"client_id": sandbox_client_of(number), "organisation_number": number, "name": "sandbox", "sandbox": True}
    renewed = {"secret_hash": secret_hash, "created_at": now, "active": True}
    first = _active_terminals(Terminal.id, number).limit(1).scalar_subquery()
    making = insert(ApiClient).values(**client, **renewed, default_terminal_id=first)
    chosen = func.coalesce(ApiClient.default_terminal_id, making.excluded.default_terminal_id)
    async with engine.begin() as connection:
        await connection.execute(
            making.on_conflict_do_update(index_elements=["client_id"], set_={**renewed, "default_terminal_id": chosen})
        )
        await connection.execute(delete(AccessToken).where(AccessToken.client_id == sandbox_client_of(number)))


async def choose_default_terminal(engine: AsyncEngine, number: str, code: str) -> bool:
    """Let the checks of the company's sandbox client count to a terminal where a till names none. False for one that is not theirs."""
    terminal = select(Terminal.id).where(Terminal.organisation_number == number, Terminal.code == code, Terminal.active)
    async with engine.begin() as connection:
        chosen = await connection.scalar(terminal)
        if chosen is None:
            return False
        client = (ApiClient.client_id == sandbox_client_of(number)) & (ApiClient.organisation_number == number)
        await connection.execute(update(ApiClient).where(client).values(default_terminal_id=chosen))
        return True


async def _agreement(connection: AsyncConnection, number: str, now: datetime) -> object:
    return await connection.scalar(
        select(Agreement.id).where(
            Agreement.organisation_number == number,
            Agreement.status.in_(LIVE),
            Agreement.active_from <= now,
            or_(Agreement.active_until.is_(None), Agreement.active_until > now),
        )
    )


async def _terminals(connection: AsyncConnection, number: str) -> Sequence[TerminalAt]:
    found = await connection.execute(_active_terminals(Terminal.code, number).add_columns(Place.name))
    return [TerminalAt(code, place) for code, place in found]


def _active_terminals(column: InstrumentedAttribute[Column], number: str) -> Select[Column]:
    there = (Place.id == Terminal.place_id) & (Place.organisation_number == Terminal.organisation_number)
    found = select(column).join(Place, there).where(Terminal.organisation_number == number, Terminal.active)
    return found.order_by(Place.name, Terminal.code)
