"""A client gets a token by its credentials, and nobody else does."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote_plus
from uuid import uuid4

import httpx2
import pytest

from api.counter import Counter
from api.gates import Gate
from database.api_clients import ApiClients, KnownCaller
from database.connection import build_engine
from database.suspensions import suspend
from domain.api_access import TOKEN_LIFE
from domain.desk.reasons import ReversalReason
from domain.ids import ProfileId
from tests.api.clients import COMPANY, GRANT, Integrator, ask, by_signature, register
from tests.api.counting import SetClock, calling
from tests.api.merchants import BEGAN, TOKENS_LIVE, all_of, insert

pytestmark = pytest.mark.usefixtures("registered")


@pytest.fixture
def us() -> Integrator:
    """An integrator whose client is good."""
    return Integrator()


@pytest.fixture
async def registered(counter: Counter, us: Integrator) -> None:
    """That client, as we know it."""
    await register(counter.pool, us.registered())


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Credentials in a header, written as RFC 6749 wants them."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def post(us: Integrator, **more: str) -> dict[str, str]:
    """Credentials in a form."""
    return GRANT | {"client_id": us.client_id, "client_secret": us.secret} | more


async def test_a_token_is_good_for_five_minutes_and_kept_as_a_hash(
    http: httpx2.AsyncClient, counter: Counter, us: Integrator, clock: SetClock
) -> None:
    """Who reads the database has nothing to call us with."""
    answer = await ask(http, GRANT, headers=basic(us.client_id, us.secret))
    told, caller = answer.json(), ApiClients(counter.pool)
    hashed = hashlib.sha256(told["access_token"].encode()).digest()

    assert 200 == answer.status_code, answer.text
    assert {"access_token", "token_type", "expires_in"} == told.keys()
    assert ("Bearer", 300) == (told["token_type"], told["expires_in"])
    assert ("no-store", "no-cache") == (answer.headers["cache-control"], answer.headers["pragma"])
    assert [(hashed, us.client_id)] == await all_of(counter.pool, "select token_hash, client_id from access_token")
    assert KnownCaller(us.client_id, COMPANY, sandbox=False, scope="") == await caller.caller(hashed, clock.now())
    assert await caller.caller(hashed, clock.now() + TOKEN_LIFE) is None


async def test_every_way_to_prove_oneself_gives_a_token_and_each_another(http: httpx2.AsyncClient, us: Integrator) -> None:
    """Basic, post, and a signature by either kind of key, whose algorithm has two names."""
    ways = [
        ask(http, GRANT, headers=basic(us.client_id, us.secret)),
        ask(http, GRANT | {"client_id": us.client_id}, headers=basic(us.client_id, us.secret)),
        ask(http, post(us)),
        ask(http, by_signature(us.assertion())),
        ask(http, by_signature(us.assertion(), client_id=us.client_id)),
        ask(http, by_signature(us.assertion({"typ": "client-authentication+jwt"}))),
        ask(http, by_signature(us.assertion({"alg": "Ed25519", "kid": "key-2"}, us.edwards))),
    ]
    answers = await asyncio.gather(*ways)

    assert [200] * len(ways) == [answer.status_code for answer in answers]
    assert len(ways) == len({answer.json()["access_token"] for answer in answers})


async def test_scopes_are_kept_with_the_token(http: httpx2.AsyncClient, counter: Counter, us: Integrator) -> None:
    """The contract that has scopes reads its data set from them; a scope that is named twice is one."""
    wanted = "vis-leg/identity_basic vis-leg/shop_info vis-leg/identity_basic"
    answer = await ask(http, post(us, scope=wanted))

    assert "vis-leg/identity_basic vis-leg/shop_info" == answer.json()["scope"]
    assert [("vis-leg/identity_basic vis-leg/shop_info",)] == await all_of(counter.pool, "select scope from access_token")


@pytest.mark.parametrize("scope", ["vis-leg/everything", "VIS-LEG/identity_basic", "a  b", ' "', "vis-leg/identity_basic\n", "ø"])
async def test_a_scope_that_nobody_has_is_refused(http: httpx2.AsyncClient, us: Integrator, scope: str) -> None:
    """A till that asked for the wrong thing must not find that out from its answers."""
    answer = await ask(http, post(us, scope=scope))

    assert (400, "invalid_scope") == (answer.status_code, answer.json()["error"])


async def test_an_unknown_client_and_a_wrong_secret_are_told_the_same(http: httpx2.AsyncClient, counter: Counter, us: Integrator) -> None:
    """Or the names of clients could be found out by asking."""
    closed, without = Integrator(), Integrator()
    await register(counter.pool, closed.registered(active=False), without.registered(secret_hash=None))
    stranger = Integrator()
    refused = [
        await ask(http, post(stranger)),
        await ask(http, post(us, client_secret=stranger.secret)),
        await ask(http, post(closed)),
        await ask(http, post(without)),
        await ask(http, by_signature(stranger.assertion())),
        await ask(http, by_signature(closed.assertion())),
    ]

    assert {401} == {answer.status_code for answer in refused}
    assert 1 == len({answer.text for answer in refused})
    assert {'Basic realm="Skranke", charset="UTF-8"'} == {answer.headers["www-authenticate"] for answer in refused}
    assert "https://skranke.example/problems/invalid_client" == refused[0].json()["error_uri"]


async def test_a_client_that_is_closed_has_no_token_any_more(
    http: httpx2.AsyncClient, counter: Counter, us: Integrator, clock: SetClock
) -> None:
    """From this very moment on, whatever it was given a minute ago."""
    token = (await ask(http, post(us))).json()["access_token"]
    await ApiClients(counter.pool).deactivate(us.client_id)
    hashed = hashlib.sha256(token.encode()).digest()

    assert await ApiClients(counter.pool).caller(hashed, clock.now()) is None
    assert 401 == (await ask(http, post(us))).status_code


async def test_a_suspended_company_gets_no_token(http: httpx2.AsyncClient, counter: Counter, us: Integrator) -> None:
    """Whatever its programs prove; once it has come back, they are let in again."""
    profile, when = uuid4(), {"suspended_at": BEGAN, "reason": "mistake"}
    await insert(counter.pool, "profile", id=profile, organisation_number=COMPANY, opened_at=BEGAN)
    await insert(counter.pool, "profile_suspension", id=uuid4(), profile_id=profile, **when)
    assert 401 == (await ask(http, post(us))).status_code
    async with counter.pool.connection() as connection:
        await connection.execute("update profile_suspension set lifted_at = suspended_at")

    assert 200 == (await ask(http, post(us))).status_code


async def test_who_asks_for_token_after_token_has_to_wait(counter: Counter, us: Integrator) -> None:
    """One every five minutes would do. Nobody else waits with them, and who is not them cannot make them wait."""
    other = Integrator()
    await register(counter.pool, other.registered())
    seconds = [0.0]
    gate = Gate(3, timedelta(minutes=1), clock=lambda: seconds[0])
    async with calling(replace(counter, token_gate=gate)) as http:
        forged = [await ask(http, post(us) | {"client_secret": "x"}) for _ in range(5)]
        answers = [await ask(http, post(us)) for _ in range(4)]
        others = await ask(http, post(other))
        seconds[0] += int(answers[-1].headers["retry-after"])
        later = await ask(http, post(us))

    assert {401} == {answer.status_code for answer in forged}
    assert [200, 200, 200, 429] == [answer.status_code for answer in answers]
    assert ("rate_limited", "20") == (answers[-1].json()["code"], answers[-1].headers["retry-after"])
    assert (200, 200) == (others.status_code, later.status_code)


async def test_no_token_outlives_the_moment_of_a_suspension(fresh_database: str, counter: Counter, us: Integrator) -> None:
    """One on its way out is waited for and counts no more; one that is asked for meanwhile waits, and is not given."""
    profile, engine, clients = uuid4(), build_engine(fresh_database, program="tests"), ApiClients(counter.pool)
    until = BEGAN + TOKENS_LIVE
    await insert(counter.pool, "profile", id=profile, organisation_number=COMPANY, opened_at=BEGAN)
    async with engine.begin() as suspending:
        async with counter.pool.connection() as issuing, issuing.transaction():
            row = "insert into access_token (token_hash, client_id, expires_at, scope) values (%s, %s, %s, '')"
            await issuing.execute(row, [b"early", us.client_id, until])
            suspension = asyncio.create_task(suspend(suspending, uuid4(), ProfileId(profile), ReversalReason.MISTAKE, BEGAN))
            assert (set(), {suspension}) == await asyncio.wait([suspension], timeout=0.2)
        await suspension
        late = asyncio.create_task(clients.remember_token(b"late", us.client_id, "", until))
        assert (set(), {late}) == await asyncio.wait([late], timeout=0.2)
    await engine.dispose()

    assert await late is False
    assert [None, None] == [await clients.caller(token, BEGAN) for token in (b"early", b"late")]
