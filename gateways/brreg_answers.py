"""What the register's answers look like, as far as we rely on them, and what they mean to us.

Unknown keys are passed over. What we decide by has to be there, in the type that it has always had: an answer in another shape
is no answer.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from domain.company import Address, Company, CompanyHit, CompanyState
from domain.employment import PersonInRegister, RoleHolding, UnitInRegister
from domain.names import PersonName
from domain.organisation_number import OrganisationNumber

# The register's remark that the business address is presumed to be wrong.
ADDRESS_PRESUMED_WRONG = "FADR"
_NUMBER_IN_LINK = re.compile(r"/enheter/([0-9]{9})(?:/roller)?/?", re.ASCII)


def _on_one_line(text: str) -> str:
    """Leave out what no name has and no database takes, such as line breaks and NUL."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def _not_blank(text: str) -> str:
    if not text:
        raise ValueError("blank")
    return text


def _with_check_digit(digits: str) -> str:
    return OrganisationNumber(digits).value


Text = Annotated[str, AfterValidator(_on_one_line)]
Words = Annotated[Text, AfterValidator(_not_blank)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
CompanyNumber = Annotated[Number, AfterValidator(_with_check_digit)]


class Answer(BaseModel):
    """Anything the register answers. Field names are the register's own, in Python's spelling."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


class _Code(Answer):
    kode: Words


class _Form(_Code):
    beskrivelse: Words


class _Remark(Answer):
    infotype: str


class AddressAnswer(Answer):
    """An address as the register writes it."""

    adresse: list[Text | None] = []
    postnummer: Text | None = None
    poststed: Text | None = None
    land: Text | None = None

    def as_ours(self) -> Address:
        """Say it in our words."""
        lines = tuple(line for line in self.adresse if line)
        return Address(lines, self.postnummer or "", self.poststed or "", self.land or "")


class Unit(Answer):
    """Any unit, alive, deleted or removed."""

    organisasjonsnummer: Number
    slettedato: date | None = None


class SubUnit(Unit):
    """A shop or department, and the company it belongs to."""

    overordnet_enhet: CompanyNumber | None = None
    nedleggelsesdato: date | None = None


class _Named(Answer):
    organisasjonsnummer: CompanyNumber
    navn: Words
    organisasjonsform: _Form
    forretningsadresse: AddressAnswer | None = None
    postadresse: AddressAnswer | None = None


class LiveUnit(_Named):
    """A main unit that is not deleted."""

    konkurs: bool
    under_avvikling: bool
    under_tvangsavvikling_eller_tvangsopplosning: bool
    hjemmeside: Text | None = None
    antall_ansatte: int | None = None
    registreringsdato_enhetsregisteret: date | None = None
    paategninger: list[_Remark] = []

    def as_company(self) -> Company:
        """Say it in our words."""
        postal = self.postadresse.as_ours() if self.postadresse else None
        return Company(
            number=OrganisationNumber(self.organisasjonsnummer),
            name=self.navn,
            form_code=self.organisasjonsform.kode,
            form=self.organisasjonsform.beskrivelse,
            business_address=self.forretningsadresse.as_ours() if self.forretningsadresse else postal,
            postal_address=postal,
            web_site=_web_site(self.hjemmeside),
            employees=self.antall_ansatte,
            registered_at=self.registreringsdato_enhetsregisteret,
            address_presumed_wrong=any(remark.infotype == ADDRESS_PRESUMED_WRONG for remark in self.paategninger),
            state=self._state(),
        )

    def _state(self) -> CompanyState:
        if self.konkurs:
            return CompanyState.BANKRUPT
        if self.under_tvangsavvikling_eller_tvangsopplosning:
            return CompanyState.BEING_FORCIBLY_DISSOLVED
        return CompanyState.BEING_DISSOLVED if self.under_avvikling else CompanyState.ACTIVE


class _Hit(_Named):
    def as_hit(self) -> CompanyHit:
        address = self.forretningsadresse or self.postadresse
        city = address.as_ours().city if address else ""
        return CompanyHit(OrganisationNumber(self.organisasjonsnummer), self.navn, self.organisasjonsform.kode, city)


class _Embedded(Answer):
    enheter: list[_Hit]


class _Page(Answer):
    total_elements: int


class Hits(Answer):
    """One page of a search. Without hits there is no list at all, and the page says that there were none."""

    embedded: _Embedded | None = Field(None, alias="_embedded")
    page: _Page

    @model_validator(mode="after")
    def _list_unless_none(self) -> Hits:
        if self.embedded is None and self.page.total_elements:
            raise ValueError("hits, but no list of them")
        return self

    def as_hits(self) -> list[CompanyHit]:
        """Say it in our words."""
        return [hit.as_hit() for hit in self.embedded.enheter] if self.embedded else []


class _PersonName(Answer):
    fornavn: Words
    mellomnavn: Text | None = None
    etternavn: Words


class _Person(Answer):
    fodselsdato: date
    navn: _PersonName
    er_doed: bool
    # Announced, but of unknown shape: whatever is there counts, unless it says no.
    begrenset_rettslig_handleevne: JsonValue = None
    stadfestet_fremtidsfullmakt: JsonValue = None

    def as_holder(self) -> PersonInRegister:
        given = f"{self.navn.fornavn} {self.navn.mellomnavn or ''}".strip()
        limited = bool(self.begrenset_rettslig_handleevne or self.stadfestet_fremtidsfullmakt)
        return PersonInRegister(PersonName(given, self.navn.etternavn), self.fodselsdato, self.er_doed, limited)


class _Role(Answer):
    type: _Code
    person: _Person | None = None
    enhet: Unit | None = None
    # Left out in some of the documentation's examples.
    fratraadt: bool = False
    avregistrert: bool

    @model_validator(mode="after")
    def _one_holder(self) -> _Role:
        if (self.person is None) is (self.enhet is None):
            raise ValueError("a role is held by a person or by a unit")
        return self

    def holder(self) -> PersonInRegister | UnitInRegister:
        if self.person is not None:
            return self.person.as_holder()
        if self.enhet is not None:
            return UnitInRegister(self.enhet.organisasjonsnummer)
        raise AssertionError("somebody holds every role")


class _Group(Answer):
    type: _Code
    sist_endret: date | None = None
    roller: list[_Role]


class _Link(Answer):
    href: str


class _Links(Answer):
    itself: _Link = Field(alias="self")


class Roles(Answer):
    """Every role in a company, in groups such as the board."""

    rollegrupper: list[_Group] = []
    links: _Links = Field(alias="_links")

    def about(self, number: OrganisationNumber) -> bool:
        """Whether these are that company's roles; the number stands only in the answer's link to itself."""
        told = _NUMBER_IN_LINK.search(self.links.itself.href)
        return told is not None and told[1] == number.value

    def as_holdings(self) -> tuple[RoleHolding, ...]:
        """Say it in our words."""
        return tuple(
            RoleHolding(role.type.kode, group.type.kode, role.holder(), role.fratraadt, role.avregistrert, group.sist_endret)
            for group in self.rollegrupper
            for role in group.roller
        )


def _web_site(text: str | None) -> str | None:
    """Make an address that can be followed of what companies register, such as `www.bedrift.example`; None where there is none in it."""
    if not text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname or ""
    except ValueError:
        return None
    followable = parts.scheme in {"http", "https"} and "." in host and "@" not in parts.netloc and " " not in text
    return parts.geturl() if followable else None
