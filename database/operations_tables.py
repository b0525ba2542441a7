"""The table of what operators have done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base


class OpsLog(Base):
    """What an operator did by hand, to what and why, for ever: a trigger refuses to change or remove anything."""

    __tablename__ = "ops_log"
    # Nobody meddles without saying why.
    __table_args__ = (CheckConstraint("length(trim(reason)) >= 3", name="reason_is_given"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    action: Mapped[str]
    # A process's id or a letter's key.
    subject: Mapped[str]
    reason: Mapped[str]
