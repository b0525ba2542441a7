"""A company with members, for the tests of who lets whom in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from database.invitations import draft_invitation
from database.member_tables import Invitation, JoinRequest
from database.tables import Company as CompanyRow
from database.tables import EmailAddress, Membership, Profile, StageLog
from domain.ids import InvitationId, MembershipId, ProfileId, UserId
from domain.languages import Language
from domain.members.invitations import Draft, InvitationStart
from domain.members.requests import Answer as Said
from domain.members.roles import Role
from domain.organisation_number import OrganisationNumber
from workflows.front_desk.desk import Answer
from workflows.front_desk.members import InvitationDesk, JoinDesk

from .conftest import BREWERY, NOW, new_user


@dataclass(frozen=True)
class Company:
    """A customer, and who administers it."""

    client: Client
    engine: AsyncEngine
    profile: ProfileId
    administrator: UserId
    number: OrganisationNumber = BREWERY

    @property
    def invitations(self) -> InvitationDesk:
        """How pages speak with invitations."""
        return InvitationDesk(self.client)

    @property
    def requests(self) -> JoinDesk:
        """How pages speak with requests."""
        return JoinDesk(self.client)

    async def invite(
        self, email: str, role: Role = Role.MEMBER, by: UserId | None = None, named: InvitationId | None = None
    ) -> tuple[InvitationId, Answer[None]]:
        """Invite an address."""
        invitation, inviter = named or InvitationId(uuid4()), by or self.administrator
        await draft_invitation(self.engine, Draft(invitation, self.profile, email, role, Language.NB, inviter), NOW)
        return invitation, await self.invitations.begin(InvitationStart(invitation, self.profile, inviter, role), self.number.value)

    async def ask(self, user: UserId) -> Answer[None]:
        """Ask to be let in."""
        return await self.requests.begin(self.profile, user, self.number.value)

    async def let_in(self, user: UserId, click: UUID) -> Answer[None]:
        """Let somebody in who has asked."""
        return await self.requests.answer(self.profile, user, Said(self.administrator, Role.MEMBER), click)

    async def add(self, role: Role) -> UserId:
        """Have one more member."""
        user = await new_user(self.engine, confirmed=True)
        await self.join(user, role)
        return user

    async def members(self) -> dict[UserId, Role]:
        """Who acts for the company now, as what."""
        query = select(Membership).where(Membership.profile_id == self.profile, Membership.ended_at.is_(None))
        async with self.engine.connect() as connection:
            return {UserId(row.user_id): Role(row.role) for row in await connection.execute(query)}

    async def membership(self, user: UserId) -> MembershipId:
        """The id under which somebody is a member now."""
        mine = (Membership.profile_id == self.profile) & (Membership.user_id == user) & Membership.ended_at.is_(None)
        async with self.engine.connect() as connection:
            return MembershipId((await connection.scalars(select(Membership.id).where(mine))).one())

    async def state_of(self, invitation: InvitationId) -> str:
        """Where an invitation stands in the ledger."""
        async with self.engine.connect() as connection:
            return (await connection.scalars(select(Invitation.state).where(Invitation.id == invitation))).one()

    async def requests_of(self, user: UserId) -> list[str]:
        """Where somebody's requests to the company stand, in the order they were made."""
        mine = (JoinRequest.profile_id == self.profile) & (JoinRequest.user_id == user)
        query = select(JoinRequest.state).where(mine).order_by(JoinRequest.asked_at)
        async with self.engine.connect() as connection:
            return list(await connection.scalars(query))

    async def log(self) -> list[str]:
        """What has happened, in order."""
        query = select(StageLog.to_stage).where(StageLog.organisation_number == self.number.value).order_by(StageLog.sequence)
        async with self.engine.connect() as connection:
            return list(await connection.scalars(query))

    async def reaches(self, state: str, invitation: InvitationId) -> None:
        """Wait until an invitation has come to this."""
        async with asyncio.timeout(20):
            while await self.state_of(invitation) != state:  # noqa: ASYNC110 - what is waited for happens in other programs
                await asyncio.sleep(0.02)

    async def until(self, stage: str) -> None:
        """Wait for a step in the log."""
        async with asyncio.timeout(20):
            while stage not in await self.log():  # noqa: ASYNC110 - what is waited for happens in other programs
                await asyncio.sleep(0.02)

    async def confirm(self, user: UserId, email: str) -> None:
        """Let somebody have another address, confirmed."""
        given = {"id": uuid4(), "user_id": user, "address": email, "given_at": NOW, "confirmed_at": NOW}
        async with self.engine.begin() as connection:
            await connection.execute(update(EmailAddress).where(EmailAddress.user_id == user).values(replaced_at=NOW))
            await connection.execute(insert(EmailAddress).values(given))

    async def join(self, user: UserId, role: Role) -> None:
        """Make somebody a member without further ado."""
        async with self.engine.begin() as connection:
            row = {"id": uuid4(), "profile_id": self.profile, "user_id": user, "role": role, "since": NOW}
            await connection.execute(insert(Membership).values(row))


async def open_company(client: Client, engine: AsyncEngine, number: OrganisationNumber = BREWERY) -> Company:
    """Have a customer with one administrator."""
    place = {"address_lines": [], "postcode": "", "city": "", "country": "", "fetched_at": NOW}
    named = {"organisation_number": number.value, "name": "FJELLBRYGG AS", "form_code": "AS", "form": "Aksjeselskap"}
    profile = ProfileId(uuid4())
    async with engine.begin() as connection:
        await connection.execute(insert(CompanyRow).values(named | place))
        await connection.execute(insert(Profile).values(id=profile, organisation_number=number.value, opened_at=NOW))
    company = Company(client, engine, profile, await new_user(engine, confirmed=True), number)
    await company.join(company.administrator, Role.ADMINISTRATOR)
    return company
