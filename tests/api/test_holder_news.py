"""The phone hears who has scanned its code, and reads its holder's log; nobody else does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from database.cards import ENTRIES_ON_A_PAGE
from database.sweeping import Sweeping
from stand_ins.phone.app import Phone, Refused, Shown
from stand_ins.phone.idk1 import Mode, open_entry
from stand_ins.phone.wallet import Wallet
from tests.api.holding import World, world

A_SECOND = 1.0


@pytest.fixture
async def here(fresh_database: str) -> AsyncIterator[World]:
    """Everybody whom a phone has to do with, a shop, and two servers over one database."""
    async with world(fresh_database, counters=2) as here:
        await here.open_a_shop()
        yield here


@pytest.fixture
async def phone(here: World) -> Phone:
    """Ingrid's, with her card."""
    return await here.phone_of("ingrid")


async def test_scanned_by_reaches_the_phone_within_a_second(here: World, phone: Phone) -> None:
    """Whichever server the till and the phone speak to; both show the same two digits."""
    for portal in (here.portal, here.another_portal):
        shown = await phone.show()
        waiting = asyncio.create_task(phone.hear(shown))
        await asyncio.sleep(0.3)
        told = await here.scan(shown, portal=portal)
        scanned_at = time.monotonic()
        heard = await waiting

        assert time.monotonic() - scanned_at < A_SECOND
        assert heard is not None
        assert (told["match_code"], "Fjellbrygg Torggata", "alcohol_20") == (heard["match_code"], heard["shop"], heard["purpose"])
        assert {"age_over_20", "portrait"} == set(heard["released"])


async def test_a_scan_that_came_first_is_told_at_once(here: World, phone: Phone) -> None:
    """The phone's connection may have been away in the meantime, or its answer lost; it asks again."""
    shown = await phone.show()
    told = await here.scan(shown)
    heard = [await phone.hear(shown) for _ in range(2)]

    assert [told["match_code"]] * 2 == [news["match_code"] for news in heard if news]


async def test_a_check_that_was_refused_is_told_too(here: World, phone: Phone) -> None:
    """The code is spent, and its holder should know to whom; nothing was released."""
    shown = await phone.show(Mode.AGE)
    told = await here.scan(shown, "parcel_pickup")
    heard = await phone.hear(shown)

    assert "holder_limited" == told["code"]
    assert heard is not None
    assert ("parcel_pickup", []) == (heard["purpose"], heard["released"])


async def test_a_code_that_nobody_scans_expires(here: World, phone: Phone) -> None:
    """The phone need not go by its own clock."""
    shown = await phone.show()
    waiting = asyncio.create_task(phone.hear(shown))
    await asyncio.sleep(0.3)
    here.clock.pass_by(timedelta(seconds=31))

    assert await asyncio.wait_for(waiting, 2) is None
    assert "qr_expired" == (await here.scan(shown))["code"]


async def test_nobody_hears_of_anothers_code(here: World, phone: Phone) -> None:
    """Its hash alone says nothing to another phone, not even that there is such a code."""
    shown, other = await phone.show(), await here.phone_of("jonas")
    nobodys = Shown("", bytes(32), Mode.AGE, shown.expires_at, 30)
    for code in (shown, nobodys):
        with pytest.raises(Refused) as refused:
            await other.hear(code)

        assert (404, "qr_unknown") == (refused.value.status, refused.value.code)


async def test_one_code_is_not_waited_for_a_thousand_times(here: World, phone: Phone) -> None:
    """A phone has one connection, or a few that it has lost; the others are told to wait."""
    shown = await phone.show()
    path = f"/v1/holder/presentations/{shown.ref_hash.hex()}/events"
    waiting = [asyncio.create_task(phone.call("GET", path)) for _ in range(6)]
    await asyncio.sleep(0.5)
    await here.scan(shown)
    answers = [await one for one in waiting]

    assert [200] * 4 + [429] * 2 == sorted(answer.status_code for answer in answers)


