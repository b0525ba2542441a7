"""Claims on companies without an administrator, memberships asked for under another eID, and signups handed to a colleague."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.staff_tables import StaffMemberRow  # noqa: F401 - the table that proposals point to
from database.tables import Base


class CompanyClaim(Base):
    """Somebody says that a company's administrators cannot be reached, and wants to be one."""

    __tablename__ = "company_claim"
    __table_args__ = (
        # Somebody claims a company once at a time.
        Index("one_open_claim", "profile_id", "user_id", unique=True, postgresql_where=text("ended_at is null")),
        CheckConstraint("state in ('open', 'granted', 'objected', 'rejected', 'withdrawn', 'overtaken')", name="state_is_known"),
        CheckConstraint("(ended_at is null) = (state = 'open')", name="ended_with_an_answer"),
        # Two people decide.
        CheckConstraint("decided_by is distinct from proposed_by or decided_by is null", name="four_eyes"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    claimed_at: Mapped[datetime]
    state: Mapped[str]
    # What the register's word was worth, when it was asked, and when the members were told.
    verdict: Mapped[str | None]
    reason: Mapped[str | None]
    role_code: Mapped[str | None]
    rule_version: Mapped[str | None]
    answer_sha256: Mapped[str | None]
    announced_at: Mapped[datetime | None]
    objected_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    with_support_since: Mapped[datetime | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    proposed_grant: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    ended_at: Mapped[datetime | None]


class MembershipRecovery(Base):
    """Somebody with another eID asks for the membership they had. The address they name is forgotten when it ends."""

    __tablename__ = "membership_recovery"
    __table_args__ = (
        # Somebody asks a company once at a time.
        Index(
            "one_open_recovery",
            "profile_id",
            "user_id",
            unique=True,
            postgresql_where=text("opened_at is not null and ended_at is null"),
        ),
        CheckConstraint("state in ('open', 'granted', 'declined', 'withdrawn', 'expired')", name="state_is_known"),
        CheckConstraint("(ended_at is null) = (state = 'open')", name="ended_with_an_answer"),
        CheckConstraint("decided_by is distinct from proposed_by or decided_by is null", name="four_eyes"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    email: Mapped[str]
    asked_at: Mapped[datetime]
    # A draft that no process has taken up has none.
    opened_at: Mapped[datetime | None]
    # Whose membership it is, as far as the address tells.
    old_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    with_support_since: Mapped[datetime | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    proposed_grant: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class SignupHandover(Base):
    """A letter by which somebody hands their unfinished signup to a colleague, who may take it over once."""

    __tablename__ = "signup_handover"
    __table_args__ = (CheckConstraint("(taken_by is null) = (taken_at is null)", name="taken_by_somebody"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    signup_id: Mapped[UUID] = mapped_column(ForeignKey("signup.id"), index=True)
    email: Mapped[str]
    language: Mapped[str]
    handed_at: Mapped[datetime]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime | None]
