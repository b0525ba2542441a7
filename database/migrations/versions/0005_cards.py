"""Cards, who may check them, and the evidence of checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assertion_used",
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("signer", "jti", name=op.f("assertion_used_pkey")),
    )
    op.create_index(op.f("assertion_used_expires_at_index"), "assertion_used", ["expires_at"], unique=False)
    op.create_table(
        "card",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("holder_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issuer_jws", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("portrait", sa.LargeBinary(), nullable=True),
        sa.Column("device_key", sa.LargeBinary(), nullable=False),
        sa.Column("holder_public_key", sa.LargeBinary(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("enrolled_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('active', 'blocked', 'replaced')", name=op.f("card_status_is_known")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("card_pkey")),
        sa.UniqueConstraint("mailbox_id", name=op.f("card_mailbox_id_unique")),
    )
    op.create_index(op.f("card_holder_pseudonym_index"), "card", ["holder_pseudonym"], unique=False)
    op.create_index(
        "one_live_card", "card", ["holder_pseudonym"], unique=True, postgresql_where=sa.text("status = 'active' and not sandbox")
    )
    op.create_table(
        "check_log",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("terminal", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("released", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(leaf_hash) = 32", name=op.f("check_log_leaf_hash_is_sha256")),
        sa.PrimaryKeyConstraint("check_id", name=op.f("check_log_pkey")),
    )
    op.create_index("check_log_of_a_company", "check_log", ["organisation_number", "at"], unique=False)
    op.create_table(
        "check_log_head",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("signed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_number", "month", name=op.f("check_log_head_pkey")),
    )
    op.create_table(
        "check_log_link",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_number", "month", "sequence", name=op.f("check_log_link_pkey")),
        sa.UniqueConstraint("check_id", name=op.f("check_log_link_check_id_unique")),
    )
    op.create_table(
        "check_log_queue",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", name=op.f("check_log_queue_pkey")),
    )
    op.create_table(
        "holder_log",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("holder_log_pkey")),
    )
    op.create_index(op.f("holder_log_mailbox_id_index"), "holder_log", ["mailbox_id"], unique=False)
    op.create_table(
        "holder_log_inbox",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("holder_log_inbox_pkey")),
    )
    op.create_index(op.f("holder_log_inbox_mailbox_id_index"), "holder_log_inbox", ["mailbox_id"], unique=False)
    op.create_table(
        "quota",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("minute", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "minute", name=op.f("quota_pkey")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "agreement",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("active_from", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("active_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("names_shops", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("status in ('testing', 'active', 'ended')", name=op.f("agreement_status_is_known")),
        sa.ForeignKeyConstraint(["organisation_number"], ["company.organisation_number"], name=op.f("agreement_organisation_number_fkey")),
        sa.PrimaryKeyConstraint("organisation_number", "id", name=op.f("agreement_pkey")),
    )
    op.create_index("one_live_agreement", "agreement", ["organisation_number"], unique=True, postgresql_where=sa.text("status <> 'ended'"))
    op.create_table(
        "api_client",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("jwks", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("checks_a_minute", sa.Integer(), server_default=sa.text("6000"), nullable=False),
        sa.ForeignKeyConstraint(["organisation_number"], ["company.organisation_number"], name=op.f("api_client_organisation_number_fkey")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("api_client_pkey")),
        sa.UniqueConstraint("organisation_number", "client_id", name=op.f("api_client_organisation_number_client_id_unique")),
    )
    op.create_table(
        "place",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gln", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_number"], ["company.organisation_number"], name=op.f("place_organisation_number_fkey")),
        sa.PrimaryKeyConstraint("organisation_number", "id", name=op.f("place_pkey")),
        sa.UniqueConstraint("organisation_number", "gln", name=op.f("place_organisation_number_gln_unique")),
    )
    op.create_table(
        "presentation",
        sa.Column("ref_hash", sa.LargeBinary(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.Column("idem_hash", sa.LargeBinary(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.Column("card_status", sa.Text(), nullable=True),
        sa.Column("sealed_entry", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("mode in ('age', 'standard', 'full')", name=op.f("presentation_mode_is_known")),
        sa.CheckConstraint(
            "(used_at is null) = (used_by is null) and (used_at is null) = (check_id is null)",
            name=op.f("presentation_used_by_somebody_in_a_check"),
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.card_id"], name=op.f("presentation_card_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ref_hash", name=op.f("presentation_pkey")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        "one_request_per_idempotency_key",
        "presentation",
        ["used_by", "idem_hash"],
        unique=True,
        postgresql_where=sa.text("idem_hash is not null"),
    )
    op.create_index(op.f("presentation_card_id_index"), "presentation", ["card_id"], unique=False)
    op.create_index(op.f("presentation_expires_at_index"), "presentation", ["expires_at"], unique=False)
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("scope", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.client_id"], name=op.f("access_token_client_id_fkey")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("access_token_pkey")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("access_token_client_id_index"), "access_token", ["client_id"], unique=False)
    op.create_index(op.f("access_token_expires_at_index"), "access_token", ["expires_at"], unique=False)
    op.create_table(
        "agreement_purpose",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_number", "agreement_id"],
            ["agreement.organisation_number", "agreement.id"],
            name=op.f("agreement_purpose_organisation_number_agreement_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organisation_number", "agreement_id", "purpose", name=op.f("agreement_purpose_pkey")),
    )
    op.create_table(
        "terminal",
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("checks_a_minute", sa.Integer(), server_default=sa.text("120"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_number", "place_id"],
            ["place.organisation_number", "place.id"],
            name=op.f("terminal_organisation_number_place_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organisation_number", "id", name=op.f("terminal_pkey")),
        sa.UniqueConstraint("organisation_number", "code", name=op.f("terminal_organisation_number_code_unique")),
    )
    # Ciphertext does not get smaller; trying takes time.
    op.execute("alter table card alter column portrait set storage external")
    for table in ("check_log", "check_log_link"):
        op.execute(
            f"""
            create trigger {table}_is_append_only before update or delete or truncate on {table}
            for each statement execute function refuse_change()
            """
        )


def downgrade() -> None:
    for table in (
        "terminal",
        "agreement_purpose",
        "access_token",
        "presentation",
        "place",
        "api_client",
        "agreement",
        "quota",
        "holder_log_inbox",
        "holder_log",
        "check_log_queue",
        "check_log_link",
        "check_log_head",
        "check_log",
        "card",
        "assertion_used",
    ):
        op.drop_table(table)
