"""Where do you work? Finding the company, seeing that it is the right one, and beginning its signup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from database.company_pages import membership_in
from domain.company import Company, CompanyHit, RegisterIsAway
from domain.ids import SignupId, derived
from domain.organisation_number import NotAnOrganisationNumber, OrganisationNumber
from domain.refusals import Refusal
from domain.signups import CompanyHasProfile, SignupAlreadyOpen, SignupIsDecided
from gateways.brreg import RegisterUnavailable
from web.access import GoOnThere, Onboarded
from web.forms import Click
from web.pages import fragment, page, see_other, wants_fragment
from web.visitor import Customer
from workflows.front_desk.desk import problem_in

UNPROCESSABLE = 422
UNAVAILABLE = 503
MOST_HITS = 10
SHORTEST_NAME = 2
# What can only be meant as a number: digits, what stands between them, and the letters around a VAT number.
NUMBER_LIKE = re.compile(r"\s*(NO|ORG\.?\s*NR\.?:?)?[\d\s.:\-\u00a0]+(MVA)?\s*", re.IGNORECASE)
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    hits: Sequence[CompanyHit] | None = None
    more: bool = False
    problem: Refusal | None = None

    @property
    def status(self) -> int:
        """The answer's HTTP status."""
        if self.problem is None:
            return 200
        return UNAVAILABLE if isinstance(self.problem, RegisterIsAway) else UNPROCESSABLE


@router.get("/workplace")
async def search(customer: Onboarded, q: str = "", change: str = "") -> Response:
    """Ask where somebody works; a whole number leads straight to its company. Whoever has said so is asked again only to change it."""
    if customer.account.open_signup is not None and not change:
        raise GoOnThere(f"/signup/{customer.account.open_signup}")
    if NUMBER_LIKE.fullmatch(q[:100]) or len(q) > 100:  # noqa: PLR2004 - no company has a name as long as that
        try:
            return see_other(customer, f"/workplace/{OrganisationNumber.parse(q)}")
        except NotAnOrganisationNumber as problem:
            return _search_page(customer, q, Found(problem=problem))
    return _search_page(customer, q, await _find(customer, q))


@router.get("/workplace/search")
async def search_as_typed(customer: Onboarded, q: str = "") -> Response:
    """Find companies while somebody types; a number that is not whole yet is not found fault with."""
    if not wants_fragment(customer.request):
        return see_other(customer, "/workplace")
    found = await _find(customer, q)
    # The fragment goes into a page that stands already, so its status tells the machine nothing new.
    return fragment(customer, "workplace_hits.html", q=q, hits=_shown(found.hits), more=found.more, problem=found.problem)


@router.get("/workplace/no-number")
async def no_number(customer: Onboarded) -> Response:
    """Say how companies without a Norwegian organisation number are helped."""
    return page(customer, "no_number.html")


@router.get("/workplace/{number}")
async def show_company(customer: Onboarded, number: str, shop: str = "") -> Response:
    """Show the company that the number leads to, so that nobody signs the wrong one up."""
    company = await _look_up(customer, number)
    if isinstance(company, Found):
        return _search_page(customer, number, company)
    if company.number != _number(number):
        return see_other(customer, f"/workplace/{company.number}?shop={number}")
    return await _company_page(customer, company, shop=_number(shop))


@router.post("/workplace/{number}")
async def sign_up(customer: Onboarded, number: str, click: Click, instead_of: Annotated[UUID | None, Form()] = None) -> Response:
    """Begin the signup of this company, in place of the one under way when its author says so.

    The same form sent twice is one signup, even when that has come to its end meanwhile.
    """
    signup = SignupId(derived(str(click), f"signup {customer.account.user}"))
    if await customer.portal.accounts.owns_signup(customer.account.user, signup):
        return see_other(customer, f"/signup/{signup}")
    found = await _look_up(customer, number)
    if isinstance(found, Found) and not isinstance(found.problem, RegisterIsAway):
        return _search_page(customer, number, found)
    # A register that has fallen ill since the page was shown is waited for by the process, and not by the customer.
    company = OrganisationNumber.parse(number) if isinstance(found, Found) else found.number
    problem, where = await _begin(customer, company, signup, instead_of)
    if where:
        return see_other(customer, where)
    if isinstance(found, Found):
        return _search_page(customer, number, Found(problem=problem))
    return await _company_page(customer, found, problem=problem)


