"""The roles somebody can have in a company, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.refusals import Refusal
from domain.words import _


class Role(StrEnum):
    """What somebody is for a company here."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    DEVELOPER = "developer"


class Right(StrEnum):
    """What a role may let somebody do."""

    SEE_COMPANY = "see-company"
    ORDER = "order"
    MANAGE_MEMBERS = "manage-members"
    MANAGE_API_ACCESS = "manage-api-access"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.MEMBER: frozenset({Right.SEE_COMPANY, Right.ORDER}),
    Role.DEVELOPER: frozenset({Right.SEE_COMPANY, Right.MANAGE_API_ACCESS}),
}

# What people call a role, and what it is for.
ROLE_NAMES: Mapping[Role, str] = {Role.ADMINISTRATOR: _("Administrator"), Role.MEMBER: _("Member"), Role.DEVELOPER: _("Developer")}
ROLE_USES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: _("Lets colleagues in, changes what they may do, and can do everything else."),
    Role.MEMBER: _("Sees everything about the company, and orders for it."),
    Role.DEVELOPER: _("Manages the access that the tills use, and nothing else."),
}


class AdministratorsOnly(Refusal):
    """Only an administrator decides who acts for a company."""

    code = "administrators-only"
    words = _("Only an administrator of the company can do this, and you are not one, or not any longer.")


class NoSuchRole(Refusal):
    """A form named a role that there is not."""

    code = "no-such-role"
    words = _("Choose what your colleague is to be: administrator, member or developer.")


def may(role: Role, right: Right) -> bool:
    """Tell whether a role lets somebody do this."""
    return right in RIGHTS[role]


def role_named(text: str) -> Role:
    """Read a role from a form. Raises NoSuchRole."""
    try:
        return Role(text)
    except ValueError:
        raise NoSuchRole from None
