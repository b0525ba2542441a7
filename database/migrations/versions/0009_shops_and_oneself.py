"""A company's shops, what staff looked at, what people decide about themselves, and accounts that are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
COMPANY = ["company.organisation_number"]


def upgrade() -> None:
    op.create_table(
        "shop_list",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_number"], COMPANY, name=op.f("shop_list_organisation_number_fkey")),
        sa.PrimaryKeyConstraint("organisation_number", name=op.f("shop_list_pkey")),
    )
    op.create_table(
        "branch",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_number"], COMPANY, name=op.f("branch_organisation_number_fkey")),
        sa.PrimaryKeyConstraint("organisation_number", "number", name=op.f("branch_pkey")),
    )
    op.create_table(
        "shop",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("unit_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address_lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_number"], COMPANY, name=op.f("shop_organisation_number_fkey")),
        sa.PrimaryKeyConstraint("organisation_number", "number", name=op.f("shop_pkey")),
    )
    op.create_index("shop_of_a_company_by_name", "shop", ["organisation_number", "name"])
    op.add_column("place", sa.Column("shop_number", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("place_organisation_number_shop_number_unique"), "place", ["organisation_number", "shop_number"])
    op.alter_column("staff_view", "profile_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("staff_view", sa.Column("signup_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("staff_view_signup_id_fkey"), "staff_view", "signup", ["signup_id"], ["id"])
    op.create_index(op.f("staff_view_signup_id_index"), "staff_view", ["signup_id"])
    op.create_check_constraint(op.f("staff_view_of_one_thing"), "staff_view", "(profile_id is null) <> (signup_id is null)")
    op.add_column("letter", sa.Column("unwanted_at", MOMENT, nullable=True))
    op.create_table(
        "unwanted_letter",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("unwanted_letter_user_id_fkey")),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("unwanted_letter_pkey")),
    )
    op.create_table(
        "forgotten_account",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("forgotten_account_user_id_fkey")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("forgotten_account_pkey")),
    )


def downgrade() -> None:
    op.drop_table("forgotten_account")
    op.drop_table("unwanted_letter")
    op.drop_column("letter", "unwanted_at")
    op.execute("delete from staff_view where profile_id is null")
    op.drop_constraint(op.f("staff_view_of_one_thing"), "staff_view")
    op.drop_column("staff_view", "signup_id")
    op.alter_column("staff_view", "profile_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_constraint(op.f("place_organisation_number_shop_number_unique"), "place")
    op.drop_column("place", "shop_number")
    op.drop_table("shop")
    op.drop_table("branch")
    op.drop_table("shop_list")
