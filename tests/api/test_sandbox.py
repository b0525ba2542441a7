"""Whoever writes a till meets everything that happens at tills, with people who do not exist."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from api.counter import Counter
from api.sandbox import CODES_AT_ONCE
from api.sandbox_persons import PERSONS, of_age_in
from domain.cards.ages import age_on, is_at_least
from domain.cards.codes import read_code
from tests.api.counting import SetClock, calling
from tests.api.merchants import NUMBERS, Merchant, all_of, open_shop

PURPOSES = ("alcohol_18", "parcel_pickup", "pharmacy_pickup")
NEW_YEARS_EVE = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)


@dataclass
class Developer:
    """Somebody who writes a till, with a program in the sandbox and another one for real cards."""

    http: httpx2.AsyncClient
    counter: Counter
    merchant: Merchant
    real: Merchant

    async def show(self, person: int, query: str = "", **headers: str) -> httpx2.Response:
        """Let somebody show a code."""
        return await self.http.post(f"/v1/sandbox/persons/{person}/presentations{query}", headers=self.merchant.headers | headers)

    async def check(self, code: str, purpose: str = "alcohol_18", merchant: Merchant | None = None) -> httpx2.Response:
        """Check what was scanned."""
        who = merchant or self.merchant
        body = {"qr": code, "purpose": purpose, "terminal": {"id": who.till}}
        return await self.http.post("/v1/checks", json=body, headers=who.headers)

    async def scan(self, person: int, purpose: str = "alcohol_18", query: str = "") -> httpx2.Response:
        """Let somebody show a code, and check it."""
        return await self.check((await self.show(person, query)).json()["qr"], purpose)


@pytest.fixture
async def developer(counter: Counter, issuer_site: str) -> AsyncIterator[Developer]:
    """A developer with all they need."""
    merchant, real = Merchant(), Merchant(number=NUMBERS[1], gln=None)
    await open_shop(counter.pool, merchant, PURPOSES, sandbox=True)
    await open_shop(counter.pool, real, PURPOSES)
    counter = replace(counter, card_issuer=issuer_site)
    async with calling(counter) as http:
        yield Developer(http, counter, merchant, real)


async def test_the_published_five_are_there_and_what_each_is_for(developer: Developer) -> None:
    """Tills that were tried with the published test persons find them again, in two languages."""
    persons = (await developer.http.get("/v1/sandbox/persons", headers=developer.merchant.headers)).json()["persons"]

    assert [43, 29, 14, 18, 16] == [person["age"] for person in persons[:5]]
    assert list(PERSONS) == [person["n"] for person in persons]
    assert {"nb": "Fyller 18 i dag", "en": "Turns 18 today"} == persons[5]["about"]


@pytest.mark.parametrize(("person", "old_enough"), [(1, True), (3, False), (4, True), (5, False), (6, True), (7, False), (8, True)])
async def test_ages_are_as_told(developer: Developer, person: int, *, old_enough: bool) -> None:
    """With a drawn face of a size that real ones have."""
    answer = await developer.scan(person)

    assert old_enough is answer.json()["claims"]["age_over_18"]
    assert 10_000 < len(answer.json()["claims"]["portrait"]["data"]) < 25_000


@pytest.mark.parametrize(
    ("person", "purpose", "status", "code"),
    [
        (11, "alcohol_18", 422, "card_expired"),
        (12, "alcohol_18", 422, "card_blocked"),
        (13, "parcel_pickup", 403, "holder_limited"),
        (14, "alcohol_18", 422, "card_incomplete"),
        (16, "alcohol_18", 503, "unavailable"),
    ],
)
async def test_every_refusal_can_be_had(developer: Developer, person: int, purpose: str, status: int, code: str) -> None:
    """Before the first real customer meets it."""
    answer = await developer.scan(person, purpose)

    assert (status, code) == (answer.status_code, answer.json()["code"])


async def test_names_come_as_they_are_written(developer: Developer) -> None:
    """Sámi letters, and more of them than a till's display has room for."""
    sami, long = [(await developer.scan(person, "parcel_pickup")).json()["claims"] for person in (9, 10)]

    assert "Čáhppes-Bjørnåsæter" == sami["family_name"]
    assert len(long["given_name"] + long["family_name"]) > 140


async def test_a_slow_check_is_slow_and_right(developer: Developer) -> None:
    """A till has to wait, and may not give up too soon."""
    begun = time.monotonic()
    answer = await developer.scan(15)

    assert time.monotonic() - begun > 3
    assert answer.json()["claims"]["age_over_18"] is True


async def test_a_mode_can_be_asked_for(developer: Developer) -> None:
    """The national identity number is told only by who shows all, and is nobody's."""
    refused, told = await developer.scan(1, "pharmacy_pickup"), await developer.scan(1, "pharmacy_pickup", "?mode=full")

    assert "holder_limited" == refused.json()["code"]
    assert int(told.json()["claims"]["national_id"][2:4]) > 80


