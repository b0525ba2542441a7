"""Replies that are written once and used often: for leads to write, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from domain.desk.replies import reply_in
from domain.languages import Language
from domain.refusals import Refusal
from web.access import SupportLead
from web.desk_pages import UNPROCESSABLE
from web.forms import Click
from web.pages import see_other, staff_page
from web.visitor import Colleague

router = APIRouter(prefix="/support/replies")

Text = Annotated[str, Form()]


@router.get("")
async def every(lead: SupportLead, done: str = "") -> Response:
    """List them, each ready to be edited, and room for a new one."""
    return await _page(lead, done=bool(done))


@router.post("")
async def write(lead: SupportLead, click: Click, title: Text = "", nb: Text = "", en: Text = "") -> Response:
    """Keep a new reply."""
    return await _save(lead, click, title, {Language.NB: nb, Language.EN: en}, is_new=True)


@router.post("/{reply}")
async def edit(lead: SupportLead, reply: UUID, title: Text = "", nb: Text = "", en: Text = "") -> Response:
    """Keep what was changed in a reply."""
    return await _save(lead, reply, title, {Language.NB: nb, Language.EN: en})


@router.post("/{reply}/remove")
async def remove(lead: SupportLead, reply: UUID) -> Response:
    """Take a reply out of use."""
    await lead.portal.replies.remove(reply, lead.staff.id, lead.portal.clock.now())
    return see_other(lead, "/support/replies?done=1")


async def _save(lead: Colleague, reply: UUID, title: str, texts: dict[Language, str], *, is_new: bool = False) -> Response:
    try:
        await lead.portal.replies.save(reply_in(reply, title, texts), lead.staff.id, lead.portal.clock.now())
    except Refusal as problem:
        typed = {"id": "" if is_new else str(reply), "title": title, "texts": texts}
        return await _page(lead, problem=problem, typed=typed)
    return see_other(lead, "/support/replies?done=1")


async def _page(
    lead: Colleague, *, done: bool = False, problem: Refusal | None = None, typed: Mapping[str, object] | None = None
) -> Response:
    shown = {"replies": await lead.portal.replies.all(), "done": done, "problem": problem, "typed": typed}
    return staff_page(lead, "support_replies.html", status=UNPROCESSABLE if problem else 200, path="/support/replies", **shown)
