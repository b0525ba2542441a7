"""A company as the register knows it, and why some cannot become customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal
from domain.words import _


class CompanyIsBankrupt(Refusal):
    """The company's estate is in bankruptcy."""

    code = "company-bankrupt"
    words = _("The register says that this company is bankrupt, so it cannot sign up. If that is wrong, contact Brønnøysundregistrene.")


class CompanyIsBeingDissolved(Refusal):
    """The owners are winding the company up."""

    code = "company-being-dissolved"
    words = _(
        "The register says that this company is being wound up, so it cannot sign up. If that is wrong, contact Brønnøysundregistrene."
    )


class CompanyIsBeingForciblyDissolved(Refusal):
    """The authorities are dissolving the company."""

    code = "company-being-forcibly-dissolved"
    words = _(
        "The register says that this company is being dissolved by order, so it cannot sign up. "
        "Once that has been put right in Brønnøysundregistrene you can try again."
    )


class CompanyIsDeleted(Refusal):
    """The company was struck off."""

    code = "company-deleted"
    words = _(
        "This company was deleted from the register on %(date)s, so it cannot sign up. "
        "If the business goes on under another organisation number, use that one."
    )


class CompanyIsRemoved(Refusal):
    """The register no longer tells anything about the company."""

    code = "company-removed"
    words = _("The register no longer shows this company, so it cannot sign up here. Get in touch with us if you think that is wrong.")


class NoSuchCompany(Refusal):
    """The register knows no such number."""

    code = "no-such-company"
    words = _("The register knows no company with this organisation number. Check the digits, or search by the company's name.")


class ShopIsClosed(Refusal):
    """The number is a shop's or department's that is closed down."""

    code = "shop-closed"
    words = _("This is the number of a shop or department that has closed. Use the organisation number of the company itself.")


class ShopHasNoCompany(Refusal):
    """The number is a shop's or department's, and the register does not say whose."""

    code = "shop-without-company"
    words = _(
        "This is the number of a shop or department, and the register does not say which company it belongs to. "
        "Use the organisation number of the company itself."
    )


class NumberOfAShop(Refusal):
    """A signup was begun with the number of a shop or department, though pages lead from it to its company."""

    code = "number-of-a-shop"
    words = _("This is the number of a shop or department. Use the organisation number of the company itself.")


class RegisterIsAway(Refusal):
    """The register gave no answer, so nothing can be said of any company just now."""

    code = "register-away"
    words = _("The register in Brønnøysund does not answer just now. It is nothing you have done: try again in a moment.")


class CompanyState(StrEnum):
    """What the register says of a company's health."""

    ACTIVE = "active"
    BANKRUPT = "bankrupt"
    BEING_DISSOLVED = "being-dissolved"
    BEING_FORCIBLY_DISSOLVED = "being-forcibly-dissolved"


_REFUSED: dict[CompanyState, type[Refusal]] = {
    CompanyState.BANKRUPT: CompanyIsBankrupt,
    CompanyState.BEING_DISSOLVED: CompanyIsBeingDissolved,
    CompanyState.BEING_FORCIBLY_DISSOLVED: CompanyIsBeingForciblyDissolved,
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the register spells it. Abroad the postcode stands with the city; `country` is the country's Norwegian name.

    What the register does not tell is empty.
    """

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Company:
    """What the register says of a company. Names keep the register's spelling, capitals and all: nobody can tell what else is right.

    `business_address` is the postal one where the register has no other, and None where it has neither. `employees` is not told
    below five. `web_site` is an address that can be followed. `address_presumed_wrong` is the register's own remark on the
    business address.
    """

    number: OrganisationNumber
    name: str
    form_code: str
    form: str
    business_address: Address | None
    postal_address: Address | None = None
    web_site: str | None = None
    employees: int | None = None
    registered_at: date | None = None
    address_presumed_wrong: bool = False
    state: CompanyState = CompanyState.ACTIVE

    def refuse_unless_active(self) -> None:
        """Raise the Refusal for a company that is bankrupt or on its way out; do nothing for any other."""
        refusal = _REFUSED.get(self.state)
        if refusal is not None:
            raise refusal


@dataclass(frozen=True, slots=True)
class CompanyHit:
    """A company that a search has found, with what tells it from its namesakes."""

    number: OrganisationNumber
    name: str
    form_code: str
    city: str
