"""The page behind an invitation's link, for whoever has the letter."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from database.member_pages import InvitationView, invitation_view
from domain.members.invitations import InvitationState
from domain.members.roles import ROLE_NAMES, ROLE_USES
from domain.refusals import Refusal
from domain.terms import CURRENT_TERMS, TermsNotAccepted, must_accept
from web.access import LoggedIn, Public
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Visitor
from workflows.front_desk.desk import problem_in

NOT_FOUND, GONE, UNPROCESSABLE = 404, 410, 422
router = APIRouter(prefix="/invitation/{token}")


@router.get("")
async def show(visitor: Public, token: str) -> Response:
    """Show who invites whom to what. Mail scanners open links too, so opening it answers nothing, however often."""
    return _page(visitor, token, await _invitation(visitor, token))


@router.post("/accept")
async def accept(customer: LoggedIn, token: str, click: Click, accepted: Annotated[str, Form()] = "") -> Response:
    """Say yes: the eID that is logged in is bound, and the address is confirmed by the token itself."""
    invitation, portal, account = await _invitation(customer, token), customer.portal, customer.account
    if invitation is None:
        return _page(customer, token, None)
    if must_accept(account.terms_version):
        if accepted != "yes":
            return _page(customer, token, invitation, TermsNotAccepted())
        await portal.accounts.accept_terms(account.user, CURRENT_TERMS, portal.clock.now())
    problem = problem_in(await portal.invitations.accept(invitation.id, account.user, click))
    invitation = await _invitation(customer, token)
    if problem is None or (invitation is not None and invitation.accepted_by == account.user):
        return see_other(customer, f"/company/{invitation.profile}" if invitation else "/")
    return _page(customer, token, invitation, problem)


@router.post("/decline")
async def decline(visitor: Public, token: str, click: Click) -> Response:
    """Say no. The letter is enough for that; nobody need log in."""
    invitation = await _invitation(visitor, token)
    problem = problem_in(await visitor.portal.invitations.decline(invitation.id, click)) if invitation else None
    if problem is None:
        return see_other(visitor, f"/invitation/{token}")
    return _page(visitor, token, await _invitation(visitor, token), problem)


async def _invitation(visitor: Visitor, token: str) -> InvitationView | None:
    named = visitor.portal.letter_secrets.invitation_of(token)
    return await invitation_view(visitor.portal.engine, named) if named else None


def _page(visitor: Visitor, token: str, invitation: InvitationView | None, problem: Refusal | None = None) -> Response:
    account = visitor.session.account if visitor.session else None
    return page(
        visitor,
        "invitation.html",
        status=_status(invitation, problem),
        path=f"/invitation/{token}",
        token=token,
        invitation=invitation,
        yours=invitation is not None and account is not None and invitation.accepted_by == account.user,
        must_accept=account is not None and must_accept(account.terms_version),
        role_names=ROLE_NAMES,
        role_uses=ROLE_USES,
        problem=problem,
    )


def _status(invitation: InvitationView | None, problem: Refusal | None) -> int:
    if invitation is None:
        return NOT_FOUND
    if invitation.state is not InvitationState.OPEN:
        return GONE
    return UNPROCESSABLE if problem else 200
