"""The tables of the evidence: that a check was done, and nothing of whom.

A merchant's log says no holder, no card and no code; a holder's log says no merchant and no time in clear. Nothing here points to
anything else, because evidence outlives what it speaks of.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base


class CheckLog(Base):
    """A check that was done: where, for what, with which outcome. Only names of claims. A trigger refuses to change or remove one."""

    __tablename__ = "check_log"
    __table_args__ = (
        Index("check_log_of_a_company", "organisation_number", "at"),
        CheckConstraint("octet_length(leaf_hash) = 32", name="leaf_hash_is_sha256"),
    )

    # UUIDv7, so that the rows of a time lie together.
    check_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_number: Mapped[str]
    client_id: Mapped[str]
    place_id: Mapped[UUID]
    terminal_id: Mapped[UUID]
    # As they were called then.
    shop: Mapped[str]
    terminal: Mapped[str]
    purpose: Mapped[str]
    outcome: Mapped[str]
    released: Mapped[list[str]]
    sandbox: Mapped[bool]
    at: Mapped[datetime]
    leaf_hash: Mapped[bytes]


class CheckLogQueue(Base):
    """A check whose row in the log has not been chained yet."""

    __tablename__ = "check_log_queue"

    check_id: Mapped[UUID] = mapped_column(primary_key=True)


class CheckLogLink(Base):
    """Where a check stands in the chain of its company and month. A trigger refuses to change or remove one."""

    __tablename__ = "check_log_link"

    organisation_number: Mapped[str] = mapped_column(primary_key=True)
    # In Norway, such as `2026-11`.
    month: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    check_id: Mapped[UUID] = mapped_column(unique=True)
    hash: Mapped[bytes]


class CheckLogHead(Base):
    """How far the chain of a company and month goes and what it has come to, signed with a receipt key."""

    __tablename__ = "check_log_head"

    organisation_number: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    signed: Mapped[str]
    signed_at: Mapped[datetime]


class HolderLogInbox(Base):
    """An entry of a holder's log that waits for others, to be put away with them in no order."""

    __tablename__ = "holder_log_inbox"

    # Random, so that its order says nothing.
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    mailbox_id: Mapped[UUID] = mapped_column(index=True)
    sealed: Mapped[bytes]
    day: Mapped[date]


class HolderLog(Base):
    """An entry that only the holder can open."""

    __tablename__ = "holder_log"

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    mailbox_id: Mapped[UUID] = mapped_column(index=True)
    sealed: Mapped[bytes]
    day: Mapped[date]
