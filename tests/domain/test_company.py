"""Which companies may become customers."""

from __future__ import annotations

import pytest

from domain.company import Company, CompanyIsBankrupt, CompanyIsBeingDissolved, CompanyIsBeingForciblyDissolved, CompanyState
from domain.organisation_number import OrganisationNumber
from domain.refusals import Refusal


def company(state: CompanyState) -> Company:
    return Company(OrganisationNumber("315014700"), "TRYGG HAVN AS", "AS", "Aksjeselskap", None, state=state)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (CompanyState.BANKRUPT, CompanyIsBankrupt),
        (CompanyState.BEING_DISSOLVED, CompanyIsBeingDissolved),
        (CompanyState.BEING_FORCIBLY_DISSOLVED, CompanyIsBeingForciblyDissolved),
    ],
)
def test_a_company_in_trouble_is_refused_in_its_own_words(state: CompanyState, refusal: type[Refusal]) -> None:
    """What can be done about it differs."""
    with pytest.raises(refusal):
        company(state).refuse_unless_active()


def test_an_active_company_is_welcome() -> None:
    """Nearly all are."""
    company(CompanyState.ACTIVE).refuse_unless_active()


def test_every_state_but_active_is_refused() -> None:
    """A state that is added later must not slip through."""
    for state in set(CompanyState) - {CompanyState.ACTIVE}:
        with pytest.raises(Refusal):
            company(state).refuse_unless_active()
