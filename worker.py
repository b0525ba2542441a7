"""The back door: wires and runs workflows and activities."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

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
from domain.desk.kinds import PACES
from domain.employment import ROLE_POLICY
from domain.letter_secrets import LetterSecrets
from gateways.brreg import Brreg
from gateways.clock import SystemClock, clock_of
from gateways.http import AsyncClient, outbound_client
from gateways.letters import Sender, render_letter
from gateways.logs import configure_logs
from gateways.mail import Mail, MailServer
from gateways.meters import RegisterTroubleCounter
from gateways.temporal import connect, register_attributes, runtime
from gateways.tracing import traces_to
from settings import WorkerSettings
from workflows.attributes import KEYS
from workflows.front_desk.leaving import TheirProcesses
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.members import WaysInAmongThemselves
from workflows.front_desk.signups import SignupsAmongThemselves
from workflows.names import TASK_QUEUE
from workflows.sandbox import FINAL, SANDBOX, WORKFLOWS

# So long may what is under way finish when the worker is told to stop.
GRACE = timedelta(seconds=5)


def build_worker(client: Client, *homes: object) -> Worker:
    """Build the worker that runs every workflow, and every activity that is a method of one of these objects.

    Tests build the same worker with activities whose world they play.
    """
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=[activity for home in homes for activity in _activities_of(home)],
        workflow_runner=SANDBOX,
        workflow_failure_exception_types=FINAL,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
        interceptors=[RegisterTroubleCounter()],
    )


def _activities_of(home: object) -> Iterator[Callable[..., Any]]:
    for name, method in inspect.getmembers(home, inspect.ismethod):
        if not name.startswith("_") and hasattr(method, "__temporal_activity_definition"):
            yield method


def wire(settings: WorkerSettings, client: Client, engine: AsyncEngine, http: AsyncClient) -> tuple[object, ...]:
    """Bring the homes of all activities together with what they need from the world."""
    clock, secrets = clock_of(settings.demo_clock), LetterSecrets(settings.secret_key)
    book = LetterBook(engine, secrets)
    sender = Sender(settings.public_url, settings.support_email, settings.support_phone)
    host = urlsplit(settings.public_url).hostname or "localhost"
    mail = Mail(MailServer.parse(settings.smtp_url), settings.mail_from, host, partial(render_letter, sender=sender), clock)
    ledger, register = SignupLedger(engine), Brreg(http, settings.brreg_url)
    invitations, requests = InvitationLedger(engine), JoinLedger(engine)
    return (
        SigningUp(register, ledger, ROLE_POLICY, clock),
        AmongSignups(ledger, SignupsAmongThemselves(client)),
        Reviewing(DeskLedger(engine, SystemClock()), PACES, clock),
        Confirming(ConfirmationLedger(engine), secrets, clock),
        Inviting(invitations, clock),
        AskingToJoin(requests, clock),
        AmongWaysIn(invitations, requests, WaysInAmongThemselves(client)),
        Claiming(register, ClaimLedger(engine), ROLE_POLICY, clock),
        Recovering(RecoveryLedger(engine), clock),
        LetterOrders(book, LetterDesk(client), clock),
        LetterSending(book, mail, clock),
        LettingGo(FarewellLedger(engine), TheirProcesses(client), LetterDesk(client), clock),
    )


async def work(settings: WorkerSettings) -> None:
    """Work until told to stop, then finish what is under way."""
    stop = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    async with AsyncExitStack() as open_things:
        engine = build_engine(settings.database_url, program="skranke-worker")
        open_things.push_async_callback(engine.dispose)
        http = await open_things.enter_async_context(outbound_client(settings.support_email))
        traces = traces_to(settings.otlp_endpoint, "skranke-worker")
        if traces:
            open_things.callback(traces.close)
        client = await connect(
            settings.temporal_address,
            settings.temporal_namespace,
            settings.payload_keys,
            interceptors=[traces.interceptor] if traces else [],
            runs_on=runtime(settings.metrics_address),
        )
        await register_attributes(client, KEYS)
        async with build_worker(client, *wire(settings, client, engine, http)):
            logging.getLogger("skranke").info("worker is ready")
            await stop.wait()


def main() -> None:
    """Run the worker by what the surroundings say."""
    configure_logs()
    asyncio.run(work(WorkerSettings()))
    # The SDK's own threads may still run while the interpreter takes itself down, and crash it.
    logging.shutdown()
    os._exit(0)


if __name__ == "__main__":
    main()
