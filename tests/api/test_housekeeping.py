"""What a server does by itself, beside answering."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from api.counter import Counter
from api.housekeeping import keep_house, sweep
from gateways.cards import CardIssuer
from tests.api.merchants import all_of
from tests.api.tills import Till

SOON = 10
OF_A_COMPANY = (
    (
        b"insert into company (organisation_number, name, form_code, form, address_lines, postcode, city, country, fetched_at) "
        b"values ('310279323', 'FJELLBRYGG AS', 'AS', 'Aksjeselskap', '{}', '', '', '', %(now)s) on conflict do nothing"
    ),
    b"insert into profile (id, organisation_number, opened_at, closed_at) values (%(profile)s, '310279323', %(now)s, %(now)s)",
    (
        b"insert into user_account (id, given_name, family_name, birth_date, language, created_at, last_login_at) "
        b"values (%(user)s, 'Kari', 'Lund', '1980-05-17', 'nb', %(now)s, %(now)s)"
    ),
)
DRAFTS = (
    (
        b"insert into invitation (id, profile_id, email, role, language, invited_by, drafted_at, sendings, state) "
        b"values (%(draft)s, %(profile)s, 'ola@firma.example', 'member', 'nb', %(user)s, %(at)s, 0, 'open')"
    ),
    (
        b"insert into membership_recovery (id, profile_id, user_id, email, asked_at, state) "
        b"values (%(draft)s, %(profile)s, %(user)s, 'ola@firma.example', %(at)s, 'open')"
    ),
)


@contextlib.asynccontextmanager
async def kept(counter: Counter) -> AsyncIterator[asyncio.Task[None]]:
    """A house that is kept as long as the test goes on."""
    issuer = CardIssuer(counter.http, counter.card_issuer, counter.wall_clock)
    keeping = asyncio.create_task(keep_house(counter, issuer))
    try:
        yield keeping
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def test_a_server_chains_what_it_logs(till: Till) -> None:
    """Nobody has to ask for it, and a head is there within seconds."""
    async with kept(till.counter), asyncio.timeout(SOON):
        await till.ask(await till.show())
        while not await all_of(till.counter.pool, "select from check_log_head"):  # noqa: ASYNC110 - another program would look too
            await asyncio.sleep(0.05)

    heads = (await till.http.get("/v1/check-log/heads", headers=till.merchant.headers)).json()["heads"]
    assert [1] == [head["checks"] for head in heads]


async def test_a_database_that_is_down_stops_nothing(till: Till) -> None:
    """The house is kept again as soon as there is a database."""
    nowhere = replace(till.counter, pool=type(till.counter.pool)("postgresql://nobody@127.0.0.1:1/nothing", open=False))
    async with kept(nowhere) as keeping:
        await asyncio.sleep(1.5)

        assert not keeping.done()


async def test_an_address_that_nobody_wrote_to_is_forgotten(till: Till) -> None:
    """What was typed and refused has no process and no use; a draft of this very hour may still be taken up."""
    now, profile, user, old, new = till.counter.wall_clock.now(), *(uuid4() for _ in range(4))
    async with till.counter.pool.connection() as connection:
        for statement in OF_A_COMPANY:
            await connection.execute(statement, {"profile": profile, "user": user, "now": now})
        for draft, at in ((old, now - timedelta(days=2)), (new, now)):
            for statement in DRAFTS:
                await connection.execute(statement, {"draft": draft, "profile": profile, "user": user, "at": at})
    await sweep(till.counter)

    for query in ("select id from invitation where opened_at is null", "select id from membership_recovery where opened_at is null"):
        assert [(new,)] == await all_of(till.counter.pool, query)
