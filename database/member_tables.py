"""Invitations, requests to join, and when staff has looked at a company's pages as the company sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.staff_tables import StaffMemberRow  # noqa: F401 - the table that answers of support point to
from database.tables import Base


class Invitation(Base):
    """An address that an administrator has invited. Without `opened_at` it is a draft that no process has taken up, and counts nowhere."""

    __tablename__ = "invitation"
    __table_args__ = (
        # An address is invited to a company once at a time, however it is written.
        Index(
            "one_open_invitation",
            "profile_id",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("opened_at is not null and answered_at is null"),
        ),
        CheckConstraint("role in ('administrator', 'member', 'developer')", name="role_is_known"),
        CheckConstraint("state in ('open', 'accepted', 'declined', 'revoked', 'expired', 'superseded')", name="state_is_known"),
        CheckConstraint("(answered_at is null) = (state = 'open')", name="ended_with_an_answer"),
        CheckConstraint("(accepted_by is not null) = (state = 'accepted')", name="accepted_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"), index=True)
    email: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    drafted_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]
    # When an administrator last had it sent, and how often.
    sent_at: Mapped[datetime | None]
    sendings: Mapped[int]
    expires_at: Mapped[datetime | None]
    state: Mapped[str]
    answered_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    undeliverable_at: Mapped[datetime | None]


class JoinRequest(Base):
    """Somebody who asks to be let into a company that has a profile."""

    __tablename__ = "join_request"
    __table_args__ = (
        # Somebody asks a company once at a time.
        Index("one_open_join_request", "profile_id", "user_id", unique=True, postgresql_where=text("answered_at is null")),
        CheckConstraint("state in ('open', 'accepted', 'declined', 'withdrawn', 'superseded')", name="state_is_known"),
        CheckConstraint("(answered_at is null) = (state = 'open')", name="ended_with_an_answer"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    asked_at: Mapped[datetime]
    with_support_since: Mapped[datetime | None]
    state: Mapped[str]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_by_staff: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))


class StaffView(Base):
    """Somebody in support has looked at a company's page or at a signup's as the customer sees it, from when until when, and why."""

    __tablename__ = "staff_view"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) >= 3", name="reason_is_given"),
        CheckConstraint("(profile_id is null) <> (signup_id is null)", name="of_one_thing"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID | None] = mapped_column(ForeignKey("profile.id"), index=True)
    signup_id: Mapped[UUID | None] = mapped_column(ForeignKey("signup.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
