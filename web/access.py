"""Who may open what. Every route names exactly one of these rules as what it depends on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException
from starlette.requests import Request

from database.suspensions import is_suspended
from domain.ids import SignupId
from domain.members.roles import Right, Role, may
from domain.staff import StaffRole
from web.forms import SAFE_METHODS, forget_kept, is_our_form, keep_typed, page_of
from web.portal import Door
from web.visitor import Colleague, Customer, StaffVisitor, Visitor, path_and_query, staff_visitor_of, visitor_of

UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404


class LoginNeeded(Exception):
    """Somebody who is not logged in at this door opens a page that is not for everybody."""

    def __init__(self, return_to: str, door: Door = Door.CUSTOMERS) -> None:
        super().__init__("login needed")
        self.door = door
        self.return_to = return_to


class SessionEnded(Exception):
    """Somebody who is not logged in any more sends a form."""

    def __init__(self, return_to: str, *, kept: bool) -> None:
        super().__init__("session ended")
        self.return_to = return_to
        self.kept = kept


class FormExpired(Exception):
    """A form comes from a page that was shown before the last login or logout, or was not ours at all."""

    def __init__(self, return_to: str) -> None:
        super().__init__("form expired")
        self.return_to = return_to


class GoOnThere(Exception):
    """Something else has to be done first."""

    def __init__(self, place: str) -> None:
        super().__init__("something else comes first")
        self.place = place


async def for_machines() -> None:
    """Open to everybody and to every machine; says nothing about anybody."""


async def public(request: Request) -> Visitor:
    """Open to everybody. A form has to be one of ours."""
    visitor = await visitor_of(request)
    if request.method not in SAFE_METHODS and not await is_our_form(visitor):
        raise FormExpired(page_of(request))
    return visitor


async def logged_in(request: Request) -> Customer:
    """Open to whoever has logged in. What others type into a form is kept until they are back."""
    visitor = await visitor_of(request)
    sends_form = request.method not in SAFE_METHODS
    if not isinstance(visitor, Customer):
        if sends_form:
            raise SessionEnded(page_of(request), kept=await keep_typed(visitor))
        raise LoginNeeded(path_and_query(request))
    if sends_form and not await is_our_form(visitor):
        await keep_typed(visitor)
        raise FormExpired(page_of(request))
    if sends_form:
        await forget_kept(visitor)
    return visitor


async def onboarded(customer: Annotated[Customer, Depends(logged_in)]) -> Customer:
    """Open to whoever has accepted the terms and confirmed an address; others are sent to do that first."""
    place = customer.my_place
    if place in {"/terms", "/email", "/email/code"}:
        raise GoOnThere(place)
    return customer


async def signup_owner(signup: UUID, customer: Annotated[Customer, Depends(onboarded)]) -> Customer:
    """Open to whoever started this signup, even before it is written down; for everybody else it does not exist."""
    user, portal = customer.account.user, customer.portal
    if not await portal.accounts.owns_signup(user, signup) and not await portal.signups.is_on_its_way(SignupId(signup), user):
        raise HTTPException(NOT_FOUND)
    return customer


async def company_member(profile: UUID, customer: Annotated[Customer, Depends(onboarded)]) -> Customer:
    """Open to the members of this company; for everybody else it does not exist."""
    await _role_in(customer, profile)
    return customer


async def company_administrator(profile: UUID, customer: Annotated[Customer, Depends(onboarded)]) -> Customer:
    """Open to the administrators of this company, closed to its other members; for everybody else it does not exist."""
    if not may(await _role_in(customer, profile), Right.MANAGE_MEMBERS):
        raise HTTPException(FORBIDDEN)
    return customer


async def _role_in(customer: Customer, profile: UUID) -> Role:
    role = await customer.portal.accounts.role_in(customer.account.user, profile, customer.portal.clock.now())
    if role is None:
        raise HTTPException(NOT_FOUND)
    if customer.request.method not in SAFE_METHODS and await is_suspended(customer.portal.engine, profile):
        # Nobody acts through a suspended profile; its page says so, and why nothing came of it.
        raise GoOnThere(f"/company/{profile}")
    return role


async def staff_door(request: Request) -> StaffVisitor:
    """Open to everybody: the way in for those who work here. A form has to be one of ours."""
    visitor = await staff_visitor_of(request)
    if request.method not in SAFE_METHODS and not await is_our_form(visitor):
        raise FormExpired("/staff/login")
    return visitor


async def any_staff(request: Request) -> Colleague:
    """Open to whoever works here and has logged in, in whatever role."""
    visitor = await staff_visitor_of(request)
    sends_form = request.method not in SAFE_METHODS
    if not isinstance(visitor, Colleague):
        if sends_form:
            raise SessionEnded(page_of(request), kept=False)
        raise LoginNeeded(path_and_query(request), Door.STAFF)
    if sends_form and not await is_our_form(visitor):
        raise FormExpired(page_of(request))
    return visitor


async def support(colleague: Annotated[Colleague, Depends(any_staff)]) -> Colleague:
    """Open to support, and to whoever leads it."""
    return _in_role(colleague, StaffRole.SUPPORT)


async def support_lead(colleague: Annotated[Colleague, Depends(any_staff)]) -> Colleague:
    """Open to whoever leads support."""
    return _in_role(colleague, StaffRole.SUPPORT_LEAD)


async def sales(colleague: Annotated[Colleague, Depends(any_staff)]) -> Colleague:
    """Open to sales."""
    return _in_role(colleague, StaffRole.SALES)


async def operator(colleague: Annotated[Colleague, Depends(any_staff)]) -> Colleague:
    """Open to operators."""
    return _in_role(colleague, StaffRole.OPERATOR)


async def operators_tool(request: Request) -> Colleague:
    """Open to Temporal's own pages in an operator's browser, which carry the session but none of our forms.

    They call across origins with JSON, which a browser lets through only when we have allowed that very origin.
    """
    visitor = await staff_visitor_of(request)
    if not isinstance(visitor, Colleague):
        raise HTTPException(UNAUTHORIZED)
    sends_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    if not sends_json or visitor.portal.temporal_ui is None or request.headers.get("origin") != visitor.portal.temporal_ui:
        raise HTTPException(FORBIDDEN)
    return _in_role(visitor, StaffRole.OPERATOR)


def _in_role(colleague: Colleague, role: StaffRole) -> Colleague:
    if role not in colleague.staff.roles:
        raise HTTPException(FORBIDDEN)
    return colleague


CUSTOMER_RULES = frozenset({for_machines, public, logged_in, onboarded, signup_owner, company_member, company_administrator})
STAFF_RULES = frozenset({staff_door, any_staff, support, support_lead, sales, operator, operators_tool})
RULES = CUSTOMER_RULES | STAFF_RULES

Machine = Depends(for_machines)
Public = Annotated[Visitor, Depends(public)]
LoggedIn = Annotated[Customer, Depends(logged_in)]
Onboarded = Annotated[Customer, Depends(onboarded)]
SignupOwner = Annotated[Customer, Depends(signup_owner)]
CompanyMember = Annotated[Customer, Depends(company_member)]
CompanyAdministrator = Annotated[Customer, Depends(company_administrator)]
AtStaffDoor = Annotated[StaffVisitor, Depends(staff_door)]
AnyStaff = Annotated[Colleague, Depends(any_staff)]
Support = Annotated[Colleague, Depends(support)]
SupportLead = Annotated[Colleague, Depends(support_lead)]
Sales = Annotated[Colleague, Depends(sales)]
Operator = Annotated[Colleague, Depends(operator)]
OperatorsTool = Annotated[Colleague, Depends(operators_tool)]
