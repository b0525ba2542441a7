"""Brønnøysundregistrene: what companies are called, how they are, and who holds which role in them.

Enhetsregisteret's open API, https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html. What it answers is personal
data in part, so nothing of an answer ever stands in an error or a log.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TypeVar

from pydantic import ValidationError

from domain.company import Company, CompanyHit, CompanyIsDeleted, CompanyIsRemoved, NoSuchCompany, ShopHasNoCompany, ShopIsClosed
from domain.employment import RoleHolding
from domain.organisation_number import NotAnOrganisationNumber, OrganisationNumber
from domain.refusals import Refusal
from domain.shops import Below, Shop, UnitBelow
from gateways.brreg_answers import Answer, Hits, LiveUnit, Roles, SubUnit, Unit
from gateways.brreg_below import Listing, ShopPage, Thing, UnitPage
from gateways.http import AsyncClient, HTTPError, Response, TimeoutException

# The versions are pinned: a later one has to fail loudly, not quietly mean something else.
UNIT = "application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8"
SUB_UNIT = "application/vnd.brreg.enhetsregisteret.underenhet.v2+json;charset=UTF-8"
ROLES = "application/vnd.brreg.enhetsregisteret.rolle.v1+json;charset=UTF-8"

LARGEST_ANSWER = 5_000_000
# From the first byte asked for to the last one read; the client's own timeouts hold for each piece only.
WHOLE_ANSWER = timedelta(seconds=15)
LONGEST_RETRY_AFTER = timedelta(hours=1)
# The longest name the register holds.
LONGEST_NAME = 180
# Five hundred shops are about 700 kB; the register shows no more than the first ten thousand of anything.
PAGE_OF_SHOPS = 500
MOST_SHOPS = 10_000
MOST_UNITS_BELOW = 300

OK, BAD_REQUEST, NOT_FOUND, GONE, TOO_MANY = 200, 400, 404, 410, 429


class Trouble(StrEnum):
    """What can be wrong with the register, or with what we understand of it."""

    NO_ANSWER = "no-answer"
    SLOW = "slow"
    TOO_MANY_REQUESTS = "too-many-requests"
    SERVER_ERROR = "server-error"
    REDIRECTED = "redirected"
    UNEXPECTED_STATUS = "unexpected-status"
    TOO_LARGE = "too-large"
    UNFAMILIAR = "unfamiliar"
    ABOUT_ANOTHER = "about-another"


class RegisterUnavailable(Exception):
    """The register gave no answer that we can rely on; try again, after `retry_after` where it asked for that.

    It never stands for an answer: a company without roles is an answer, an answer we cannot read is not.
    """

    def __init__(self, trouble: Trouble, retry_after: timedelta | None = None) -> None:
        """Say what was wrong, without a word of what was answered."""
        super().__init__(f"the register gave no usable answer: {trouble}")
        self.trouble = trouble
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """The roles of a company, and the SHA-256 of the answer they were read from, in hexadecimal."""

    holdings: tuple[RoleHolding, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes


AnswerT = TypeVar("AnswerT", bound=Answer)
UnitT = TypeVar("UnitT", bound=Unit)


@dataclass(frozen=True, slots=True)
class Brreg:
    """Asks the register at `base_url`, such as `https://data.brreg.no`, and waits for each answer as long as `patience`.

    Every method raises RegisterUnavailable when there is no answer to rely on.
    """

    client: AsyncClient
    base_url: str
    patience: timedelta = WHOLE_ANSWER

    async def company(self, number: OrganisationNumber) -> Company:
        """Look up a company that may sign up. Raises the Refusal for one that is bankrupt, dissolved, deleted, gone or unknown."""
        company = await self.look_up(number)
        company.refuse_unless_active()
        return company

    async def look_up(self, number: OrganisationNumber) -> Company:
        """Look up a company in whatever state it is; a shop's or department's number leads to its company.

        Raises the Refusal for a number that is deleted, gone or unknown.
        """
        company = await self._main_unit(number)
        if company is None:
            company = await self._main_unit(await self._company_of(number))
        if company is None:
            raise ShopHasNoCompany
        return company

    async def search(self, text: str, limit: int) -> list[CompanyHit]:
        """Find companies whose names have words that begin like these, or the one whose number is typed; at most `limit`.

        Refuses nothing: what cannot be found is not found.
        """
        number = _number_in(text)
        if number is None:
            return await self._search_by_name(text, limit)
        try:
            company = await self.look_up(number)
        except Refusal:
            return []
        city = company.business_address.city if company.business_address else ""
        return [CompanyHit(company.number, company.name, company.form_code, city)]

    async def roles(self, number: OrganisationNumber) -> RegisterAnswer:
        """Fetch every role in a company, former ones and those that companies hold included. There may be none.

        Raises CompanyIsRemoved for a company that the register no longer shows.
        """
        reply = await self._get(f"enheter/{number}/roller", ROLES)
        sha256 = hashlib.sha256(reply.body).hexdigest()
        if reply.status == NOT_FOUND:
            return RegisterAnswer((), sha256)
        _refuse_removed(reply, number)
        roles = _read(Roles, reply, OK)
        if not roles.about(number):
            raise RegisterUnavailable(Trouble.ABOUT_ANOTHER)
        return RegisterAnswer(roles.as_holdings(), sha256)

    async def below(self, number: OrganisationNumber) -> Below:
        """List the units under a company, level by level, and the shops of all of them. There may be none."""
        units: dict[OrganisationNumber, UnitBelow] = {}
        shops, level = list[Shop](), [number]
        while level:
            found = [unit for above in level for unit in await self._listed("enheter", UNIT, UnitPage, above)]
            for above in level:
                shops += await self._listed("underenheter", SUB_UNIT, ShopPage, above)
            level = [unit.number for unit in found if unit.number != number and unit.number not in units]
            units |= {unit.number: unit for unit in found if unit.number in level}
            if len(units) > MOST_UNITS_BELOW:
                raise RegisterUnavailable(Trouble.TOO_LARGE)
        return Below(list(units.values()), shops)

    async def _listed(self, path: str, media_type: str, kind: type[Listing[Thing]], above: OrganisationNumber) -> list[Thing]:
        """Fetch every page of what belongs to a unit. What moved from one page to another meanwhile is met once; nothing may be missing."""
        found: dict[OrganisationNumber, Thing] = {}
        for number in range(MOST_SHOPS // PAGE_OF_SHOPS):
            asked = {"overordnetEnhet": above.value, "size": str(PAGE_OF_SHOPS), "page": str(number)}
            listing = _read(kind, await self._get(path, media_type, asked), OK)
            found |= {thing.number: thing for thing in listing.found()}
            if number + 1 >= listing.page.total_pages:
                break
        if any(thing.of != above for thing in found.values()):
            raise RegisterUnavailable(Trouble.ABOUT_ANOTHER)
        if len(found) < listing.page.total_elements:
            raise RegisterUnavailable(Trouble.TOO_LARGE)
        return list(found.values())

    async def _main_unit(self, number: OrganisationNumber) -> Company | None:
        reply = await self._get(f"enheter/{number}", UNIT)
        if reply.status == NOT_FOUND:
            return None
        _refuse_removed(reply, number)
        deleted = _about(number, _read(Unit, reply, OK)).slettedato
        if deleted is not None:
            raise CompanyIsDeleted(date=deleted.isoformat())
        return _read(LiveUnit, reply, OK).as_company()

    async def _company_of(self, number: OrganisationNumber) -> OrganisationNumber:
        reply = await self._get(f"underenheter/{number}", SUB_UNIT)
        if reply.status == NOT_FOUND:
            raise NoSuchCompany
        _refuse_removed(reply, number)
        shop = _about(number, _read(SubUnit, reply, OK))
        if shop.slettedato is not None or shop.nedleggelsesdato is not None:
            raise ShopIsClosed
        if shop.overordnet_enhet is None:
            raise ShopHasNoCompany
        return OrganisationNumber(shop.overordnet_enhet)

    async def _search_by_name(self, text: str, limit: int) -> list[CompanyHit]:
        name = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: LONGEST_NAME + 1]).split())
        if not name or len(text) > LONGEST_NAME:
            return []
        asked = {"navn": name, "navnMetodeForSoek": "FORTLOEPENDE", "size": str(limit)}
        reply = await self._get("enheter", UNIT, asked)
        # The register's way to say that it cannot search for this.
        return [] if reply.status == BAD_REQUEST else _read(Hits, reply, OK).as_hits()[:limit]

    async def _get(self, path: str, media_type: str, asked: Mapping[str, str] | None = None) -> _Reply:
        """Fetch an answer of a kind that can be one; everything else is trouble."""
        url = f"{self.base_url}/enhetsregisteret/api/{path}"
        try:
            async with (
                asyncio.timeout(self.patience.total_seconds()),
                self.client.stream("GET", url, params=asked, headers={"Accept": media_type}, follow_redirects=False) as response,
            ):
                _refuse_trouble(response)
                reply = _Reply(response.status_code, await _body(response))
        except (TimeoutException, TimeoutError):
            raise RegisterUnavailable(Trouble.SLOW) from None
        except HTTPError:
            raise RegisterUnavailable(Trouble.NO_ANSWER) from None
        if reply.status == NOT_FOUND and reply.body.strip():
            # An unknown number is answered without a body; this is an unknown path, or not the register at all.
            raise RegisterUnavailable(Trouble.UNEXPECTED_STATUS)
        return reply


def _number_in(text: str) -> OrganisationNumber | None:
    try:
        return OrganisationNumber.parse(text)
    except NotAnOrganisationNumber:
        return None


def _refuse_trouble(response: Response) -> None:
    status = response.status_code
    if response.is_redirect:
        raise RegisterUnavailable(Trouble.REDIRECTED)
    if status == TOO_MANY:
        raise RegisterUnavailable(Trouble.TOO_MANY_REQUESTS, _retry_after(response))
    if response.is_server_error:
        raise RegisterUnavailable(Trouble.SERVER_ERROR, _retry_after(response))
    if status not in {OK, BAD_REQUEST, NOT_FOUND, GONE}:
        raise RegisterUnavailable(Trouble.UNEXPECTED_STATUS)


async def _body(response: Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise RegisterUnavailable(Trouble.TOO_LARGE)
    return bytes(body)


def _retry_after(response: Response) -> timedelta | None:
    """Read the header in either of its forms (RFC 9110, section 10.2.3); a date is measured by the answer's own clock."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        wait = timedelta(seconds=int(told[:9]))
    else:
        try:
            wait = parsedate_to_datetime(told) - parsedate_to_datetime(response.headers.get("Date", ""))
        except (TypeError, ValueError):
            return None
    return max(timedelta(0), min(wait, LONGEST_RETRY_AFTER))


def _read(kind: type[AnswerT], reply: _Reply, status: int) -> AnswerT:
    if reply.status != status:
        raise RegisterUnavailable(Trouble.UNEXPECTED_STATUS)
    try:
        return kind.model_validate_json(reply.body)
    except ValidationError:
        # Its own words repeat what was answered, so they go no further.
        raise RegisterUnavailable(Trouble.UNFAMILIAR) from None


def _about(number: OrganisationNumber, unit: UnitT) -> UnitT:
    if unit.organisasjonsnummer != number.value:
        raise RegisterUnavailable(Trouble.ABOUT_ANOTHER)
    return unit


def _refuse_removed(reply: _Reply, number: OrganisationNumber) -> None:
    if reply.status == GONE:
        _about(number, _read(Unit, reply, GONE))
        raise CompanyIsRemoved