async def _begin(
    customer: Customer, company: OrganisationNumber, signup: SignupId, instead_of: UUID | None
) -> tuple[Refusal | None, str | None]:
    """Begin the signup; tells why not, or where to go on."""
    user, portal = customer.account.user, customer.portal
    if (await membership_in(portal.engine, company, user)).exists:
        return CompanyHasProfile(), None
    left = SignupId(instead_of) if instead_of is not None and instead_of == customer.account.open_signup else None
    problem = problem_in(await portal.signups.begin(signup, user, company, left))
    if isinstance(problem, SignupAlreadyOpen | SignupIsDecided):
        return problem, "/workplace"
    return problem, None if problem else f"/signup/{signup}"


async def _look_up(customer: Customer, number: str) -> Company | Found:
    """Find the company behind a number, or what to say instead."""
    try:
        return await customer.portal.register.look_up(OrganisationNumber.parse(number))
    except RegisterUnavailable as unavailable:
        customer.portal.meters.register_trouble(unavailable.trouble.value)
        return Found(problem=RegisterIsAway())
    except Refusal as problem:
        return Found(problem=problem)


async def _find(customer: Customer, q: str) -> Found:
    name = q.strip()
    if len(name) < SHORTEST_NAME:
        return Found()
    try:
        hits = await customer.portal.register.search(name, MOST_HITS + 1)
    except RegisterUnavailable as unavailable:
        customer.portal.meters.register_trouble(unavailable.trouble.value)
        return Found(problem=RegisterIsAway())
    if NUMBER_LIKE.fullmatch(name[:100]) and not hits:
        return Found()
    return Found(hits[:MOST_HITS], more=len(hits) > MOST_HITS)


def _search_page(customer: Customer, q: str, found: Found) -> Response:
    hits = _shown(found.hits)
    return page(
        customer,
        "workplace.html",
        status=found.status,
        path="/workplace",
        q=q,
        hits=hits,
        more=found.more,
        problem=found.problem,
        changing=customer.account.open_signup is not None,
    )


def _shown(hits: Sequence[CompanyHit] | None) -> Sequence[dict[str, str]] | None:
    if hits is None:
        return None
    return [{"organisation_number": hit.number.value, "name": hit.name, "place": hit.city, "form": hit.form_code} for hit in hits]


async def _company_page(
    customer: Customer, company: Company, *, shop: OrganisationNumber | None = None, problem: Refusal | None = None
) -> Response:
    member_of = await membership_in(customer.portal.engine, company.number, customer.account.user)
    if member_of.mine is not None:
        return see_other(customer, f"/company/{member_of.mine}")
    refusal = _refusal_of(company)
    return page(
        customer,
        "workplace_confirm.html",
        status=UNPROCESSABLE if problem or refusal else 200,
        path=f"/workplace/{company.number}",
        company=_facts(company),
        shop=shop.value if shop else None,
        address_presumed_wrong=company.address_presumed_wrong,
        profile_exists=member_of.exists,
        instead_of=customer.account.open_signup,
        refusal=refusal,
        problem=problem,
    )


def _refusal_of(company: Company) -> Refusal | None:
    try:
        company.refuse_unless_active()
    except Refusal as refusal:
        return refusal
    return None


def _facts(company: Company) -> dict[str, object]:
    address = company.business_address
    return {
        "organisation_number": company.number.value,
        "name": company.name,
        "form": company.form,
        "address_lines": address.lines if address else (),
        "postcode": address.postcode if address else "",
        "city": address.city if address else "",
        "country": address.country if address else "",
    }


def _number(text: str) -> OrganisationNumber | None:
    try:
        return OrganisationNumber.parse(text)
    except NotAnOrganisationNumber:
        return None
