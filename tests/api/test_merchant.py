"""A till built to the national ID card's published contract is served without a change to it."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import zxingcpp

from api.counter import Counter
from domain.api_access import Scope, credential_hash, new_client_secret
from domain.cards.jose import PublicKeys
from domain.cards.receipts import read_receipt
from tests.api.counting import SetClock, calling
from tests.api.merchants import NUMBERS, Merchant, all_of, insert, open_shop

PURPOSES = ("alcohol_18", "sim_registration")
EMPTY = {"firstName": "", "lastName": "", "documentPhoto": ""}
NAMED = {"firstName": "Kristin", "lastName": "Testnes"}


def read_picture(png: bytes) -> str:
    """What a scanner reads in a picture of black and white; it must be a PNG without tricks."""
    width, height, depth, colours = struct.unpack(">IIBB", png[16:26])
    assert (b"\x89PNG", 1, 0) == (png[:4], depth, colours)
    packed, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    raw, row = zlib.decompress(packed), (width + 7) // 8 + 1
    lines, line = [], bytes(row - 1)
    for n in range(height):
        how, written = raw[n * row], raw[n * row + 1 : (n + 1) * row]
        assert how in {0, 2}
        # As it stands, or as the difference to the line above.
        line = bytes((new + old) % 256 for new, old in zip(written, line, strict=True)) if how else written
        lines.append(line)
    dots = bytes(255 * (line[x // 8] >> (7 - x % 8) & 1) for line in lines for x in range(width))
    (found,) = zxingcpp.read_barcodes(memoryview(dots).cast("B", shape=[height, width]))
    return str(found.text)


@dataclass
class ContractTill:
    """A till that was written by somebody who has read the published contract and nothing else."""

    http: httpx2.AsyncClient
    counter: Counter
    clock: SetClock
    merchant: Merchant
    secret: str

    async def token(self, scope: str) -> str:
        """Log in for a data set."""
        form = {"grant_type": "client_credentials", "client_id": self.merchant.client, "client_secret": self.secret, "scope": scope}
        answer = (await self.http.post("/oauth2/token", data=form)).raise_for_status().json()
        assert (scope, 300) == (answer["scope"], answer["expires_in"])
        return str(answer["access_token"])

    async def scan(self, person: int = 1, token: str | None = None) -> str:
        """Scan the picture that a test person shows."""
        headers = {"Authorization": f"Bearer {token or await self.token('vis-leg/identity_age_only')}"}
        shown = (await self.http.get(f"/api/merchant/qrtest/{person}", headers=headers)).raise_for_status().json()
        assert ["qrCode", "ttl", "ts"] == list(shown)
        assert (35, int(self.counter.wall_clock.now().timestamp())) == (shown["ttl"], shown["ts"])
        return read_picture(base64.b64decode(shown["qrCode"]))

    async def ask(self, token: str, session: str, path: str = "/api/merchant/session", **more: Any) -> httpx2.Response:  # noqa: ANN401
        """Ask who showed the code."""
        assert session.startswith("VisLeg")
        return await self.http.post(path, json={"sessionId": session, **more}, headers={"Authorization": f"Bearer {token}"})

    async def told(self, scope: str, person: int = 1, **more: str) -> httpx2.Response:
        """Go the whole way for one data set."""
        token = await self.token(scope)
        self.clock.pass_by(timedelta(seconds=1))
        return await self.ask(token, await self.scan(person, token), **more)

    async def logged(self) -> list[tuple[object, ...]]:
        """What the log holds of checks, the oldest first."""
        return list(await all_of(self.counter.pool, "select purpose, outcome, released, terminal, shop from check_log order by at"))


@pytest.fixture
async def till(counter: Counter, clock: SetClock, issuer_site: str) -> AsyncIterator[ContractTill]:
    """Such a till in the sandbox, of a company with one shop."""
    merchant, secret = Merchant(), new_client_secret()
    await open_shop(counter.pool, merchant, PURPOSES, sandbox=True, secret_hash=credential_hash(secret))
    counter = replace(counter, card_issuer=issuer_site)
    async with calling(counter) as http:
        yield ContractTill(http, counter, clock, merchant, secret)


async def add_terminal(till: ContractTill, code: str, shop: str, gln: str | None) -> object:
    """Another place with a terminal."""
    place, terminal, whose = uuid4(), uuid4(), {"organisation_number": till.merchant.number}
    await insert(till.counter.pool, "place", id=place, name=shop, gln=gln, **whose)
    await insert(till.counter.pool, "terminal", id=terminal, place_id=place, code=code, **whose)
    return terminal


async def change(till: ContractTill, statement: str, *values: object) -> None:
    """Change something in the database."""
    async with till.counter.pool.connection() as connection:
        await connection.execute(statement.encode(), values)


@pytest.mark.parametrize(
    ("data_set", "expected", "photo"),
    [
        ("age_only", {**EMPTY, "age": 43}, False),
        ("basic", {**EMPTY, **NAMED, "age": 43}, False),
        ("picture_age", {**EMPTY, "age": 43}, True),
        ("full", {**EMPTY, **NAMED, "age": 43}, True),
    ],
)
async def test_the_published_flow(till: ContractTill, data_set: str, expected: Mapping[str, object], *, photo: bool) -> None:
    """A token with a scope, a scan, a look at the prefix, a session: every field is there, and empty outside the data set."""
    token = await till.token(f"vis-leg/identity_{data_set}")
    scanned = await till.scan(1, token)
    assert scanned.startswith("VisLeg")
    answer = await till.ask(token, scanned)
    told = answer.json()
    check_id, picture = told.pop("id"), told["documentPhoto"]

    assert (200, "no-store") == (answer.status_code, answer.headers["cache-control"])
    assert expected == told | ({"documentPhoto": ""} if photo else {})
    assert base64.b64decode(picture)[:2] == (b"\xff\xd8" if photo else b"")
    assert type(told["age"]) is int
    assert [(f"visleg_{data_set}", "ok")] == [row[:2] for row in await till.logged()]
    receipt = (await till.http.get(f"/v1/checks/{check_id}", headers={"Authorization": f"Bearer {token}"})).json()["receipt"]
    keys: PublicKeys = {key.kid: key.public for key in till.counter.receipt_keys.keys}
    assert f"visleg_{data_set}" == read_receipt(receipt, keys).purpose


@pytest.mark.parametrize(("person", "age"), [(1, 43), (2, 29), (3, 14), (4, 18), (5, 16)])
async def test_the_published_five_are_as_old_as_published(till: ContractTill, person: int, age: int) -> None:
    """Somebody who is too young is an answer, too."""
    assert age == (await till.told("vis-leg/identity_age_only", person)).json()["age"]


@pytest.mark.parametrize(
    "dressed",
    [str, lambda text: text.removeprefix("VisLeg-"), lambda text: text.replace("-", "+"), lambda text: text.removeprefix("VisLeg")],
)
async def test_what_tills_make_of_the_text_on_its_way_is_understood(till: ContractTill, dressed: Any) -> None:  # noqa: ANN401 - a function
    """One of the contract's examples sends it without its prefix; and Norwegian keyboards type another sign for the hyphen."""
    token = await till.token("vis-leg/identity_age_only")
    sent = {"sessionId": dressed(await till.scan(1, token))}
    answer = await till.http.post("/api/merchant/session", json=sent, headers={"Authorization": f"Bearer {token}"})

    assert 200 == answer.status_code, answer.text


