"""What the register answers about the units and shops that belong to a company, and what that means to us."""

from __future__ import annotations

from datetime import date
from typing import Generic, Self, TypeVar

from pydantic import Field, model_validator

from domain.organisation_number import OrganisationNumber
from domain.shops import Shop, UnitBelow
from gateways.brreg_answers import AddressAnswer, Answer, CompanyNumber, Words


class _Listed(Answer):
    organisasjonsnummer: CompanyNumber
    navn: Words
    overordnet_enhet: CompanyNumber


class _Shop(_Listed):
    beliggenhetsadresse: AddressAnswer | None = None
    postadresse: AddressAnswer | None = None
    nedleggelsesdato: date | None = None

    def as_ours(self) -> Shop:
        address = self.beliggenhetsadresse or self.postadresse
        return Shop(
            number=OrganisationNumber(self.organisasjonsnummer),
            name=self.navn,
            of=OrganisationNumber(self.overordnet_enhet),
            address=address.as_ours() if address else None,
            closed_on=self.nedleggelsesdato,
        )


class _Unit(_Listed):
    def as_ours(self) -> UnitBelow:
        return UnitBelow(OrganisationNumber(self.organisasjonsnummer), self.navn, OrganisationNumber(self.overordnet_enhet))


class _Page(Answer):
    total_elements: int
    total_pages: int
    number: int


class _Shops(Answer):
    underenheter: list[_Shop]


class _Units(Answer):
    enheter: list[_Unit]


Thing = TypeVar("Thing", Shop, UnitBelow)


class Listing(Answer, Generic[Thing]):
    """One page of a list. Where nothing is found there is no list at all, and the page says that there is nothing."""

    page: _Page

    def found(self) -> list[Thing]:
        """Say in our words what is on this page."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _something_unless_none(self) -> Self:
        if self.page.total_elements and not self.found() and self.page.number < self.page.total_pages:
            raise ValueError("something found, but no list of it")
        return self


class ShopPage(Listing[Shop]):
    """One page of a unit's shops."""

    embedded: _Shops | None = Field(None, alias="_embedded")

    def found(self) -> list[Shop]:
        """Say in our words which shops are on this page."""
        return [shop.as_ours() for shop in self.embedded.underenheter] if self.embedded else []


class UnitPage(Listing[UnitBelow]):
    """One page of the units that belong to a unit."""

    embedded: _Units | None = Field(None, alias="_embedded")

    def found(self) -> list[UnitBelow]:
        """Say in our words which units are on this page."""
        return [unit.as_ours() for unit in self.embedded.enheter] if self.embedded else []
