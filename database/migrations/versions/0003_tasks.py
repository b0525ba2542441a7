"""What people here have to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signup_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(closed_at is null) = (outcome is null)", name=op.f("task_closed_with_an_outcome")),
        sa.ForeignKeyConstraint(["signup_id"], ["signup.id"], name=op.f("task_signup_id_fkey")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff_member.id"], name=op.f("task_decided_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pkey")),
    )
    op.create_index(op.f("task_opened_at_index"), "task", ["opened_at"])
    op.create_index("one_open_task", "task", ["signup_id"], unique=True, postgresql_where=sa.text("closed_at is null"))


def downgrade() -> None:
    op.drop_table("task")
