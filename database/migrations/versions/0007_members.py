"""Who lets whom into a company: invitations, requests to join, and when staff has looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("membership", sa.Column("last_seen_at", MOMENT, nullable=True))
    # A letter to somebody who is invited has no user yet.
    op.alter_column("letter", "user_id", existing_type=sa.Uuid(), nullable=True)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("undeliverable_at", MOMENT, nullable=True),
        sa.CheckConstraint("role in ('administrator', 'member', 'developer')", name=op.f("invitation_role_is_known")),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'declined', 'revoked', 'expired', 'superseded')", name=op.f("invitation_state_is_known")
        ),
        sa.CheckConstraint("(answered_at is null) = (state = 'open')", name=op.f("invitation_ended_with_an_answer")),
        sa.CheckConstraint("(accepted_by is not null) = (state = 'accepted')", name=op.f("invitation_accepted_by_somebody")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("invitation_profile_id_fkey")),
        sa.ForeignKeyConstraint(["invited_by"], ["user_account.id"], name=op.f("invitation_invited_by_fkey")),
        sa.ForeignKeyConstraint(["accepted_by"], ["user_account.id"], name=op.f("invitation_accepted_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("invitation_pkey")),
    )
    op.create_index(op.f("invitation_profile_id_index"), "invitation", ["profile_id"])
    op.create_index(op.f("invitation_drafted_at_index"), "invitation", ["drafted_at"])
    op.create_index(
        "one_open_invitation",
        "invitation",
        ["profile_id", sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("opened_at is not null and answered_at is null"),
    )
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("with_support_since", MOMENT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by_staff", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'declined', 'withdrawn', 'superseded')", name=op.f("join_request_state_is_known")
        ),
        sa.CheckConstraint("(answered_at is null) = (state = 'open')", name=op.f("join_request_ended_with_an_answer")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("join_request_profile_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("join_request_user_id_fkey")),
        sa.ForeignKeyConstraint(["answered_by"], ["user_account.id"], name=op.f("join_request_answered_by_fkey")),
        sa.ForeignKeyConstraint(["answered_by_staff"], ["staff_member.id"], name=op.f("join_request_answered_by_staff_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("join_request_pkey")),
    )
    op.create_index(op.f("join_request_user_id_index"), "join_request", ["user_id"])
    op.create_index(
        "one_open_join_request", "join_request", ["profile_id", "user_id"], unique=True, postgresql_where=sa.text("answered_at is null")
    )
    op.create_table(
        "staff_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(trim(reason)) >= 3", name=op.f("staff_view_reason_is_given")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("staff_view_profile_id_fkey")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("staff_view_staff_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_view_pkey")),
    )
    op.create_index(op.f("staff_view_profile_id_index"), "staff_view", ["profile_id"])


def downgrade() -> None:
    op.drop_table("staff_view")
    op.drop_table("join_request")
    op.drop_table("invitation")
    op.execute("delete from letter where user_id is null")
    op.alter_column("letter", "user_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("membership", "last_seen_at")
