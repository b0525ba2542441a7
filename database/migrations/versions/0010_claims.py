"""Claims on companies without an administrator, memberships asked for under another eID, signups handed to a colleague."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
FOUR_EYES = "decided_by is distinct from proposed_by or decided_by is null"


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    """Point these columns to the people they name, who work here or do not."""
    home = {"proposed_by": "staff_member", "decided_by": "staff_member", "profile_id": "profile"}
    return [
        sa.ForeignKeyConstraint([column], [f"{home.get(column, 'user_account')}.id"], name=op.f(f"{table}_{column}_fkey"))
        for column in columns
    ]


def upgrade() -> None:
    op.create_table(
        "company_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("role_code", sa.Text(), nullable=True),
        sa.Column("rule_version", sa.Text(), nullable=True),
        sa.Column("answer_sha256", sa.Text(), nullable=True),
        sa.Column("announced_at", MOMENT, nullable=True),
        sa.Column("objected_by", sa.Uuid(), nullable=True),
        sa.Column("with_support_since", MOMENT, nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_grant", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'granted', 'objected', 'rejected', 'withdrawn', 'overtaken')", name=op.f("company_claim_state_is_known")
        ),
        sa.CheckConstraint("(ended_at is null) = (state = 'open')", name=op.f("company_claim_ended_with_an_answer")),
        sa.CheckConstraint(FOUR_EYES, name=op.f("company_claim_four_eyes")),
        *_people("company_claim", "profile_id", "user_id", "objected_by", "proposed_by", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("company_claim_pkey")),
    )
    op.create_index(op.f("company_claim_user_id_index"), "company_claim", ["user_id"])
    op.create_table(
        "membership_recovery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("old_user_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("with_support_since", MOMENT, nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_grant", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'granted', 'declined', 'withdrawn', 'expired')", name=op.f("membership_recovery_state_is_known")
        ),
        sa.CheckConstraint("(ended_at is null) = (state = 'open')", name=op.f("membership_recovery_ended_with_an_answer")),
        sa.CheckConstraint(FOUR_EYES, name=op.f("membership_recovery_four_eyes")),
        *_people("membership_recovery", "profile_id", "user_id", "old_user_id", "proposed_by", "decided_by", "answered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("membership_recovery_pkey")),
    )
    op.create_index(op.f("membership_recovery_user_id_index"), "membership_recovery", ["user_id"])
    for table, name, condition in (
        ("company_claim", "one_open_claim", "ended_at is null"),
        ("membership_recovery", "one_open_recovery", "opened_at is not null and ended_at is null"),
    ):
        op.create_index(name, table, ["profile_id", "user_id"], unique=True, postgresql_where=sa.text(condition))
    op.create_table(
        "signup_handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signup_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("handed_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.CheckConstraint("(taken_by is null) = (taken_at is null)", name=op.f("signup_handover_taken_by_somebody")),
        sa.ForeignKeyConstraint(["signup_id"], ["signup.id"], name=op.f("signup_handover_signup_id_fkey")),
        *_people("signup_handover", "taken_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("signup_handover_pkey")),
    )
    op.create_index(op.f("signup_handover_signup_id_index"), "signup_handover", ["signup_id"])


def downgrade() -> None:
    for table in ("signup_handover", "membership_recovery", "company_claim"):
        op.drop_table(table)
