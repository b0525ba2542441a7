"""Whatever is changed, somebody administers the company."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import MembershipId, UserId
from domain.members.changes import (
    Change,
    Changed,
    HandOver,
    HandOverToAnother,
    LastAdministrator,
    Leaving,
    Member,
    NoSuchMember,
    Removal,
    RoleGiven,
    UseLeave,
    decide,
)
from domain.members.roles import AdministratorsOnly, Right, Role, may
from domain.refusals import Refusal
from domain.stages import Stage


def member(role: Role) -> Member:
    """Somebody who acts for the company."""
    return Member(MembershipId(uuid4()), UserId(uuid4()), role)


ADA, OLA, DEV = member(Role.ADMINISTRATOR), member(Role.MEMBER), member(Role.DEVELOPER)
ALL = [ADA, OLA, DEV]


def test_each_role_may_what_it_is_for() -> None:
    """A developer sees to the tills' access and lets nobody in."""
    assert all(may(Role.ADMINISTRATOR, right) for right in Right)
    assert not may(Role.MEMBER, Right.MANAGE_MEMBERS)
    assert not may(Role.DEVELOPER, Right.ORDER)
    assert may(Role.DEVELOPER, Right.MANAGE_API_ACCESS)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (Leaving(), LastAdministrator),
        (RoleGiven(ADA.id, Role.MEMBER), LastAdministrator),
        (Removal(ADA.id), UseLeave),
        (HandOver(ADA.id), HandOverToAnother),
        (Removal(MembershipId(uuid4())), NoSuchMember),
    ],
)
def test_the_last_administrator_stays(change: Change, refusal: type[Refusal]) -> None:
    """Nobody could let anybody in any more."""
    with pytest.raises(refusal):
        decide(ALL, ADA.user, change)


def test_with_a_successor_the_last_administrator_may_go() -> None:
    """Handing over is one step, in which the company is never without anybody."""
    handed = decide(ALL, ADA.user, HandOver(OLA.id))

    assert (Stage.HANDED_OVER, OLA) == (handed.stage, handed.about)
    assert [Changed(OLA, Role.ADMINISTRATOR), Changed(ADA, Role.MEMBER)] == list(handed.changed)
    after = [Member(OLA.id, OLA.user, Role.ADMINISTRATOR), Member(ADA.id, ADA.user, Role.MEMBER), DEV]
    assert [Changed(after[1], None)] == list(decide(after, ADA.user, Leaving()).changed)


@pytest.mark.parametrize("change", [RoleGiven(OLA.id, Role.ADMINISTRATOR), Removal(OLA.id), HandOver(DEV.id)])
@pytest.mark.parametrize("by", [OLA, DEV, member(Role.ADMINISTRATOR)], ids=["member", "developer", "stranger"])
def test_only_administrators_decide(change: Change, by: Member) -> None:
    """Nobody makes themselves administrator, and an administrator elsewhere is nobody here."""
    with pytest.raises(AdministratorsOnly):
        decide(ALL, by.user, change)


def test_who_is_not_a_member_cannot_leave() -> None:
    """A second click on leave finds them gone."""
    with pytest.raises(NoSuchMember):
        decide(ALL, UserId(uuid4()), Leaving())


def test_the_role_somebody_has_already_changes_nothing() -> None:
    """Then there is nothing to write to anybody about."""
    assert [] == decide(ALL, ADA.user, RoleGiven(OLA.id, Role.MEMBER)).changed


@given(st.data())
def test_no_row_of_changes_orphans_a_company(data: st.DataObject) -> None:
    """Whoever tries whatever in whatever order, there is an administrator after it."""
    members = [member(Role.ADMINISTRATOR), *(member(role) for role in data.draw(st.lists(st.sampled_from(Role), max_size=4)))]
    for _ in range(data.draw(st.integers(1, 8))):
        by, other = (data.draw(st.sampled_from(members)) for _ in range(2))
        role = data.draw(st.sampled_from(Role))
        wishes: list[Change] = [RoleGiven(other.id, role), Removal(other.id), Leaving(), HandOver(other.id)]
        change = data.draw(st.sampled_from(wishes))
        try:
            changed = {one.member.id: one.role for one in decide(members, by.user, change).changed}
        except Refusal:
            continue
        roles = [(one, changed.get(one.id, one.role)) for one in members]
        members = [Member(one.id, one.user, role) for one, role in roles if role is not None]

        assert Role.ADMINISTRATOR in {one.role for one in members}
