"""Opening payloads for Temporal's own pages: for an operator's browser, from one origin, and written down."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.json_format import MessageToDict
from httpx2 import Response

from domain.staff import StaffRole
from tests.web.browser import Browser
from tests.web.operator import at_the_staff_door
from web.app import build_app
from web.portal import Portal

THERE = "http://127.0.0.1:8233"
HEADERS = {"Origin": THERE, "Sec-Fetch-Site": "same-site", "X-Namespace": "default"}


@pytest.fixture
def house(portal: Portal) -> Portal:
    """A house whose Temporal has pages."""
    return replace(portal, temporal_ui=THERE)


@pytest.fixture
async def operator(house: Portal) -> AsyncIterator[tuple[Browser, UUID]]:
    """An operator's browser, and who it is."""
    browser, staff = await at_the_staff_door(build_app(house), house, StaffRole.OPERATOR)
    yield browser, staff
    await browser.http.aclose()


async def sealed(portal: Portal, value: object) -> dict[str, Any]:
    """What Temporal's pages have in their hands."""
    payloads = await portal.signups.client.data_converter.encode([value])
    return {"payloads": [MessageToDict(payload) for payload in payloads]}


async def ask(browser: Browser, way: str, said: object, **headers: str) -> Response:
    """Ask as Temporal's pages do."""
    return await browser.http.post(f"/ops/codec/{way}", json=said, headers=HEADERS | headers)


async def test_an_operator_reads_what_a_process_carries_and_it_is_written_down(
    operator: tuple[Browser, UUID], house: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    """Who, how many, in which namespace: never what."""
    caplog.set_level(logging.INFO, "web.codec")
    browser, staff = operator
    answer = await ask(browser, "decode", await sealed(house, {"signup": "0b51"}))
    (payload,) = answer.json()["payloads"]
    (line,) = [vars(record) for record in caplog.records]

    assert (200, THERE, "true") == (
        answer.status_code,
        answer.headers["access-control-allow-origin"],
        answer.headers["access-control-allow-credentials"],
    )
    assert {"signup": "0b51"} == json.loads(base64.b64decode(payload["data"]))
    assert ("decode", str(staff), 1, "default") == (line["action"], line["staff"], line["payloads"], line["namespace"])
    assert "0b51" not in caplog.text


async def test_what_was_opened_can_be_sealed_again(operator: tuple[Browser, UUID], house: Portal) -> None:
    """Temporal's pages can start and update processes too."""
    browser, _ = operator
    opened = (await ask(browser, "decode", await sealed(house, 1))).json()
    closed = (await ask(browser, "encode", opened)).json()

    assert opened != closed
    assert opened == (await ask(browser, "decode", closed)).json()
    assert {"payloads": []} == (await ask(browser, "decode", {"payloads": []})).json()


async def test_the_browser_is_told_beforehand_whom_we_let_ask(operator: tuple[Browser, UUID]) -> None:
    """It asks before it sends anything, and without a cookie."""
    browser, _ = operator
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-namespace"}
    ours = await browser.http.options("/ops/codec/decode", headers=asks | {"Origin": THERE})
    foreign = await browser.http.options("/ops/codec/decode", headers=asks | {"Origin": "https://evil.example"})

    assert (204, THERE) == (ours.status_code, ours.headers["access-control-allow-origin"])
    assert "x-namespace" in ours.headers["access-control-allow-headers"]
    assert 403 == foreign.status_code
    assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
    ids=str,
)
async def test_nobody_else_is_let_through(operator: tuple[Browser, UUID], house: Portal, headers: dict[str, str]) -> None:
    """Another site in the same browser has the cookie too; what a mere form can send is not asked about beforehand."""
    browser, _ = operator

    assert 403 == (await ask(browser, "decode", await sealed(house, 1), **headers)).status_code


async def test_only_operators_read(house: Portal) -> None:
    """Neither a stranger nor a colleague in another role."""
    app = build_app(house)
    support, _ = await at_the_staff_door(app, house, StaffRole.SUPPORT_LEAD)
    stranger, said = Browser(app), await sealed(house, 1)
    statuses = [(await ask(browser, "decode", said)).status_code for browser in (support, stranger)]
    for browser in (support, stranger):
        await browser.http.aclose()

    assert [403, 401] == statuses


async def test_without_pages_of_temporals_nobody_reads(portal: Portal) -> None:
    """What is not set is not open."""
    browser, _ = await at_the_staff_door(build_app(portal), portal, StaffRole.OPERATOR)
    without_origin = await browser.http.post("/ops/codec/decode", json={}, headers={"X-Namespace": "default"})
    answers = [await ask(browser, "decode", {}), await ask(browser, "decode", {}, Origin=""), without_origin]
    await browser.http.aclose()

    assert [403] * 3 == [answer.status_code for answer in answers]


async def test_what_cannot_be_read_is_answered(operator: tuple[Browser, UUID], house: Portal) -> None:
    """By its kind; the pages show the payload sealed then."""
    browser, _ = operator
    said = await sealed(house, 1)
    unknown_key = {"payloads": [{**said["payloads"][0], "metadata": {**said["payloads"][0]["metadata"], "key-id": "b2xk"}}]}

    assert 400 == (await ask(browser, "decode", unknown_key)).status_code
    assert 400 == (await ask(browser, "decode", {"payloads": "none"})).status_code
    assert 404 == (await ask(browser, "decode", said, **{"X-Namespace": "another"})).status_code