@pytest.mark.parametrize(
    ("accept", "content_type", "beginning"),
    [
        ("application/json", "application/json", b'{"qr":"IDK1'),
        ("", "application/json", b"{"),
        ("*/*", "application/json", b"{"),
        ("image/png", "image/png", b"\x89PNG"),
        ("image/svg+xml", "image/svg+xml", b"<?xml"),
        ("image/png;q=0.5, image/*", "image/svg+xml", b"<?xml"),
        ("text/html, application/json;q=0.1", "application/json", b"{"),
    ],
)
async def test_a_code_comes_as_text_or_as_a_picture(developer: Developer, accept: str, content_type: str, beginning: bytes) -> None:
    """Text for a test that runs by itself, a picture for a scanner on the desk."""
    shown = await developer.show(1, Accept=accept)

    assert (201, content_type) == (shown.status_code, shown.headers["content-type"].partition(";")[0])
    assert shown.content.startswith(beginning)


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png;q=x"])
async def test_no_code_comes_in_other_forms(developer: Developer, accept: str) -> None:
    """And none is made."""
    shown = await developer.show(1, Accept=accept)

    assert (406, "not_acceptable") == (shown.status_code, shown.json()["code"])
    assert [(0,)] == await all_of(developer.counter.pool, "select count(*) from presentation")


async def test_a_code_lives_half_a_minute_and_is_good_once(developer: Developer, clock: SetClock) -> None:
    """As on real phones."""
    used, forgotten = [(await developer.show(1)).json() for _ in range(2)]
    await developer.check(used["qr"])
    again = await developer.check(used["qr"])
    clock.pass_by(timedelta(seconds=31))
    late = await developer.check(forgotten["qr"])

    assert ["qr_used", "qr_expired"] == [again.json()["code"], late.json()["code"]]
    assert datetime.fromisoformat(forgotten["expires_at"]) == clock.now() - timedelta(seconds=1)


async def test_test_persons_and_real_tills_do_not_meet(developer: Developer) -> None:
    """A card that anybody can have must open nothing at a real till, and real programs get no codes."""
    code = (await developer.show(1)).json()["qr"]
    answers = [
        await developer.check(code, merchant=developer.real),
        await developer.http.get("/v1/sandbox/persons", headers=developer.real.headers),
        await developer.http.post("/v1/sandbox/persons/1/presentations", headers=developer.real.headers),
        await developer.http.get("/v1/sandbox/persons"),
        await developer.show(17),
        await developer.show(1, "?mode=everything"),
    ]

    told = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert [(404, "qr_unknown"), *[(404, "not_found")] * 2, (401, "unauthorized"), (404, "not_found"), (400, "parameter_invalid")] == told


async def test_a_card_is_made_once_a_day(developer: Developer, clock: SetClock) -> None:
    """However many codes are shown; the next day somebody else has a birthday, and yesterday's code still opens."""
    clock.at = NEW_YEARS_EVE
    codes = [(await developer.show(7)).json()["qr"] for _ in range(3)]
    today = await all_of(developer.counter.pool, "select card_id, version, issuer_jws from card")
    clock.pass_by(timedelta(minutes=30, seconds=-10))
    before = await developer.show(7)
    clock.pass_by(timedelta(seconds=20))
    await developer.show(7)
    opened = await developer.check(before.json()["qr"])
    tomorrow = await all_of(developer.counter.pool, "select card_id, version, issuer_jws from card")

    assert 3 == len(set(codes))
    assert 1 == len(today)
    assert [today[0][0]] == [card for card, _, _ in tomorrow]
    assert int(str(today[0][1])) + 1 == tomorrow[0][1]
    assert (200, False) == (opened.status_code, opened.json()["claims"]["age_over_18"])


async def test_nothing_of_a_test_person_stands_in_the_open(developer: Developer) -> None:
    """The sandbox keeps cards as the real thing does."""
    code = read_code((await developer.show(1)).json()["qr"])
    ((card,),) = await all_of(developer.counter.pool, "select card::text from card")
    ((shown,),) = await all_of(developer.counter.pool, "select presentation::text from presentation")

    assert b"Testnes".hex() not in str(card)
    assert code.key.hex() not in f"{card}{shown}"
    assert code.reference.hex() not in str(shown)


async def test_a_program_that_runs_wild_is_slowed_down(developer: Developer) -> None:
    """Each program by itself."""
    codes = 0
    while not (answer := await developer.show(1)).is_error and codes < 3 * CODES_AT_ONCE:
        codes += 1

    assert codes >= CODES_AT_ONCE
    assert (429, "rate_limited") == (answer.status_code, answer.json()["code"])
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)])
def test_somebody_comes_of_age_on_every_day_of_the_calendar(day: date) -> None:
    """Also around 29 February."""
    today, tomorrow = of_age_in(0, day), of_age_in(1, day)

    assert is_at_least(18, today, day)
    assert not is_at_least(18, tomorrow, day)
    assert 17 == age_on(tomorrow, day)
