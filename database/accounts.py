"""The people who have logged in: who they are to us, and how far they have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, Select, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.member_tables import JoinRequest
from database.tables import Company, EidLink, EmailAddress, Membership, Profile, Signup, TermsAcceptance, UserAccount
from domain.eid import EidIdentity, EidScheme
from domain.ids import ProfileId, SignupId, UserId
from domain.languages import Language
from domain.members.roles import Role
from domain.names import PersonName

# How exact it is when a member was last seen on a company's pages.
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account, and everything that decides where they go on: terms, address, signup, company.

    `terms_version` is the latest one accepted. `email` is the address they use now, undeliverable when our letters to it come
    back. `profile` is the company they joined first, `asked` the number of one that they have asked to join.
    """

    user: UserId
    name: PersonName
    language: Language
    terms_version: str | None = None
    terms_accepted_at: datetime | None = None
    email: str | None = field(default=None, repr=False)
    email_confirmed: bool = False
    email_undeliverable: bool = False
    open_signup: SignupId | None = None
    profile: ProfileId | None = None
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class MemberOf:
    """A company that somebody is a member of."""

    profile_id: ProfileId
    name: str
    organisation_number: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Finds accounts and keeps what their owners decide about them."""

    engine: AsyncEngine

    async def find_or_create(self, identity: EidIdentity, language: Language, at: datetime) -> UserId:
        """Find the account that this eID opens and bring it up to date, or open one that speaks this language.

        Two first logins at once open one account.
        """
        async with self.engine.begin() as connection:
            await _one_at_a_time(connection, identity)
            user = await connection.scalar(select(EidLink.user_id).where(*_link_of(identity)))
            if user is None:
                return await _open_account(connection, identity, language, at)
            fresh = {
                "given_name": identity.name.given,
                "family_name": identity.name.family,
                "birth_date": identity.birth_date,
                "last_login_at": at,
            }
            await connection.execute(update(UserAccount).where(UserAccount.id == user).values(fresh))
        return UserId(user)

    async def set_language(self, user: UserId, language: Language) -> None:
        """Speak this language with somebody from now on, in letters too."""
        async with self.engine.begin() as connection:
            await connection.execute(update(UserAccount).where(UserAccount.id == user).values(language=language))

    async def accept_terms(self, user: UserId, version: str, at: datetime) -> None:
        """Write down that somebody accepted this version of the terms. The first time stands."""
        async with self.engine.begin() as connection:
            await connection.execute(insert(TermsAcceptance).values(user_id=user, version=version, accepted_at=at).on_conflict_do_nothing())

    async def companies(self, user: UserId) -> Sequence[MemberOf]:
        """List the companies that somebody is a member of, the first joined first."""
        query = (
            select(Profile.id, Company.name, Company.organisation_number)
            .join(Company)
            .join(Membership)
            .where(Membership.user_id == user, Membership.ended_at.is_(None), Profile.closed_at.is_(None))
            .order_by(Membership.since)
        )
        async with self.engine.connect() as connection:
            return [MemberOf(ProfileId(row.id), row.name, row.organisation_number) for row in await connection.execute(query)]

    async def eid(self, user: UserId) -> EidScheme:
        """Tell which electronic ID opens somebody's account."""
        query = select(EidLink.scheme).where(EidLink.user_id == user).order_by(EidLink.linked_at).limit(1)
        async with self.engine.connect() as connection:
            return EidScheme((await connection.execute(query)).scalar_one())

    async def role_in(self, user: UserId, profile: UUID, now: datetime) -> Role | None:
        """Tell as what somebody acts for this company now, None when they do not; it is remembered that they were seen there."""
        mine = (Membership.user_id == user) & (Membership.profile_id == profile) & Membership.ended_at.is_(None)
        async with self.engine.begin() as connection:
            row = (await connection.execute(select(Membership).where(mine))).one_or_none()
            if row is None:
                return None
            if row.last_seen_at is None or now - row.last_seen_at >= SEEN_EVERY:
                await connection.execute(update(Membership).where(mine).values(last_seen_at=now))
        return Role(row.role)

    async def owns_signup(self, user: UserId, signup: UUID) -> bool:
        """Tell whether somebody started this signup, ended or not."""
        query = select(Signup.id).where(Signup.user_id == user, Signup.id == signup)
        async with self.engine.connect() as connection:
            return await connection.scalar(query) is not None


