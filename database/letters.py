"""The book of letters: what was ordered, what each says, and when the mail server took it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.claim_letters import ClaimLetters
from database.desk_letters import DESK_LETTERS
from database.letter_readers import reader_of
from database.member_letters import MemberLetters
from database.member_tables import Invitation
from database.own import withhold_unwanted
from database.tables import Company, EmailAddress, EmailChallenge, Profile, SalesRep, Signup
from database.tables import Letter as LetterRow
from domain.email_confirmation import CODE_LIVES, LINK_LIVES
from domain.ids import AddressId, ChallengeId
from domain.letter_secrets import LetterSecrets
from domain.letters import AccountDeleted, AddressReplaced, ConfirmEmail, EmailReminder, Letter, NeedsAPerson, SalesContact, Welcome
from domain.post import AddressedLetter, LetterKind, LetterOrder


@dataclass(frozen=True, slots=True)
class LetterBook:
    """Keeps the orders and composes each letter at the last moment, from what is true then.

    An address that a letter came back from is marked. The mark goes when a later letter is taken for it or its owner confirms it
    anew, and stays behind when they give another one.
    """

    engine: AsyncEngine
    secrets: LetterSecrets

    async def order(self, order: LetterOrder, at: datetime) -> None:
        """Write an order down; a second time changes nothing."""
        row = insert(LetterRow).values(key=order.key, kind=order.kind, user_id=order.to, about=order.about, ordered_at=at)
        async with self.engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing(index_elements=[LetterRow.key]))

    async def letter_for(self, order: LetterOrder) -> AddressedLetter | None:
        """Compose the letter, or None when it has been sent, is not wanted, or nobody is there to read it any more."""
        async with self.engine.begin() as connection:
            written = await connection.scalar(select(LetterRow.sent_at).where(LetterRow.key == order.key))
            letter = None if written or await withhold_unwanted(connection, order) else await self._compose(connection, order)
            reader = await reader_of(connection, order) if letter else None
        if letter is None or reader is None:
            return None
        return AddressedLetter(*reader, letter)

    async def sent(self, key: UUID, to: AddressId, at: datetime) -> None:
        """Write down that the mail server took it. An address that takes letters again is not marked any longer."""
        async with self.engine.begin() as connection:
            await connection.execute(update(LetterRow).where(LetterRow.key == key, LetterRow.sent_at.is_(None)).values(sent_at=at))
            await connection.execute(update(Invitation).where(Invitation.id == to).values(undeliverable_at=None))
            older = EmailAddress.undeliverable_at <= at
            await connection.execute(update(EmailAddress).where(EmailAddress.id == to, older).values(undeliverable_at=None))

    async def refused(self, key: UUID, to: AddressId, at: datetime) -> None:
        """Write down that the receiving side will never take it, and mark that very address; another given meanwhile may be well."""
        async with self.engine.begin() as connection:
            await connection.execute(_refusal(key, at))
            await connection.execute(update(EmailAddress).where(EmailAddress.id == to).values(undeliverable_at=at))
            await connection.execute(update(Invitation).where(Invitation.id == to).values(undeliverable_at=at))

    async def given_up(self, key: UUID, at: datetime) -> None:
        """Write down that nobody took it for days, and mark the address that the reader has now: it was the last one tried."""
        async with self.engine.begin() as connection:
            refused = (await connection.execute(_refusal(key, at).returning(LetterRow))).one_or_none()
            if refused is None or refused.kind == LetterKind.ADDRESS_REPLACED:
                return
            if refused.user_id is None:
                await connection.execute(update(Invitation).where(Invitation.id == refused.about).values(undeliverable_at=at))
            current = (EmailAddress.user_id == refused.user_id) & EmailAddress.replaced_at.is_(None)
            await connection.execute(update(EmailAddress).where(current).values(undeliverable_at=at))

    async def _compose(self, connection: AsyncConnection, order: LetterOrder) -> Letter | None:
        about_members = (MemberLetters(self.secrets).composers | ClaimLetters(self.secrets).composers).get(order.kind)
        return await (about_members(connection, order) if about_members else self._composers[order.kind](connection, order.about))

    @property
    def _composers(self) -> dict[LetterKind, Callable[[AsyncConnection, UUID], Awaitable[Letter | None]]]:
        return {
            LetterKind.CONFIRM_EMAIL: self._confirm_email,
            LetterKind.EMAIL_REMINDER: _email_reminder,
            LetterKind.ADDRESS_REPLACED: _address_replaced,
            LetterKind.WELCOME: _welcome,
            LetterKind.NEEDS_A_PERSON: _needs_a_person,
            LetterKind.ACCOUNT_DELETED: _farewell,
            **DESK_LETTERS,
        }

    async def _confirm_email(self, connection: AsyncConnection, challenge: UUID) -> Letter | None:
        if not await _is_still_to_be_confirmed(connection, EmailChallenge.id == challenge):
            return None
        return ConfirmEmail(
            code=self.secrets.code(ChallengeId(challenge)),
            path=f"/email/link/{self.secrets.token(ChallengeId(challenge))}",
            code_minutes=CODE_LIVES // timedelta(minutes=1),
            link_hours=LINK_LIVES // timedelta(hours=1),
        )


async def _is_still_to_be_confirmed(connection: AsyncConnection, condition: ColumnElement[bool]) -> bool:
    """Tell whether the letter's address is still the user's and not confirmed; an address given up gets no letter."""
    current = EmailAddress.replaced_at.is_(None) & EmailAddress.confirmed_at.is_(None)
    found = select(EmailAddress.id).join(EmailChallenge, EmailChallenge.address_id == EmailAddress.id, isouter=True)
    return await connection.scalar(found.where(current, condition).limit(1)) is not None


async def _email_reminder(connection: AsyncConnection, address: UUID) -> Letter | None:
    return EmailReminder(path="/email/code") if await _is_still_to_be_confirmed(connection, EmailAddress.id == address) else None


async def _address_replaced(connection: AsyncConnection, address: UUID) -> Letter | None:
    """Nobody is told of a change that was taken back meanwhile, and no letter goes to where letters come back from."""
    old = (EmailAddress.id == address) & EmailAddress.replaced_at.is_not(None) & EmailAddress.undeliverable_at.is_(None)
    return AddressReplaced(path="/account") if await connection.scalar(select(EmailAddress.id).where(old)) else None


async def _welcome(connection: AsyncConnection, profile: UUID) -> Letter | None:
    query = (
        select(Company.name, SalesRep.name.label("rep"), SalesRep.email, SalesRep.phone)
        .join(Profile, Profile.organisation_number == Company.organisation_number)
        .join(SalesRep, SalesRep.id == Profile.sales_rep_id, isouter=True)
        .where(Profile.id == profile)
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    contact = SalesContact(row.rep, row.email, row.phone) if row.rep else None
    return Welcome(company_name=row.name, path=f"/company/{profile}", sales_contact=contact)


async def _farewell(connection: AsyncConnection, user: UUID) -> Letter | None:  # noqa: ARG001 - it says the same to everybody
    return AccountDeleted(path="/")


async def _needs_a_person(connection: AsyncConnection, signup: UUID) -> Letter | None:
    query = select(Company.name).join(Signup, Signup.organisation_number == Company.organisation_number).where(Signup.id == signup)
    name = await connection.scalar(query)
    return NeedsAPerson(company_name=name, path=f"/signup/{signup}") if name else None


def _refusal(key: UUID, at: datetime) -> Update:
    return update(LetterRow).where(LetterRow.key == key, LetterRow.refused_at.is_(None)).values(refused_at=at)
