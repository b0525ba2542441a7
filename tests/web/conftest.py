"""The portal on a real database, with the eIDs over HTTP and a Temporal; the register is nobody until a test plays it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from database.connection import build_engine
from domain.letter_secrets import LetterSecrets
from gateways.brreg import Brreg
from gateways.http import outbound_client
from tests.gateways.eid_over_http import Broker, broker
from tests.web.browser import HERE, Browser
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
async def portal(fresh_database: str, eids: Broker, temporal: WorkflowEnvironment, watch: Watch) -> AsyncIterator[Portal]:
    """Everything the pages need from the world."""
    engine = build_engine(fresh_database, program="test")
    key = os.urandom(32)
    async with outbound_client("test@skranke.example") as http:
        yield Portal(
            engine=engine,
            clock=watch,
            wall_clock=watch,
            eid=eids.client(http),
            register=Brreg(http, "http://127.0.0.1:1"),
            signups=SignupDesk(temporal.client),
            confirmations=ConfirmationDesk(temporal.client),
            letter_secrets=LetterSecrets(key),
            public_url=HERE,
            secret_key=key,
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
