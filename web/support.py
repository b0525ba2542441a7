"""The inbox of the support desk: what waits, in order, and the next task for whoever asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from database.claim_pages import waiting_for_two
from database.desk_inbox import Inbox, InboxPage, Shelf
from database.desk_joining import JoinTask, JoinTasks
from domain.desk.clock import Urgency
from domain.desk.kinds import TaskKind
from web.access import Support
from web.pages import fragment, see_other, staff_page, wants_fragment
from web.visitor import Colleague

LONGEST_SEARCH = 200
# What has just been done, as the inbox says it.
SAID = frozenset({"decided", "asked", "reversed", "empty", "handed-back", "released", "held", "given"})
# A kind that the filter knows beside those of tasks: requests to join, which have a process of their own.
JOINING = "join-request"
# Where requests to join lie; nobody claims one, and none is laid aside.
_SHELVES = (Shelf.QUEUE, Shelf.OPEN, Shelf.OVERDUE)
router = APIRouter(prefix="/support")


@router.get("")
async def inbox(  # noqa: PLR0913, PLR0917 - a list is asked for by all of these
    colleague: Support,
    shelf: str = "",
    kind: str = "",
    q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
    after: str = "",
    said: str = "",
) -> Response:
    """List what waits on a shelf, the most pressing first; the list alone where the page asks for it again."""
    portal, now, found = colleague.portal, colleague.portal.clock.now(), q.strip()
    chosen = Shelf(shelf) if shelf in set(Shelf) else Shelf.QUEUE
    kinds = [TaskKind(kind)] if kind in set(TaskKind) else []
    tasks = Inbox(portal.engine, colleague.staff.id)
    joining = await JoinTasks(portal.engine, colleague.staff).open_ones(now)
    listed = InboxPage([], None) if kind == JOINING else await tasks.page(chosen, now, kinds=kinds, search=found, after=after or None)
    asked = {"shelf": chosen.value, "kind": JOINING if kind == JOINING else kinds[0].value if kinds else "", "q": found}
    shown = {"page": listed, "shelf": chosen, "asked": asked, "next_path": _further(asked, listed.next), "now": now}
    shown["joining"] = [] if kinds or after else [one for one in _lying_on(chosen, joining) if not found or one.found_by(found)]
    of_tasks = {} if kind == JOINING else await tasks.counts(now, kinds=kinds)
    shown["counts"] = {on: of_tasks.get(on, 0) + (0 if kinds else len(_lying_on(on, joining))) for on in Shelf}
    shown["asking"] = len(joining)
    shown["for_two"] = await waiting_for_two(portal.engine)
    if wants_fragment(colleague.request):
        return fragment(colleague, "support_list.html", status=200, **shown)
    here = f"/support?{urlencode({name: value for name, value in {**asked, 'after': after}.items() if value})}"
    said = said if said in SAID else ""
    by_kind = await tasks.counts_by_kind(now)
    return staff_page(colleague, "support.html", status=200, path=here, by_kind=by_kind, kinds=list(TaskKind), said=said, **shown)


@router.post("/next")
async def take_next(colleague: Support, kind: Annotated[str, Form()] = "") -> Response:
    """Take the most pressing task that nobody is at, of one kind or of any."""
    return await go_on_to_next(colleague, "", [TaskKind(kind)] if kind in set(TaskKind) else ())


@router.get("/keys")
async def keys(colleague: Support) -> Response:
    """Tell what can be done by which key."""
    return staff_page(colleague, "support_keys.html")


async def go_on_to_next(colleague: Colleague, said: str, kinds: list[TaskKind] | tuple[()] = ()) -> Response:
    """Give somebody their next task, or lead them to the inbox when there is none; `said` is what they have just done."""
    portal = colleague.portal
    task = await portal.claims.take_next(colleague.staff.id, portal.clock.now(), kinds)
    if task is None:
        joining = () if kinds else await JoinTasks(portal.engine, colleague.staff).open_ones(portal.clock.now())
        return see_other(colleague, f"/support/join-requests?said={said}" if joining else f"/support?said={said or 'empty'}")
    return see_other(colleague, f"/support/tasks/{task}" + (f"?said={said}" if said else ""))


def _lying_on(shelf: Shelf, joining: Sequence[JoinTask]) -> Sequence[JoinTask]:
    if shelf not in _SHELVES:
        return []
    return [one for one in joining if shelf is not Shelf.OVERDUE or one.urgency is Urgency.OVERDUE]


def _further(asked: dict[str, str], cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"/support?{urlencode({**{name: value for name, value in asked.items() if value}, 'after': cursor})}"
