"""A worker as in production whose register, mail server and clock are played, on a Temporal that skips time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

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
from demo.postgres import Postgres
from demo.temporal import binary, dynamic_config
from domain.desk.kinds import UNHURRIED
from domain.employment import ROLE_POLICY
from domain.post import AddressedLetter
from tests.histories.keeping import converter
from tests.workflows.conftest import SECRETS, Mailbox, Register, SetClock
from worker import build_worker
from workflows.front_desk.leaving import TheirProcesses
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.members import WaysInAmongThemselves
from workflows.front_desk.signups import SignupsAmongThemselves

ALEMBIC = Path(__file__).parent.parent.parent / "database" / "alembic.ini"


@dataclass
class MoodyMailbox(Mailbox):
    """A mail server that may be away for days."""

    away: bool = False

    async def send(self, key: UUID, addressed: AddressedLetter) -> None:
        """Take a letter, or be away; so that a recording is short, the next try comes after two days."""
        if self.away:
            raise ApplicationError("the mail server is away", next_retry_delay=timedelta(days=2))
        await super().send(key, addressed)


@dataclass
class Played:
    """The world around the processes, as a recording sets it."""

    temporal: WorkflowEnvironment
    engine: AsyncEngine
    register: Register = field(default_factory=Register)
    mailbox: MoodyMailbox = field(default_factory=MoodyMailbox)
    clock: SetClock = field(default_factory=SetClock)

    @property
    def client(self) -> Client:
        """The way to Temporal."""
        return self.temporal.client


@asynccontextmanager
async def played() -> AsyncIterator[Played]:
    """Play the world for as long as this lasts; afterwards nothing of it is left."""
    async with AsyncExitStack() as open_things:
        postgres = Postgres(Path(open_things.enter_context(TemporaryDirectory())) / "postgres", ["skranke"])
        open_things.push_async_callback(postgres.stop)
        await postgres.start()
        alembic = Config(ALEMBIC)
        alembic.attributes["url"] = postgres.url("skranke")
        command.upgrade(alembic, "head")
        engine = build_engine(postgres.url("skranke"), program="tests")
        open_things.push_async_callback(engine.dispose)
        world = Played(await open_things.enter_async_context(await _temporal()), engine)
        await open_things.enter_async_context(build_worker(world.client, *_homes(world)))
        yield world


async def _temporal() -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_time_skipping_v2(
        data_converter=converter(),
        dev_server_existing_path=str(binary()),
        dev_server_startup_timeout=timedelta(seconds=30),
        dev_server_log_level="never",
        dev_server_extra_args=dynamic_config(),
        ts_config=TimeSkippingConfig(enabled=True),
    )


def _homes(world: Played) -> tuple[object, ...]:
    book = LetterBook(world.engine, SECRETS)
    invitations, requests = InvitationLedger(world.engine), JoinLedger(world.engine)
    return (
        SigningUp(world.register, SignupLedger(world.engine), ROLE_POLICY, world.clock),
        AmongSignups(SignupLedger(world.engine), SignupsAmongThemselves(world.client)),
        Reviewing(DeskLedger(world.engine, world.clock), UNHURRIED, world.clock),
        Confirming(ConfirmationLedger(world.engine), SECRETS, world.clock),
        Claiming(world.register, ClaimLedger(world.engine), ROLE_POLICY, world.clock),
        Recovering(RecoveryLedger(world.engine), world.clock),
        LetterOrders(book, LetterDesk(world.client), world.clock),
        LetterSending(book, world.mailbox, world.clock),
        LettingGo(FarewellLedger(world.engine), TheirProcesses(world.client), LetterDesk(world.client), world.clock),
        Inviting(invitations, world.clock),
        AskingToJoin(requests, world.clock),
        AmongWaysIn(invitations, requests, WaysInAmongThemselves(world.client)),
    )