async def test_the_contracts_other_spellings_are_understood(till: ContractTill) -> None:
    """Its pages write SessionId, too, and an address with a slash at its end; and fields that nobody knows are ignored."""
    token = await till.token("vis-leg/identity_age_only")
    headers, scanned = {"Authorization": f"Bearer {token}"}, await till.scan(1, token)
    answer = await till.http.post("/api/merchant/session/", json={"SessionId": scanned, "till": 7}, headers=headers)

    assert 200 == answer.status_code, answer.text


@pytest.mark.parametrize(
    ("scope", "purposes", "code", "words"),
    [
        ("vis-leg/shop_info", PURPOSES, "insufficient_scope", "vis-leg/identity_age_only"),
        ("vis-leg/identity_basic vis-leg/identity_full", PURPOSES, "insufficient_scope", "exactly one"),
        ("vis-leg/identity_full", ("alcohol_18", "parcel_pickup"), "purpose_not_in_agreement", "smaller one"),
        ("vis-leg/identity_basic", ("alcohol_18",), "purpose_not_in_agreement", "data set"),
    ],
)
async def test_a_wrong_scope_is_refused_in_the_contracts_words_and_spends_nothing(
    till: ContractTill, scope: str, purposes: tuple[str, ...], code: str, words: str
) -> None:
    """Whoever reads it knows which scope to ask for; and the customer need not show another code."""
    await change(till, "delete from agreement_purpose where not purpose = any (%s)", list(purposes))
    number = till.merchant.number
    ((agreement,),) = await all_of(till.counter.pool, "select id from agreement")
    for purpose in purposes:
        await insert(till.counter.pool, "agreement_purpose", organisation_number=number, agreement_id=agreement, purpose=purpose)
    scanned = await till.scan()
    refused = await till.ask(await till.token(scope), scanned)
    afterwards = await till.ask(await till.token("vis-leg/identity_age_only"), scanned)

    assert (403, code) == (refused.status_code, refused.json()["code"])
    assert words in refused.json()["detail"]
    assert ("insufficient_scope" in refused.headers.get("www-authenticate", "")) == (code == "insufficient_scope")
    assert 200 == afterwards.status_code


async def test_a_scope_that_nobody_knows_gets_no_token(till: ContractTill) -> None:
    """As OAuth says it."""
    form = {"grant_type": "client_credentials", "client_id": till.merchant.client, "client_secret": till.secret, "scope": "vis-leg/all"}
    answer = await till.http.post("/oauth2/token", data=form)

    assert (400, "invalid_scope") == (answer.status_code, answer.json()["error"])


