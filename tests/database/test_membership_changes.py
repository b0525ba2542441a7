"""Two people change who acts for a company at the same time: one after the other, each by what holds then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.connection import build_engine
from database.letters import LetterBook
from database.membership_changes import MembershipChanges
from database.tables import Company, EmailAddress, Letter, Membership, Profile, StageLog, UserAccount
from domain.ids import MembershipId, ProfileId, UserId
from domain.letter_secrets import LetterSecrets
from domain.letters import MembershipChanged
from domain.members.changes import Change, ChangeWanted, HandOver, LastAdministrator, Leaving, Removal, RoleGiven
from domain.members.roles import AdministratorsOnly, Role
from domain.refusals import Refusal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROFILE = ProfileId(uuid4())
ADA, EVA, OLA = (UserId(uuid4()) for _ in range(3))
MEMBERSHIPS = {user: MembershipId(uuid4()) for user in (ADA, EVA, OLA)}
NAMES = {ADA: "Ada", EVA: "Eva", OLA: "Ola"}


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A company with two administrators and a member."""
    engine = build_engine(fresh_database, program="test")
    number = {"organisation_number": "310279323"}
    place = {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": NOW}
    async with engine.begin() as connection:
        await connection.execute(insert(Company).values(name="FJELLBRYGG AS", form_code="AS", form="Aksjeselskap", **number, **place))
        await connection.execute(insert(Profile).values(id=PROFILE, opened_at=NOW, **number))
        for user, name in NAMES.items():
            person = {"given_name": name, "family_name": "Lie", "birth_date": NOW.date(), "language": "nb"}
            await connection.execute(insert(UserAccount).values(id=user, created_at=NOW, last_login_at=NOW, **person))
            address = {"address": f"{name}@firma.example", "given_at": NOW, "confirmed_at": NOW}
            await connection.execute(insert(EmailAddress).values(id=uuid4(), user_id=user, **address))
            role = Role.MEMBER if user == OLA else Role.ADMINISTRATOR
            member = {"profile_id": PROFILE, "user_id": user, "role": role, "since": NOW}
            await connection.execute(insert(Membership).values(id=MEMBERSHIPS[user], **member))
    yield engine
    await engine.dispose()


def wanted(by: UserId, change: Change) -> ChangeWanted:
    """A click."""
    return ChangeWanted(PROFILE, by, change, uuid4())


async def roles(engine: AsyncEngine) -> dict[str, str]:
    """Who acts for the company now, as what."""
    query = select(Membership.user_id, Membership.role).where(Membership.ended_at.is_(None))
    async with engine.connect() as connection:
        return {NAMES[UserId(row.user_id)]: row.role for row in await connection.execute(query)}


@pytest.mark.parametrize(
    ("ada", "eva"),
    [
        (Removal(MEMBERSHIPS[EVA]), Removal(MEMBERSHIPS[ADA])),
        (RoleGiven(MEMBERSHIPS[EVA], Role.MEMBER), RoleGiven(MEMBERSHIPS[ADA], Role.MEMBER)),
        (Leaving(), Leaving()),
        (RoleGiven(MEMBERSHIPS[ADA], Role.MEMBER), Leaving()),
        (HandOver(MEMBERSHIPS[OLA]), Removal(MEMBERSHIPS[ADA])),
    ],
    ids=["remove each other", "demote each other", "both leave", "demote and leave", "hand over and remove"],
)
async def test_of_two_changes_at_once_none_leaves_the_company_alone(engine: AsyncEngine, ada: Change, eva: Change) -> None:
    """Whoever is second is judged by what the first has left."""
    changes = MembershipChanges(engine)

    answers = await asyncio.gather(
        *(changes.carry_out(wanted(by, change), NOW) for by, change in ((ADA, ada), (EVA, eva))), return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert all(isinstance(refusal, LastAdministrator | AdministratorsOnly) for refusal in refused), refused
    assert len(refused) <= 1
    assert Role.ADMINISTRATOR in (await roles(engine)).values()


async def test_a_click_that_comes_twice_counts_once(engine: AsyncEngine) -> None:
    """In the rows, in the log and in the letters."""
    click, changes = wanted(ADA, Removal(MEMBERSHIPS[OLA])), MembershipChanges(engine)

    first, second = await asyncio.gather(changes.carry_out(click, NOW), changes.carry_out(click, NOW))

    assert {order.key for order in first} == {order.key for order in second}
    async with engine.connect() as connection:
        assert 1 == len(list(await connection.scalars(select(StageLog.id))))
        assert {OLA, ADA} == set(await connection.scalars(select(Letter.user_id)))


@pytest.mark.parametrize(
    ("by", "change", "told"),
    [
        (ADA, Removal(MEMBERSHIPS[OLA]), {"Ola": ("member-removed", True), "Ada": ("member-removed", False)}),
        (ADA, RoleGiven(MEMBERSHIPS[OLA], Role.DEVELOPER), {"Ola": ("role-changed", True), "Ada": ("role-changed", False)}),
        (ADA, HandOver(MEMBERSHIPS[OLA]), {"Ola": ("handed-over", True), "Ada": ("handed-over", False)}),
        (OLA, Leaving(), {"Ola": ("member-left", True), "Ada": ("member-left", False), "Eva": ("member-left", False)}),
        (ADA, RoleGiven(MEMBERSHIPS[ADA], Role.MEMBER), {"Ada": ("role-changed", True)}),
    ],
)
async def test_both_hear_of_it(engine: AsyncEngine, by: UserId, change: Change, told: dict[str, tuple[str, bool]]) -> None:
    """Each in words for them."""
    orders = await MembershipChanges(engine).carry_out(wanted(by, change), NOW)
    book, heard = LetterBook(engine, LetterSecrets(b"k" * 32)), {}
    for order in orders:
        addressed = await book.letter_for(order)
        assert addressed is not None
        assert isinstance(addressed.letter, MembershipChanged)
        heard[addressed.address.partition("@")[0]] = (addressed.letter.what, addressed.letter.you)

    assert told == heard


async def test_a_refusal_writes_nothing(engine: AsyncEngine) -> None:
    """Neither a row nor a line in the log."""
    with pytest.raises(Refusal):
        await MembershipChanges(engine).carry_out(wanted(OLA, Removal(MEMBERSHIPS[ADA])), NOW)

    async with engine.connect() as connection:
        assert [] == list(await connection.scalars(select(StageLog.id)))
    assert 3 == len(await roles(engine))
