"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form_code", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("address_lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("fetched_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("organisation_number ~ '^[0-9]{9}$'", name=op.f("company_number_has_nine_digits")),
        sa.PrimaryKeyConstraint("organisation_number", name=op.f("company_pkey")),
    )
    op.create_table(
        "help_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("given_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("help_feedback_pkey")),
    )
    op.create_index(op.f("help_feedback_slug_index"), "help_feedback", ["slug"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kept_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser_hash", name=op.f("kept_form_pkey")),
    )
    op.create_index(op.f("kept_form_kept_at_index"), "kept_form", ["kept_at"], unique=False)
    op.create_table(
        "login_attempt",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("code_verifier", sa.Text(), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("login_attempt_pkey")),
    )
    op.create_index(op.f("login_attempt_started_at_index"), "login_attempt", ["started_at"], unique=False)
    op.create_table(
        "sales_rep",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_assigned_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("sales_rep_pkey")),
        sa.UniqueConstraint("email", name=op.f("sales_rep_email_unique")),
    )
    op.create_table(
        "stage_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=True),
        sa.Column("to_stage", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("stage_log_pkey")),
        sa.UniqueConstraint("organisation_number", "sequence", name=op.f("stage_log_organisation_number_sequence_unique")),
    )
    op.create_index("stage_log_of_a_process", "stage_log", ["process_id", "sequence"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_login_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("user_account_pkey")),
    )
    op.create_table(
        "eid_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("linked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("eid_link_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("eid_link_pkey")),
        sa.UniqueConstraint("scheme", "issuer", "subject", name=op.f("eid_link_scheme_issuer_subject_unique")),
    )
    op.create_index(op.f("eid_link_user_id_index"), "eid_link", ["user_id"], unique=False)
    op.create_table(
        "email_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("given_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("confirmed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("replaced_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("undeliverable_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("email_address_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("email_address_pkey")),
    )
    op.create_index(op.f("email_address_user_id_index"), "email_address", ["user_id"], unique=False)
    op.create_index("one_current_email_address", "email_address", ["user_id"], unique=True, postgresql_where=sa.text("replaced_at is null"))
    op.create_table(
        "letter",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("refused_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("letter_user_id_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("letter_pkey")),
    )
    op.create_index(op.f("letter_user_id_index"), "letter", ["user_id"], unique=False)
    op.create_table(
        "profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("sales_rep_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_number"], ["company.organisation_number"], name=op.f("profile_organisation_number_fkey")),
        sa.ForeignKeyConstraint(["sales_rep_id"], ["sales_rep.id"], name=op.f("profile_sales_rep_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("profile_pkey")),
    )
    op.create_index("one_live_profile", "profile", ["organisation_number"], unique=True, postgresql_where=sa.text("closed_at is null"))
    op.create_index(op.f("profile_sales_rep_id_index"), "profile", ["sales_rep_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seen_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("kept", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("session_user_id_fkey")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("session_pkey")),
    )
    op.create_index(op.f("session_seen_at_index"), "session", ["seen_at"], unique=False)
    op.create_index(op.f("session_user_id_index"), "session", ["user_id"], unique=False)
    op.create_table(
        "terms_acceptance",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("accepted_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("terms_acceptance_user_id_fkey")),
        sa.PrimaryKeyConstraint("user_id", "version", name=op.f("terms_acceptance_pkey")),
    )
    op.create_table(
        "email_challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["email_address.id"], name=op.f("email_challenge_address_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("email_challenge_pkey")),
    )
    op.create_index(op.f("email_challenge_address_id_index"), "email_challenge", ["address_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('administrator', 'member', 'developer')", name=op.f("membership_role_is_known")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("membership_profile_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("membership_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("membership_pkey")),
    )
    op.create_index(op.f("membership_user_id_index"), "membership", ["user_id"], unique=False)
    op.create_index(
        "one_open_membership", "membership", ["profile_id", "user_id"], unique=True, postgresql_where=sa.text("ended_at is null")
    )
    op.create_table(
        "signup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("profile_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("signup_profile_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("signup_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("signup_pkey")),
    )
    op.create_index("one_open_signup", "signup", ["user_id"], unique=True, postgresql_where=sa.text("ended_at is null"))
    op.create_index(op.f("signup_organisation_number_index"), "signup", ["organisation_number"], unique=False)
    op.create_index(op.f("signup_user_id_index"), "signup", ["user_id"], unique=False)
    op.create_table(
        "code_try",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("tried_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["email_challenge.id"], name=op.f("code_try_challenge_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("code_try_pkey")),
    )
    op.create_index(op.f("code_try_challenge_id_index"), "code_try", ["challenge_id"], unique=False)
    op.create_table(
        "employment_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signup_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("name_match", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=True),
        sa.Column("group_code", sa.Text(), nullable=True),
        sa.Column("group_changed", sa.Date(), nullable=True),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("answer_sha256", sa.Text(), nullable=False),
        sa.Column("fetched_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["signup_id"], ["signup.id"], name=op.f("employment_evidence_signup_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("employment_evidence_pkey")),
    )
    op.create_index(op.f("employment_evidence_signup_id_index"), "employment_evidence", ["signup_id"], unique=False)
    op.execute(
        """
        create function refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception 'The % is append-only: nothing in it is changed or removed.', tg_table_name
                using errcode = 'restrict_violation';
        end $$
        """
    )
    op.execute(
        """
        create trigger stage_log_is_append_only before update or delete or truncate on stage_log
        for each statement execute function refuse_change()
        """
    )


def downgrade() -> None:
    op.execute("drop trigger stage_log_is_append_only on stage_log")
    op.execute("drop function refuse_change")
    op.drop_index(op.f("employment_evidence_signup_id_index"), table_name="employment_evidence")
    op.drop_table("employment_evidence")
    op.drop_index(op.f("code_try_challenge_id_index"), table_name="code_try")
    op.drop_table("code_try")
    op.drop_index(op.f("signup_user_id_index"), table_name="signup")
    op.drop_index(op.f("signup_organisation_number_index"), table_name="signup")
    op.drop_index("one_open_signup", table_name="signup", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("signup")
    op.drop_index("one_open_membership", table_name="membership", postgresql_where=sa.text("ended_at is null"))
    op.drop_index(op.f("membership_user_id_index"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("email_challenge_address_id_index"), table_name="email_challenge")
    op.drop_table("email_challenge")
    op.drop_table("terms_acceptance")
    op.drop_index(op.f("session_user_id_index"), table_name="session")
    op.drop_index(op.f("session_seen_at_index"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("profile_sales_rep_id_index"), table_name="profile")
    op.drop_index("one_live_profile", table_name="profile", postgresql_where=sa.text("closed_at is null"))
    op.drop_table("profile")
    op.drop_index(op.f("letter_user_id_index"), table_name="letter")
    op.drop_table("letter")
    op.drop_index("one_current_email_address", table_name="email_address", postgresql_where=sa.text("replaced_at is null"))
    op.drop_index(op.f("email_address_user_id_index"), table_name="email_address")
    op.drop_table("email_address")
    op.drop_index(op.f("eid_link_user_id_index"), table_name="eid_link")
    op.drop_table("eid_link")
    op.drop_table("user_account")
    op.drop_index("stage_log_of_a_process", table_name="stage_log")
    op.drop_table("stage_log")
    op.drop_table("sales_rep")
    op.drop_index(op.f("login_attempt_started_at_index"), table_name="login_attempt")
    op.drop_table("login_attempt")
    op.drop_index(op.f("kept_form_kept_at_index"), table_name="kept_form")
    op.drop_table("kept_form")
    op.drop_index(op.f("help_feedback_slug_index"), table_name="help_feedback")
    op.drop_table("help_feedback")
    op.drop_table("company")
