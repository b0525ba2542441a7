"""Who acts for a company: the list, and what administrators and members decide about it."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.claim_pages import claims_told_of, recoveries_to_approve
from database.member_pages import MemberRow, MembersView, members_view
from domain.ids import MembershipId, ProfileId
from domain.members.changes import Change, ChangeWanted, HandOver, Leaving, Removal, RoleGiven
from domain.members.roles import ROLE_NAMES, ROLE_USES, Role, role_named
from domain.refusals import Refusal
from web.access import CompanyAdministrator, CompanyMember
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer
from workflows.front_desk.desk import NotBegun

NOT_FOUND, CONFLICT = 404, 409
# What the page says has been done, by the word in its address.
DONE = frozenset({"invited", "sent", "revoked", "answered", "changed", "removed", "handed-over"})
router = APIRouter(prefix="/company/{profile}")


@router.get("/members")
async def show(customer: CompanyMember, profile: UUID, done: str = "") -> Response:
    """List who acts for the company; its administrators also see who is invited and who asks."""
    return await members_page(customer, profile, done=done if done in DONE else "")


@router.get("/members/{membership}")
async def show_member(customer: CompanyAdministrator, profile: UUID, membership: UUID) -> Response:
    """Show what can be changed about one member."""
    return await _member_page(customer, profile, membership)


@router.post("/members/{membership}/role")
async def give_role(
    customer: CompanyAdministrator, profile: UUID, membership: UUID, click: Click, role: Annotated[str, Form()] = ""
) -> Response:
    """Give a member another role."""
    try:
        change = RoleGiven(MembershipId(membership), role_named(role))
    except Refusal as refusal:
        return await _member_page(customer, profile, membership, refusal)
    return await _carried_out(customer, profile, membership, click, change, "changed")


@router.post("/members/{membership}/remove")
async def remove(customer: CompanyAdministrator, profile: UUID, membership: UUID, click: Click) -> Response:
    """Remove a member."""
    return await _carried_out(customer, profile, membership, click, Removal(MembershipId(membership)), "removed")


@router.post("/members/{membership}/hand-over")
async def hand_over(customer: CompanyAdministrator, profile: UUID, membership: UUID, click: Click) -> Response:
    """Make another member administrator in one's own place."""
    return await _carried_out(customer, profile, membership, click, HandOver(MembershipId(membership)), "handed-over")


@router.get("/leave")
async def ask_leaving(customer: CompanyMember, profile: UUID) -> Response:
    """Ask whether somebody really wants to leave."""
    return await _leave_page(customer, profile)


@router.post("/leave")
async def leave(customer: CompanyMember, profile: UUID, click: Click) -> Response:
    """Leave the company."""
    problem = await _change(customer, profile, click, Leaving())
    return see_other(customer, "/account") if problem is None else await _leave_page(customer, profile, problem)


async def members_page(customer: Customer, profile: UUID, *, done: str = "", problem: Refusal | None = None, status: int = 200) -> Response:
    """Answer with the list of members."""
    view, engine = await members_of(customer, profile), customer.portal.engine
    return page(
        customer,
        "members.html",
        status=status,
        path=f"/company/{profile}/members",
        profile_id=profile,
        view=view,
        companies=await customer.portal.accounts.companies(customer.account.user),
        claims=[claim for claim in await claims_told_of(engine, profile) if claim.user != customer.account.user],
        recoveries=await recoveries_to_approve(engine, profile) if view.you.role is Role.ADMINISTRATOR else [],
        role_names=ROLE_NAMES,
        done=done,
        problem=problem,
        now=customer.portal.clock.now(),
    )


async def members_of(customer: Customer, profile: UUID) -> MembersView:
    """Read who acts for a company; for whoever has been removed this very moment it does not exist."""
    view = await members_view(customer.portal.engine, ProfileId(profile), customer.account.user)
    if view is None:
        raise HTTPException(NOT_FOUND)
    return view


async def _carried_out(  # noqa: PLR0913, PLR0917 - the change, where it was chosen, and what to say of it
    customer: Customer, profile: UUID, membership: UUID, click: UUID, change: Change, done: str
) -> Response:
    problem = await _change(customer, profile, click, change)
    if problem is None:
        return see_other(customer, f"/company/{profile}/members?done={done}")
    view = await members_of(customer, profile)
    if any(member.id == membership for member in view.members):
        return await _member_page(customer, profile, membership, problem)
    return await members_page(customer, profile, problem=problem, status=CONFLICT)


async def _change(customer: Customer, profile: UUID, click: UUID, change: Change) -> Refusal | None:
    """Carry a change out, and set its letters going; one that cannot be is found by those who look after the letters."""
    portal = customer.portal
    wanted = ChangeWanted(ProfileId(profile), customer.account.user, change, click)
    try:
        orders = await portal.membership_changes.carry_out(wanted, portal.clock.now())
    except Refusal as refusal:
        return refusal
    for order in orders:
        with suppress(NotBegun):
            await portal.letters.set_going(order)
    return None


async def _member_page(customer: Customer, profile: UUID, membership: UUID, problem: Refusal | None = None) -> Response:
    view = await members_of(customer, profile)
    member = _found(view, membership)
    return page(
        customer,
        "member.html",
        status=CONFLICT if problem else 200,
        path=f"/company/{profile}/members/{membership}",
        profile_id=profile,
        company_name=view.company_name,
        member=member,
        role_names=ROLE_NAMES,
        role_uses=ROLE_USES,
        problem=problem,
    )


async def _leave_page(customer: Customer, profile: UUID, problem: Refusal | None = None) -> Response:
    view = await members_of(customer, profile)
    return page(
        customer,
        "leave.html",
        status=CONFLICT if problem else 200,
        path=f"/company/{profile}/leave",
        profile_id=profile,
        company_name=view.company_name,
        alone=view.reader_is_last_administrator,
        problem=problem,
    )


def _found(view: MembersView, membership: UUID) -> MemberRow:
    found = next((member for member in view.members if member.id == membership), None)
    if found is None:
        raise HTTPException(NOT_FOUND)
    return found
