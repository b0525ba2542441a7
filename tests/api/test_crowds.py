"""More tills ask than can be answered: some wait a little, the others are told at once, and nobody waits for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from api.crowds import Crowds, Turnstile, step_aside
from gateways.meters import Meters
from tests.api.tills import Till

LONGEST, SHORT = timedelta(milliseconds=400), timedelta(milliseconds=300)
CHECK = {"type": "http", "method": "POST", "path": "/v1/checks", "headers": []}


@dataclass
class Watch:
    """A clock that a test sets, in seconds."""

    at: float = 0.0

    def __call__(self) -> float:
        """Tell the time that was set."""
        return self.at


@dataclass
class Slow:
    """Answers when it is told to, and knows how many it is busy with."""

    inside: int = 0
    most: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    aside: bool = False

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Answer."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.aside:
            step_aside()
        try:
            await self.go_on.wait()
        finally:
            self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Street:
    """A crowd before a door that lets two in and lets three wait."""

    app: Slow
    watch: Watch
    crowds: Crowds

    def come(self, path: str = "/v1/checks") -> asyncio.Task[tuple[int, Mapping[bytes, bytes]]]:
        """Ask for something."""
        return asyncio.create_task(self._ask(path))

    async def _ask(self, path: str) -> tuple[int, Mapping[bytes, bytes]]:
        heard: list[Message] = []

        async def hear(message: Message) -> None:
            heard.append(message)

        async def nothing() -> Message:
            return {"type": "http.request"}

        await self.crowds({**CHECK, "path": path}, nothing, hear)
        return heard[0]["status"], dict(heard[0]["headers"])


@pytest.fixture
def street() -> Street:
    """A street with a door."""
    app, watch = Slow(), Watch()
    turnstile = Turnstile(2, 3, LONGEST, watch)
    return Street(app, watch, Crowds(app, public_url="https://skranke.example", meters=Meters(), turnstile=turnstile, patience=SHORT))


async def soon() -> None:
    """Let everybody do what they can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_so_many_are_let_in_some_wait_and_the_others_are_turned_away_at_once(street: Street) -> None:
    """With a time to come back, before anything was read or looked up."""
    tills = [street.come() for _ in range(8)]
    await soon()

    turned_away = [till for till in tills if till.done()]
    assert tills[5:] == turned_away
    assert [(503, b"1")] * 3 == [(till.result()[0], till.result()[1][b"retry-after"]) for till in turned_away]
    street.app.go_on.set()
    assert [200] * 5 == [status for status, _ in await asyncio.gather(*tills[:5])]
    assert 2 == street.app.most


async def test_whoever_comes_while_the_first_waits_too_long_is_turned_away(street: Street) -> None:
    """On a slow machine the line is shorter, because it is the time that counts."""
    tills = [street.come() for _ in range(3)]
    await soon()
    street.watch.at = LONGEST.total_seconds()

    status, _ = await street.come()

    assert 503 == status
    street.app.go_on.set()
    assert [200] * 3 == [status for status, _ in await asyncio.gather(*tills)]
    assert 200 == (await street.come())[0]


async def test_a_till_that_hangs_up_in_line_takes_nobodys_turn(street: Street) -> None:
    """Neither while it waits nor in the moment in which it would have come in."""
    tills = [street.come() for _ in range(5)]
    await soon()
    tills[2].cancel()
    await soon()
    street.app.go_on.set()
    tills[0].add_done_callback(lambda _: tills[3].cancel())
    await asyncio.gather(*tills, return_exceptions=True)
    street.app.go_on.clear()

    again = [street.come() for _ in range(2)]
    await soon()

    assert 2 == street.app.inside
    street.app.go_on.set()
    assert [200, 200] == [status for status, _ in await asyncio.gather(*again)]


async def test_whoever_is_slow_on_purpose_keeps_nobody_waiting(street: Street) -> None:
    """A developer who tries out what slowness does must not slow real tills."""
    street.app.aside = True
    tills = [street.come() for _ in range(20)]
    await soon()

    assert 20 == street.app.inside
    street.app.go_on.set()
    assert {200} == {status for status, _ in await asyncio.gather(*tills)}


async def test_only_checks_stand_in_line(street: Street) -> None:
    """The watchman, the keys and the phones are let through."""
    tills = [street.come("/readyz") for _ in range(10)]
    await soon()

    assert 10 == street.app.inside
    street.app.go_on.set()
    await asyncio.gather(*tills)


async def test_nobody_waits_for_ever_while_the_database_stands_still(street: Street) -> None:
    """After a while in line it is said that it will not be."""
    tills = [street.come() for _ in range(3)]

    async with asyncio.timeout(5):
        status, headers = await tills[2]

    assert (503, b"1") == (status, headers[b"retry-after"])
    street.app.go_on.set()
    assert [200, 200] == [status for status, _ in await asyncio.gather(*tills[:2])]


@pytest.mark.parametrize("capacity", [7, 50, 333])
def test_three_times_too_many_get_as_much_done_as_can_be(capacity: int) -> None:
    """Played through with a clock: whatever the machine's speed, it is never idle, and the line moves within the time it may take."""
    watch, waited, answered, refused = Watch(), [], 0, 0
    loop = asyncio.new_event_loop()
    turnstile, line = Turnstile(1, 400, LONGEST, watch), []
    came = 0
    for tick in range(capacity * 3 * 20):
        watch.at = tick / (capacity * 3)
        if turnstile.is_closed:
            refused += 1
        elif turnstile.is_free:
            turnstile.enter()
        else:
            turn = loop.create_future()
            turnstile.line_up(turn)
            line.append((watch.at, turn))
        came += 1
        if tick % 3 == 2:
            answered += 1
            turnstile.leave()
            waited += [watch.at - since for since, turn in line if turn.done()]
            line = [(since, turn) for since, turn in line if not turn.done()]
    loop.close()

    assert came == capacity * 60
    assert answered == capacity * 20
    assert came - answered - refused == len(line) + (0 if turnstile.is_free else 1)
    assert max(waited) <= min(3 * LONGEST.total_seconds(), 400 / capacity) + 1 / capacity


async def test_a_real_counter_has_one_and_says_it_in_the_words_of_the_api(till: Till) -> None:
    """A check is answered as ever, and a till that reads problems understands this one too."""
    answers = [await till.ask(await till.show()) for _ in range(3)]
    closed = Crowds(Slow(), public_url="https://skranke.example", meters=Meters(), turnstile=Turnstile(0, 0, LONGEST), patience=SHORT)
    transport = httpx2.ASGITransport(app=closed)
    async with httpx2.AsyncClient(transport=transport, base_url="https://skranke.example") as http:
        refused = await http.post("/v1/checks")

    assert [200] * 3 == [answer.status_code for answer in answers]
    assert (503, "unavailable") == (refused.status_code, refused.json()["code"])
    assert {"nb", "en"} == refused.json()["till_text"].keys()
