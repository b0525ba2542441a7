"""The database holds the rules by itself, whoever writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from database.tables import Base, Company, Profile, Signup, StageLog, UserAccount

NOW = datetime(2026, 11, 22, tzinfo=UTC)
USER = {
    "id": uuid4(),
    "given_name": "Kari",
    "family_name": "Nordmann",
    "birth_date": NOW.date(),
    "language": "nb",
    "created_at": NOW,
    "last_login_at": NOW,
}
COMPANY = {
    "organisation_number": "310279323",
    "name": "FJELLBRYGG AS",
    "form_code": "AS",
    "form": "Aksjeselskap",
    "address_lines": [],
    "postcode": "",
    "city": "",
    "country": "",
    "fetched_at": NOW,
}
STEP = {
    "at": NOW,
    "organisation_number": "310279323",
    "process": "company-signup",
    "process_id": uuid4(),
    "to_stage": "company-named",
    "actor": "customer",
}


@pytest.fixture
def connection(fresh_database: str) -> Iterator[Connection]:
    """A transaction on a database of the test's own."""
    with create_engine(fresh_database, poolclass=NullPool).connect() as connection:
        yield connection


def alembic_for(url: str) -> Config:
    """Point Alembic at a database."""
    config = Config(str(Path("database/alembic.ini").resolve()))
    config.attributes["url"] = url
    return config


def test_the_migrations_make_what_the_tables_say(fresh_database: str) -> None:
    """A column that is in the code but not in a migration would fail in production only."""
    command.check(alembic_for(fresh_database))


def test_the_migrations_can_be_undone(fresh_database: str) -> None:
    """Going back must be tried before it is needed."""
    command.downgrade(alembic_for(fresh_database), "base")
    command.upgrade(alembic_for(fresh_database), "head")


def test_every_constraint_has_a_name() -> None:
    """A constraint without a name cannot be changed by a later migration."""
    unnamed = [
        (table.name, constraint) for table in Base.metadata.tables.values() for constraint in table.constraints if not constraint.name
    ]

    assert [] == unnamed


@pytest.mark.parametrize("change", ["update stage_log set actor = 'support'", "delete from stage_log", "truncate stage_log"])
def test_the_stage_log_is_only_added_to(connection: Connection, change: str) -> None:
    """What has happened has happened; not even a mistaken migration rewrites it."""
    connection.execute(insert(StageLog).values(id=uuid4(), sequence=1, **STEP))

    with pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(change))


def test_a_company_has_one_live_profile(connection: Connection) -> None:
    """Whoever races, the second one is refused by the database itself; a closed profile makes room."""
    connection.execute(insert(Company).values(**COMPANY))
    profile = {"organisation_number": "310279323", "opened_at": NOW}
    connection.execute(insert(Profile).values(id=uuid4(), closed_at=NOW, **profile))
    connection.execute(insert(Profile).values(id=uuid4(), **profile))

    with pytest.raises(IntegrityError, match="one_live_profile"):
        connection.execute(insert(Profile).values(id=uuid4(), **profile))


def test_a_person_has_one_open_signup(connection: Connection) -> None:
    """Two devices, two tabs: one signup."""
    connection.execute(insert(UserAccount).values(**USER))
    signup = {"user_id": USER["id"], "organisation_number": "310279323", "started_at": NOW}
    connection.execute(insert(Signup).values(id=uuid4(), ended_at=NOW, **signup))
    connection.execute(insert(Signup).values(id=uuid4(), **signup))

    with pytest.raises(IntegrityError, match="one_open_signup"):
        connection.execute(insert(Signup).values(id=uuid4(), **signup))
