"""Everything that we hold of a user, table by table: what they are shown of it, and what is left when they go.

The list is complete: a test walks through every table and fails where one names a user and does not stand here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.claim_tables import CompanyClaim, MembershipRecovery, SignupHandover
from database.desk_tables import (
    AppealRow,
    DeskNotice,
    ReversalRow,
    TaskAnswer,
    TaskDocument,
    TaskEvent,
    TaskNote,
    TaskPause,
    TaskQuestion,
    TaskTick,
)
from database.member_tables import Invitation, JoinRequest, StaffView
from database.own_tables import ForgottenAccount, UnwantedLetter
from database.tables import (
    Base,
    CodeTry,
    EidLink,
    EmailAddress,
    EmailChallenge,
    EmploymentEvidence,
    Letter,
    Membership,
    Session,
    Signup,
    StageLog,
    TermsAcceptance,
    UserAccount,
)
from database.task_tables import Task
from domain.ids import UserId

Whose = Callable[[UUID], ColumnElement[bool]]


class Fate(Enum):
    """What becomes of rows when their owner deletes the account."""

    DELETED = "deleted"
    # They hold ids only, or are emptied until they do.
    IDS_STAY = "ids stay"


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one table that are a user's, by the columns that name them; those that come first can be deleted first.

    `left_out` are columns that are nobody's to read: secrets, and what names somebody else.
    """

    section: str
    table: type[Base]
    whose: Whose
    by: frozenset[str]
    fate: Fate
    left_out: frozenset[str] = frozenset()


def _held(section: str, table: type[Base], whose: Whose, *by: str, fate: Fate = Fate.DELETED, left_out: Sequence[str] = ()) -> Held:
    return Held(section, table, whose, frozenset(by), fate, frozenset(left_out))


def _addresses(user: UUID) -> ScalarSelect[UUID]:
    return select(EmailAddress.id).where(EmailAddress.user_id == user).scalar_subquery()


def _challenges(user: UUID) -> ScalarSelect[UUID]:
    return select(EmailChallenge.id).where(EmailChallenge.address_id.in_(_addresses(user))).scalar_subquery()


def _signups(user: UUID) -> ScalarSelect[UUID]:
    return select(Signup.id).where(Signup.user_id == user).scalar_subquery()


def _tasks(user: UUID) -> ScalarSelect[UUID]:
    return select(Task.id).where(Task.signup_id.in_(_signups(user))).scalar_subquery()


def _answers(user: UUID) -> ScalarSelect[UUID]:
    return select(TaskAnswer.id).where(TaskAnswer.user_id == user).scalar_subquery()


def to_their_address(user: UUID) -> ColumnElement[bool]:
    """Invitations to an address that somebody has or had, confirmed."""
    theirs = select(func.lower(EmailAddress.address)).where(EmailAddress.user_id == user, EmailAddress.confirmed_at.is_not(None))
    return func.lower(Invitation.email).in_(theirs) | (Invitation.accepted_by == user)