AccountRow = tuple[
    UUID, str, str, str, str | None, datetime | None, str | None, datetime | None, datetime | None, UUID | None, UUID | None, str | None
]


def account_columns() -> Select[AccountRow]:
    """Everything that makes an Account, in one question; the caller says whose."""
    terms = (
        select(TermsAcceptance.version, TermsAcceptance.accepted_at)
        .where(TermsAcceptance.user_id == UserAccount.id)
        .order_by(TermsAcceptance.version.desc())
        .limit(1)
        .lateral("terms")
    )
    signup = select(Signup.id).where(Signup.user_id == UserAccount.id, Signup.ended_at.is_(None)).correlate(UserAccount).scalar_subquery()
    profile = (
        select(Membership.profile_id)
        .join(Profile, Profile.id == Membership.profile_id)
        .where(Membership.user_id == UserAccount.id, Membership.ended_at.is_(None), Profile.closed_at.is_(None))
        .order_by(Membership.since)
        .limit(1)
        .correlate(UserAccount)
        .scalar_subquery()
    )
    asked = (
        select(Profile.organisation_number)
        .join(JoinRequest, JoinRequest.profile_id == Profile.id)
        .where(JoinRequest.user_id == UserAccount.id, JoinRequest.answered_at.is_(None))
        .order_by(JoinRequest.asked_at.desc())
        .limit(1)
        .correlate(UserAccount)
        .scalar_subquery()
    )
    return (
        select(
            UserAccount.id.label("user_id"),
            UserAccount.given_name,
            UserAccount.family_name,
            UserAccount.language,
            terms.c.version.label("terms_version"),
            terms.c.accepted_at.label("terms_accepted_at"),
            EmailAddress.address.label("email"),
            EmailAddress.confirmed_at.label("email_confirmed_at"),
            EmailAddress.undeliverable_at.label("email_undeliverable_at"),
            signup.label("open_signup"),
            profile.label("profile"),
            asked.label("asked"),
        )
        .select_from(UserAccount)
        .outerjoin(terms, true())
        .outerjoin(EmailAddress, (EmailAddress.user_id == UserAccount.id) & EmailAddress.replaced_at.is_(None))
    )


def read_account(row: Row[AccountRow]) -> Account:
    """Read an account out of what `account_columns` asked for."""
    return Account(
        user=UserId(row.user_id),
        name=PersonName(row.given_name, row.family_name),
        language=Language(row.language),
        terms_version=row.terms_version,
        terms_accepted_at=row.terms_accepted_at,
        email=row.email,
        email_confirmed=row.email_confirmed_at is not None,
        email_undeliverable=row.email_undeliverable_at is not None,
        open_signup=row.open_signup,
        profile=row.profile,
        asked=row.asked,
    )


def _link_of(identity: EidIdentity) -> tuple[ColumnElement[bool], ...]:
    return (EidLink.scheme == identity.scheme, EidLink.issuer == identity.issuer, EidLink.subject == identity.subject)


async def _one_at_a_time(connection: AsyncConnection, identity: EidIdentity) -> None:
    # The unique constraint alone would leave the loser of two first logins with an error.
    key = f"eid_link {identity.scheme} {identity.issuer} {identity.subject}"
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


async def _open_account(connection: AsyncConnection, identity: EidIdentity, language: Language, at: datetime) -> UserId:
    user = UserId(uuid4())
    await connection.execute(
        insert(UserAccount).values(
            id=user,
            given_name=identity.name.given,
            family_name=identity.name.family,
            birth_date=identity.birth_date,
            language=language,
            created_at=at,
            last_login_at=at,
        )
    )
    await connection.execute(
        insert(EidLink).values(
            id=uuid4(),
            user_id=user,
            scheme=identity.scheme,
            issuer=identity.issuer,
            subject=identity.subject,
            country=identity.country,
            linked_at=at,
        )
    )
    return user
