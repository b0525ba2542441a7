"""What those who work here can do, by role: the one list from which their first page is made."""

from __future__ import annotations

from dataclasses import dataclass

from domain.staff import StaffRole
from domain.words import _
from web.forms import can_be_opened
from web.visitor import Colleague


@dataclass(frozen=True, slots=True)
class Duty:
    """A page to work on, for whoever has one of these roles. Its words are English texts that the catalogues translate."""

    path: str
    roles: frozenset[StaffRole]
    name: str
    about: str


DUTIES = (
    Duty("/support", frozenset({StaffRole.SUPPORT}), _("Tasks"), _("Customers who wait for one of us to look at something.")),
    Duty(
        "/support/join-requests",
        frozenset({StaffRole.SUPPORT}),
        _("Requests to join"),
        _("People whom no administrator of their company has answered."),
    ),
    Duty(
        "/support/customers",
        frozenset({StaffRole.SUPPORT}),
        _("What customers see"),
        _("A customer's page as they see it, for 30 minutes, with a reason."),
    ),
    Duty(
        "/support/claims",
        frozenset({StaffRole.SUPPORT}),
        _("Lost administrators and other eIDs"),
        _("Companies that have lost their administrator, and members who have another eID now. Two people decide."),
    ),
    Duty("/sales", frozenset({StaffRole.SALES}), _("Customers"), _("Your companies: where each of them stands, and what it waits for.")),
    Duty("/ops", frozenset({StaffRole.OPERATOR}), _("Operations"), _("What is stuck, what fails, and who else does not answer.")),
)


def duties_of(colleague: Colleague) -> tuple[Duty, ...]:
    """List what somebody can do here, as far as there are pages for it."""
    return tuple(duty for duty in DUTIES if duty.roles & colleague.staff.roles and can_be_opened(colleague.request, duty.path))
