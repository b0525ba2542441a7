"""A worker with real activities on real PostgreSQL and real Temporal; only the register and the mail server are played."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.claims import Claiming
from activities.confirming import Confirming
from activities.leaving import LettingGo
from activities.letters import LetterOrders, LetterSending
from activities.members import AmongWaysIn, AskingToJoin, Inviting
from activities.recoveries import Recovering
from activities.reviewing import Reviewing
from activities.signing_up import AmongSignups, SigningUp
from database.claims import ClaimLedger
from database.confirmations import ConfirmationLedger
from database.connection import build_engine
from database.desk_ledger import DeskLedger
from database.invitations import InvitationLedger
from database.join_requests import JoinLedger
from database.letters import LetterBook
from database.own import FarewellLedger
from database.recoveries import RecoveryLedger
from database.signups import SignupLedger
from database.staff_tables import StaffMemberRow
from database.tables import EmailAddress, SalesRep, UserAccount
from domain.clock import Clock
from domain.company import Address, Company
from domain.desk.kinds import PACES, UNHURRIED, Pace, TaskKind
from domain.employment import ROLE_POLICY, PersonInRegister, RoleHolding
from domain.ids import AddressId, StaffId, UserId
from domain.letter_secrets import LetterSecrets
from domain.names import PersonName
from domain.organisation_number import OrganisationNumber
from domain.post import AddressedLetter
from domain.refusals import Refusal
from domain.staff import StaffRole
from gateways.brreg import RegisterUnavailable, Trouble
from worker import build_worker
from workflows.front_desk.leaving import TheirProcesses
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.members import WaysInAmongThemselves
from workflows.front_desk.signups import SignupsAmongThemselves

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BREWERY = OrganisationNumber.parse("310 279 323")
KARI = PersonName("Kari Anne", "Nordmann")
BORN = date(1975, 4, 2)
SECRETS = LetterSecrets(b"k" * 32)


@dataclass
class SetClock:
    """A clock that a test moves."""

    moment: datetime = NOW

    def now(self) -> datetime:
        """Tell the moment the test has set."""
        return self.moment


@dataclass(frozen=True)
class ProcessClock:
    """Tells the time of the process that asks, however much of it has been skipped."""

    def now(self) -> datetime:
        """Tell when the activity that asks was begun."""
        return activity.info().current_attempt_scheduled_time


@dataclass(frozen=True)
class Answer:
    """What the register said."""

    holdings: tuple[RoleHolding, ...]
    sha256: str = "0" * 64


@dataclass
class Register:
    """A register with one company, whose roles and health a test sets."""

    holdings: list[RoleHolding] = field(default_factory=list)
    refusal: Refusal | None = None
    silent: int = 0

    async def company(self, number: OrganisationNumber) -> Company:
        """Answer, refuse or be silent."""
        if self.silent:
            self.silent -= 1
            raise RegisterUnavailable(Trouble.SERVER_ERROR)
        if self.refusal:
            raise self.refusal
        return Company(number, "FJELLBRYGG AS", "AS", "Aksjeselskap", Address(("Storgata 1",), "0155", "OSLO", "Norge"))

    async def roles(self, number: OrganisationNumber) -> Answer:  # noqa: ARG002 - there is only one company
        """Tell who holds which role, or be silent."""
        if self.silent:
            self.silent -= 1
            raise RegisterUnavailable(Trouble.SERVER_ERROR)
        return Answer(tuple(self.holdings))


@dataclass
class Mailbox:
    """A mail server that keeps what it takes, by Message-ID's key."""

    letters: dict[UUID, AddressedLetter] = field(default_factory=dict)

    async def send(self, key: UUID, addressed: AddressedLetter) -> None:
        """Take a letter."""
        self.letters[key] = addressed


def manager(name: PersonName = KARI, role: str = "DAGL") -> RoleHolding:
    """Somebody born on Kari's day who holds a role."""
    return RoleHolding(role, role, PersonInRegister(name, BORN))


@pytest.fixture
def clock() -> SetClock:
    """Noon on a Sunday."""
    return SetClock()


