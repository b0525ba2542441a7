"""Accounts, as PostgreSQL keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.accounts import Account, Accounts, account_columns, read_account
from database.connection import build_engine
from database.tables import Company, EmailAddress, Membership, Profile, Signup, TermsAcceptance, UserAccount
from domain.eid import EidIdentity, EidScheme
from domain.ids import UserId
from domain.languages import Language
from domain.members.roles import Role
from domain.names import PersonName

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KARI = EidIdentity(EidScheme.NO_BANKID, "https://eid.example", "9578-1", PersonName("Kari", "Nordmann"), date(1980, 2, 29), "NO")


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """The pool that the program itself would use."""
    engine = build_engine(fresh_database, program="test")
    yield engine
    await engine.dispose()


async def account(engine: AsyncEngine, user: UserId) -> Account:
    """The account as every page reads it."""
    async with engine.connect() as connection:
        return read_account((await connection.execute(account_columns().where(UserAccount.id == user))).one())


async def test_the_first_login_opens_an_account_and_the_next_finds_it(engine: AsyncEngine) -> None:
    """The language is chosen once; a new name is taken over, for people marry."""
    accounts = Accounts(engine)
    user = await accounts.find_or_create(KARI, Language.EN, NOW)
    married = replace(KARI, name=PersonName("Kari", "Lunde"))
    again = await accounts.find_or_create(married, Language.NB, NOW + timedelta(days=1))

    assert user == again
    assert Account(user, PersonName("Kari", "Lunde"), Language.EN) == await account(engine, user)


async def test_two_first_logins_at_once_open_one_account(engine: AsyncEngine) -> None:
    """Two browser windows, one impatient person."""
    accounts = Accounts(engine)
    users = await asyncio.gather(*(accounts.find_or_create(KARI, Language.NB, NOW) for _ in range(10)))
    async with engine.connect() as connection:
        stored = await connection.scalar(select(func.count()).select_from(UserAccount))

    assert 1 == len(set(users)) == stored


@pytest.mark.parametrize(
    "other",
    [
        replace(KARI, scheme=EidScheme.SE_BANKID),
        replace(KARI, issuer="https://another.example"),
        replace(KARI, subject="9578-2"),
    ],
    ids=["another eID", "another issuer", "another subject"],
)
async def test_a_subject_means_somebody_only_together_with_its_eid_and_issuer(engine: AsyncEngine, other: EidIdentity) -> None:
    """The same name and birth date prove nothing: there are twins, and there are namesakes."""
    accounts = Accounts(engine)

    assert await accounts.find_or_create(KARI, Language.NB, NOW) != await accounts.find_or_create(other, Language.NB, NOW)


async def test_terms_are_accepted_once_and_the_latest_count(engine: AsyncEngine) -> None:
    """The moment of the first click is the one that holds."""
    accounts = Accounts(engine)
    user = await accounts.find_or_create(KARI, Language.NB, NOW)
    for version, at in (("2026-11-01", NOW), ("2026-11-01", NOW + timedelta(days=1)), ("2026-01-01", NOW + timedelta(days=2))):
        await accounts.accept_terms(user, version, at)
    found = await account(engine, user)

    assert ("2026-11-01", NOW) == (found.terms_version, found.terms_accepted_at)


async def test_an_account_knows_how_far_its_owner_has_come(engine: AsyncEngine) -> None:
    """One question tells everything that decides where they go on; what is replaced, ended or closed does not count."""
    accounts = Accounts(engine)
    user = await accounts.find_or_create(KARI, Language.NB, NOW)
    company = {"name": "FJELLBRYGG AS", "form_code": "AS", "form": "Aksjeselskap", "address_lines": []}
    place = {"postcode": "", "city": "", "country": "", "fetched_at": NOW}
    profile, closed, signup = uuid4(), uuid4(), uuid4()
    member = {"user_id": user, "role": "administrator"}
    async with engine.begin() as connection:
        await connection.execute(insert(Company).values(organisation_number="310279323", **company, **place))
        for row in (
            {"address": "old@skranke.example", "given_at": NOW, "confirmed_at": NOW, "replaced_at": NOW},
            {"address": "new@skranke.example", "given_at": NOW, "confirmed_at": None, "replaced_at": None},
        ):
            await connection.execute(insert(EmailAddress).values(id=uuid4(), user_id=user, **row))
        for ended_at in (NOW, None):
            one = signup if ended_at is None else uuid4()
            row = {"id": one, "user_id": user, "organisation_number": "310279323", "started_at": NOW, "ended_at": ended_at}
            await connection.execute(insert(Signup).values(row))
        for one, closed_at in ((closed, NOW), (profile, None)):
            opened = {"id": one, "organisation_number": "310279323", "opened_at": NOW, "closed_at": closed_at}
            await connection.execute(insert(Profile).values(opened))
            await connection.execute(insert(Membership).values(id=uuid4(), profile_id=one, since=NOW, **member))
    found = await account(engine, user)

    assert ("new@skranke.example", False) == (found.email, found.email_confirmed)
    assert (signup, profile) == (found.open_signup, found.profile)
    assert [profile] == [company.profile_id for company in await accounts.companies(user)]
    assert await accounts.owns_signup(user, signup)
    assert not await accounts.owns_signup(UserId(uuid4()), signup)
    assert await accounts.role_in(user, profile, NOW) is Role(str(member["role"]))
    assert await accounts.role_in(UserId(uuid4()), profile, NOW) is None


async def test_somebody_is_spoken_to_in_the_language_they_chose(engine: AsyncEngine) -> None:
    """Letters go by it too."""
    accounts = Accounts(engine)
    user = await accounts.find_or_create(KARI, Language.NB, NOW)
    await accounts.set_language(user, Language.EN)

    assert Language.EN == (await account(engine, user)).language
    assert EidScheme.NO_BANKID == await accounts.eid(user)


async def test_accepted_terms_of_one_user_are_not_anothers(engine: AsyncEngine) -> None:
    """Everybody accepts for themselves."""
    accounts = Accounts(engine)
    kari = await accounts.find_or_create(KARI, Language.NB, NOW)
    await accounts.accept_terms(kari, "2026-11-01", NOW)
    other = await accounts.find_or_create(replace(KARI, subject="9578-2"), Language.NB, NOW)
    async with engine.connect() as connection:
        accepted = (await connection.execute(select(TermsAcceptance.user_id))).scalars().all()

    assert [kari] == accepted
    assert (await account(engine, other)).terms_version is None
