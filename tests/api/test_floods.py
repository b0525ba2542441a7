"""Who sends too much without saying who they are has to wait, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.floods import NAMELESS, REFUSED, Floods, address_of
from api.gates import Gate

HERE, THERE = "192.0.2.7", "198.51.100.9"


async def answers(_: Scope, __: Receive, send: Send) -> None:
    """Know one credential, and everything that is for everybody."""
    sent = Headers(scope=_).get("authorization", "Bearer good")
    await send({"type": "http.response.start", "status": 200 if sent == "Bearer good" else 401, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def ask(app: ASGIApp, credential: str | None = None, address: str = HERE) -> tuple[int, Mapping[str, str]]:
    """Ask something from somewhere; the status and the headers of the answer."""
    headers = [(b"authorization", credential.encode())] if credential else []
    heard: list[Message] = []

    async def hear(message: Message) -> None:
        heard.append(message)

    async def nothing() -> Message:
        return {"type": "http.request"}

    await app({"type": "http", "method": "GET", "path": "/", "headers": headers, "client": (address, 1)}, nothing, hear)
    return heard[0]["status"], {name.decode(): value.decode() for name, value in heard[0]["headers"]}


async def many(app: ASGIApp, times: int, credential: str | None = None, address: str = HERE) -> Sequence[int]:
    """Ask many times; the statuses."""
    return [(await ask(app, credential, address))[0] for _ in range(times)]


@pytest.fixture
def app() -> Floods:
    """What stands before the API, without any proxy in front."""
    return Floods(answers, public_url="https://skranke.example", proxies=0)


async def test_who_says_nothing_of_themselves_is_stopped_in_the_end(app: Floods) -> None:
    """They are told when to come back; somebody elsewhere, or with a name, gets through."""
    statuses = await many(app, NAMELESS + 50)
    status, headers = await ask(app)

    assert {200} == set(statuses[:NAMELESS])
    assert 429 in statuses[NAMELESS:]
    assert status == 200 or int(headers["retry-after"]) >= 1
    assert [200] == await many(app, 1, address=THERE)
    assert [200] == await many(app, 1, "Bearer good")


async def test_wrong_credentials_stop_their_address_but_not_those_who_were_good_there(app: Floods) -> None:
    """A shop's tills share an address, and one of them may be set up wrongly."""
    good_before = await many(app, 1, "Bearer good")
    refused = [(await ask(app, f"Bearer {guess}"))[0] for guess in range(REFUSED + 30)]

    assert [200] == good_before
    assert {401} == set(refused[:REFUSED])
    assert 429 in refused[REFUSED:]
    assert [200] * 100 == await many(app, 100, "Bearer good")
    assert [401] == await many(app, 1, "Bearer bad", THERE)


async def test_the_answer_is_a_problem_with_a_time(app: Floods) -> None:
    """As every other refusal."""
    for guess in range(REFUSED + 30):
        status, headers = await ask(app, f"Bearer {guess}")
        if status == 429:
            break

    assert ("application/problem+json", "no-store") == (headers["content-type"], headers["cache-control"])
    assert int(headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "counted"),
    [
        (0, "203.0.113.1", HERE, HERE),
        (1, "203.0.113.1", HERE, "203.0.113.1"),
        (1, "10.9.9.9, 203.0.113.1", HERE, "203.0.113.1"),
        (2, "10.9.9.9, 203.0.113.1, 10.0.0.1", HERE, "203.0.113.1"),
        (1, None, HERE, HERE),
        (0, None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "2001:db8:1:2::77", HERE, "2001:db8:1:2:ffff::1"),
    ],
)
def test_the_address_that_counts_is_one_that_a_caller_cannot_choose(proxies: int, forwarded: str | None, peer: str, counted: str) -> None:
    """What a caller writes into X-Forwarded-For stands left of what our own proxies add; of IPv6 a household's network counts."""
    headers = Headers({"x-forwarded-for": forwarded} if forwarded else {})
    alone = {"type": "http", "client": (counted, 1)}

    assert address_of(alone, Headers(), 0) == address_of({"type": "http", "client": (peer, 1)}, headers, proxies)


def test_what_is_no_address_counts_as_one() -> None:
    """Whoever could choose between many would never have to wait."""
    read = {address_of({"type": "http", "client": None}, Headers({"x-forwarded-for": text}), 1) for text in ("a", "b", "", "1.2.3.4.5")}

    assert {b""} == read


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60))
def test_a_gate_never_lets_more_through_than_it_should(steps: list[tuple[int, bool]]) -> None:
    """So many at once, and after that as many as the time that has passed allows."""
    seconds = [0.0]
    gate = Gate(10, timedelta(seconds=60), clock=lambda: seconds[0])
    passed = 0
    for wait, _ in steps:
        seconds[0] += wait
        if gate.wait(b"x") == 0:
            gate.count(b"x")
            passed += 1

    assert passed <= 10 + seconds[0] * 10 / 60 + 1e-9


def test_who_has_waited_as_told_may_pass() -> None:
    """Or Retry-After would be a lie."""
    seconds = [0.0]
    gate = Gate(3, timedelta(seconds=60), clock=lambda: seconds[0])
    for _ in range(3):
        gate.count(b"x")
    seconds[0] += gate.wait(b"x")

    assert 0 == gate.wait(b"x")


def test_a_gate_forgets_who_came_long_ago() -> None:
    """A million addresses must not fill the memory."""
    gate = Gate(1, timedelta(seconds=60), remembered=2, clock=lambda: 0.0)
    for who in (b"a", b"b", b"c"):
        gate.count(who)

    assert [0, 60, 60] == [gate.wait(who) for who in (b"a", b"b", b"c")]
