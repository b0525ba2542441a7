"""What the evidence says of somebody who signs a company up: each check passes, warns or fails, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.company import Company, CompanyHit, CompanyState
from domain.desk.likeness import Likeness, RoleNearby, is_alike, nearby, site_of
from domain.employment import Person, Reason, RoleHolding, RolePolicy, Verdict, judge
from domain.organisation_number import OrganisationNumber
from domain.words import _


class Mark(StrEnum):
    """What a check comes to."""

    PASS = "pass"  # noqa: S105 - a mark, no password
    WARN = "warn"
    FAIL = "fail"


class Check(StrEnum):
    """What is looked at. Each stands once on the list, and can be ticked off by a person."""

    REGISTER = "register"
    NAMESAKES = "namesakes"
    COMPANY = "company"
    ADDRESS = "address"
    HISTORY = "history"
    LOOK_ALIKES = "look-alikes"
    EMAIL = "email"


TITLES = {
    Check.REGISTER: _("What the register says of this person"),
    Check.NAMESAKES: _("Others in the register with a similar name or the same birth date"),
    Check.COMPANY: _("How the company is"),
    Check.ADDRESS: _("Where the company is"),
    Check.HISTORY: _("What was tried before"),
    Check.LOOK_ALIKES: _("Companies with a similar name"),
    Check.EMAIL: _("The e-mail address and the company's web site"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to. `words` is a text of the catalogues, whose places `facts` fill."""

    check: Check
    mark: Mark
    words: str
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier attempt, by this person or at this company."""

    on: date
    same_person: bool
    same_company: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that is looked at, as fresh as it could be had. `company` and `holdings` are None while the register is away."""

    person: Person
    email: str = field(repr=False)
    company: Company | None
    holdings: Sequence[RoleHolding] | None = field(repr=False)
    earlier: Sequence[Earlier]
    hits: Sequence[CompanyHit]


_SAID_BY_REGISTER: dict[Reason, tuple[Mark, str]] = {
    Reason.HOLDS_ROLE: (Mark.PASS, _("The register lists this person as %(role)s now.")),
    Reason.NO_ROLE: (Mark.WARN, _("Nobody born on this day holds a role in the company. Most employees hold none.")),
    Reason.NAME_DIFFERS: (Mark.WARN, _("Somebody born on the same day holds the role %(role)s, under another name.")),
    Reason.SEVERAL_FIT: (Mark.WARN, _("Several people in the register fit, so it cannot tell which of them this is.")),
    Reason.DEAD: (Mark.FAIL, _("The register says that the person who fits is dead.")),
    Reason.LIMITED_CAPACITY: (Mark.FAIL, _("The register says that the person who fits may not act for others.")),
    Reason.NOT_CURRENT: (Mark.FAIL, _("The person who fits held the role %(role)s, and has left it.")),
    Reason.ROLE_NOT_ALLOWED: (Mark.WARN, _("This person holds the role %(role)s, which does not show by itself that they work there.")),
}
_AWAY = _("The register does not answer just now. Run the check again in a while.")
_STATES = {
    CompanyState.ACTIVE: (Mark.PASS, _("The company is active.")),
    CompanyState.BANKRUPT: (Mark.FAIL, _("The company is bankrupt.")),
    CompanyState.BEING_DISSOLVED: (Mark.FAIL, _("The company is being wound up.")),
    CompanyState.BEING_FORCIBLY_DISSOLVED: (Mark.FAIL, _("The company is being dissolved by order.")),
}
# Where anybody can have an address, it says nothing about where they work.
_ANYBODYS = frozenset(
    {"gmail.com", "hotmail.com", "outlook.com", "online.no", "icloud.com", "live.no", "yahoo.com", "yahoo.no", "hotmail.no", "me.com"}
)


def findings(gathered: Gathered, number: OrganisationNumber, policy: RolePolicy) -> Sequence[Finding]:
    """Run every check, in the order in which they are read."""
    return (
        _register(gathered, policy),
        _namesakes(gathered),
        *_company(gathered.company),
        _history(gathered.earlier),
        _look_alikes(gathered, number),
        _email(gathered),
    )


