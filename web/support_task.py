"""One task at the desk: its page, who is at it, and what is written in its margins."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.desk_ties import declare_interest
from domain.desk.calendar import OSLO
from domain.desk.checks import Check
from domain.desk.claims import HoldNeedsTime
from domain.desk.conversation import TextTooShortOrLong, text_in
from domain.desk.reasons import HoldReason
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from web.access import Support
from web.desk_pages import NOT_FOUND, Typed, conflict_page, replies_for, task_of, task_page
from web.forms import Click
from web.pages import fragment, see_other
from web.support import SAID
from web.visitor import Colleague

router = APIRouter(prefix="/support/tasks/{task}")

Text = Annotated[str, Form()]


@router.get("")
async def show(colleague: Support, task: UUID, said: str = "", reply: str = "") -> Response:
    """Show a task with its evidence, or how it was decided; it stays with whoever is at it. `reply` is put into the question."""
    await colleague.portal.claims.renew(task, colleague.staff.id, colleague.portal.clock.now())
    chosen = [text for id_, _, text in await replies_for(colleague, task) if str(id_) == reply] if reply else []
    typed = Typed(decision="ask", text=chosen[0]) if chosen else Typed()
    return await task_page(colleague, task, typed, said=said if said in SAID else "")


@router.post("/claim")
async def claim(colleague: Support, task: UUID) -> Response:
    """Take a task."""
    return await _do(colleague, task, colleague.portal.claims.claim(task, colleague.staff, colleague.portal.clock.now()))


@router.post("/lease")
async def renew(colleague: Support, task: UUID) -> Response:
    """Keep a task for somebody whose page is open, and say whether it is still theirs."""
    now = colleague.portal.clock.now()
    await colleague.portal.claims.renew(task, colleague.staff.id, now)
    await task_of(colleague, task)
    file = await colleague.portal.task_files.read(task, colleague.staff, now)
    return fragment(colleague, "support_lease.html", file=file, mine=file.holder == colleague.staff.id)


@router.post("/release")
async def release(colleague: Support, task: UUID) -> Response:
    """Put a task back into the queue."""
    done = colleague.portal.claims.release(task, colleague.staff, colleague.portal.clock.now())
    return await _do(colleague, task, done, "/support?said=released")


@router.post("/give")
async def give(colleague: Support, task: UUID, to: Annotated[UUID, Form()]) -> Response:
    """Give a task to a colleague."""
    done = colleague.portal.claims.give(task, colleague.staff, to, colleague.portal.clock.now())
    return await _do(colleague, task, done, "/support?said=given")


@router.post("/hold")
async def hold(colleague: Support, task: UUID, until: Text = "", reason: Text = "") -> Response:
    """Lay a task aside until a time in Oslo, such as 2026-12-01T08:00."""
    now, typed = colleague.portal.clock.now(), Typed(until=until, hold_reason=reason)
    try:
        moment = datetime.fromisoformat(until).replace(tzinfo=OSLO)
    except ValueError:
        return await task_page(colleague, task, typed, problem=HoldNeedsTime())
    why = HoldReason(reason) if reason in set(HoldReason) else HoldReason.OTHER
    held = colleague.portal.claims.hold(task, colleague.staff, moment, why, now)
    return await _do(colleague, task, held, "/support?said=held", typed)


@router.post("/resume")
async def resume(colleague: Support, task: UUID) -> Response:
    """Take up again what was laid aside."""
    return await _do(colleague, task, colleague.portal.claims.resume(task, colleague.staff, colleague.portal.clock.now()))


@router.post("/notes")
async def note(colleague: Support, task: UUID, click: Click, text: Text = "") -> Response:
    """Write something down for colleagues."""
    portal = colleague.portal
    await task_of(colleague, task)
    try:
        await portal.task_files.note(click, task, colleague.staff.id, text_in(text), portal.clock.now())
    except TextTooShortOrLong as problem:
        return await task_page(colleague, task, Typed(note=text), problem=problem)
    return see_other(colleague, f"/support/tasks/{task}#notes")


@router.post("/ticks")
async def tick(colleague: Support, task: UUID, check: Text = "", off: Text = "") -> Response:
    """Tick a check off, or take the tick away."""
    files, now = colleague.portal.task_files, colleague.portal.clock.now()
    await task_of(colleague, task)
    if check not in set(Check):
        raise HTTPException(NOT_FOUND)
    if off:
        await files.untick(task, Check(check))
    else:
        await files.tick(task, Check(check), colleague.staff.id, now)
    return see_other(colleague, f"/support/tasks/{task}#check-{check}")


@router.post("/hand-back")
async def hand_back(colleague: Support, task: UUID) -> Response:
    """Say that one belongs to the company: the task goes back, and nothing about the company comes to this colleague again."""
    portal, now = colleague.portal, colleague.portal.clock.now()
    company = OrganisationNumber((await task_of(colleague, task)).organisation_number)
    await declare_interest(portal.engine, colleague.staff.id, company, now)
    file = await portal.task_files.read(task, colleague.staff, now)
    if file.holder == colleague.staff.id:
        return await _do(colleague, task, portal.claims.release(task, colleague.staff, now), "/support?said=handed-back")
    return see_other(colleague, "/support?said=handed-back")


@router.get("/documents/{document}")
async def document(colleague: Support, task: UUID, document: UUID) -> Response:
    """Hand a document out as a download, so that nothing in it is carried out here."""
    found = await colleague.portal.questions.document(document, task)
    if found is None:
        raise HTTPException(NOT_FOUND)
    view, content = found
    return Response(
        content, media_type=view.media_type, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(view.name)}"}
    )


async def _do(colleague: Colleague, task: UUID, deed: Awaitable[None], then: str = "", typed: Typed | None = None) -> Response:
    """Do something with a task and go on, or say why it cannot be done; what was typed stands there still."""
    try:
        await deed
    except HoldNeedsTime as problem:
        return await task_page(colleague, task, typed, problem=problem)
    except Refusal as problem:
        return await conflict_page(colleague, task, problem)
    await task_of(colleague, task)
    return see_other(colleague, then or f"/support/tasks/{task}")
