"""What a customer says to the desk: the answer to its question, with documents, and that somebody else should look again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from database.desk_questions import AnswerDraft, FileSent
from domain.conversations import NotTakenDown
from domain.desk.conversation import Appeal, CustomerAnswer, NoQuestionStands, TextTooShortOrLong, text_in
from domain.desk.documents import LARGEST_DOCUMENT, DocumentIsEmpty, DocumentNotTaken, DocumentTooLarge, TooManyDocuments
from domain.ids import SignupId
from domain.refusals import Refusal
from web.access import SignupOwner
from web.forms import Click
from web.pages import see_other
from web.signup import CONFLICT, status_page
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

UNPROCESSABLE, UNAVAILABLE = 422, 503
# The only place to which documents are sent.
PLACE = re.compile(r"/signup/[0-9a-fA-F-]{36}/answer")
router = APIRouter(prefix="/signup/{signup}")

# What can be put right in the form itself.
_IN_THE_FORM = (TextTooShortOrLong, DocumentIsEmpty, DocumentNotTaken, DocumentTooLarge, TooManyDocuments)


@router.post("/answer")
async def answer(  # noqa: PLR0913, PLR0917 - the form has all of these fields
    customer: SignupOwner,
    signup: UUID,
    click: Click,
    question: Annotated[UUID, Form()],
    text: Annotated[str, Form()] = "",
    documents: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Answer the question that stands, with a text and what is to be shown."""
    portal, user = customer.portal, customer.account.user
    asked = await portal.questions.standing_question(signup)
    try:
        draft = AnswerDraft(click, question, user, text_in(text), await _read(documents))
        if asked is not None and asked.id == question:
            await portal.questions.draft_answer(draft, portal.clock.now())
    except NoQuestionStands:
        # Answered perhaps by this very click, sent twice: the process knows.
        pass
    except Refusal as refused:
        return await _again(customer, signup, refused, text)
    problem = problem_in(await portal.signups.answer(SignupId(signup), CustomerAnswer(user, question, click), click))
    return await _again(customer, signup, problem, text) if problem else see_other(customer, f"/signup/{signup}?said=answered")


@router.post("/appeal")
async def appeal(customer: SignupOwner, signup: UUID, click: Click, text: Annotated[str, Form()] = "") -> Response:
    """Ask for another look, by somebody else."""
    portal, user = customer.portal, customer.account.user
    try:
        await portal.questions.draft_appeal(click, signup, text_in(text), portal.clock.now())
    except Refusal as refused:
        return await _again(customer, signup, refused, text)
    problem = problem_in(await portal.signups.appeal(SignupId(signup), Appeal(user, click), click))
    return await _again(customer, signup, problem, text) if problem else see_other(customer, f"/signup/{signup}?said=appealed")


async def _read(documents: Sequence[UploadFile]) -> Sequence[FileSent]:
    """Read what was sent, no more of each than we take and a byte, so that too large ones are known. A field left empty sends nothing."""
    files = [FileSent(document.filename or "", await document.read(LARGEST_DOCUMENT + 1)) for document in documents]
    return [file for file in files if file.name or file.content]


async def _again(customer: Customer, signup: UUID, problem: Refusal, text: str) -> Response:
    status = UNPROCESSABLE if isinstance(problem, _IN_THE_FORM) else UNAVAILABLE if isinstance(problem, NotTakenDown) else CONFLICT
    return await status_page(customer, signup, problem=problem, status=status, typed=text)
