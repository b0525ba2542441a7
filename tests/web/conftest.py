"""The portal on a real database, with the eIDs over HTTP and a Temporal; the register is nobody until a test plays it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from database.connection import build_engine
from domain.desk.documents import DocumentSafe
from domain.letter_secrets import LetterSecrets
from gateways.brreg import WHOLE_ANSWER, Brreg
from gateways.http import outbound_client
from stand_ins.brreg import brreg_app
from stand_ins.mail_catcher import Letters, Moods, catching
from stand_ins.serving import served
from tests.gateways.eid_over_http import Broker, broker
from tests.web.browser import HERE, Browser
from tests.web.house import Attempts, House, working
from web.app import build_app
from web.portal import Portal
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.signups import SignupDesk


@dataclass(slots=True)
class Watch:
    """A clock that can be put forward."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The moment, put forward."""
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True, slots=True)
class RegisterAt:
    """Where the register is, and how long it is waited for."""

    url: str
    patience: timedelta = WHOLE_ANSWER


@pytest.fixture(scope="session")
async def eids() -> AsyncIterator[Broker]:
    """The eIDs' broker, for the whole run."""
    async with broker() as found:
        yield found


@pytest.fixture
def watch() -> Watch:
    """The clock that sessions and pages go by."""
    return Watch()


@pytest.fixture
def register() -> RegisterAt:
    """Nobody listens there."""
    return RegisterAt("http://127.0.0.1:1")


@pytest.fixture(scope="session")
async def register_site() -> AsyncIterator[httpx2.AsyncClient]:
    """A register with invented companies, for the whole run; the tests that want it say so by their `register`."""
    async with served(brreg_app) as url, httpx2.AsyncClient(base_url=url) as client:
        yield client


@pytest.fixture
async def house(
    portal: Portal, new_browser: Callable[[], Browser], temporal: WorkflowEnvironment, register_site: httpx2.AsyncClient
) -> AsyncIterator[House]:
    """The portal with a worker at work behind it. The register is as on the first day, and well."""
    letters, moods, attempts = Letters(), Moods(), Attempts()
    await register_site.post("/_control/reset")
    async with catching(letters, moods) as smtp, working(portal, temporal.client, smtp, attempts):
        yield House(portal, new_browser, register_site, letters, moods, attempts)
    await register_site.post("/_control/reset")


@pytest.fixture
async def portal(
    fresh_database: str, eids: Broker, temporal: WorkflowEnvironment, watch: Watch, register: RegisterAt
) -> AsyncIterator[Portal]:
    """Everything the pages need from the world."""
    engine = build_engine(fresh_database, program="test")
    key = os.urandom(32)
    async with outbound_client("test@skranke.example") as http:
        yield Portal(
            engine=engine,
            clock=watch,
            wall_clock=watch,
            eid=eids.client(http),
            staff_login=eids.staff_client(http),
            register=Brreg(http, register.url, register.patience),
            signups=SignupDesk(temporal.client),
            confirmations=ConfirmationDesk(temporal.client),
            letter_secrets=LetterSecrets(key),
            public_url=HERE,
            secret_key=key,
            document_safe=DocumentSafe({"1": key}),
            support_email="support@skranke.example",
            support_phone="+47 23 00 00 00",
        )
    await engine.dispose()


@pytest.fixture
def app(portal: Portal) -> FastAPI:
    """The pages."""
    return build_app(portal)


@pytest.fixture
async def new_browser(app: FastAPI) -> AsyncIterator[Callable[[], Browser]]:
    """A new browser whenever it is called."""
    opened: list[Browser] = []

    def open_one() -> Browser:
        opened.append(Browser(app))
        return opened[-1]

    yield open_one
    for browser in opened:
        await browser.http.aclose()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """Somebody's browser."""
    return new_browser()
