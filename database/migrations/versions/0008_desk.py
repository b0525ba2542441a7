"""The support desk: who is at which task, what customers are asked and answer, and how decisions are turned round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_deadline",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("deadline", sa.Text(), nullable=False),
        sa.Column("reached_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("about", "deadline", name=op.f("task_deadline_pkey")),
    )
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("removed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edited_by"], ["staff_member.id"], name=op.f("saved_reply_edited_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_reply_pkey")),
    )
    op.create_table(
        "staff_interest",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_number", sa.Text(), nullable=False),
        sa.Column("declared_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("staff_interest_staff_id_fkey")),
        sa.PrimaryKeyConstraint("staff_id", "organisation_number", name=op.f("staff_interest_pkey")),
    )
    op.create_table(
        "profile_suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspended_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lifted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("profile_suspension_profile_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("profile_suspension_pkey")),
    )
    op.create_index("one_open_suspension", "profile_suspension", ["profile_id"], unique=True, postgresql_where=sa.text("lifted_at is null"))
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signup_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("taken_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["signup_id"], ["signup.id"], name=op.f("appeal_signup_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("appeal_pkey")),
    )
    op.create_index(op.f("appeal_signup_id_index"), "appeal", ["signup_id"], unique=False)
    op.create_index("one_appeal", "appeal", ["signup_id"], unique=True, postgresql_where=sa.text("taken_at is not null"))
    op.create_table(
        "desk_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("deadline", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("rep_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(staff_id is null) <> (rep_id is null)", name=op.f("desk_notice_to_one_reader")),
        sa.ForeignKeyConstraint(["rep_id"], ["sales_rep.id"], name=op.f("desk_notice_rep_id_fkey")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("desk_notice_staff_id_fkey")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("desk_notice_task_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("desk_notice_pkey")),
    )
    op.create_table(
        "reversal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=False),
        sa.Column("to_stage", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("reversal_staff_id_fkey")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("reversal_task_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("reversal_pkey")),
    )
    op.create_index(op.f("reversal_task_id_index"), "reversal", ["task_id"], unique=False)
    op.create_table(
        "task_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("task_event_staff_id_fkey")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("task_event_task_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_event_pkey")),
    )
    op.create_index(op.f("task_event_task_id_index"), "task_event", ["task_id"], unique=False)
    op.create_table(
        "task_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("task_note_staff_id_fkey")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("task_note_task_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_note_pkey")),
    )
    op.create_index(op.f("task_note_task_id_index"), "task_note", ["task_id"], unique=False)
    op.create_table(
        "task_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("until is null or until >= since", name=op.f("task_pause_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("task_pause_task_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pause_pkey")),
    )
    op.create_index("one_open_pause", "task_pause", ["task_id"], unique=True, postgresql_where=sa.text("until is null"))
    op.create_index(op.f("task_pause_task_id_index"), "task_pause", ["task_id"], unique=False)
    op.create_table(
        "task_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wants_document", sa.Boolean(), nullable=False),
        sa.Column("drafted_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("task_question_staff_id_fkey")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("task_question_task_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_question_pkey")),
    )
    op.create_index(
        "one_standing_question",
        "task_question",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("asked_at is not null and answered_at is null"),
    )
    op.create_index(op.f("task_question_task_id_index"), "task_question", ["task_id"], unique=False)
    op.create_table(
        "task_tick",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("ticked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("task_tick_staff_id_fkey")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("task_tick_task_id_fkey")),
        sa.PrimaryKeyConstraint("task_id", "check", name=op.f("task_tick_pkey")),
    )
    op.create_table(
        "task_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["task_question.id"], name=op.f("task_answer_question_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("task_answer_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_answer_pkey")),
    )
    op.create_index(op.f("task_answer_question_id_index"), "task_answer", ["question_id"], unique=False)
    op.create_table(
        "task_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(content is null) = (deleted_at is not null)", name=op.f("task_document_content_until_deleted")),
        sa.ForeignKeyConstraint(["answer_id"], ["task_answer.id"], name=op.f("task_document_answer_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_document_pkey")),
    )
    op.create_index(op.f("task_document_answer_id_index"), "task_document", ["answer_id"], unique=False)
    _say_more_of_tasks()


def _say_more_of_tasks() -> None:
    op.add_column("task", sa.Column("search", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False))
    op.add_column("task", sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("task", sa.Column("rank_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("task", sa.Column("pressing", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("task", sa.Column("claimed_by", sa.Uuid(), nullable=True))
    op.add_column("task", sa.Column("lease_until", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("task", sa.Column("waiting_since", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("task", sa.Column("held_until", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("task", sa.Column("hold_reason", sa.Text(), nullable=True))
    op.add_column("task", sa.Column("not_for", sa.Uuid(), nullable=True))
    op.add_column("task", sa.Column("took_seconds", sa.Integer(), nullable=True))
    op.add_column("task", sa.Column("on_time", sa.Boolean(), nullable=True))
    # What waits already is given two days, weekends and all: it has waited for this desk long enough.
    op.execute("update task set rank_at = opened_at + interval '2 days'")
    op.execute("update task set due_at = rank_at where closed_at is null")
    op.execute(
        """
        update task set search = to_tsvector('simple', task.organisation_number || ' ' || coalesce(
            (select company.name from company where company.organisation_number = task.organisation_number), ''))
        """
    )
    op.alter_column("task", "rank_at", nullable=False)
    op.create_check_constraint(op.f("task_claimed_with_a_lease"), "task", "(claimed_by is null) = (lease_until is null)")
    op.create_check_constraint(op.f("task_held_with_a_reason"), "task", "(held_until is null) = (hold_reason is null)")
    op.create_index("task_archive", "task", ["closed_at", "id"], unique=False, postgresql_where=sa.text("closed_at is not null"))
    op.create_index(
        "task_claims", "task", ["claimed_by"], unique=False, postgresql_where=sa.text("claimed_by is not null and closed_at is null")
    )
    op.create_index(op.f("task_organisation_number_index"), "task", ["organisation_number"], unique=False)
    op.create_index("task_pace", "task", ["kind", "closed_at"], unique=False, postgresql_where=sa.text("decided_by is not null"))
    op.create_index("task_queue", "task", ["rank_at", "id"], unique=False, postgresql_where=sa.text("closed_at is null"))
    op.create_index("task_search", "task", ["search"], unique=False, postgresql_using="gin")
    op.create_index(op.f("task_signup_id_index"), "task", ["signup_id"], unique=False)
    op.create_foreign_key(op.f("task_not_for_fkey"), "task", "staff_member", ["not_for"], ["id"])
    op.create_foreign_key(op.f("task_claimed_by_fkey"), "task", "staff_member", ["claimed_by"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("task_claimed_by_fkey"), "task", type_="foreignkey")
    op.drop_constraint(op.f("task_not_for_fkey"), "task", type_="foreignkey")
    op.drop_index(op.f("task_signup_id_index"), table_name="task")
    op.drop_index("task_search", table_name="task", postgresql_using="gin")
    op.drop_index("task_queue", table_name="task", postgresql_where=sa.text("closed_at is null"))
    op.drop_index("task_pace", table_name="task", postgresql_where=sa.text("decided_by is not null"))
    op.drop_index(op.f("task_organisation_number_index"), table_name="task")
    op.drop_index("task_claims", table_name="task", postgresql_where=sa.text("claimed_by is not null and closed_at is null"))
    op.drop_index("task_archive", table_name="task", postgresql_where=sa.text("closed_at is not null"))
    op.drop_column("task", "on_time")
    op.drop_column("task", "took_seconds")
    op.drop_column("task", "not_for")
    op.drop_column("task", "hold_reason")
    op.drop_column("task", "held_until")
    op.drop_column("task", "waiting_since")
    op.drop_column("task", "lease_until")
    op.drop_column("task", "claimed_by")
    op.drop_column("task", "pressing")
    op.drop_column("task", "rank_at")
    op.drop_column("task", "due_at")
    op.drop_column("task", "search")
    op.drop_index(op.f("task_document_answer_id_index"), table_name="task_document")
    op.drop_table("task_document")
    op.drop_index(op.f("task_answer_question_id_index"), table_name="task_answer")
    op.drop_table("task_answer")
    op.drop_table("task_tick")
    op.drop_index(op.f("task_question_task_id_index"), table_name="task_question")
    op.drop_index(
        "one_standing_question", table_name="task_question", postgresql_where=sa.text("asked_at is not null and answered_at is null")
    )
    op.drop_table("task_question")
    op.drop_index(op.f("task_pause_task_id_index"), table_name="task_pause")
    op.drop_index("one_open_pause", table_name="task_pause", postgresql_where=sa.text("until is null"))
    op.drop_table("task_pause")
    op.drop_index(op.f("task_note_task_id_index"), table_name="task_note")
    op.drop_table("task_note")
    op.drop_index(op.f("task_event_task_id_index"), table_name="task_event")
    op.drop_table("task_event")
    op.drop_index(op.f("reversal_task_id_index"), table_name="reversal")
    op.drop_table("reversal")
    op.drop_table("desk_notice")
    op.drop_index("one_appeal", table_name="appeal", postgresql_where=sa.text("taken_at is not null"))
    op.drop_index(op.f("appeal_signup_id_index"), table_name="appeal")
    op.drop_table("appeal")
    op.drop_index("one_open_suspension", table_name="profile_suspension", postgresql_where=sa.text("lifted_at is null"))
    op.drop_table("profile_suspension")
    op.drop_table("staff_interest")
    op.drop_table("saved_reply")
    op.drop_table("task_deadline")
