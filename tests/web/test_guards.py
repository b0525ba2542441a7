"""Headers, sizes, cookies, and what is said when something goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fastapi import APIRouter, FastAPI

from database.connection import build_engine
from gateways.clock import SystemClock
from gateways.upstreams import Upstreams
from tests.web.browser import Browser, title
from web.access import Public
from web.app import MOST_BYTES, build_app
from web.portal import Portal

NONCE = re.compile(r"'nonce-([^']+)'")


@pytest.mark.parametrize("path", ["/", "/help", "/nowhere", "/static/theme.css", "/healthz"])
async def test_every_answer_is_dressed(browser: Browser, portal: Portal, path: str) -> None:
    """Pages, errors, files and what machines read."""
    headers = (await browser.get(path)).headers

    assert "nosniff" == headers["x-content-type-options"]
    assert "same-origin" == headers["referrer-policy"] == headers["cross-origin-opener-policy"]
    assert "same-origin" == headers["cross-origin-resource-policy"]
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert f"form-action 'self' {portal.eid.issuer};" in policy
    assert "unsafe" not in policy


async def test_a_nonce_is_used_once(browser: Browser) -> None:
    """One that can be guessed lets foreign scripts in; those of a page carry their own answer's."""
    nonces = set()
    for _ in range(2):
        answer = await browser.get("/help")
        found = NONCE.search(answer.headers["content-security-policy"])
        assert found
        nonces.add(found[1])
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert all(f'nonce="{found[1]}"' in script for script in scripts)

    assert 2 == len(nonces)


async def test_pages_are_kept_nowhere_and_files_for_long(browser: Browser) -> None:
    """A page is somebody's; the address of a file changes with its content."""
    kept = [(await browser.get(path)).headers["cache-control"] for path in ("/", "/static/theme.css?v=1", "/static/theme.css")]

    assert ["no-store", "public, max-age=31536000, immutable", "public, max-age=86400"] == kept


async def test_text_is_sent_small(browser: Browser) -> None:
    """The style sheets are by far the largest part of a page."""
    sizes = [(await browser.get(path)).headers["content-encoding"] for path in ("/", "/static/theme.css")]

    assert ["gzip", "gzip"] == sizes


async def test_head_is_get_without_a_body(browser: Browser) -> None:
    """Link scanners and monitors ask that way."""
    answer = await browser.http.head("/help")

    assert (200, b"") == (answer.status_code, answer.content)


