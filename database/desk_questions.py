"""What is asked and answered between the desk and its customers.

Pages draft it here, and then tell the process its id; what the process has taken up carries a time, the rest was never said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.desk_tables import AppealRow, TaskAnswer, TaskDocument, TaskQuestion
from database.staff_tables import StaffMemberRow
from database.task_tables import Task
from database.tasks import same_matter
from domain.desk.conversation import NoQuestionStands
from domain.desk.documents import MOST_DOCUMENTS, DocumentSafe, DocumentType, TooManyDocuments, document_type, file_name_in
from domain.desk.reasons import QuestionReason


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document that came with an answer; without a content any more when `deleted_at` is told."""

    id: UUID
    name: str
    media_type: DocumentType
    size: int
    sent_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question that was asked, with its answer when there is one. Customers are not shown who asked."""

    id: UUID
    task_id: UUID
    asked_by: UUID
    asked_by_name: str
    reason: QuestionReason
    text: str
    wants_document: bool
    asked_at: datetime
    answered_at: datetime | None
    answer: str | None
    documents: Sequence[DocumentView]


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question as somebody here writes it; the id is the click's."""

    id: UUID
    task: UUID
    by: UUID
    reason: QuestionReason
    text: str
    wants_document: bool


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file as a browser sent it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An answer as the customer writes it, with the files they show; the id is the click's."""

    id: UUID
    question: UUID
    by: UUID
    text: str
    files: Sequence[FileSent] = ()


@dataclass(frozen=True, slots=True)
class DeskQuestions:
    """Keeps questions, answers, documents and appeals. Documents are sealed before they get here."""

    engine: AsyncEngine
    safe: DocumentSafe

    async def draft_question(self, draft: QuestionDraft, now: datetime) -> None:
        """Draft a question; the same click a second time changes nothing."""
        row = {
            "id": draft.id,
            "task_id": draft.task,
            "staff_id": draft.by,
            "reason": draft.reason,
            "text": draft.text,
            "wants_document": draft.wants_document,
            "drafted_at": now,
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(TaskQuestion).values(row).on_conflict_do_nothing())

    async def draft_answer(self, draft: AnswerDraft, now: datetime) -> None:
        """Draft an answer with its documents, all or nothing; the same click a second time changes nothing.

        Raises NoQuestionStands, TooManyDocuments, DocumentIsEmpty, DocumentTooLarge or DocumentNotTaken.
        """
        if len(draft.files) > MOST_DOCUMENTS:
            raise TooManyDocuments
        kinds = [document_type(file.content) for file in draft.files]
        asked = (TaskQuestion.id == draft.question, TaskQuestion.asked_at.is_not(None), TaskQuestion.answered_at.is_(None))
        # The task stays open until this is kept, so that whoever deletes its documents finds these too.
        standing = select(TaskQuestion.id).join(Task, Task.id == TaskQuestion.task_id).where(Task.closed_at.is_(None), *asked)
        answer = insert(TaskAnswer).values(id=draft.id, question_id=draft.question, user_id=draft.by, text=draft.text, sent_at=now)
        async with self.engine.begin() as connection:
            if await connection.scalar(standing.with_for_update(read=True, of=Task)) is None:
                raise NoQuestionStands
            if await connection.scalar(answer.on_conflict_do_nothing().returning(TaskAnswer.id)) is None:
                return
            for file, kind in zip(draft.files, kinds, strict=True):
                await connection.execute(insert(TaskDocument).values(self._sealed(draft.id, file, kind, now)))

    async def draft_appeal(self, appeal: UUID, signup: UUID, text: str, now: datetime) -> None:
        """Draft what a customer says who asks for another look; the same click a second time changes nothing."""
        row = insert(AppealRow).values(id=appeal, signup_id=signup, text=text, sent_at=now)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing())

    async def standing_question(self, signup: UUID) -> QuestionView | None:
        """Read the question that a customer has not answered yet."""
        standing = (Task.signup_id == signup, Task.closed_at.is_(None), TaskQuestion.answered_at.is_(None))
        async with self.engine.connect() as connection:
            row = (await connection.execute(_asked().where(*standing))).one_or_none()
        return _question(row, ()) if row else None

    async def questions_of(self, task: UUID) -> Sequence[QuestionView]:
        """Read what was asked about a task and answered, the oldest first; for another look, also what was asked before."""
        async with self.engine.connect() as connection:
            asked = _asked().where(TaskQuestion.task_id.in_(same_matter(task))).order_by(TaskQuestion.asked_at)
            rows = (await connection.execute(asked)).all()
            return [_question(row, await _documents(connection, TaskDocument.answer_id == row.answer_id)) for row in rows]

    async def document(self, document: UUID, task: UUID) -> tuple[DocumentView, bytes] | None:
        """Open a document of a task, or of an earlier one of the same signup; None when there is none such, or its time is over.

        Whoever shows it lets nothing in it be carried out: as a download, of the type that is told here.
        """
        kept = TaskDocument.content.is_not(None)
        query = (
            select(TaskDocument.key_id, TaskDocument.content)
            .join(TaskQuestion, TaskQuestion.answer_id == TaskDocument.answer_id)
            .where(TaskDocument.id == document, TaskQuestion.task_id.in_(same_matter(task)), kept)
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
            views = await _documents(connection, TaskDocument.id == document)
        if row is None or row.content is None:
            return None
        return views[0], self.safe.open(document, row.key_id, row.content)

    def _sealed(self, answer: UUID, file: FileSent, kind: DocumentType, now: datetime) -> dict[str, object]:
        document = uuid4()
        key_id, content = self.safe.seal(document, file.content)
        return {
            "id": document,
            "answer_id": answer,
            "name": file_name_in(file.name),
            "media_type": kind,
            "size": len(file.content),
            "key_id": key_id,
            "content": content,
            "sent_at": now,
        }


def _asked() -> Select[TaskQuestion, str, str | None]:
    return (
        select(TaskQuestion, StaffMemberRow.name.label("colleague"), TaskAnswer.text.label("answer"))
        .join(Task, Task.id == TaskQuestion.task_id)
        .join(StaffMemberRow, StaffMemberRow.id == TaskQuestion.staff_id)
        .join(TaskAnswer, TaskAnswer.id == TaskQuestion.answer_id, isouter=True)
        .where(TaskQuestion.asked_at.is_not(None))
    )


def _question(row: Row[TaskQuestion, str, str | None], documents: Sequence[DocumentView]) -> QuestionView:
    return QuestionView(
        id=row.id,
        task_id=row.task_id,
        asked_by=row.staff_id,
        asked_by_name=row.colleague,
        reason=QuestionReason(row.reason),
        text=row.text,
        wants_document=row.wants_document,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        answer=row.answer,
        documents=documents,
    )


async def _documents(connection: AsyncConnection, condition: ColumnElement[bool]) -> Sequence[DocumentView]:
    kept = (TaskDocument.id, TaskDocument.name, TaskDocument.media_type, TaskDocument.size, TaskDocument.sent_at, TaskDocument.deleted_at)
    rows = await connection.execute(select(*kept).where(condition).order_by(func.lower(TaskDocument.name)))
    return [DocumentView(row.id, row.name, DocumentType(row.media_type), row.size, row.sent_at, row.deleted_at) for row in rows]
