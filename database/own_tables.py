"""What people decide about themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base


class UnwantedLetter(Base):
    """A kind of letter that somebody does not want."""

    __tablename__ = "unwanted_letter"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class ForgottenAccount(Base):
    """An account that its owner has deleted: from then on its rows hold ids only. Without `done_at` it is being forgotten still."""

    __tablename__ = "forgotten_account"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    left_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
