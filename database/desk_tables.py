"""What the support desk remembers of its tasks besides the tasks themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from database.tables import Base
from database.task_tables import Task  # noqa: F401 - the table that all of these point to


class TaskPause(Base):
    """A time in which a task's clock stood; the end of a pause for the customer is not known until they answer."""

    __tablename__ = "task_pause"
    __table_args__ = (
        # The customer has the ball once at a time.
        Index("one_open_pause", "task_id", unique=True, postgresql_where=text("until is null")),
        CheckConstraint("until is null or until >= since", name="ends_after_it_begins"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    reason: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class TaskEvent(Base):
    """What was done with a task at the desk: taken, released, given to somebody, laid aside, sent back by its deadline."""

    __tablename__ = "task_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[str]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    why: Mapped[str | None]


class TaskNote(Base):
    """What somebody here writes down for their colleagues. Customers never see it."""

    __tablename__ = "task_note"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]


class TaskTick(Base):
    """A check that somebody has looked at with their own eyes."""

    __tablename__ = "task_tick"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    check: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    ticked_at: Mapped[datetime]


class TaskQuestion(Base):
    """Something the customer is asked, and their answer. Until the process has taken it up, either is only a draft."""

    __tablename__ = "task_question"
    __table_args__ = (
        # The customer is asked one thing at a time.
        Index("one_standing_question", "task_id", unique=True, postgresql_where=text("asked_at is not null and answered_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    reason: Mapped[str]
    text: Mapped[str]
    wants_document: Mapped[bool]
    drafted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # Which of the drafted answers was the one.
    answer_id: Mapped[UUID | None]


class TaskAnswer(Base):
    """What a customer answers, kept under the id of the click that sent it."""

    __tablename__ = "task_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("task_question.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str]
    sent_at: Mapped[datetime]


class TaskDocument(Base):
    """A document that came with an answer, sealed. When its time is over the content goes, and that it was there remains."""

    __tablename__ = "task_document"
    __table_args__ = (CheckConstraint("(content is null) = (deleted_at is not null)", name="content_until_deleted"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("task_answer.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    key_id: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class TaskDeadline(Base):
    """What time has brought about already. `about` is the task, or the question that has no answer."""

    __tablename__ = "task_deadline"

    about: Mapped[UUID] = mapped_column(primary_key=True)
    deadline: Mapped[str] = mapped_column(primary_key=True)
    reached_at: Mapped[datetime]


class DeskNotice(Base):
    """Somebody here, or in sales, is told of a task by letter."""

    __tablename__ = "desk_notice"
    __table_args__ = (CheckConstraint("(staff_id is null) <> (rep_id is null)", name="to_one_reader"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"))
    deadline: Mapped[str]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    rep_id: Mapped[UUID | None] = mapped_column(ForeignKey("sales_rep.id"))


class AppealRow(Base):
    """What a customer says who asks for another look; a draft until the process has taken it up."""

    __tablename__ = "appeal"
    __table_args__ = (
        # A rejection is looked at again once.
        Index("one_appeal", "signup_id", unique=True, postgresql_where=text("taken_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    signup_id: Mapped[UUID] = mapped_column(ForeignKey("signup.id"), index=True)
    text: Mapped[str]
    sent_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class ReversalRow(Base):
    """A lead has turned a decision round."""

    __tablename__ = "reversal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    reason: Mapped[str]
    from_stage: Mapped[str]
    to_stage: Mapped[str]
    at: Mapped[datetime]


class ProfileSuspension(Base):
    """A time in which a company's profile is there, but nobody may act through it."""

    __tablename__ = "profile_suspension"
    __table_args__ = (
        # A profile is suspended once at a time.
        Index("one_open_suspension", "profile_id", unique=True, postgresql_where=text("lifted_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"))
    reason: Mapped[str]
    suspended_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class SavedReplyRow(Base):
    """A reply that is written once and used often."""

    __tablename__ = "saved_reply"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    texts: Mapped[dict[str, str]]
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    edited_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class StaffInterest(Base):
    """Somebody here has said that they belong to a company."""

    __tablename__ = "staff_interest"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    organisation_number: Mapped[str] = mapped_column(primary_key=True)
    declared_at: Mapped[datetime]
