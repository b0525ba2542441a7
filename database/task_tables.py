"""What people here have to look at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.staff_tables import StaffMemberRow  # noqa: F401 - the table that decisions point to
from database.tables import Base


class Task(Base):
    """Something a process waits for a person to decide; which person is nobody's business until one has."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(closed_at is null) = (outcome is null)", name="closed_with_an_outcome"),
        # A process waits for one decision at a time.
        Index("one_open_task", "signup_id", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    signup_id: Mapped[UUID] = mapped_column(ForeignKey("signup.id"))
    organisation_number: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