def _register(gathered: Gathered, policy: RolePolicy) -> Finding:
    if gathered.holdings is None:
        return Finding(Check.REGISTER, Mark.WARN, _AWAY)
    judgement = judge(gathered.person, gathered.holdings, policy)
    mark, words = _SAID_BY_REGISTER[judgement.reason]
    if judgement.verdict is Verdict.CONFIRMED:
        words = _("The register vouches for this person now: they hold the role %(role)s.")
    return Finding(Check.REGISTER, mark, words, {"role": judgement.role_code or ""})


def roles_nearby(gathered: Gathered) -> Sequence[RoleNearby]:
    """List who in the register might be meant. Shown while somebody decides, and never kept."""
    return nearby(gathered.person, gathered.holdings or ())


def _namesakes(gathered: Gathered) -> Finding:
    if gathered.holdings is None:
        return Finding(Check.NAMESAKES, Mark.WARN, _AWAY)
    found = [near for near in roles_nearby(gathered) if near.likeness is not Likeness.SAME]
    if not found:
        return Finding(Check.NAMESAKES, Mark.PASS, _("Nobody else in the register could be taken for this person."))
    count = {"count": str(len({near.name.words for near in found}))}
    return Finding(Check.NAMESAKES, Mark.WARN, _("Others could be taken for this person: %(count)s. See the list of roles."), count)


def _company(company: Company | None) -> Iterator[Finding]:
    if company is None:
        yield Finding(Check.COMPANY, Mark.WARN, _AWAY)
        yield Finding(Check.ADDRESS, Mark.WARN, _AWAY)
        return
    yield Finding(Check.COMPANY, *_STATES[company.state])
    if company.address_presumed_wrong:
        yield Finding(Check.ADDRESS, Mark.WARN, _("The register presumes that the company's address is wrong."))
    elif company.business_address is None:
        yield Finding(Check.ADDRESS, Mark.WARN, _("The register has no address for the company."))
    else:
        yield Finding(Check.ADDRESS, Mark.PASS, _("The register has an address for the company."))


def _history(earlier: Sequence[Earlier]) -> Finding:
    turned_away = [one for one in earlier if one.outcome == "rejected"]
    if any(one.same_person and one.same_company for one in turned_away):
        return Finding(Check.HISTORY, Mark.FAIL, _("This person was turned away at this very company before."))
    if turned_away:
        count = {"count": str(len(turned_away))}
        return Finding(Check.HISTORY, Mark.WARN, _("Earlier signups by this person or at this company were rejected: %(count)s."), count)
    if earlier:
        return Finding(
            Check.HISTORY, Mark.PASS, _("There were earlier signups: %(count)s. None was rejected."), {"count": str(len(earlier))}
        )
    return Finding(Check.HISTORY, Mark.PASS, _("Neither this person nor this company has been here before."))


def _look_alikes(gathered: Gathered, number: OrganisationNumber) -> Finding:
    if gathered.company is None:
        return Finding(Check.LOOK_ALIKES, Mark.WARN, _AWAY)
    own = gathered.company.name
    alike = [hit for hit in gathered.hits if hit.number != number and is_alike(hit.name, own)]
    if not alike:
        return Finding(Check.LOOK_ALIKES, Mark.PASS, _("No other company has a name like this one."))
    names = ", ".join(f"{hit.name} ({hit.number.pretty})" for hit in alike[:3])
    return Finding(Check.LOOK_ALIKES, Mark.WARN, _("Other companies are called nearly the same: %(names)s."), {"names": names})


def _email(gathered: Gathered) -> Finding:
    domain = gathered.email.rpartition("@")[2].casefold()
    if domain in _ANYBODYS:
        return Finding(Check.EMAIL, Mark.WARN, _("Anybody can have an address at %(domain)s."), {"domain": domain})
    site = site_of(gathered.company.web_site) if gathered.company and gathered.company.web_site else None
    if site is None:
        return Finding(
            Check.EMAIL, Mark.WARN, _("The register knows no web site of the company to compare %(domain)s with."), {"domain": domain}
        )
    facts = {"domain": domain, "site": site}
    if domain == site or domain.endswith(f".{site}"):
        return Finding(Check.EMAIL, Mark.PASS, _("The address is at %(domain)s, the company's own web site."), facts)
    return Finding(Check.EMAIL, Mark.WARN, _("The address is at %(domain)s, but the company's web site is %(site)s."), facts)
