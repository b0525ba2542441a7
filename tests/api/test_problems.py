"""What is wrong with a request is told by code, field and remedy, and what was sent is never repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, Query
from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, ConfigDict, Field

from api.app import build_api
from api.bodies import MOST_BYTES, StrictRoute
from api.callers import Caller, TokenHash
from api.counter import Counter
from demo.postgres import Postgres
from domain.cards.refusals import QrMalformed, RateLimited
from domain.refusals import Refusal
from tests.api.counting import PUBLIC_URL, counter_for_all

SECRET = "OLANORDMANN"  # noqa: S105 - stands for whatever is sent
router = APIRouter(prefix="/v1/tests", route_class=StrictRoute)


class Inner(BaseModel):
    """A field with fields."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=8)]


class Sent(BaseModel):
    """What a test sends."""

    model_config = ConfigDict(extra="forbid")

    qr: str
    terminal: Inner


class NobodysBusiness(Refusal):
    """A refusal from elsewhere in the house."""

    code = "nobodys-business"
    words = "This has nothing to do with programs."


@router.post("/echo")
async def echo(sent: Sent, often: Annotated[int, Query()] = 1) -> dict[str, object]:
    """Say how long it was."""
    return {"length": len(sent.qr) * often}


@router.post("/fails/{how}")
async def fails(how: str) -> None:
    """Go wrong in some way."""
    ways: Mapping[str, Exception] = {
        "bug": KeyError(SECRET),
        "database": OperationalError(SECRET),
        "refusal": QrMalformed(reason="checksum", hint="layout"),
        "often": RateLimited(),
        "elsewhere": NobodysBusiness(),
    }
    raise ways[how]


@router.get("/mine")
async def mine(token: TokenHash, caller: Caller) -> str:
    """Say who calls."""
    return f"{caller.client_id} {len(token)}"


@pytest.fixture(scope="module")
async def counter(postgres: Postgres, migrated_template: str) -> AsyncIterator[Counter]:
    """One counter for all of them."""
    async with counter_for_all(postgres, migrated_template, "problems") as counter:
        yield counter


@pytest.fixture
async def http(counter: Counter) -> AsyncIterator[httpx2.AsyncClient]:
    """A program that calls an API with routes to try things on."""
    app = build_api(counter)
    app.include_router(router)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        yield http


@dataclass(frozen=True)
class Body:
    """A body, and the code, the status and a part of the answer that it gets."""

    code: str
    status: int
    content: bytes
    said: str = ""
    content_type: str = "application/json"


