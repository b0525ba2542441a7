"""Bring a database to the present shape; its address comes from the surroundings."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from database import (  # noqa: F401 - their tables are known once they are imported
    card_tables,
    check_log_tables,
    claim_tables,
    desk_tables,
    member_tables,
    operations_tables,
    own_tables,
    shop_tables,
    staff_tables,
    task_tables,
)
from database.tables import Base

# The running program must never wait long for a migration, so a migration gives up first.
PATIENCE = "set lock_timeout = '4s'; set statement_timeout = '30s'"
# Two starts at the same instant migrate one after the other.
ONE_AT_A_TIME = "select pg_advisory_lock(7301)"


def migrate() -> None:
    """Run what is missing, in one transaction, against SKRANKE_DATABASE_URL."""
    url = context.config.attributes.get("url") or os.environ["SKRANKE_DATABASE_URL"]
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(ONE_AT_A_TIME))
        connection.execute(text(PATIENCE))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


migrate()
