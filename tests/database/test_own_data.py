"""Everything that we hold of somebody is known to be theirs: to be shown to them, and to be forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database import card_tables, check_log_tables, operations_tables, shop_tables  # noqa: F401 - their tables are walked through
from database.connection import build_engine
from database.own import FarewellLedger
from database.own_data import HELD, own_data
from database.tables import Base, EidLink, EmailAddress, Session, TermsAcceptance, UserAccount
from domain.ids import UserId

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
THEIRS = {held.table.__tablename__ for held in HELD}
COVERED = {(held.table.__tablename__, name) for held in HELD for name in held.by}
# What a column is called that says who somebody is.
NAMING = re.compile(r"(^|_)(user|actor|email|address|person|birth|given_name|family|subject|pseudonym|phone)(_|$)")
# Columns with such names that do not name a user of the portal, each with its reason.
NOBODYS = {
    **{("staff_member", name): "staff, who have an employment and not an account" for name in ("email", "subject")},
    ("staff_logout", "subject"): "staff",
    **{("sales_rep", name): "staff" for name in ("email", "phone")},
    **{(table, "address_lines"): "a company's address, from the register" for table in ("company", "shop")},
    ("stage_log", "actor"): "what kind of actor",
    ("ops_log", "subject"): "a process or a letter",
    ("quota", "subject"): "a till or a program",
    ("card", "holder_pseudonym"): "a card's holder, whom the portal cannot tell from anybody: the key is the API's",
}


def columns_that_name_somebody() -> Iterator[tuple[str, str]]:
    """Find every column that leads to a user or to what is a user's, and every one that is called as if it did."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            leads = {key.column.table.name for key in column.foreign_keys}
            if leads & THEIRS or NAMING.search(column.name):
                yield table.name, column.name


def test_no_table_names_a_user_without_being_known() -> None:
    """Whoever adds a table says whether its rows are shown to the one they are about, and what becomes of them."""
    unknown = sorted(set(columns_that_name_somebody()) - COVERED - NOBODYS.keys())

    assert [] == unknown


def test_what_is_known_exists_and_what_is_excused_too() -> None:
    """A list that names what is gone hides what is there."""
    there = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}

    assert COVERED | NOBODYS.keys() <= there
    assert all(held.left_out <= {column.name for column in held.table.__table__.columns} for held in HELD)
    assert len(HELD) == len({held.section for held in HELD})


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A database of the test's own."""
    engine = build_engine(fresh_database, program="tests")
    yield engine
    await engine.dispose()


async def somebody(engine: AsyncEngine, name: str) -> UserId:
    """Have somebody who has logged in."""
    user = UserId(uuid4())
    account = {
        "given_name": name,
        "family_name": "Lund",
        "birth_date": NOW.date(),
        "language": "nb",
        "created_at": NOW,
        "last_login_at": NOW,
    }
    async with engine.begin() as connection:
        await connection.execute(insert(UserAccount).values(id=user, **account))
        link = {"scheme": "no-bankid", "issuer": "https://eid.example", "subject": name, "country": "NO", "linked_at": NOW}
        await connection.execute(insert(EidLink).values(id=uuid4(), user_id=user, **link))
        address = {"address": f"{name}@firma.example", "given_at": NOW, "confirmed_at": NOW}
        await connection.execute(insert(EmailAddress).values(id=uuid4(), user_id=user, **address))
        await connection.execute(insert(TermsAcceptance).values(user_id=user, version="2026-11-01", accepted_at=NOW))
        await connection.execute(insert(Session).values(id_hash=f"secret-{name}", user_id=user, started_at=NOW, seen_at=NOW, kept={}))
    return user


async def test_somebody_is_told_everything_of_themselves_and_nothing_of_others(engine: AsyncEngine) -> None:
    """In a form that programs can read, without what opens a session."""
    kari, _ = await somebody(engine, "kari"), await somebody(engine, "ola")
    told = json.dumps(await own_data(engine, kari))

    assert "kari@firma.example" in told
    assert "2026-11-22" in told
    assert "secret-" not in told
    assert "ola" not in told


async def test_what_is_forgotten_is_gone_and_a_second_time_changes_nothing(engine: AsyncEngine) -> None:
    """No name, no address and no eID is left in any table; the next one is untouched."""
    kari, ola = await somebody(engine, "kari"), await somebody(engine, "ola")
    before = await own_data(engine, ola)
    for _ in range(2):
        await FarewellLedger(engine).lock_out(kari, NOW)
        await FarewellLedger(engine).forget(kari, NOW)
    left = {section: rows for section, rows in (await own_data(engine, kari)).items() if rows}

    assert {"account", "farewell"} == left.keys()
    assert "kari" not in json.dumps(left)
    assert before == await own_data(engine, ola)
    async with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            assert not [row for row in await connection.execute(select(table)) if "kari" in str(row).casefold()], table.name
