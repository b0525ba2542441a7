"""What operators do by hand is written down."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ops_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(trim(reason)) >= 3", name=op.f("ops_log_reason_is_given")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("ops_log_staff_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("ops_log_pkey")),
    )
    op.create_index(op.f("ops_log_at_index"), "ops_log", ["at"], unique=False)
    op.execute(
        """
        create trigger ops_log_is_append_only before update or delete or truncate on ops_log
        for each statement execute function refuse_change()
        """
    )


def downgrade() -> None:
    op.execute("drop trigger ops_log_is_append_only on ops_log")
    op.drop_index(op.f("ops_log_at_index"), table_name="ops_log")
    op.drop_table("ops_log")