GOOD = b'{"qr": "x", "terminal": {"id": "a"}}'
BODIES: Mapping[str, Body] = {
    "empty": Body("body_unreadable", 400, b"", "it is not JSON"),
    "no JSON": Body("body_unreadable", 400, SECRET.encode(), "it is not JSON"),
    "half of it": Body("body_unreadable", 400, GOOD[:20], "from character"),
    "a list": Body("body_unreadable", 400, b"[]", "it is not an object"),
    "text": Body("body_unreadable", 400, b'"x"', "it is not an object"),
    "a name twice": Body("body_unreadable", 400, b'{"qr": "a", "qr": "b", "terminal": {"id": "a"}}', "stands twice"),
    "a name twice further in": Body("body_unreadable", 400, b'{"qr": "a", "terminal": {"id": "a", "id": "b"}}', "stands twice"),
    "a name twice in other letters": Body("body_unreadable", 400, b'{"qr": "a", "\\u0071r": "b"}', "stands twice"),
    "no UTF-8": Body("body_unreadable", 400, b'{"qr": "\xff"}', "it is not UTF-8"),
    "UTF-16": Body("body_unreadable", 400, GOOD.decode().encode("utf-16"), "it is not UTF-8"),
    "overlong UTF-8": Body("body_unreadable", 400, b'{"qr": "\xc0\xaf"}', "it is not UTF-8"),
    "byte order mark": Body("body_unreadable", 400, b"\xef\xbb\xbf" + GOOD, "byte order mark"),
    "half a surrogate pair": Body("body_unreadable", 400, b'{"qr": "\\ud800", "terminal": {"id": "a"}}', "surrogate"),
    "zero byte": Body("body_unreadable", 400, b'{"qr": "\\u0000", "terminal": {"id": "a"}}', "u0000"),
    "NaN": Body("body_unreadable", 400, b'{"qr": NaN}', "NaN"),
    "a very long number": Body("body_unreadable", 400, b'{"qr": ' + b"9" * 5000 + b"}", "too long"),
    "very deep": Body("body_unreadable", 400, b"[" * 15_000, "nested too deeply"),
    "very deep objects": Body("body_unreadable", 400, b'{"a":' * 3000, "nested too deeply"),
    "something behind": Body("body_unreadable", 400, GOOD + b"{}", "from character"),
    "a comment": Body("body_unreadable", 400, b'{"qr": "x" /* why */}', "from character"),
    "too large": Body("body_too_large", 413, b'{"qr": "' + b"x" * MOST_BYTES + b'"}', "16384"),
    "a megabyte": Body("body_too_large", 413, b"x" * 1024 * 1024),
    "a form": Body("content_type_unsupported", 415, b"qr=x", "application/json", "application/x-www-form-urlencoded"),
    "plain text": Body("content_type_unsupported", 415, GOOD, "application/json", "text/plain"),
    "no type": Body("content_type_unsupported", 415, GOOD, "application/json", ""),
    "another charset": Body("content_type_unsupported", 415, GOOD, "", "application/json; charset=latin-1"),
    "a patch": Body("content_type_unsupported", 415, GOOD, "", "application/merge-patch+json"),
    "a field is missing": Body("field_invalid", 422, b'{"terminal": {"id": "a"}}', "#/qr is missing"),
    "a field further in is missing": Body("field_invalid", 422, b'{"qr": "x", "terminal": {}}', "#/terminal/id is missing"),
    "a number": Body("field_invalid", 422, b'{"qr": 7, "terminal": {"id": "a"}}', "#/qr must be text"),
    "null": Body("field_invalid", 422, b'{"qr": null, "terminal": {"id": "a"}}', "#/qr must be text"),
    "text for an object": Body("field_invalid", 422, b'{"qr": "x", "terminal": "a"}', "#/terminal must be an object"),
    "too short": Body("field_invalid", 422, b'{"qr": "x", "terminal": {"id": ""}}', "#/terminal/id must have at least 1 characters"),
    "too long": Body("field_invalid", 422, b'{"qr": "x", "terminal": {"id": "OLANORDMANN"}}', "must have at most 8 characters"),
    "an unknown field": Body("field_invalid", 422, b'{"qr": "x", "terminal": {"id": "a", "OLANORDMANN": 1}}', "#/terminal holds a field"),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_told_what_is_wrong_with_it(http: httpx2.AsyncClient, name: str) -> None:
    """By a code, in words for a developer, and without a word of what was sent."""
    bad = BODIES[name]
    headers = {"Content-Type": bad.content_type} if bad.content_type else {}
    answer = await http.post("/v1/tests/echo", content=bad.content, headers=headers)
    told = answer.json()

    assert (bad.status, bad.code, bad.status) == (answer.status_code, told["code"], told["status"])
    assert bad.said in told["detail"]
    assert f"https://skranke.example/problems/{bad.code}" == told["type"]
    assert ("application/problem+json", "no-store") == (answer.headers["content-type"], answer.headers["cache-control"])
    assert SECRET not in answer.text
    assert "input" not in told


async def test_a_good_body_is_read(http: httpx2.AsyncClient) -> None:
    """Also with a charset that says what is so anyhow."""
    answers = [
        await http.post("/v1/tests/echo", content=GOOD, headers={"Content-Type": content_type})
        for content_type in ("application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"')
    ]

    assert [{"length": 1}] * 3 == [answer.json() for answer in answers]


async def test_a_body_without_a_length_is_read_no_further_than_needed(http: httpx2.AsyncClient) -> None:
    """Somebody who sends for ever is stopped in the middle."""
    sent = 0

    async def for_ever() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1024
            yield b"x" * 1024

    answer = await http.post("/v1/tests/echo", content=for_ever(), headers={"Content-Type": "application/json"})

    assert 413 == answer.status_code
    assert sent < 2 * MOST_BYTES


async def test_every_field_that_is_wrong_is_named(http: httpx2.AsyncClient) -> None:
    """So that nobody has to find them one by one."""
    answer = await http.post("/v1/tests/echo", json={"terminal": {"id": ""}})

    assert [
        {"pointer": "#/qr", "detail": "is missing"},
        {"pointer": "#/terminal/id", "detail": "must have at least 1 characters"},
    ] == answer.json()["errors"]


async def test_a_bad_parameter_is_named(http: httpx2.AsyncClient) -> None:
    """It does not stand in the body, so it has no pointer."""
    answer = await http.post(f"/v1/tests/echo?often={SECRET}", content=GOOD, headers={"Content-Type": "application/json"})

    assert (400, "parameter_invalid") == (answer.status_code, answer.json()["code"])
    assert [{"parameter": "often", "detail": "must be a whole number"}] == answer.json()["errors"]
    assert SECRET not in answer.text


async def test_a_refused_check_says_what_the_till_shows(http: httpx2.AsyncClient) -> None:
    """In both languages; and its facts, by which a till can help its user."""
    answer = await http.post("/v1/tests/fails/refusal")
    told = answer.json()

    assert (422, "qr_malformed", "checksum", "layout") == (answer.status_code, told["code"], told["reason"], told["hint"])
    assert {"nb", "en"} == told["till_text"].keys()


@pytest.mark.parametrize(("how", "status", "code"), [("database", 503, "unavailable"), ("often", 429, "rate_limited")])
async def test_who_should_come_back_is_told_when(http: httpx2.AsyncClient, how: str, status: int, code: str) -> None:
    """A till that tries again at once makes it worse."""
    answer = await http.post(f"/v1/tests/fails/{how}")

    assert (status, code) == (answer.status_code, answer.json()["code"])
    assert int(answer.headers["retry-after"]) > 0
    assert SECRET not in answer.text


@pytest.mark.parametrize("how", ["bug", "elsewhere"])
async def test_a_fault_of_ours_is_found_by_its_reference_alone(
    http: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """What went wrong stands in the log, without what it went wrong about."""
    answer = await http.post(f"/v1/tests/fails/{how}")
    told = answer.json()

    assert (500, "internal_error") == (answer.status_code, told["code"])
    assert told["reference"] in caplog.text
    assert SECRET not in answer.text + caplog.text


async def test_without_a_database_nothing_is_checked(counter: Counter) -> None:
    """The answer is the one for an outage, soon, and tells a till to ask for physical ID."""
    gone = AsyncConnectionPool("postgresql://nobody@127.0.0.1:1/nothing", open=False, timeout=0.2)
    transport = httpx2.ASGITransport(app=build_api(replace(counter, pool=gone)))
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        answer = await http.post("/oauth2/token", data={"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"})

    assert (503, "unavailable") == (answer.status_code, answer.json()["code"])
    assert "physical ID" in answer.json()["till_text"]["en"]


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer skranke_token_x", "Basic eDp5", "bearer " + "x" * 600, "Bearer ø"]
)
async def test_without_a_token_nobody_is_known(http: httpx2.AsyncClient, authorization: str | None) -> None:
    """And everybody is told the same."""
    headers = [(b"Authorization", authorization.encode())] if authorization is not None else []
    answer = await http.get("/v1/tests/mine", headers=headers)

    assert (401, "unauthorized") == (answer.status_code, answer.json()["code"])
    assert 'Bearer realm="Skranke", error="invalid_token"' == answer.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path", "code"), [("GET", "/v1/nothing", "not_found"), ("PUT", "/oauth2/token", "method_not_allowed")])
async def test_addresses_and_methods_that_are_none(http: httpx2.AsyncClient, method: str, path: str, code: str) -> None:
    """Also these are problems with a code."""
    assert code == (await http.request(method, path)).json()["code"]
