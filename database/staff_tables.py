"""The tables of the people who work here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base


class StaffMemberRow(Base):
    """Somebody who works here, as their own provider described them at the last login."""

    __tablename__ = "staff_member"
    __table_args__ = (
        # One person at the provider is one person here.
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("roles <@ array['support', 'support-lead', 'sales', 'operator']", name="roles_are_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    roles: Mapped[list[str]]
    last_login_at: Mapped[datetime]


class StaffSession(Base):
    """A browser in which somebody who works here is logged in. The cookie's value is kept as its SHA-256 only."""

    __tablename__ = "staff_session"

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    # The provider's own name for the session (`sid`).
    provider_session: Mapped[str | None] = mapped_column(index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class StaffLogout(Base):
    """A logout that the provider has told us of: good for one use, and remembered so that no login slips past it."""

    __tablename__ = "staff_logout"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    provider_session: Mapped[str | None]
    subject: Mapped[str | None]
    issued_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
