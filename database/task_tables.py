"""What people here have to look at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from database.staff_tables import StaffMemberRow  # noqa: F401 - the table that decisions point to
from database.tables import Base


class Task(Base):
    """Something a process waits for a person to decide.

    Who is at it is this table's business alone, and no process's: a task is somebody's while they have claimed it and their lease
    lasts. Its due time follows from its pauses, and its rank from that; both are kept so that the queue can be read in order.
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_with_an_outcome"),
        CheckConstraint("(claimed_by is null) = (lease_until is null)", name="claimed_with_a_lease"),
        CheckConstraint("(held_until is null) = (hold_reason is null)", name="held_with_a_reason"),
        # A process waits for one decision at a time.
        Index("one_open_task", "signup_id", unique=True, postgresql_where=text("closed_at is null")),
        # Both ends of the desk are read a page at a time, however long they are.
        Index("task_queue", "rank_at", "id", postgresql_where=text("closed_at is null")),
        Index("task_archive", "closed_at", "id", postgresql_where=text("closed_at is not null")),
        Index("task_pace", "kind", "closed_at", postgresql_where=text("decided_by is not null")),
        Index("task_claims", "claimed_by", postgresql_where=text("claimed_by is not null and closed_at is null")),
        Index("task_search", "search", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    signup_id: Mapped[UUID] = mapped_column(ForeignKey("signup.id"), index=True)
    organisation_number: Mapped[str] = mapped_column(index=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    # The company's name and number, taken apart into words.
    search: Mapped[str] = mapped_column(TSVECTOR, server_default=text("''::tsvector"))
    # None while the clock stands, and where nobody is in a hurry.
    due_at: Mapped[datetime | None]
    rank_at: Mapped[datetime]
    pressing: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    lease_until: Mapped[datetime | None]
    # Since when the customer has the ball.
    waiting_since: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    hold_reason: Mapped[str | None]
    # Whoever decided the first time, so that somebody else does the second.
    not_for: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    # The opening hours it took, pauses apart, in seconds; known when a person has decided.
    took_seconds: Mapped[int | None]
    on_time: Mapped[bool | None]