@pytest.fixture
def register() -> Register:
    """Nobody holds a role yet."""
    return Register()


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A database with two sales reps."""
    engine = build_engine(fresh_database, program="tests")
    async with engine.begin() as connection:
        for name in ("Rolf", "Rita"):
            await connection.execute(
                insert(SalesRep).values(id=uuid4(), name=name, email=f"{name}@skranke.example", phone="+47 22 00 00 00", active=True)
            )
    yield engine
    await engine.dispose()


@pytest.fixture
async def kari(engine: AsyncEngine) -> UserId:
    """A user who has logged in and confirmed an address."""
    return await new_user(engine, confirmed=True)


async def new_user(engine: AsyncEngine, *, name: PersonName = KARI, confirmed: bool = False) -> UserId:
    """Make a user with an address of their own."""
    user = UserId(uuid4())
    async with engine.begin() as connection:
        await connection.execute(
            insert(UserAccount).values(
                id=user, given_name=name.given, family_name=name.family, birth_date=BORN, language="nb", created_at=NOW, last_login_at=NOW
            )
        )
    await new_address(engine, user, confirmed=confirmed)
    return user


async def new_colleague(engine: AsyncEngine, name: str = "Siri", *roles: StaffRole) -> StaffId:
    """Make somebody here, in support if nothing else is said."""
    colleague = StaffId(uuid4())
    async with engine.begin() as connection:
        await connection.execute(
            insert(StaffMemberRow).values(
                id=colleague,
                issuer="https://id.example",
                subject=str(colleague),
                name=name,
                email=f"{name.lower()}@skranke.example",
                roles=sorted(roles or {StaffRole.SUPPORT}),
                last_login_at=NOW,
            )
        )
    return colleague


async def new_address(engine: AsyncEngine, user: UserId, *, confirmed: bool = False) -> AddressId:
    """Give a user an address."""
    address = AddressId(uuid4())
    async with engine.begin() as connection:
        await connection.execute(
            insert(EmailAddress).values(
                id=address, user_id=user, address=f"{user}@company.example", given_at=NOW, confirmed_at=NOW if confirmed else None
            )
        )
    return address


@asynccontextmanager
async def at_work(  # noqa: PLR0917 - a world is all of this
    client: Client, engine: AsyncEngine, register: Register, mailbox: Mailbox, clock: Clock, paces: Mapping[TaskKind, Pace]
) -> AsyncIterator[None]:
    """Have a worker work in this world."""
    book, ledger = LetterBook(engine, SECRETS), SignupLedger(engine)
    invitations, requests = InvitationLedger(engine), JoinLedger(engine)
    homes = (
        SigningUp(register, ledger, ROLE_POLICY, clock),
        AmongSignups(ledger, SignupsAmongThemselves(client)),
        Reviewing(DeskLedger(engine, SetClock()), paces, clock),
        Confirming(ConfirmationLedger(engine), SECRETS, clock),
        LetterOrders(book, LetterDesk(client), clock),
        LetterSending(book, mailbox, clock),
        Inviting(invitations, clock),
        AskingToJoin(requests, clock),
        AmongWaysIn(invitations, requests, WaysInAmongThemselves(client)),
        Claiming(register, ClaimLedger(engine), ROLE_POLICY, clock),
        Recovering(RecoveryLedger(engine), clock),
        LettingGo(FarewellLedger(engine), TheirProcesses(client), LetterDesk(client), clock),
    )
    async with build_worker(client, *homes):
        yield


@pytest.fixture
async def client(
    temporal: WorkflowEnvironment, engine: AsyncEngine, register: Register, mailbox: Mailbox, clock: SetClock
) -> AsyncIterator[Client]:
    """Temporal with a worker at work, who is in no hurry: no deadline is reached while time is skipped."""
    async with at_work(temporal.client, engine, register, mailbox, clock, UNHURRIED):
        yield temporal.client


@pytest.fixture
async def hurried(temporal: WorkflowEnvironment, engine: AsyncEngine, register: Register, mailbox: Mailbox) -> AsyncIterator[Client]:
    """Temporal with a worker at work for whom time passes as it does for the processes, deadlines and all."""
    async with at_work(temporal.client, engine, register, mailbox, ProcessClock(), PACES):
        yield temporal.client
