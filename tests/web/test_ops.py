"""What operators see, and what they can do by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.letters import LetterSending
from database.letters import LetterBook
from database.operations_tables import OpsLog
from database.tables import EmailAddress, EmailChallenge, Letter, Signup, UserAccount
from domain.ids import UserId
from domain.letter_secrets import LetterSecrets
from domain.operations import MAY_STILL_COME
from domain.post import AddressedLetter
from domain.staff import StaffRole
from gateways.clock import SystemClock
from gateways.upstreams import Upstreams
from tests.web.browser import Browser, led_to, title
from tests.web.conftest import Watch
from tests.web.operator import OLGA, at_the_staff_door
from tests.workflows.conftest import BORN, KARI
from web.app import build_app
from web.figures import figures_of
from web.portal import Portal
from web.reconciling import begin_missing, drift_of
from worker import build_worker
from workflows.front_desk.processes import WORTH_A_LOOK, TemporalIsAway
from workflows.names import company_signup_id, email_confirmation_id, letter_id

WHY = "The mail server is back."


@dataclass
class MoodyMailbox:
    """A mail server that is away until a test mends it."""

    away: bool = True
    letters: list[UUID] = field(default_factory=list)

    async def send(self, key: UUID, _: AddressedLetter) -> None:
        """Take a letter, or fail."""
        if self.away:
            raise ConnectionError("kari@skranke.example")
        self.letters.append(key)


@pytest.fixture
async def olga(app: FastAPI, portal: Portal) -> AsyncIterator[Browser]:
    """An operator's browser."""
    browser, _ = await at_the_staff_door(app, portal, StaffRole.OPERATOR)
    yield browser
    await browser.http.aclose()


async def new_user(portal: Portal, *, confirmed: bool) -> tuple[UserId, UUID]:
    """Make somebody with an address that has had its letter; tells the ids of both."""
    user, address, now = UserId(uuid4()), uuid4(), portal.clock.now()
    person = {"given_name": KARI.given, "family_name": KARI.family, "birth_date": BORN, "language": "nb"}
    given = {"address": f"{user}@firma.example", "given_at": now, "confirmed_at": now if confirmed else None}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(UserAccount).values(id=user, created_at=now, last_login_at=now, **person))
        await connection.execute(insert(EmailAddress).values(id=address, user_id=user, **given))
        await connection.execute(insert(EmailChallenge).values(id=uuid4(), address_id=address, issued_at=now))
    return user, address


async def new_letter(portal: Portal, *, given_up: bool = False) -> UUID:
    """Order a reminder that nobody has begun to send."""
    user, address = await new_user(portal, confirmed=False)
    key, now = uuid4(), portal.clock.now()
    order = {"key": key, "kind": "email-reminder", "user_id": user, "about": address, "ordered_at": now}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(Letter).values(refused_at=now if given_up else None, **order))
    return key


@asynccontextmanager
async def sending(client: Client, portal: Portal, mailbox: MoodyMailbox) -> AsyncIterator[None]:
    """A worker that can do nothing but send letters."""
    async with build_worker(client, LetterSending(LetterBook(portal.engine, LetterSecrets(b"k" * 32)), mailbox, SystemClock())):
        yield


async def test_operations_are_for_operators(app: FastAPI, portal: Portal, browser: Browser) -> None:
    """Support and sales have no business there, and a customer does not even see the door."""
    support, _ = await at_the_staff_door(app, portal, StaffRole.SUPPORT_LEAD, StaffRole.SALES)
    refused = await support.get("/ops")
    await support.http.aclose()

    assert 403 == refused.status_code
    assert led_to(await browser.get("/ops")).startswith("/staff")


async def test_a_house_in_order_says_so(olga: Browser) -> None:
    """And each thing that could be wrong is named, so that nobody wonders whether it was looked at."""
    shown = await olga.get("/ops")

    assert (200, "Operations") == (shown.status_code, title(shown))
    for words in ("Every process gets on.", "Every letter has arrived", "The two agree.", "Nothing so far.", OLGA):
        assert words in shown.text


async def test_who_is_down_is_told_with_what_to_do(portal: Portal) -> None:
    """Not everybody who is on call knows what waits for what."""

    async def away() -> bool:
        return False

    names = ("temporal", "worker", "register", "eid", "staff-login", "mail", "other")
    browser, _ = await at_the_staff_door(
        app := build_app(replace(portal, upstreams=Upstreams(dict.fromkeys(names, away), SystemClock()))), portal, StaffRole.OPERATOR
    )
    shown = await browser.get("/ops")
    await browser.http.aclose()

    assert app
    assert len(names) == shown.text.count("does not answer, noticed")
    assert "Start the worker" in shown.text


async def test_a_failing_step_is_shown_and_tried_at_once(olga: Browser, portal: Portal, temporal: WorkflowEnvironment) -> None:
    """With who did it and why kept for good; the failure's own words, which name the address, are shown nowhere."""
    mailbox, key = MoodyMailbox(), await new_letter(portal)
    with temporal.with_time_skipping_disabled():
        async with sending(temporal.client, portal, mailbox):
            letter = await portal.operations.letter(key)
            assert letter
            assert await portal.reconciler.begin_letter(letter)
            ailment = await _ailing(portal, letter_id(key))
            shown = await olga.get("/ops")
            mailbox.away = False
            fields = {"process": ailment[0], "activity": ailment[1]}
            without_reason = await olga.post("/ops/try-now", **fields, reason=" ")
            done = await olga.post("/ops/try-now", **fields, reason=WHY)
            await asyncio.wait_for(temporal.client.get_workflow_handle(letter_id(key)).result(), 5)
            too_late = await olga.post("/ops/try-now", **fields, reason=WHY)
            after = await olga.get("/ops")

    assert "send_letter" in shown.text
    assert "ConnectionError" in shown.text
    assert "kari@skranke.example" not in shown.text
    assert 422 == without_reason.status_code
    assert "/ops?done=1" == led_to(done)
    assert [key] == mailbox.letters
    assert (409, True) == (too_late.status_code, "nothing left to do" in too_late.text)
    assert WHY in after.text
    assert letter_id(key) not in after.text.partition("What was done by hand")[0]


