"""The company's own page."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from database.company_pages import company_view
from domain.ids import ProfileId
from web.access import CompanyMember
from web.pages import page

NOT_FOUND = 404
router = APIRouter()


@router.get("/company/{profile}")
async def show(customer: CompanyMember, profile: UUID) -> Response:
    """Show a customer what the register says, who acts for them, whom to call here, and what has happened."""
    view = await company_view(customer.portal.engine, ProfileId(profile), customer.account.user)
    if view is None:
        raise HTTPException(NOT_FOUND)
    return page(
        customer,
        "company.html",
        profile_id=profile,
        company=view.company,
        opened_at=view.opened_at,
        members=view.members,
        sales_rep=view.sales_rep,
        timeline=view.timeline,
        suspended=view.suspended,
        companies=await customer.portal.accounts.companies(customer.account.user),
    )
