"""The whole house as `make demo` runs it, and a real browser in front of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect

from demo.ports import free_port

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AXE = Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE = 600
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a browser says by itself of a form that was answered with a refusal.
EXPECTED_WORDS = ("Failed to load resource: the server responded with a status of",)

# A story asks what people see, not how fast this machine is while everything else is tested on it too.
expect.set_options(timeout=30_000)


@dataclass(frozen=True)
class Demo:
    """A running demo: where its doors are."""

    portal: str
    mailbox: str
    brreg: str
    eid: str
    folder: Path
    phone: str
    till: str

    async def letters_to(self, address: str, count: int = 1) -> list[dict[str, str]]:
        """Wait for letters to an address, newest first."""
        async with httpx2.AsyncClient(timeout=30) as http:
            answer = await http.get(f"{self.mailbox}/api/letters", params={"to": address, "wait": 20, "count": count})
        letters: list[dict[str, str]] = answer.json()
        assert len(letters) >= count, f"only {len(letters)} letters to {address}"
        return letters[::-1]


@pytest.fixture(scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A demo for the stories of one file: nobody has been a customer yet, and time is real until a story moves it."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    command = [sys.executable, "-m", "demo", "--folder", str(folder), "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        await asyncio.wait_for(_ready(process), 180)
        tour = json.loads((folder / "tour.json").read_text())
        yield Demo(
            f"http://127.0.0.1:{port}", tour["mailbox_url"], tour["brreg_url"], tour["eid_url"], folder, tour["phone_url"], tour["till_url"]
        )
    finally:
        os.kill(process.pid, signal.SIGTERM)
        await process.wait()


async def _ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    said = []
    async for line in process.stdout:
        said.append(line.decode())
        if line.startswith(b"ready "):
            return
    raise AssertionError("the demo did not start:\n" + "".join(said))


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A browser for all stories."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


def code_in(letter: Mapping[str, str]) -> str:
    """Find the six digits in a letter."""
    found = re.search(r"\b(\d{6})\b", letter["text"])
    assert found, letter["text"]
    return found[1]


def link_in(letter: Mapping[str, str], path: str) -> str:
    """Find the link in a letter that leads to pages under this path."""
    found = re.search(rf"http\S+{path}\S*", letter["text"])
    assert found, letter["text"]
    return found[0]


@dataclass(frozen=True)
class Visit:
    """Somebody at a browser."""

    demo: Demo
    context: BrowserContext
    page: Page

    async def go(self, path: str) -> None:
        """Open a page of the portal."""
        await self.page.goto(self.demo.portal + path)

    async def log_in(self, persona: str, eid: str = "no-bankid") -> None:
        """Log in as somebody, by the demo's short cut."""
        await self.go(f"/login/{eid}?persona={persona}")

    async def onboard(self, persona: str, eid: str = "no-bankid") -> str:
        """Log in for the first time, accept the terms and confirm an address with the code; tells the address."""
        address = f"{persona}-{uuid4().hex[:8]}@firma.example"
        await self.log_in(persona, eid)
        await self.page.wait_for_url("**/terms")
        await self.page.get_by_role("checkbox").check()
        await self.send()
        await self.page.wait_for_url("**/email")
        await self.page.locator("#address").fill(address)
        await self.send()
        await self.page.wait_for_url("**/email/code")
        await self.page.locator("#code").fill(code_in((await self.demo.letters_to(address))[0]))
        await self.send()
        await self.page.wait_for_url("**/workplace")
        return address

    async def sign_up(self, number: str) -> None:
        """Name the company by its number, and say that it is the right one."""
        await self.go(f"/workplace/{number}")
        await self.page.locator("#confirm button").click()
        await self.page.wait_for_url("**/signup/*")

    async def press(self, name: str) -> None:
        """Press the button with this name."""
        await self.page.get_by_role("button", name=name).click()

    async def send(self) -> None:
        """Press the main button of the form that the page is about."""
        await self.page.locator("main form button:not([name])").first.click()

    async def heading(self) -> str:
        """Read what the page is about."""
        return await self.page.get_by_role("heading", level=1).inner_text()

    async def accessibility_faults(self) -> list[str]:
        """Run axe on the page as it stands."""
        async with asyncio.timeout(60):
            await self.page.evaluate(AXE)
            found = await self.page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found["violations"]]


@pytest.fixture
async def visit(demo: Demo, chromium: Browser) -> AsyncIterator[Visit]:
    """Somebody with a fresh browser that speaks Norwegian."""
    async with visiting(demo, chromium) as somebody:
        yield somebody


@asynccontextmanager
async def visiting(
    demo: Demo, chromium: Browser, *, width: int = 1280, locale: str = "nb-NO", javascript: bool = True
) -> AsyncIterator[Visit]:
    """Open a fresh browser. When it closes, nothing may have been complained of and no foreign host been asked for anything."""
    complaints: list[str] = []
    context = await chromium.new_context(
        viewport={"width": width, "height": 900},
        locale=locale,
        java_script_enabled=javascript,
        is_mobile=width < PHONE,
        has_touch=width < PHONE,
    )
    context.set_default_timeout(30_000)

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED_WORDS):
            complaints.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((demo.portal, demo.eid, demo.phone, demo.till, "data:")):
            complaints.append(f"foreign request: {request.url}")

    context.on("console", heard)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", asked)
    yield Visit(demo, context, await context.new_page())
    await context.close()
    assert complaints == []
