"""The page of one task, as every handler at the desk answers with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fastapi import HTTPException
from starlette.responses import Response

from database.desk_claims import colleagues_in_support
from database.desk_file import TaskFile
from database.desk_letters import preview
from database.tasks import TaskView, read_task
from domain.desk.checks import TITLES
from domain.desk.claims import TaskDeed
from domain.desk.clock import urgency
from domain.desk.conversation import WINDOW
from domain.desk.kinds import PACES
from domain.desk.reasons import APPROVALS, HOLDS, QUESTIONS, REVERSALS
from domain.languages import Language
from domain.post import LetterKind
from domain.refusals import Refusal
from domain.rulings import REASONS
from domain.staff import StaffRole
from domain.stages import Actor, Stage
from web.desk_evidence import Evidence, evidence_of
from web.pages import staff_page
from web.visitor import Colleague

NOT_FOUND, CONFLICT, UNPROCESSABLE, UNAVAILABLE = 404, 409, 422, 503
# What a lead may turn round.
REVERSIBLE = frozenset({Stage.REJECTED, Stage.PROFILE_OPENED, Stage.PROFILE_SUSPENDED})


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has chosen and written in the forms of a task, to be shown again."""

    decision: str = ""
    approved: str = ""
    rejected: str = ""
    question: str = ""
    text: str = field(default="", repr=False)
    wants_document: bool = False
    note: str = field(default="", repr=False)
    until: str = ""
    hold_reason: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a task: a step of its process, or what was done with it at the desk, and why it was laid aside."""

    at: datetime
    stage: Stage | None = None
    actor: Actor | None = None
    deed: TaskDeed | None = None
    who: str | None = None
    why: str | None = None


async def task_of(colleague: Colleague, task: UUID) -> TaskView:
    """Read a task. Raises the answer "not found"."""
    found = await read_task(colleague.portal.engine, task)
    if found is None:
        raise HTTPException(NOT_FOUND)
    return found


async def task_page(
    colleague: Colleague, task: UUID, typed: Typed | None = None, *, problem: Refusal | None = None, said: str = ""
) -> Response:
    """Show a task with everything that is known. While it is open, the register is asked anew every time."""
    portal, now = colleague.portal, colleague.portal.clock.now()
    view = await task_of(colleague, task)
    file = await portal.task_files.read(task, colleague.staff, now)
    evidence = await _evidence(colleague, view, file)
    return staff_page(
        colleague,
        "support_task.html",
        status=UNPROCESSABLE if problem else 200,
        path=f"/support/tasks/{task}",
        task=view,
        file=file,
        urgency=urgency(file.due_at, now, PACES[view.kind].reminded_before),
        evidence=evidence,
        titles=TITLES,
        ticks={tick.check: tick for tick in file.ticks},
        moments=moments(file),
        questions=await portal.questions.questions_of(task),
        replies=await replies_for(colleague, task),
        colleagues=await colleagues_in_support(portal.engine),
        mine=file.holder == colleague.staff.id,
        may_give=file.holder == colleague.staff.id or StaffRole.SUPPORT_LEAD in colleague.staff.roles,
        may_reverse=may_reverse(colleague, view, file, now),
        typed=typed or Typed(),
        choices={"approve": APPROVALS, "reject": REASONS, "ask": QUESTIONS, "hold": HOLDS, "reverse": REVERSALS},
        problem=problem,
        said=said,
        now=now,
    )


async def conflict_page(colleague: Colleague, task: UUID, problem: Refusal) -> Response:
    """Say that something was not carried out, and what holds instead: who decided what and when, or who is at it."""
    view, now = await task_of(colleague, task), colleague.portal.clock.now()
    file = await colleague.portal.task_files.read(task, colleague.staff, now)
    mine = file.holder == colleague.staff.id
    shown = {"task": view, "file": file, "mine": mine, "problem": problem, "reasons": REASONS, "now": now}
    return staff_page(colleague, "support_conflict.html", status=CONFLICT, path=f"/support/tasks/{task}", **shown)


def moments(file: TaskFile) -> Sequence[Moment]:
    """Put what the process and what the desk did with a task into one order, the newest first."""
    steps = [Moment(entry.at, stage=entry.stage, actor=entry.actor) for entry in file.log]
    deeds = [Moment(event.at, deed=event.what, who=event.by_name, why=event.why) for event in file.events]
    return sorted(steps + deeds, key=lambda moment: moment.at, reverse=True)


def may_reverse(colleague: Colleague, view: TaskView, file: TaskFile, now: datetime) -> bool:
    """Tell whether this colleague may still turn the decision round, as far as can be seen from here."""
    if view.closed_at is None or view.decided_by is None or StaffRole.SUPPORT_LEAD not in colleague.staff.roles:
        return False
    return file.stands in REVERSIBLE and file.bond is None and now - view.closed_at <= WINDOW


async def _evidence(colleague: Colleague, view: TaskView, file: TaskFile) -> Evidence | None:
    """Gather the evidence for whoever may decide; when it is decided nobody needs to see other people's roles any more."""
    if view.closed_at is not None or file.bond is not None:
        return None
    return await evidence_of(colleague.portal.register, view, file)


async def replies_for(colleague: Colleague, task: UUID) -> Sequence[tuple[UUID, str, str]]:
    """List the saved replies by id and title, each in the language of this task's customer."""
    letter = await preview(colleague.portal.engine, task, LetterKind.QUESTION)
    language = letter[1] if letter else Language.NB
    return [(reply.id, reply.title, reply.texts.get(language, "")) for reply in await colleague.portal.replies.all()]
