"""Where a company's members get what a program of theirs logs in to the sandbox with."""

from __future__ import annotations

import base64
import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from database.company_pages import CompanyFacts, company_view
from database.sandbox_clients import choose_default_terminal, renew_sandbox_client, sandbox_access
from domain.api_access import credential_hash, new_client_secret
from domain.ids import ProfileId
from domain.refusals import Refusal
from domain.words import _
from web.access import CompanyMember
from web.developer_texts import snippet
from web.forms import Click
from web.pages import page, see_other
from web.visitor import Customer

NOT_FOUND, CONFLICT = 404, 409

router = APIRouter()


class NothingToTryYet(Refusal):
    """There is no agreement, so there is nothing that a program could be allowed."""

    code = "nothing-to-try-yet"
    words = _("The company has no agreement yet. As soon as there is one, be it only for testing, you can make credentials here.")


class NotATerminal(Refusal):
    """The terminal that was chosen is gone."""

    code = "not-a-terminal"
    words = _("The company has no such terminal any more. Choose another one.")


@router.get("/company/{profile}/sandbox")
async def show(customer: CompanyMember, profile: UUID) -> Response:
    """Show what a program of the company's can be tried with."""
    return await _shown(customer, profile)


@router.post("/company/{profile}/sandbox")
async def renew(customer: CompanyMember, profile: UUID, click: Click) -> Response:
    """Make the sandbox's client, or give it another secret, which is shown this once. The same click makes the same secret."""
    company, portal = await _company(customer, profile), customer.portal
    number, now = company.organisation_number, portal.wall_clock.now()
    if not (await sandbox_access(portal.engine, number, now)).has_agreement:
        return await _shown(customer, profile, problem=NothingToTryYet(), status=CONFLICT)
    secret = _secret(customer, number, click)
    await renew_sandbox_client(portal.engine, number, credential_hash(secret), now)
    return await _shown(customer, profile, secret=secret)


@router.post("/company/{profile}/sandbox/terminal")
async def choose_terminal(customer: CompanyMember, profile: UUID, terminal: Annotated[str, Form()] = "") -> Response:
    """Choose to which terminal the checks of tills count that name none."""
    company = await _company(customer, profile)
    if not await choose_default_terminal(customer.portal.engine, company.organisation_number, terminal):
        return await _shown(customer, profile, problem=NotATerminal(), status=CONFLICT)
    return see_other(customer, f"/company/{profile}/sandbox#default-terminal")


async def _shown(
    customer: Customer, profile: UUID, *, secret: str | None = None, problem: Refusal | None = None, status: int = 200
) -> Response:
    company, portal = await _company(customer, profile), customer.portal
    return page(
        customer,
        "sandbox.html",
        status=status,
        path=f"/company/{profile}/sandbox",
        company=company,
        profile_id=profile,
        access=await sandbox_access(portal.engine, company.organisation_number, portal.wall_clock.now()),
        secret=secret,
        problem=problem,
        api=portal.public_url,
        snippet=snippet,
    )


async def _company(customer: Customer, profile: UUID) -> CompanyFacts:
    view = await company_view(customer.portal.engine, ProfileId(profile), customer.account.user)
    if view is None:
        raise HTTPException(NOT_FOUND)
    return view.company


def _secret(customer: Customer, number: str, click: UUID) -> str:
    """Derive the secret that a click makes, so that a form which is sent twice shows twice what counts."""
    made = hmac.digest(customer.portal.secret_key, f"sandbox secret|{number}|{click}".encode(), "sha256")
    return new_client_secret(lambda _: base64.urlsafe_b64encode(made).rstrip(b"=").decode())
