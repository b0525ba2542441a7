"""Inviting somebody into a company, and answering those who ask."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.invitations import draft_invitation
from database.member_pages import OpenRequest, request_view
from domain.conversations import NobodyIsListening, NotTakenDown
from domain.email_address import EmailAddress
from domain.ids import InvitationId, ProfileId, derived
from domain.languages import Language
from domain.members.invitations import Draft, InvitationStart
from domain.members.requests import Answer, JoinRequestState, RequestIsOver
from domain.members.roles import ROLE_NAMES, ROLE_USES, Role, role_named
from domain.refusals import Refusal
from web.access import CompanyAdministrator
from web.forms import Click, kept_fields
from web.members import members_of, members_page
from web.pages import page, see_other
from web.visitor import Customer
from workflows.front_desk.desk import Answer as Answered
from workflows.front_desk.desk import problem_in

NOT_FOUND, CONFLICT, UNPROCESSABLE, UNAVAILABLE = 404, 409, 422, 503
router = APIRouter(prefix="/company/{profile}")


@router.get("/invite")
async def ask_whom(customer: CompanyAdministrator, profile: UUID) -> Response:
    """Ask whom to invite, as what, and in which language."""
    kept = await kept_fields(customer.request, f"/company/{profile}/invite")
    return await _form(customer, profile, kept)


@router.post("/invite")
async def invite(  # noqa: PLR0913, PLR0917 - the fields of the form
    customer: CompanyAdministrator,
    profile: UUID,
    click: Click,
    email: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> Response:
    """Invite somebody."""
    typed = {"email": email, "role": role, "language": language}
    try:
        address, chosen = EmailAddress.parse(email), role_named(role)
    except Refusal as refusal:
        return await _form(customer, profile, typed, refusal)
    spoken = Language(language) if language in set(Language) else customer.language
    problem = problem_in(await _begin(customer, profile, click, address, chosen, spoken))
    return await _form(customer, profile, typed, problem) if problem else see_other(customer, f"/company/{profile}/members?done=invited")


@router.post("/invitations/{invitation}/again")
async def send_again(customer: CompanyAdministrator, profile: UUID, invitation: UUID, click: Click) -> Response:
    """Send an invitation's letter once more."""
    await _invitation(customer, profile, invitation)
    answer = await customer.portal.invitations.send_again(InvitationId(invitation), customer.account.user, click)
    return await _said(customer, profile, answer, "sent")


@router.post("/invitations/{invitation}/revoke")
async def revoke(customer: CompanyAdministrator, profile: UUID, invitation: UUID, click: Click) -> Response:
    """Take an invitation back."""
    await _invitation(customer, profile, invitation)
    answer = await customer.portal.invitations.revoke(InvitationId(invitation), customer.account.user, click)
    return await _said(customer, profile, answer, "revoked")


@router.get("/join-requests/{request}")
async def show_request(customer: CompanyAdministrator, profile: UUID, request: UUID) -> Response:
    """Show who asks to be let in; a letter's link leads here, and opening it answers nothing."""
    return _request_page(customer, await _request(customer, profile, request))


@router.post("/join-requests/{request}")
async def answer_request(  # noqa: PLR0913, PLR0917 - the fields of the form
    customer: CompanyAdministrator,
    profile: UUID,
    request: UUID,
    click: Click,
    decision: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = Role.MEMBER,
) -> Response:
    """Let somebody in, or do not. Whoever comes second is shown how it was answered."""
    asked = await _request(customer, profile, request)
    try:
        chosen = role_named(role) if decision == "yes" else None
    except Refusal as refusal:
        return _request_page(customer, asked, refusal)
    if asked.state is not JoinRequestState.OPEN or decision not in {"yes", "no"}:
        return _request_page(customer, asked, RequestIsOver())
    answer = Answer(customer.account.user, chosen)
    problem = problem_in(await customer.portal.join_requests.answer(ProfileId(profile), asked.user, answer, click))
    if problem is None:
        return see_other(customer, f"/company/{profile}/members?done=answered")
    shown = RequestIsOver() if isinstance(problem, NobodyIsListening) else problem
    return _request_page(customer, await _request(customer, profile, request), shown)


async def _begin(  # noqa: PLR0913, PLR0917 - an invitation has all of these
    customer: Customer, profile: UUID, click: UUID, address: EmailAddress, role: Role, language: Language
) -> Answered[None]:
    portal, by = customer.portal, customer.account.user
    # Somebody may go back and correct what they have just sent, with the same click.
    invitation = InvitationId(derived(str(click), f"invitation {profile} {by} {address.value} {role}"))
    view = await members_of(customer, profile)
    draft = Draft(invitation, ProfileId(profile), address.value, role, language, by)
    await draft_invitation(portal.engine, draft, portal.clock.now())
    return await portal.invitations.begin(InvitationStart(invitation, ProfileId(profile), by, role), view.organisation_number)


async def _said(customer: Customer, profile: UUID, answer: Answered[None], done: str) -> Response:
    problem = problem_in(answer)
    if problem is None:
        return see_other(customer, f"/company/{profile}/members?done={done}")
    status = UNAVAILABLE if isinstance(problem, NotTakenDown) else CONFLICT
    return await members_page(customer, profile, problem=problem, status=status)


async def _form(customer: Customer, profile: UUID, typed: dict[str, str], problem: Refusal | None = None) -> Response:
    view = await members_of(customer, profile)
    return page(
        customer,
        "invite.html",
        status=UNPROCESSABLE if problem else 200,
        path=f"/company/{profile}/invite",
        profile_id=profile,
        company_name=view.company_name,
        email=typed.get("email", ""),
        role=typed.get("role") or Role.MEMBER.value,
        chosen_language=typed.get("language") or customer.language.value,
        role_names=ROLE_NAMES,
        role_uses=ROLE_USES,
        problem=problem,
    )


async def _invitation(customer: Customer, profile: UUID, invitation: UUID) -> None:
    """Make sure that this is an open invitation of this company; otherwise it does not exist here."""
    view = await members_of(customer, profile)
    if not any(one.id == invitation for one in view.invitations):
        raise HTTPException(NOT_FOUND)


async def _request(customer: Customer, profile: UUID, request: UUID) -> OpenRequest:
    found = await request_view(customer.portal.engine, request)
    if found is None or found.profile != profile:
        raise HTTPException(NOT_FOUND)
    return found


def _request_page(customer: Customer, request: OpenRequest, problem: Refusal | None = None) -> Response:
    return page(
        customer,
        "join_request.html",
        status=CONFLICT if problem else 200,
        path=f"/company/{request.profile}/join-requests/{request.id}",
        request=request,
        role_names=ROLE_NAMES,
        problem=problem,
        now=customer.portal.clock.now(),
    )
