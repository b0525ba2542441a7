"""What is told of a request: its route, its status and its time, and nothing that somebody typed or was sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from gateways.meters import Meters
from gateways.observing import Observed
from tests.web.browser import Browser
from web.access import Public
from web.portal import Portal


def told(caplog: pytest.LogCaptureFixture) -> list[Mapping[str, object]]:
    """What was said of the requests."""
    return [vars(record) for record in caplog.records if record.getMessage() == "answered"]


async def test_a_request_is_told_by_its_route_and_counted(browser: Browser, portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    """Paths hold secrets from letters, queries hold what people search for."""
    caplog.set_level(logging.DEBUG, "gateways.observing")
    for path in ("/email/link/a-secret", "/workplace/search?q=a-secret", "/nowhere/a-secret", "/static/theme.css", "/healthz"):
        await browser.get(path)
    lines = told(caplog)

    assert [
        ("/email/link/{token}", 303),
        ("/workplace/search", 303),
        ("none", 404),
        ("/static", 200),
        ("/healthz", 200),
    ] == [(line["route"], line["status"]) for line in lines]
    assert [logging.INFO] * 3 + [logging.DEBUG] * 2 == [line["levelno"] for line in lines]
    assert "a-secret" not in caplog.text
    assert "a-secret" not in str(list(portal.meters.registry.collect()))
    counted = {"method": "GET", "route": "/email/link/{token}", "status": "3xx"}
    assert 1 == portal.meters.registry.get_sample_value("skranke_http_request_seconds_count", counted)


async def test_a_head_is_a_request_like_others(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """Monitors ask for nothing else."""
    caplog.set_level(logging.INFO, "gateways.observing")
    await browser.http.head("/help")

    assert [("/help", 200)] == [(line["route"], line["status"]) for line in told(caplog)]


async def test_a_fault_is_a_500_here_too(app: FastAPI, portal: Portal, browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """Its answer is made further out, and it must not be missing in the figures."""

    @app.get("/broken")
    async def broken(_: Public) -> None:
        raise ZeroDivisionError

    caplog.set_level(logging.INFO)
    answer = await browser.get("/broken")

    assert 500 == answer.status_code
    assert [("/broken", 500)] == [(line["route"], line["status"]) for line in told(caplog)]
    assert 1 == portal.meters.registry.get_sample_value(
        "skranke_http_request_seconds_count", {"method": "GET", "route": "/broken", "status": "5xx"}
    )


async def test_made_up_methods_do_not_fill_the_figures() -> None:
    """Each label that a stranger can choose is one more row in everybody's memory."""
    meters = Meters()

    async def nothing(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 405, "headers": []})

    async def nobody() -> dict[str, object]:
        return {}

    async def nowhere(_: object) -> None:
        return

    await Observed(nothing, meters=meters, tracer=None)({"type": "http", "method": "HACK", "path": "/x", "headers": []}, nobody, nowhere)

    assert meters.registry.get_sample_value("skranke_http_request_seconds_count", {"method": "other", "route": "none", "status": "4xx"})
