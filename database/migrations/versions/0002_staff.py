"""The people who work here, and their sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("last_login_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("roles <@ array['support', 'support-lead', 'sales', 'operator']", name=op.f("staff_member_roles_are_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_member_pkey")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("staff_member_issuer_subject_unique")),
    )
    op.create_table(
        "staff_session",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("provider_session", sa.Text(), nullable=True),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seen_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("staff_session_staff_id_fkey")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("staff_session_pkey")),
    )
    for column in ("staff_id", "provider_session", "seen_at"):
        op.create_index(op.f(f"staff_session_{column}_index"), "staff_session", [column], unique=False)
    op.create_table(
        "staff_logout",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("provider_session", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("issued_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("staff_logout_pkey")),
    )
    op.create_index(op.f("staff_logout_received_at_index"), "staff_logout", ["received_at"], unique=False)


def downgrade() -> None:
    op.drop_table("staff_logout")
    op.drop_table("staff_session")
    op.drop_table("staff_member")
