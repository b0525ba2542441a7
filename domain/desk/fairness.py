"""Who may decide what: nobody about a company they belong to, nobody twice about the same, and only leads turn decisions round."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.desk.conversation import WINDOW, NotToBeReversed, SomebodyElseMustDecide
from domain.names import NameMatch, PersonName, compare
from domain.refusals import Refusal
from domain.staff import StaffMember, StaffRole
from domain.words import _


class Bond(StrEnum):
    """How somebody here belongs to a company that they are asked to decide about."""

    DECLARED = "declared"
    SAME_ADDRESS = "same-address"
    SAME_NAME = "same-name"


@dataclass(frozen=True, slots=True)
class Ties:
    """What is known of the people around a company: who signs it up and who acts for it, by name and e-mail address.

    `declared` are those here who have said themselves that they belong to it.
    """

    declared: Collection[UUID]
    names: Collection[PersonName] = field(repr=False)
    addresses: Collection[str] = field(repr=False)


class BelongsToCompany(Refusal):
    """Nobody decides about a company they belong to."""

    code = "belongs-to-company"
    words = _("You seem to belong to this company yourself, so a colleague has to decide. Release the task, and it goes back to the queue.")


class OnlyLeadsReverse(Refusal):
    """A decision is turned round by somebody who leads."""

    code = "only-leads-reverse"
    words = _("Only somebody who leads support can turn a decision round.")


def bond(colleague: StaffMember, ties: Ties) -> Bond | None:
    """Tell how somebody here belongs to a company, as far as can be seen; None when nothing speaks for it.

    Whoever bears the very name of the one signing up, or of a member, is taken for that person: asking a colleague costs little.
    """
    if colleague.id in ties.declared:
        return Bond.DECLARED
    if colleague.email.casefold() in {address.casefold() for address in ties.addresses}:
        return Bond.SAME_ADDRESS
    own = PersonName.split(colleague.name)
    return Bond.SAME_NAME if any(compare(own, name) is NameMatch.EXACT for name in ties.names) else None


def refuse_unless_may_decide(colleague: StaffMember, ties: Ties, first_decider: UUID | None = None) -> None:
    """Raise BelongsToCompany or SomebodyElseMustDecide for whoever must not decide."""
    if bond(colleague, ties) is not None:
        raise BelongsToCompany
    if first_decider is not None and colleague.id == first_decider:
        raise SomebodyElseMustDecide


def refuse_unless_may_reverse(colleague: StaffMember, ties: Ties, decided_at: datetime, now: datetime) -> None:
    """Raise the Refusal for whoever must not turn this decision round. A lead may mend a mistake of their own."""
    if StaffRole.SUPPORT_LEAD not in colleague.roles:
        raise OnlyLeadsReverse
    refuse_unless_may_decide(colleague, ties)
    if now - decided_at > WINDOW:
        raise NotToBeReversed


def may_appeal(*, rejected: bool, appealed: bool, decided_at: datetime, now: datetime) -> bool:
    """Tell whether the customer may ask for another look: once, after a rejection, while it is fresh."""
    return rejected and not appealed and now - decided_at <= WINDOW
