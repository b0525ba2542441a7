"""What operators see of the house, and the few things they can do by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from domain.operations import (
    WAITS_LONG,
    Action,
    Deed,
    Drift,
    NothingToDo,
    ReasonIsMissing,
    TemporalDoesNotAnswer,
    WaitingLetter,
    reason_in,
)
from domain.refusals import Refusal
from web.access import Operator
from web.forms import Click
from web.pages import see_other, staff_page
from web.reconciling import begin_missing, drift_of
from web.visitor import Colleague
from workflows.front_desk.processes import Rounds, TemporalIsAway

UNPROCESSABLE, CONFLICT, UNAVAILABLE = 422, 409, 503
LONGEST_ID = 200
router = APIRouter(prefix="/ops")

Act = Callable[[], Awaitable[bool]]
Reason = Annotated[str, Form()]
Id = Annotated[str, Form(max_length=LONGEST_ID)]


@dataclass(frozen=True, slots=True)
class Tried:
    """What an operator has just tried, by the name of its form, and what came of it."""

    form: str = ""
    reason: str = field(default="", repr=False)
    problem: Refusal | None = None

    @property
    def status(self) -> int:
        """The status of the page that tells it."""
        match self.problem:
            case None:
                return 200
            case ReasonIsMissing():
                return UNPROCESSABLE
            case TemporalDoesNotAnswer():
                return UNAVAILABLE
            case _:
                return CONFLICT


@router.get("")
async def overview(operator: Operator, done: str = "") -> Response:
    """Show what is stuck, failing, down or adrift, and what can be done about each."""
    return await _overview(operator, Tried(), done=bool(done))


@router.post("/try-now")
async def try_now(operator: Operator, click: Click, process: Id = "", activity: Id = "", reason: Reason = "") -> Response:
    """Have a failing step tried at once instead of after its pause."""

    async def act() -> bool:
        return await operator.portal.processes.try_now(process, activity)

    return await _do(operator, click, Deed(Action.TRY_NOW, process, reason), f"try-now {process} {activity}", act)


@router.post("/letters/{key}/send-again")
async def send_again(operator: Operator, click: Click, key: UUID, reason: Reason = "") -> Response:
    """Have a letter tried again at once, also one that was given up."""

    async def act() -> bool:
        letter = await operator.portal.operations.letter(key)
        return letter is not None and await _send_again(operator, letter)

    return await _do(operator, click, Deed(Action.SEND_AGAIN, str(key), reason), f"send-again {key}", act)


@router.post("/start-again")
async def start_again(operator: Operator, click: Click, reason: Reason = "") -> Response:
    """Begin the processes that are missing."""

    async def act() -> bool:
        return bool(await begin_missing(operator.portal, await drift_of(operator.portal)))

    return await _do(operator, click, Deed(Action.START_AGAIN, "everything missing", reason), "start-again", act)


async def _send_again(operator: Colleague, letter: WaitingLetter) -> bool:
    """Hurry a letter that is being tried; one that nobody tries any more is taken up again."""
    portal, key = operator.portal, letter.order.key
    if not await portal.reconciler.letters_without_process([letter]):
        return await portal.reconciler.hurry_letter(letter)
    await portal.operations.take_up_again(key)
    return await portal.reconciler.begin_letter(letter)


async def _do(operator: Colleague, click: UUID, deed: Deed, form: str, act: Act) -> Response:
    """Write down who does what and why, then do it. Doing it twice does nothing more, so a repeated click is harmless."""
    portal = operator.portal
    try:
        reasoned = Deed(deed.action, deed.subject, reason_in(deed.reason))
        await portal.operations.keep_deed(click, portal.clock.now(), operator.staff.id, reasoned)
        if not await act():
            raise NothingToDo
    except TemporalIsAway:
        return await _overview(operator, Tried(form, deed.reason, TemporalDoesNotAnswer()))
    except Refusal as problem:
        return await _overview(operator, Tried(form, deed.reason, problem))
    return see_other(operator, "/ops?done=1")


async def _overview(operator: Colleague, tried: Tried, *, done: bool = False) -> Response:
    portal, now = operator.portal, operator.portal.clock.now()
    rounds, drift = await _processes(operator)
    return staff_page(
        operator,
        "ops.html",
        status=tried.status,
        path="/ops",
        tried=tried,
        done=done,
        upstreams=await portal.upstreams.look(),
        rounds=rounds,
        drift=drift,
        waiting=await portal.operations.letters_waiting(now - WAITS_LONG),
        given_up=await portal.operations.letters_given_up(now),
        logged_in=await portal.operations.logged_in(portal.wall_clock.now()),
        deeds=await portal.operations.deeds(),
        temporal_ui=portal.temporal_ui,
        namespace=portal.processes.client.namespace,
        now=now,
    )


async def _processes(operator: Colleague) -> tuple[Rounds | None, Drift | None]:
    try:
        return await operator.portal.processes.rounds(), await drift_of(operator.portal)
    except TemporalIsAway:
        return None, None
