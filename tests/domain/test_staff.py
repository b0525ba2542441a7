"""Who may do what here, by what the provider calls their roles."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.staff import StaffMember, StaffRole, roles_named


@pytest.mark.parametrize(
    ("named", "roles"),
    [
        (["support"], {StaffRole.SUPPORT}),
        (["support-lead"], {StaffRole.SUPPORT_LEAD, StaffRole.SUPPORT}),
        (["sales", "operator", "sales"], {StaffRole.SALES, StaffRole.OPERATOR}),
        (["payroll", "admin", "", "Support", "SUPPORT", "support ", "support,operator"], set()),
        ([], set()),
    ],
)
def test_only_our_own_roles_count_and_exactly_as_they_are_called(named: list[str], roles: set[StaffRole]) -> None:
    """The provider speaks for other systems too, and what is almost a role is none."""
    assert roles == roles_named(named)


def test_a_lead_is_not_also_called_support() -> None:
    """It goes without saying."""
    lead = StaffMember(uuid4(), "Gunnar Tveit", "gunnar.tveit@skranke.example", roles_named(["operator", "support-lead"]))

    assert (StaffRole.SUPPORT_LEAD, StaffRole.OPERATOR) == lead.titles


def test_an_address_does_not_show_when_it_is_printed() -> None:
    """What is printed ends in a log one day."""
    liv = StaffMember(uuid4(), "Liv Myhre", "liv.myhre@skranke.example", roles_named(["support"]))

    assert "liv.myhre@" not in repr(liv)
