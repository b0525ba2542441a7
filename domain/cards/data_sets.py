"""The data sets of the national ID card's published contract for tills, and what in an agreement lets a company have one.

A till that speaks that contract names no purpose: its token's scope names a data set, and the answer holds the age as a number.
The agreement decides all the same. A data set is told where one single purpose of the agreement opens everything that is in it;
two purposes are never put together, for then a shop that hands out parcels and sells beer would read names for beer. Which of its
purposes the shop had in mind nobody knows, so logs and receipts name the data set, which is what was asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from domain.api_access import Scope
from domain.cards.claims import Claim
from domain.cards.purposes import PURPOSES, Age, Purpose, Shown
from domain.cards.refusals import InsufficientScope
from domain.words import _

_BASIS = _("the purpose of the agreement that covers the data set")
_NAMES = (Shown(Claim.GIVEN_NAME), Shown(Claim.FAMILY_NAME))

DATA_SETS: Mapping[Scope, Purpose] = {
    Scope.AGE_ONLY: Purpose("visleg_age_only", _("Age"), _BASIS, (Age(),), portrait=False),
    Scope.BASIC: Purpose("visleg_basic", _("Name and age"), _BASIS, (*_NAMES, Age()), portrait=False),
    Scope.PICTURE_AGE: Purpose("visleg_picture_age", _("Photo and age"), _BASIS, (Age(),)),
    Scope.FULL: Purpose("visleg_full", _("Name, photo and age"), _BASIS, (*_NAMES, Age())),
}


def data_set_of(scopes: Iterable[Scope]) -> Purpose:
    """The data set that a token was asked for with. Raises InsufficientScope for none and for more than one."""
    wanted = [DATA_SETS[scope] for scope in scopes if scope in DATA_SETS]
    if len(wanted) != 1:
        raise InsufficientScope
    return wanted[0]


def purpose_for(data_set: Purpose, agreed: Collection[str]) -> str | None:
    """The purpose of an agreement by which a data set is told: the first that opens all that is in it; None where there is none."""
    return next((code for code, purpose in PURPOSES.items() if code in agreed and data_set.inputs <= purpose.inputs), None)