async def test_under_https_the_cookie_is_tied_to_this_host(portal: Portal) -> None:
    """And browsers are told never to come without TLS."""
    browser = Browser(build_app(replace(portal, public_url="https://skranke.example")))
    answer = await browser.get("/")
    cookie = answer.headers["set-cookie"]
    await browser.http.aclose()

    assert cookie.startswith("__Host-session=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} == set(cookie.split("; ")[1:])
    assert "max-age=63072000" in answer.headers["strict-transport-security"]


async def test_a_cookie_is_given_once(browser: Browser) -> None:
    """And it is 256 bits long."""
    first, second = await browser.get("/"), await browser.get("/")

    assert "set-cookie" in first.headers
    assert "set-cookie" not in second.headers
    assert 43 == len(browser.cookie or "")


@pytest.mark.parametrize("cut", [slice(0, 21), slice(0, 0), slice(0, 42)])
async def test_half_a_cookie_is_no_session_and_no_catastrophe(browser: Browser, cut: slice) -> None:
    """Whoever has one gets a whole one and goes on as somebody new."""
    await browser.log_in()
    browser.cookie = (browser.cookie or "")[cut]
    answer = await browser.get("/account")
    front = await browser.get("/")

    assert 303 == answer.status_code
    assert 200 == front.status_code
    assert "set-cookie" in front.headers


@pytest.mark.parametrize("value", ["x" * 5000, '"; DROP TABLE session; --', "é" * 43, "%00" * 20, "=;,=", "session=session"])
async def test_rubbish_in_the_cookies_is_no_session_and_no_catastrophe(browser: Browser, value: str) -> None:
    """Every cookie of ours, and the language besides."""
    answer = await browser.http.get("/", headers={b"Cookie": f"session={value}; language={value}; other".encode()})

    assert 200 == answer.status_code
    assert "set-cookie" in answer.headers


async def test_more_than_anybody_types_is_refused(browser: Browser) -> None:
    """Whether the size is told beforehand or not."""

    async def flood() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"address=" + b"x" * (MOST_BYTES // 2)

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    told = await browser.http.post("/language", content=b"x" * (MOST_BYTES + 1), headers=form)
    untold = await browser.http.post("/language", content=flood(), headers=form)

    assert (413, "That was more than we can take") == (told.status_code, title(told))
    assert (413, "That was more than we can take") == (untold.status_code, title(untold))


async def test_forty_thousand_signs_in_a_field_are_read(browser: Browser) -> None:
    """And answered by the form's own rule, not by the guard."""
    await browser.log_in()
    await browser.get("/terms")

    assert 422 == (await browser.post("/terms", version="🍺" * 40_000)).status_code


@pytest.mark.parametrize("header", ["Origin", "HX-Current-URL", "Referer", "Accept-Language", "Sec-Fetch-Site"])
async def test_rubbish_in_a_header_is_no_catastrophe(browser: Browser, header: str) -> None:
    """Whatever somebody tries."""
    await browser.get("/")
    browser.http.headers.update({header: "http://[", "HX-Request": "true"})
    answers = [(await browser.get("/account")).status_code, (await browser.post("/account")).status_code]

    assert 401 == answers[0]
    assert answers[1] in {403, 405}


async def test_a_page_tells_how_else_it_can_be_used(browser: Browser) -> None:
    """RFC 9110 wants the methods named."""
    assert "POST" == (await browser.get("/logout")).headers["allow"]


@pytest.mark.parametrize(
    ("method", "path", "status", "heading"),
    [
        ("GET", "/nowhere", 404, "We cannot find this page"),
        ("GET", "/help/nothing", 404, "We cannot find this page"),
        ("GET", "/logout", 405, "This page cannot be used that way"),
        ("PUT", "/", 405, "This page cannot be used that way"),
        ("GET", "/demo", 404, "We cannot find this page"),
        ("GET", "/signup/%F0%9F%8D%BA%00", 303, ""),
    ],
)
async def test_what_cannot_be_shown_is_said_on_a_page(browser: Browser, method: str, path: str, status: int, heading: str) -> None:
    """In words, with a way on."""
    answer = await browser.http.request(method, path)

    assert (status, heading) == (answer.status_code, title(answer))


async def test_a_form_of_the_wrong_kind_is_not_repeated(browser: Browser) -> None:
    """What was sent may be a national identity number."""
    await browser.get("/")
    answer = await browser.http.post("/language", data={"csrf_token": browser.token}, files={"language": ("x", b"01010112345")})

    assert 400 == answer.status_code
    assert "01010112345" not in answer.text


async def test_a_bug_is_a_page_with_a_reference_and_a_line_in_the_log(
    app: FastAPI, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """The page shows no trace, the log no words that may be personal, and the reference joins the two."""
    router = APIRouter()

    @router.get("/bug")
    async def stumble(_: Public, name: str) -> None:
        raise ZeroDivisionError(name)

    app.include_router(router)
    with caplog.at_level(logging.ERROR):
        answer = await browser.get("/bug?name=Kari")
    reference = re.search(r"reference helps us: ([0-9a-f]{12})", answer.text)

    assert (500, "Something went wrong here") == (answer.status_code, title(answer))
    assert reference
    assert f"unhandled ZeroDivisionError, reference {reference[1]}" in caplog.text
    assert "stumble" in caplog.text
    assert not [text for text in (caplog.text, answer.text) if "Kari" in text]
    assert "stumble" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "no-store" == answer.headers["cache-control"]


async def test_without_the_database_pages_say_so_and_machines_are_told(portal: Portal) -> None:
    """Nobody is shown a page that pretends; monitors take this one out of service."""
    nowhere = build_engine("postgresql://nobody@127.0.0.1:1/nothing", program="test")
    browser = Browser(build_app(replace(portal, engine=nowhere)))
    browser.cookie = "x" * 43
    shown, ready, alive = [await browser.get(path) for path in ("/", "/readyz", "/healthz")]
    missing = await browser.get("/nowhere")
    await browser.http.aclose()
    await nowhere.dispose()

    assert (503, "We cannot do this right now") == (shown.status_code, title(shown))
    assert "10" == shown.headers["retry-after"]
    assert (503, {"status": "unavailable", "missing": ["database"]}) == (ready.status_code, ready.json())
    assert 200 == alive.status_code
    assert 404 == missing.status_code


async def test_readiness_names_what_else_is_missing(portal: Portal) -> None:
    """Without Temporal nobody can sign up, but everything can be read."""

    async def well() -> bool:
        return True

    async def away() -> bool:
        raise TimeoutError

    browser = Browser(build_app(replace(portal, upstreams=Upstreams({"temporal": away, "other": well}, SystemClock()))))
    answer = await browser.get("/readyz")
    await browser.http.aclose()

    assert (200, {"status": "degraded", "missing": ["temporal"]}) == (answer.status_code, answer.json())
