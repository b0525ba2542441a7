"""The terminal that a program's checks are accounted to when it names none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_client", sa.Column("default_terminal_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("api_client_organisation_number_default_terminal_id_fkey"),
        "api_client",
        "terminal",
        ["organisation_number", "default_terminal_id"],
        ["organisation_number", "id"],
    )


def downgrade() -> None:
    op.drop_column("api_client", "default_terminal_id")
