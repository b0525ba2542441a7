"""The portal with a worker behind it; the register and the mail server are played over real HTTP and SMTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import func, insert, select
from temporalio import activity
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput
from temporalio.worker import Interceptor as WorkerInterceptor

from activities.claims import Claiming
from activities.confirming import Confirming
from activities.leaving import LettingGo
from activities.letters import LetterOrders, LetterSending
from activities.members import AmongWaysIn, AskingToJoin, Inviting
from activities.recoveries import Recovering
from activities.reviewing import Reviewing
from activities.signing_up import AmongSignups, SigningUp
from database.claims import ClaimLedger
from database.company_pages import signup_view
from database.confirmations import ConfirmationLedger
from database.desk_ledger import DeskLedger
from database.invitations import InvitationLedger
from database.join_requests import JoinLedger
from database.letters import LetterBook
from database.own import FarewellLedger
from database.recoveries import RecoveryLedger
from database.signups import SignupLedger
from database.tables import EmailAddress, Profile
from domain.desk.kinds import UNHURRIED
from domain.employment import ROLE_POLICY
from domain.ids import SignupId, UserId
from domain.stages import Stage
from domain.terms import must_accept
from gateways.clock import SystemClock
from gateways.http import outbound_client
from gateways.letters import Sender, render_letter
from gateways.mail import Mail, MailServer
from stand_ins.mail_catcher import Letters, Moods
from tests.web.browser import HERE, Browser, led_to
from web.portal import Portal
from web.visitor import hashed
from worker import build_worker
from workflows.front_desk.leaving import TheirProcesses
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.members import WaysInAmongThemselves
from workflows.front_desk.signups import SignupsAmongThemselves

LONGEST_WAIT = 20
UNIT_PATH = "/enhetsregisteret/api/enheter/{}"
ROLES_PATH = UNIT_PATH + "/roller"


class Attempts(ClientInterceptor, WorkerInterceptor):
    """Writes down when each try of each activity was due, by Temporal's own clock, which skips."""

    def __init__(self) -> None:
        self.due: dict[str, list[datetime]] = {}

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - Temporal's name
        """Stand before every activity."""
        return _Watching(next, self)

    def pauses(self, name: str) -> list[timedelta]:
        """The pauses between the tries of an activity."""
        due = self.due.get(name, [])
        return [later - earlier for earlier, later in pairwise(due)]