async def test_used_expired_unknown_and_damaged_codes_are_told_apart(till: ContractTill, clock: SetClock) -> None:
    """Each with what to do, in words that name what the contract names."""
    token = await till.token("vis-leg/identity_age_only")
    used, forgotten = await till.scan(1, token), await till.scan(1, token)
    await till.ask(token, used)
    clock.pass_by(timedelta(seconds=34))
    just = await till.scan(2, token)
    clock.pass_by(timedelta(seconds=34))
    in_time = await till.ask(token, just)
    texts = [used, forgotten, "VisLeg-9fa44f41-ce68-4f03-bc1a-498b00cf5fec", just[:-1] + "?", "VisLeg-" + "0" * 56]
    answers = [(await till.ask(token, text)).json() for text in texts]

    assert 200 == in_time.status_code
    assert ["qr_used", "qr_expired", "qr_other_scheme", "qr_malformed", "qr_malformed"] == [answer["code"] for answer in answers]
    assert all("sessionId" in answer["detail"] for answer in answers)
    assert all(answer["till_text"]["nb"] and answer["type"].endswith(f"/problems/{answer['code']}") for answer in answers)


async def test_a_till_that_names_no_terminal_is_accounted_for_all_the_same(till: ContractTill) -> None:
    """By the place that it names if it may, else by its client's default terminal, else by the company's only one, else not at all."""
    by_the_only_one = await till.told("vis-leg/identity_age_only")
    default = await add_terminal(till, "netthandel", "Nettbutikken", None)
    await add_terminal(till, "havna-1", "Fjellbrygg Havna", "7080000000026")
    by_none = await till.told("vis-leg/identity_age_only")
    await change(till, "update api_client set default_terminal_id = %s", default)
    naming = "vis-leg/identity_age_only vis-leg/shop_info"
    told = [
        await till.told("vis-leg/identity_age_only"),
        await till.told(naming, globalLocationNumber="7080000000026"),
        await till.told(naming, globalLocationNumber="7080000000033"),
        await till.told("vis-leg/identity_age_only", globalLocationNumber="7080000000026"),
    ]

    assert 200 == by_the_only_one.status_code
    assert (403, "terminal_unknown") == (by_none.status_code, by_none.json()["code"])
    assert "default terminal" in by_none.json()["detail"]
    assert [200] * 4 == [answer.status_code for answer in told]
    assert ["kasse-1", "netthandel", "havna-1", "netthandel", "netthandel"] == [row[3] for row in await till.logged()]


@pytest.mark.parametrize(
    ("scope", "agreed", "shown"), [("", True, False), (" vis-leg/shop_info", False, False), (" vis-leg/shop_info", True, True)]
)
async def test_a_chain_names_the_shop_with_the_scope_and_the_agreement(
    till: ContractTill, scope: str, *, agreed: bool, shown: bool
) -> None:
    """What the holder sees; without the scope it is ignored, as published."""
    await change(till, "update agreement set names_shops = %s", agreed)
    answer = await till.told(f"vis-leg/identity_age_only{scope}", shopName="Fjellbrygg Pop-up")

    assert 200 == answer.status_code
    assert ["Fjellbrygg Pop-up" if shown else till.merchant.shop] == [row[4] for row in await till.logged()]


async def test_two_tills_at_once_get_one_answer(till: ContractTill) -> None:
    """One use, one winner; a till that wants to be able to ask again sends a key, as by our own contract."""
    token = await till.token("vis-leg/identity_age_only")
    scanned = await till.scan(1, token)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a-key"}
    first, again = [await till.http.post("/api/merchant/session", json={"sessionId": scanned}, headers=headers) for _ in range(2)]
    other = await till.ask(token, scanned)

    assert (200, first.content) == (first.status_code, again.content)
    assert "qr_used" == other.json()["code"]


async def test_nobody_comes_in_without_a_token_and_the_test_codes_are_for_the_sandbox(till: ContractTill) -> None:
    """Real tills find no test persons, and test persons find no real tills."""
    real, secret = Merchant(number=NUMBERS[1], gln=None), new_client_secret()
    await open_shop(till.counter.pool, real, PURPOSES, secret_hash=credential_hash(secret))
    theirs = ContractTill(till.http, till.counter, till.clock, real, secret)
    token, scanned = await theirs.token("vis-leg/identity_age_only"), await till.scan()
    answers = [
        await till.http.post("/api/merchant/session", json={"sessionId": scanned}),
        await till.ask("skranke_token_made_up", scanned),
        await till.http.get("/api/merchant/qrtest/1"),
        await till.http.get("/api/merchant/qrtest/1", headers={"Authorization": f"Bearer {token}"}),
        await till.http.get("/api/merchant/qrtest/17", headers=till.merchant.headers),
        await till.http.get("/api/merchant/qrtest/kari", headers=till.merchant.headers),
        await theirs.ask(token, scanned),
    ]

    assert [401, 401, 401, 404, 404, 400, 404] == [answer.status_code for answer in answers]
    assert "qr_unknown" == answers[-1].json()["code"]


def test_the_scopes_are_written_as_published() -> None:
    """Tills have them in their configuration."""
    assert {"age_only", "basic", "picture_age", "full"} == {
        scope.removeprefix("vis-leg/identity_") for scope in Scope if scope is not Scope.SHOP_INFO
    }