async def _ailing(portal: Portal, process: str) -> tuple[str, str]:
    """Wait until a process is found to be ailing; tells it and its step."""
    async with asyncio.timeout(30):
        while True:
            for ailment in (await portal.processes.rounds()).ailments:
                if ailment.process == process and ailment.activity_id:
                    assert ailment.attempts >= WORTH_A_LOOK
                    return process, ailment.activity_id
            await asyncio.sleep(0.3)


async def test_a_letter_that_was_given_up_is_sent_again(olga: Browser, portal: Portal, temporal: WorkflowEnvironment) -> None:
    """Once the cause is mended; the customer need not ask."""
    mailbox, key = MoodyMailbox(away=False), await new_letter(portal, given_up=True)
    shown = await olga.get("/ops")
    async with sending(temporal.client, portal, mailbox):
        done = await olga.post(f"/ops/letters/{key}/send-again", reason=WHY)
        await temporal.client.get_workflow_handle(letter_id(key)).result()
        again = await olga.post(f"/ops/letters/{key}/send-again", reason=WHY)
    after = await olga.get("/ops")

    assert str(key) in shown.text
    assert "/ops?done=1" == led_to(done)
    assert [key] == mailbox.letters
    assert 409 == again.status_code
    assert "Every letter has arrived" in after.text


async def test_the_same_click_is_written_down_once(olga: Browser, portal: Portal) -> None:
    """A double click is one deed."""
    key, click = await new_letter(portal), str(uuid4())
    await olga.get("/ops")
    for _ in range(2):
        await olga.post(f"/ops/letters/{key}/send-again", reason=WHY, click_id=click)
    async with portal.engine.connect() as connection:
        kept = (await connection.execute(select(OpsLog.action, OpsLog.subject, OpsLog.reason))).all()

    assert [("send-again", str(key), WHY)] == kept
    await portal.processes.client.get_workflow_handle(letter_id(key)).terminate()


@pytest.mark.parametrize("change", ["update ops_log set reason = 'none'", "delete from ops_log", "truncate ops_log"])
async def test_what_was_done_by_hand_is_only_added_to(olga: Browser, portal: Portal, change: str) -> None:
    """Neither a colleague nor a migration makes it unsaid."""
    await olga.get("/ops")
    await olga.post(f"/ops/letters/{uuid4()}/send-again", reason=WHY)
    with pytest.raises(DBAPIError, match="append-only"):
        async with portal.engine.begin() as connection:
            await connection.execute(text(change))


async def test_what_has_lost_its_process_is_found_and_begun_again(
    olga: Browser, portal: Portal, watch: Watch, temporal: WorkflowEnvironment
) -> None:
    """Under the id it had, so that nothing is there twice; and what is under way without a row is shown and left alone."""
    watch.ahead = -2 * MAY_STILL_COME
    (owner, _), (user, _) = await new_user(portal, confirmed=True), await new_user(portal, confirmed=False)
    key, signup = await new_letter(portal), uuid4()
    row = {"id": signup, "user_id": owner, "organisation_number": "310279323", "started_at": portal.clock.now()}
    async with portal.engine.begin() as connection:
        await connection.execute(insert(Signup).values(row))
    watch.ahead = timedelta(0)
    drift = await drift_of(portal)
    shown = await olga.get("/ops")
    done = await olga.post("/ops/start-again", reason="After the power cut.")
    processes = [company_signup_id(row["id"]), email_confirmation_id(user), letter_id(key)]  # type: ignore[arg-type]  # as above
    running = [await portal.processes.is_running(process) for process in processes]
    again = await drift_of(portal)

    assert [signup] == [missing.id for missing in drift.signups]
    assert user in {missing.user for missing in drift.addresses}
    assert [key] == [missing.order.key for missing in drift.letters]
    assert str(signup) in shown.text
    assert "/ops?done=1" == led_to(done)
    assert [True] * 3 == running
    assert 0 == again.can_be_mended
    assert [] == await begin_missing(portal, again)
    for process in [*processes, *(email_confirmation_id(missing.user) for missing in drift.addresses if missing.user != user)]:
        await temporal.client.get_workflow_handle(process).terminate()


async def test_without_temporal_the_page_says_what_it_cannot_tell(olga: Browser, portal: Portal) -> None:
    """And nothing can be meddled with."""
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    gone = replace(portal, signups=replace(portal.signups, client=nowhere))
    with pytest.raises(TemporalIsAway):
        await gone.processes.rounds()
    olga.http._transport = Browser(build_app(gone)).http._transport  # noqa: SLF001 - the same browser, another house
    shown = await olga.get("/ops")
    tried = await olga.post("/ops/start-again", reason=WHY)

    assert (200, 2) == (shown.status_code, shown.text.count("so we cannot tell"))
    assert (503, True) == (tried.status_code, "so nothing was done" in tried.text)


async def test_the_figures_are_read_from_what_is_written_down(portal: Portal, olga: Browser) -> None:
    """What operators measure is what the pages show."""
    await new_letter(portal)
    await new_letter(portal, given_up=True)
    await olga.get("/ops")
    figures = await figures_of(portal)

    assert (1, 1, 1) == (figures.letters_waiting, figures.letters_given_up, figures.sessions)
    assert {} == figures.signups_by_stage