class _Watching(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, attempts: Attempts) -> None:
        super().__init__(following)
        self._attempts = attempts

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - Temporal's own shape
        info = activity.info()
        self._attempts.due.setdefault(info.activity_type, []).append(info.current_attempt_scheduled_time)
        return await super().execute_activity(input)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a test of the whole way drives."""

    portal: Portal
    open_browser: Callable[[], Browser]
    register: httpx2.AsyncClient
    letters: Letters
    moods: Moods
    attempts: Attempts

    async def misbehave(self, kind: str, **how: object) -> None:
        """Ask the register for a bad day."""
        answer = await self.register.post("/_control/behaviours", json={"kind": kind} | how)
        assert answer.status_code == httpx2.codes.OK, answer.text

    async def recover(self) -> None:
        """Let the register be well again."""
        await self.register.delete("/_control/behaviours")

    async def calls(self, path: str) -> int:
        """How often a path of the register was asked for since it was last well."""
        told: dict[str, int] = (await self.register.get("/_control/calls")).json()
        return told.get(path, 0)

    async def profiles(self) -> int:
        """How many companies are customers."""
        async with self.portal.engine.connect() as connection:
            return (await connection.execute(select(func.count()).select_from(Profile))).scalar_one()

    async def customer(self, persona: str, eid: str = "no-bankid", *, language: str = "en") -> Customer:
        """Somebody who has logged in, accepted the terms and confirmed an address."""
        browser = self.open_browser()
        browser.http.headers["Accept-Language"] = language
        await browser.log_in(persona, eid)
        assert browser.cookie
        session = await self.portal.sessions.find(hashed(browser.cookie), self.portal.wall_clock.now())
        assert session
        user, now = session.account.user, self.portal.clock.now()
        if must_accept(session.account.terms_version):
            await self.portal.accounts.accept_terms(user, "2026-11-01", now)
        address = f"{persona}@{uuid4().hex[:8]}.example"
        given = {"id": uuid4(), "user_id": user, "address": address, "given_at": now, "confirmed_at": now}
        async with self.portal.engine.begin() as connection:
            await connection.execute(insert(EmailAddress).values(given))
        return Customer(self, browser, user, address)


@dataclass(slots=True)
class Customer:
    """Somebody at their browser. `place` is the status page of their signup."""

    house: House
    browser: Browser
    user: UserId
    address: str
    place: str = field(default="")

    async def sees(self, path: str, *words: str, status: int = 200) -> str:
        """Open a page and find these words on it."""
        answer = await self.browser.get(path)
        while answer.is_redirect:
            answer = await self.browser.get(answer.headers["location"])
        assert status == answer.status_code, answer.text
        shown = unescape(answer.text)
        assert [] == [word for word in words if word not in shown], shown
        return shown

    async def signs_up(self, number: str) -> None:
        """Say on the company's page that it is the right one."""
        await self.sees(f"/workplace/{number}")
        self.place = led_to(await self.browser.post(f"/workplace/{number}"))
        assert self.place.startswith("/signup/"), self.place

    async def waits_for(self, *words: str, path: str | None = None) -> str:
        """Look at a page again and again, the status page if no other is named, until it says this."""
        shown = ""
        for _ in range(LONGEST_WAIT * 10):
            shown = unescape((await self.browser.get(path or self.place)).text)
            if all(word in shown for word in words):
                return shown
            await asyncio.sleep(0.1)
        raise AssertionError(f"{words} not on the page:\n{shown}")

    async def stages(self) -> Sequence[Stage]:
        """Read the steps the signup has taken."""
        view = await signup_view(self.house.portal.engine, SignupId(UUID(self.place.rsplit("/", 1)[-1])))
        assert view
        return [entry.stage for entry in view.log]


@asynccontextmanager
async def working(portal: Portal, temporal: Client, smtp: str, attempts: Attempts) -> AsyncIterator[None]:
    """Have a worker at work on what the portal hands to Temporal."""
    client = Client(
        temporal.service_client,
        namespace=temporal.namespace,
        data_converter=temporal.data_converter,
        interceptors=[*temporal.config()["interceptors"], attempts],
    )
    ledger, book, clock = SignupLedger(portal.engine), LetterBook(portal.engine, portal.letter_secrets), SystemClock()
    invitations, requests = InvitationLedger(portal.engine), JoinLedger(portal.engine)
    sender = Sender(HERE, portal.support_email, portal.support_phone)
    render = partial(render_letter, sender=sender)
    mail = Mail(MailServer.parse(smtp), "Skranke <no-reply@skranke.example>", "skranke.example", render, clock)
    async with AsyncExitStack() as open_things:
        http = await open_things.enter_async_context(outbound_client("test@skranke.example"))
        register = replace(portal.register, client=http)
        homes = (
            SigningUp(register, ledger, ROLE_POLICY, clock),
            AmongSignups(ledger, SignupsAmongThemselves(client)),
            Claiming(register, ClaimLedger(portal.engine), ROLE_POLICY, clock),
            Recovering(RecoveryLedger(portal.engine), clock),
            Confirming(ConfirmationLedger(portal.engine), portal.letter_secrets, clock),
            # Temporal's clock skips whatever nobody is waiting for, and would skip every deadline.
            Reviewing(DeskLedger(portal.engine, clock), UNHURRIED, clock),
            LetterOrders(book, LetterDesk(client), clock),
            LetterSending(book, mail, clock),
            LettingGo(FarewellLedger(portal.engine), TheirProcesses(client), LetterDesk(client), clock),
            Inviting(invitations, clock),
            AskingToJoin(requests, clock),
            AmongWaysIn(invitations, requests, WaysInAmongThemselves(client)),
        )
        await open_things.enter_async_context(build_worker(client, *homes))
        yield
