"""The terms of use, which everybody accepts before anything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from domain.terms import CURRENT_TERMS, TermsNotAccepted, must_accept
from web.access import LoggedIn
from web.pages import page, see_other
from web.visitor import my_place

router = APIRouter()


@router.get("/terms")
async def terms(customer: LoggedIn) -> Response:
    """The terms, and when they were accepted if they were."""
    accepted_at = None if must_accept(customer.account.terms_version) else customer.account.terms_accepted_at
    return page(customer, "terms.html", version=CURRENT_TERMS, accepted_at=accepted_at, problem=None)


@router.post("/terms")
async def accept_terms(customer: LoggedIn, version: Annotated[str, Form()] = "", accepted: Annotated[str, Form()] = "") -> Response:
    """Accept the terms as they were shown; other terms than those in force count for nothing."""
    if must_accept(customer.account.terms_version):
        if accepted != "yes" or version != CURRENT_TERMS:
            return page(customer, "terms.html", status=422, version=CURRENT_TERMS, accepted_at=None, problem=TermsNotAccepted())
        await customer.portal.accounts.accept_terms(customer.account.user, version, customer.portal.clock.now())
    return see_other(customer, my_place(replace(customer.account, terms_version=CURRENT_TERMS)))
