"""The people who work for us: what each may do here, and what their own provider tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class StaffRole(StrEnum):
    """What somebody does here. The values are the ones that the staff's provider puts into its tokens."""

    SUPPORT = "support"
    SUPPORT_LEAD = "support-lead"
    SALES = "sales"
    OPERATOR = "operator"


def roles_named(names: Iterable[str]) -> frozenset[StaffRole]:
    """Tell which roles somebody has, given what their provider calls them. Roles in other systems are passed over.

    Whoever leads support also is support.
    """
    named = {StaffRole(name) for name in names if name in set(StaffRole)}
    return frozenset(named | ({StaffRole.SUPPORT} if StaffRole.SUPPORT_LEAD in named else set()))


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works here."""

    id: UUID
    name: str
    email: str = field(repr=False)
    roles: frozenset[StaffRole]

    @property
    def titles(self) -> tuple[StaffRole, ...]:
        """The roles as one would say them, in a fixed order: a lead's being support needs no saying."""
        silent = {StaffRole.SUPPORT} if StaffRole.SUPPORT_LEAD in self.roles else set()
        return tuple(role for role in StaffRole if role in self.roles - silent)


@dataclass(frozen=True, slots=True)
class StaffIdentity:
    """What the provider says of somebody who has just logged in there, at `issued_at`. Who has no role does not work here any more.

    `provider_session` is the provider's own name for the session, by which it may end it later.
    """

    issuer: str
    subject: str = field(repr=False)
    name: str
    email: str = field(repr=False)
    roles: frozenset[StaffRole]
    provider_session: str | None = field(repr=False)
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class ProviderLogout:
    """The provider's word that a session is over: the one named, or everything of this person where none is named.

    `token_id` is good for one use.
    """

    issuer: str
    token_id: str = field(repr=False)
    issued_at: datetime
    provider_session: str | None = field(repr=False)
    subject: str | None = field(repr=False)
