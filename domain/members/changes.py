"""Changing who acts for a company: one set of members becomes another, and somebody always administers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from domain.ids import MembershipId, ProfileId, UserId
from domain.members.roles import AdministratorsOnly, Role
from domain.refusals import Refusal
from domain.stages import Stage
from domain.words import _


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts for a company now."""

    id: MembershipId
    user: UserId
    role: Role


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """An administrator gives a member another role."""

    member: MembershipId
    role: Role


@dataclass(frozen=True, slots=True)
class Removal:
    """An administrator removes a member."""

    member: MembershipId


@dataclass(frozen=True, slots=True)
class Leaving:
    """A member leaves by themselves."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """An administrator makes another member administrator, and becomes an ordinary member."""

    to: MembershipId


Change: TypeAlias = RoleGiven | Removal | Leaving | HandOver


@dataclass(frozen=True, slots=True)
class ChangeWanted:
    """A change that somebody wants for a company; `click` is the click's own id, by which a repeated one is known."""

    profile: ProfileId
    by: UserId
    change: Change
    click: UUID


@dataclass(frozen=True, slots=True)
class Changed:
    """What becomes of a membership: another role, or its end when there is no role any more."""

    member: Member
    role: Role | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change comes to: the step that the log gets, whom it is about, and what is written."""

    stage: Stage
    about: Member
    changed: Sequence[Changed]


class LastAdministrator(Refusal):
    """A company without an administrator could let nobody in any more."""

    code = "last-administrator"
    words = _("The company would be left without an administrator. Make a colleague administrator first.")


class NoSuchMember(Refusal):
    """Whoever it was about does not act for the company any longer."""

    code = "no-such-member"
    words = _("This person does not act for the company any longer. Open the page again to see who does.")


class UseLeave(Refusal):
    """Nobody removes themselves."""

    code = "use-leave"
    words = _("You cannot remove yourself. If you want to go, leave the company instead.")


class HandOverToAnother(Refusal):
    """Whoever hands over needs somebody to hand over to."""

    code = "hand-over-to-another"
    words = _("Choose a colleague to hand over to.")


def decide(members: Sequence[Member], by: UserId, change: Change) -> Outcome:
    """Work out what a change comes to. Raises the Refusal that says why it may not be."""
    acting = next((member for member in members if member.user == by), None)
    if acting is None:
        raise NoSuchMember if isinstance(change, Leaving) else AdministratorsOnly
    if not isinstance(change, Leaving) and acting.role is not Role.ADMINISTRATOR:
        raise AdministratorsOnly
    outcome = _outcome(members, acting, change)
    _refuse_to_orphan(members, outcome.changed)
    return outcome


def _outcome(members: Sequence[Member], acting: Member, change: Change) -> Outcome:
    match change:
        case RoleGiven(member, role):
            about = _found(members, member)
            return Outcome(Stage.ROLE_CHANGED, about, [Changed(about, role)] if about.role is not role else [])
        case Removal(member):
            about = _found(members, member)
            if about == acting:
                raise UseLeave
            return Outcome(Stage.MEMBER_REMOVED, about, [Changed(about, None)])
        case Leaving():
            return Outcome(Stage.MEMBER_LEFT, acting, [Changed(acting, None)])
        case HandOver(to):
            heir = _found(members, to)
            if heir == acting:
                raise HandOverToAnother
            return Outcome(Stage.HANDED_OVER, heir, [Changed(heir, Role.ADMINISTRATOR), Changed(acting, Role.MEMBER)])


def _found(members: Sequence[Member], wanted: MembershipId) -> Member:
    found = next((member for member in members if member.id == wanted), None)
    if found is None:
        raise NoSuchMember
    return found


def _refuse_to_orphan(members: Sequence[Member], changed: Sequence[Changed]) -> None:
    roles = {member.id: member.role for member in members} | {change.member.id: change.role for change in changed}
    if changed and Role.ADMINISTRATOR not in roles.values():
        raise LastAdministrator