IDS_STAY = Fate.IDS_STAY
BY_US = ("staff_id",)
# What the support desk holds of a customer. A colleague's note may name others, and a document's content is sealed for those who decide.
AT_THE_DESK: Sequence[Held] = (
    _held(
        "documents sent", TaskDocument, lambda user: TaskDocument.answer_id.in_(_answers(user)), "answer_id", left_out=("key_id", "content")
    ),
    _held("answers to our questions", TaskAnswer, lambda user: TaskAnswer.user_id == user, "user_id", "question_id"),
    _held("our questions", TaskQuestion, lambda user: TaskQuestion.task_id.in_(_tasks(user)), "task_id", left_out=BY_US),
    _held("notes of support", TaskNote, lambda user: TaskNote.task_id.in_(_tasks(user)), "task_id", left_out=("text", *BY_US)),
    _held("appeals", AppealRow, lambda user: AppealRow.signup_id.in_(_signups(user)), "signup_id"),
    _held("checks ticked", TaskTick, lambda user: TaskTick.task_id.in_(_tasks(user)), "task_id", fate=IDS_STAY, left_out=BY_US),
    _held("work on tasks", TaskEvent, lambda user: TaskEvent.task_id.in_(_tasks(user)), "task_id", fate=IDS_STAY, left_out=BY_US),
    _held("pauses of tasks", TaskPause, lambda user: TaskPause.task_id.in_(_tasks(user)), "task_id", fate=IDS_STAY),
    _held(
        "notices of tasks",
        DeskNotice,
        lambda user: DeskNotice.task_id.in_(_tasks(user)),
        "task_id",
        fate=IDS_STAY,
        left_out=("staff_id", "rep_id"),
    ),
    _held("decisions reversed", ReversalRow, lambda user: ReversalRow.task_id.in_(_tasks(user)), "task_id", fate=IDS_STAY, left_out=BY_US),
)
# What somebody holds of a company that has lost its administrators, or of a membership they had. Who else had a hand in it is theirs.
HANDS_CHANGED: Sequence[Held] = (
    _held("signups handed on", SignupHandover, lambda user: SignupHandover.signup_id.in_(_signups(user)), "signup_id", "email"),
    _held(
        "signups taken over",
        SignupHandover,
        lambda user: SignupHandover.taken_by == user,
        "taken_by",
        fate=IDS_STAY,
        left_out=("email", "signup_id"),
    ),
    _held(
        "claims on companies",
        CompanyClaim,
        lambda user: CompanyClaim.user_id == user,
        "user_id",
        fate=IDS_STAY,
        left_out=("objected_by", "proposed_by", "decided_by"),
    ),
    _held(
        "objections to claims",
        CompanyClaim,
        lambda user: CompanyClaim.objected_by == user,
        "objected_by",
        fate=IDS_STAY,
        left_out=("user_id", "proposed_by", "decided_by"),
    ),
    _held(
        "memberships asked for under another eid",
        MembershipRecovery,
        lambda user: MembershipRecovery.user_id == user,
        "user_id",
        "email",
        left_out=("old_user_id", "proposed_by", "decided_by", "answered_by"),
    ),
    _held(
        "memberships that another eid asked for",
        MembershipRecovery,
        lambda user: MembershipRecovery.old_user_id == user,
        "old_user_id",
        fate=IDS_STAY,
        left_out=("user_id", "email", "proposed_by", "decided_by", "answered_by"),
    ),
    _held(
        "memberships answered for",
        MembershipRecovery,
        lambda user: MembershipRecovery.answered_by == user,
        "answered_by",
        fate=IDS_STAY,
        left_out=("user_id", "old_user_id", "email", "proposed_by", "decided_by"),
    ),
)
HELD: Sequence[Held] = (
    *AT_THE_DESK,
    *HANDS_CHANGED,
    _held("codes typed", CodeTry, lambda user: CodeTry.challenge_id.in_(_challenges(user)), "challenge_id"),
    _held("letters with codes", EmailChallenge, lambda user: EmailChallenge.address_id.in_(_addresses(user)), "address_id"),
    _held("letters", Letter, lambda user: Letter.user_id == user, "user_id"),
    _held("letters not wanted", UnwantedLetter, lambda user: UnwantedLetter.user_id == user, "user_id"),
    _held("invitations to you", Invitation, to_their_address, "accepted_by", "email", fate=IDS_STAY, left_out=("invited_by",)),
    _held("e-mail addresses", EmailAddress, lambda user: EmailAddress.user_id == user, "user_id", "address"),
    _held("eids", EidLink, lambda user: EidLink.user_id == user, "user_id", "subject"),
    _held("terms accepted", TermsAcceptance, lambda user: TermsAcceptance.user_id == user, "user_id"),
    _held("sessions", Session, lambda user: Session.user_id == user, "user_id", left_out=("id_hash",)),
    _held("evidence of employment", EmploymentEvidence, lambda user: EmploymentEvidence.signup_id.in_(_signups(user)), "signup_id"),
    _held("tasks", Task, lambda user: Task.signup_id.in_(_signups(user)), "signup_id", fate=IDS_STAY, left_out=("decided_by",)),
    _held(
        "looks of support",
        StaffView,
        lambda user: StaffView.signup_id.in_(_signups(user)),
        "signup_id",
        fate=IDS_STAY,
        left_out=("staff_id",),
    ),
    _held("signups", Signup, lambda user: Signup.user_id == user, "user_id", fate=IDS_STAY),
    _held("memberships", Membership, lambda user: Membership.user_id == user, "user_id", fate=IDS_STAY),
    _held(
        "invitations from you",
        Invitation,
        lambda user: Invitation.invited_by == user,
        "invited_by",
        fate=IDS_STAY,
        left_out=("email", "accepted_by"),
    ),
    _held(
        "requests to join",
        JoinRequest,
        lambda user: JoinRequest.user_id == user,
        "user_id",
        fate=IDS_STAY,
        left_out=("answered_by", "answered_by_staff"),
    ),
    _held(
        "requests answered", JoinRequest, lambda user: JoinRequest.answered_by == user, "answered_by", fate=IDS_STAY, left_out=("user_id",)
    ),
    _held("steps taken", StageLog, lambda user: StageLog.actor_id == user, "actor_id", fate=IDS_STAY),
    _held("farewell", ForgottenAccount, lambda user: ForgottenAccount.user_id == user, "user_id", fate=IDS_STAY),
    _held("account", UserAccount, lambda user: UserAccount.id == user, "given_name", "family_name", "birth_date", fate=IDS_STAY),
)


async def own_data(engine: AsyncEngine, user: UserId) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Read everything that we hold of a user, by section, in words and numbers that JSON has."""
    told: dict[str, Sequence[Mapping[str, object]]] = {}
    async with engine.connect() as connection:
        for held in reversed(HELD):
            columns = [column for column in held.table.__table__.columns if column.name not in held.left_out]
            rows = (await connection.execute(select(*columns).where(held.whose(user)))).mappings()
            told[held.section] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return told


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
