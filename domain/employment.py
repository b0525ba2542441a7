"""Whether the register vouches for somebody who says they work for a company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.names import NameMatch, PersonName, compare

# Kept with every judgement, together with the policy's own version; raised when the rule below changes.
RULE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as their eID vouches for them."""

    name: PersonName
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonInRegister:
    """A person who holds a role, as the register knows them."""

    name: PersonName
    birth_date: date = field(repr=False)
    dead: bool = False
    limited_capacity: bool = False


@dataclass(frozen=True, slots=True)
class UnitInRegister:
    """A company that holds a role in another one, such as an auditor."""

    organisation_number: str


@dataclass(frozen=True, slots=True)
class RoleHolding:
    """One role of a company and who holds it. Codes are the register's own, such as DAGL in the group DAGL."""

    role_code: str
    group_code: str
    holder: PersonInRegister | UnitInRegister
    resigned: bool = False
    deregistered: bool = False
    group_changed: date | None = None

    @property
    def current(self) -> bool:
        """Whether the role is still held."""
        return not self.resigned and not self.deregistered


class RoleWeight(StrEnum):
    """What holding a role is worth as a proof of working there."""

    AUTO = "auto"
    HUMAN = "human"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """Which roles prove employment by themselves, which need a person's eye, and which prove nothing. An unknown role needs an eye."""

    version: str
    auto: frozenset[str]
    human: frozenset[str]
    never: frozenset[str]

    def __post_init__(self) -> None:
        """Make sure that no role is weighed twice."""
        if self.auto & self.human or self.auto & self.never or self.human & self.never:
            raise ValueError("a role stands in two sets of the policy")

    def weight(self, role_code: str) -> RoleWeight:
        """Weigh a role by its code."""
        if role_code in self.auto:
            return RoleWeight.AUTO
        return RoleWeight.NEVER if role_code in self.never else RoleWeight.HUMAN


# Managers, board members, owners, partners, and those who stand for a foreign company; auditors and accountants work elsewhere.
ROLE_POLICY = RolePolicy(
    version="2026-11-01",
    auto=frozenset({"DAGL", "LEDE", "NEST", "MEDL", "INNH", "DTPR", "DTSO", "KOMP", "BEST", "REPR", "KONT"}),
    human=frozenset({"VARA", "OBS", "SAM", "FFØR", "BOBE"}),
    never=frozenset({"REVI", "REGN"}),
)


class Verdict(StrEnum):
    """What comes of asking the register."""

    CONFIRMED = "confirmed"
    NEEDS_A_PERSON = "needs-a-person"


class Reason(StrEnum):
    """Why a judgement is what it is."""

    HOLDS_ROLE = "holds-role"
    NO_ROLE = "no-role"
    NAME_DIFFERS = "name-differs"
    SEVERAL_FIT = "several-fit"
    DEAD = "dead"
    LIMITED_CAPACITY = "limited-capacity"
    NOT_CURRENT = "not-current"
    ROLE_NOT_ALLOWED = "role-not-allowed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the register's answer was worth, and which role it rests on. Nobody's name is in it."""

    verdict: Verdict
    reason: Reason
    name_match: NameMatch
    role_code: str | None
    group_code: str | None
    group_changed: date | None
    rule_version: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    holding: RoleHolding
    holder: PersonInRegister
    match: NameMatch
    weight: RoleWeight


_CLOSENESS = list(NameMatch)
_WORTH = list(RoleWeight)


def judge(person: Person, holdings: Iterable[RoleHolding], policy: RolePolicy) -> Judgement:
    """Confirm whoever holds a current role that the policy lets through; leave everybody else to a person.

    Only people born on the same day are looked at, and of them only those whose names fit best: when somebody bears exactly
    this name, a namesake with one name more is somebody else.
    """
    same_day = _born_the_same_day(person, holdings, policy)
    version = f"{RULE_VERSION}/{policy.version}"
    if not same_day:
        return Judgement(Verdict.NEEDS_A_PERSON, Reason.NO_ROLE, NameMatch.DIFFERENT, None, None, None, version)
    closest = min(_CLOSENESS.index(candidate.match) for candidate in same_day)
    fitting = [candidate for candidate in same_day if _CLOSENESS.index(candidate.match) == closest]
    best = min(fitting, key=lambda candidate: (not candidate.holding.current, _WORTH.index(candidate.weight)))
    reason = _reason(best, fitting)
    verdict = Verdict.CONFIRMED if reason is Reason.HOLDS_ROLE else Verdict.NEEDS_A_PERSON
    held = best.holding
    return Judgement(verdict, reason, best.match, held.role_code, held.group_code, held.group_changed, version)


def _born_the_same_day(person: Person, holdings: Iterable[RoleHolding], policy: RolePolicy) -> list[_Candidate]:
    return [
        _Candidate(holding, holding.holder, compare(person.name, holding.holder.name), policy.weight(holding.role_code))
        for holding in holdings
        if isinstance(holding.holder, PersonInRegister) and holding.holder.birth_date == person.birth_date
    ]


def _reason(best: _Candidate, fitting: Sequence[_Candidate]) -> Reason:
    """Say what speaks against the best candidate, the gravest first, or that nothing does."""
    if best.match is NameMatch.DIFFERENT:
        return Reason.NAME_DIFFERS
    objections = (
        (Reason.SEVERAL_FIT, any(compare(best.holder.name, other.holder.name) is not NameMatch.EXACT for other in fitting)),
        (Reason.DEAD, any(candidate.holder.dead for candidate in fitting)),
        (Reason.LIMITED_CAPACITY, any(candidate.holder.limited_capacity for candidate in fitting)),
        (Reason.NOT_CURRENT, not best.holding.current),
        (Reason.ROLE_NOT_ALLOWED, best.weight is not RoleWeight.AUTO),
    )
    return next((reason for reason, holds in objections if holds), Reason.HOLDS_ROLE)
