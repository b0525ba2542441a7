"""Help for businesses, and whether it helped."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.feedback import Verdict
from domain.refusals import Refusal
from domain.words import _
from web.access import Public
from web.forms import Click
from web.help_texts import ShownAnswer, answer, find
from web.pages import fragment, page, see_other, wants_fragment
from web.visitor import Visitor

router = APIRouter()

LONGEST_COMMENT = 2000


class FeedbackIncomplete(Refusal):
    """A comment alone does not tell whether an answer helped."""

    code = "feedback-incomplete"
    words = _("Choose yes or no first.")


class CommentTooLong(Refusal):
    """Somebody has to read the comments."""

    code = "comment-too-long"
    words = _("The comment can have up to %(most)s characters. Shorten it, or write to us by e-mail.")


@router.get("/help")
async def help_page(visitor: Public, q: str = "") -> Response:
    """All answers, or those with every word asked for."""
    groups = find(visitor.language, q, **_support(visitor))
    if wants_fragment(visitor.request):
        return fragment(visitor, "help_hits.html", q=q, groups=groups)
    return page(visitor, "help.html", q=q, groups=groups)


@router.get("/help/{slug}")
async def help_answer(visitor: Public, slug: str, thanked: str = "") -> Response:
    """One answer at an address of its own."""
    shown = _answer(visitor, slug)
    return page(visitor, "help_answer.html", answer=shown, thanked=bool(thanked), found="", comment="", problem=None)


@router.post("/help/{slug}/feedback")
async def give_feedback(
    visitor: Public,
    click: Click,
    slug: str,
    found: Annotated[str, Form()] = "",
    comment: Annotated[str, Form()] = "",
) -> Response:
    """Keep what somebody says of an answer."""
    shown = _answer(visitor, slug)
    problem = _problem(found, comment)
    if problem is None:
        verdict = Verdict(slug, found == "yes", comment.replace("\0", "").strip(), visitor.language)
        await visitor.portal.feedback.keep(click, verdict, visitor.portal.clock.now())
    if problem is None:
        return see_other(visitor, f"/help/{slug}?thanked=1#feedback")
    return page(
        visitor,
        "help_answer.html",
        status=422,
        path=f"/help/{slug}",
        answer=shown,
        thanked=False,
        found=found,
        comment=comment,
        problem=problem,
    )


def _support(visitor: Visitor) -> dict[str, str]:
    return {"support_phone": visitor.portal.support_phone, "support_email": visitor.portal.support_email}


def _answer(visitor: Visitor, slug: str) -> ShownAnswer:
    shown = answer(visitor.language, slug, **_support(visitor))
    if shown is None:
        raise HTTPException(404)
    return shown


def _problem(found: str, comment: str) -> Refusal | None:
    if found not in {"yes", "no"}:
        return FeedbackIncomplete()
    return CommentTooLong(most=str(LONGEST_COMMENT)) if len(comment) > LONGEST_COMMENT else None
