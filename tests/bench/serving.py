"""How long people wait for what the whole house does: a signup, a code, a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.worker import Worker

from database.addresses import current_address
from database.tables import EmailChallenge, Signup
from domain.ids import ChallengeId, UserId
from domain.languages import Language
from domain.letter_secrets import LetterSecrets
from domain.organisation_number import OrganisationNumber
from domain.terms import CURRENT_TERMS
from gateways.clock import SystemClock
from gateways.http import outbound_client
from tests.bench.desk import the_desk_when_it_is_full
from tests.bench.empty import Empty
from tests.bench.measurement import Measurement
from tests.bench.timing import p50, seconds, seconds_each, seconds_each_awaited
from tests.soak.house import RunningHouse, once, running_house
from tests.web.browser import Browser, led_to
from tests.web.examples import examples
from tests.workflows.conftest import new_user
from web.app import build_app
from web.portal import Portal
from web.render import render
from web.visitor import hashed, new_cookie_value
from wiring import Shared, wire
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.desk import Done
from workflows.sandbox import SANDBOX

SAMPLES = 30
# At most so many times the plain thing; about three times what was measured.
LIMIT_SIGNUP = 15
LIMIT_CODE = 400
LIMIT_PAGE = 200
LIMIT_RENDER = 12

SOON = timedelta(seconds=20)


async def the_house_at_work() -> Sequence[Measurement]:
    """Measure everything that wants a running house in one."""
    with TemporaryDirectory() as folder:
        async with running_house(Path(folder)) as house, _front_door(house) as portal:
            return [
                *await _signups(house, portal),
                *await _codes(house),
                *await _status_page(house, portal),
                *await the_desk_when_it_is_full(portal),
            ]


@asynccontextmanager
async def _front_door(house: RunningHouse) -> AsyncIterator[Portal]:
    async with outbound_client(house.settings.support_email) as http:
        yield wire(house.settings, house.engine, http, house.client, Shared())


async def _logged_in(portal: Portal, user: UserId) -> Browser:
    browser, cookie, now = Browser(build_app(portal)), new_cookie_value(), SystemClock().now()
    browser.cookie = cookie
    await portal.accounts.accept_terms(user, CURRENT_TERMS, now)
    await portal.sessions.begin(hashed(cookie), user, now, instead_of="")
    return browser


async def _signups(house: RunningHouse, portal: Portal) -> Sequence[Measurement]:
    """From the form to the open profile, in turn with a workflow that does nothing."""
    signed_up, empty = [], []
    users = await house.customers(SAMPLES)
    async with Worker(house.client, task_queue="bench", workflows=[Empty], workflow_runner=SANDBOX):
        for user, company in zip(users, house.companies, strict=False):
            house.hire(company)
            browser = await _logged_in(portal, user)
            await browser.get(f"/workplace/{company}")
            signed_up.append(await seconds(lambda: _sign_up(house, browser, company)))  # noqa: B023 - awaited at once
            empty.append(await seconds(lambda: house.client.execute_workflow(Empty.run, id=str(uuid4()), task_queue="bench")))
            await browser.http.aclose()
    return [
        Measurement("signup, from the form to the open profile, p50", p50(signed_up), "ms"),
        Measurement("workflow that does nothing, p50", p50(empty), "ms"),
        Measurement("  signup beside that", median(signed_up) / median(empty), "x", limit=LIMIT_SIGNUP),
    ]


async def _sign_up(house: RunningHouse, browser: Browser, company: OrganisationNumber) -> None:
    signup = led_to(await browser.post(f"/workplace/{company}", click_id=str(uuid4()))).rpartition("/")[2]

    async def is_open() -> bool:
        async with house.engine.connect() as connection:
            return await connection.scalar(select(Signup.profile_id).where(Signup.id == signup)) is not None

    await once(is_open, within=SOON, what="a profile", every=timedelta(milliseconds=4))


async def _codes(house: RunningHouse) -> Sequence[Measurement]:
    """From the code as it was typed to the confirmed address, and beside it a call that Temporal answers without thinking."""
    desk, secrets = ConfirmationDesk(house.client), LetterSecrets(house.settings.secret_key)
    typed, asked = [], []
    for _ in range(SAMPLES):
        user = await new_user(house.engine)
        code = secrets.code(await _challenge(house, desk, user))
        typed.append(await seconds(lambda: _type(desk, user, code)))  # noqa: B023 - awaited at once
        asked.append(await seconds(lambda: house.client.workflow_service.get_system_info(GetSystemInfoRequest())))
    return [
        Measurement("code typed and confirmed, p50", p50(typed), "ms"),
        Measurement("call that Temporal only answers, p50", p50(asked), "ms"),
        Measurement("  code beside that", median(typed) / median(asked), "x", limit=LIMIT_CODE),
    ]


async def _challenge(house: RunningHouse, desk: ConfirmationDesk, user: UserId) -> ChallengeId:
    current = await current_address(house.engine, user)
    assert current is not None
    assert Done(None) == await desk.begin(user, current.id, uuid4())
    async with house.engine.connect() as connection:
        return ChallengeId((await connection.scalars(select(EmailChallenge.id).where(EmailChallenge.address_id == current.id))).one())


async def _type(desk: ConfirmationDesk, user: UserId, code: str) -> None:
    assert Done(None) == await desk.type_code(user, code, uuid4())


async def _status_page(house: RunningHouse, portal: Portal) -> Sequence[Measurement]:
    """The page that most people look at most often: made alone, and as a whole request; beside it an application that says yes."""
    (user,), company = await house.customers(1), house.companies[SAMPLES]
    house.hire(company)
    browser, plain = await _logged_in(portal, user), Browser(Starlette(routes=[Route("/", _yes)]))
    await browser.get(f"/workplace/{company}")
    await _sign_up(house, browser, company)
    async with house.engine.connect() as connection:
        path = f"/signup/{(await connection.scalars(select(Signup.id).where(Signup.user_id == user))).one()}"
    assert (await browser.get(path)).is_success
    example = next(shown for shown in examples(Language.NB) if shown.name == "signup_status-opened")
    rendered = seconds_each(lambda: render(example.template, Language.NB, "nonce", **example.full_context(path)))
    whole = await seconds_each_awaited(lambda: browser.http.get(path))
    yes = await seconds_each_awaited(lambda: plain.http.get("/"))
    return [
        Measurement("status page made", 1 / rendered, "/s"),
        Measurement("  beside an application that says yes", rendered / yes, "x", limit=LIMIT_RENDER),
        Measurement("status page asked for and answered", 1 / whole, "/s"),
        Measurement("application that says yes, asked and answered", 1 / yes, "/s"),
        Measurement("  status page beside that", whole / yes, "x", limit=LIMIT_PAGE),
    ]


async def _yes(_: Request) -> Response:
    return PlainTextResponse("yes")