async def test_the_holder_reads_every_check_wherever_its_entry_lies(here: World, phone: Phone) -> None:
    """Entries wait in an inbox and are put away in batches; the holder sees all of them, once."""
    for purpose in ("alcohol_20", "parcel_pickup"):
        await here.scan(await phone.show(), purpose)
    unsorted = await phone.log()
    await Sweeping(here.counter.pool).put_away(here.clock.now() + timedelta(days=1))
    await here.scan(await phone.show())
    entries = await phone.log()

    assert {"alcohol_20", "parcel_pickup"} == {entry["purpose"] for entry in unsorted}
    assert ["alcohol_20", "alcohol_20", "parcel_pickup"] == sorted(entry["purpose"] for entry in entries)


async def test_a_long_log_comes_in_pages(here: World, phone: Phone) -> None:
    """Every entry once, the newest day first."""
    day = here.clock.now().date()
    await here.scan(await phone.show())
    [(mailbox, sealed)] = await here.rows("select mailbox_id, sealed from holder_log_inbox")
    await here.rows(
        "insert into holder_log (entry_id, mailbox_id, sealed, day)"
        " select gen_random_uuid(), %s, %s, %s::date - n / 7 from generate_series(1, 250) as n returning 1",
        mailbox,
        sealed,
        day,
    )
    entries, path, pages = list[dict[str, str]](), "/v1/holder/log", 0
    while path:
        said = (await phone.call("GET", path)).json()
        entries, path, pages = entries + said["entries"], said.get("next", ""), pages + 1

    assert (251, 251, 3) == (len(entries), len({entry["id"] for entry in entries}), pages)
    assert sorted((entry["day"] for entry in entries), reverse=True) == [entry["day"] for entry in entries]
    assert len(await phone.log()) == 251 > ENTRIES_ON_A_PAGE


async def test_only_the_holders_key_reads_the_log(here: World, phone: Phone) -> None:
    """Another phone gets its own log; staff, tills and passers-by get none, whatever they bring."""
    await here.scan(await phone.show())
    other = await here.phone_of("jonas")
    [(sealed,)] = await here.rows("select sealed from holder_log_inbox")
    session = {"Cookie": "skranke-session=staff; __Host-session=staff"}
    strangers = [{}, session, here.merchant.headers, {"Authorization": "Card " + other.signature("GET", "/v1/holder/cards", b"")}]
    answers = [await here.http.get(f"{here.portal}/v1/holder/log", headers=headers) for headers in strangers]

    assert [] == await other.log()
    assert [(401, "device_unauthorized")] * 4 == [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert 304 == len(sealed)
    assert b"Fjellbrygg" not in sealed
    with pytest.raises(InvalidTag):
        open_entry(other.wallet.log_key, sealed)


async def test_a_place_in_the_log_that_is_none_is_refused(phone: Phone) -> None:
    """What a phone makes up is told, and not guessed at."""
    answers = [await phone.call("GET", f"/v1/holder/log?after={after}") for after in ("x", "2026-13-99." + "0" * 8, "")]

    assert [(400, "parameter_invalid")] * 3 == [(answer.status_code, answer.json()["code"]) for answer in answers]


async def test_the_old_card_keeps_its_log(here: World, phone: Phone) -> None:
    """Whoever enrols anew on another phone may still read the old log on the old one: its key is nowhere else."""
    await here.scan(await phone.show())
    new = await here.phone_of("ingrid")

    assert 1 == len(await phone.log())
    assert [] == await new.log()


async def test_an_unenrolled_phone_reads_nothing(here: World) -> None:
    """A key that nobody knows is nobody's."""
    wallet = Wallet.new()
    answer = await here.phone(wallet).call("GET", "/v1/holder/log")
    made_up = await here.phone(wallet.holding(wallet.mailbox_id)).call("GET", "/v1/holder/log")

    assert (401, 401) == (answer.status_code, made_up.status_code)
