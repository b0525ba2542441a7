"""Support looks at what a customer sees: nothing can be changed there, it ends by itself, and the customer can tell that it was."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.company_pages import company_view, signup_view
from database.staff_views import Looking, View, Viewable, begin_view, end_view, read_view, viewable
from domain.ids import ProfileId, SignupId, StaffId, UserId, derived
from domain.refusals import Refusal
from domain.staff_views import REASON_NAMES, reason_named
from web.access import Support
from web.forms import Click
from web.pages import see_other, staff_page
from web.signup import shown_of
from web.visitor import Colleague

FORBIDDEN, NOT_FOUND, UNPROCESSABLE = 403, 404, 422
SHORTEST_SEARCH, LONGEST_SEARCH = 2, 100
# Nobody at the customer's is the one who reads.
NOBODY = UserId(UUID(int=0))
# Nobody has just sent anything on a page that can only be read.
SILENT: dict[str, Any] = {"problem": None, "typed": "", "said": ""}
router = APIRouter(prefix="/support")


@router.get("/customers")
async def search(colleague: Support, q: str = "") -> Response:
    """Find the customer or the signup to look at."""
    return await _search_page(colleague, q)


@router.post("/customers/{subject}/view")
async def begin(
    colleague: Support, subject: UUID, click: Click, reason: Annotated[str, Form()] = "", q: Annotated[str, Form()] = ""
) -> Response:
    """Begin a look, which the customer sees from then on."""
    view = derived(str(click), f"{subject} {colleague.staff.id}")
    try:
        looking = Looking(view, subject, StaffId(colleague.staff.id), reason_named(reason))
        await begin_view(colleague.portal.engine, looking, colleague.portal.clock.now())
    except Refusal as refusal:
        return await _search_page(colleague, q, refusal)
    return see_other(colleague, f"/support/views/{view}")


@router.get("/views/{view}")
async def show(colleague: Support, view: UUID) -> Response:
    """Show what the customer sees, without anything that changes something; 403 once the time is over."""
    look = await _own(colleague, view)
    if look.ends_at <= colleague.portal.clock.now():
        return staff_page(colleague, "staff_view_over.html", status=FORBIDDEN, path="/support/customers")
    frame: dict[str, Any] = {"layout": "_staff_view.html", "read_only": True, "view": look, "view_reason": REASON_NAMES[look.reason]}
    portal = colleague.portal
    if look.signup is not None:
        signup = await signup_view(portal.engine, SignupId(look.signup))
        if signup is not None:
            return staff_page(colleague, "signup_status.html", **await shown_of(portal, signup), **SILENT, **frame)
    company = await company_view(portal.engine, ProfileId(look.profile), NOBODY) if look.profile else None
    if company is None:
        raise HTTPException(NOT_FOUND)
    return staff_page(
        colleague,
        "company.html",
        profile_id=look.profile,
        company=company.company,
        opened_at=company.opened_at,
        members=company.members,
        sales_rep=company.sales_rep,
        timeline=company.timeline,
        suspended=company.suspended,
        companies=(),
        **frame,
    )


@router.post("/views/{view}/end")
async def end(colleague: Support, view: UUID) -> Response:
    """Stop looking."""
    await _own(colleague, view)
    await end_view(colleague.portal.engine, view, colleague.portal.clock.now())
    return see_other(colleague, "/support/customers")


async def _own(colleague: Colleague, view: UUID) -> View:
    """Read a look of the colleague's own; somebody else's reason is not theirs."""
    look = await read_view(colleague.portal.engine, view)
    if look is None:
        raise HTTPException(NOT_FOUND)
    if look.staff != colleague.staff.id:
        raise HTTPException(FORBIDDEN)
    return look


async def _search_page(colleague: Colleague, q: str, problem: Refusal | None = None) -> Response:
    q = " ".join(q.replace("\0", " ").split())[:LONGEST_SEARCH]
    found: list[Viewable] | None = None
    if len(q) >= SHORTEST_SEARCH:
        found = list(await viewable(colleague.portal.engine, q))
    return staff_page(
        colleague,
        "support_customers.html",
        status=UNPROCESSABLE if problem else 200,
        path="/support/customers",
        q=q,
        found=found,
        reasons=REASON_NAMES,
        problem=problem,
    )
