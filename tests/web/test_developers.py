"""Whoever connects a till gets to the first check by copying what the guide shows; everything in it is carried out here.

C# and PowerShell alone are only looked at, as nothing on this machine runs them.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from api.app import build_api
from api.check_document import CHECK_DOCUMENT
from api.counter import Pool
from api.sandbox_persons import PERSONS
from domain.cards.jose import SigningKey
from domain.cards.refusals import CheckRefusal
from domain.cards.scanner_test import TEST_TEXT
from domain.languages import Language
from gateways.clock import SystemClock
from stand_ins.serving import served
from tests.api.cardholders import issuing
from tests.api.counting import counter_at
from tests.api.merchants import Merchant, all_of, open_shop
from tests.web.browser import HERE, Browser
from tests.web.test_access import SOMEBODYS, company_of, onboard
from web.developer_texts import FIELDS, PROGRAMS, SNIPPETS, TEST_PERSONS, refusals_of_a_check, snippet
from web.portal import Portal

SANDBOX = f"/company/{SOMEBODYS}/sandbox"
PURPOSES = ("alcohol_18", "parcel_pickup")
PATIENCE = 60
INTERPRETERS = {".py": sys.executable, ".mjs": shutil.which("node")}
READ_ONLY = {"powershell", "json", "surroundings"}


@dataclass
class Block:
    """A piece of a program on a page: what runs it, or the file that it is."""

    runs: str
    file: str
    text: str = ""


class Blocks(HTMLParser):
    """Finds the pieces of programs on a page, as somebody would copy them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Block] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin one."""
        if tag == "pre":
            told = dict(attrs)
            self.found.append(Block(told.get("data-runs") or "", told.get("data-file") or ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """End one."""
        self._open = self._open and tag != "pre"

    def handle_data(self, data: str) -> None:
        """Copy it."""
        if self._open:
            self.found[-1].text += data


@dataclass
class Developer:
    """Somebody with a company, a browser, a terminal window and an empty folder."""

    browser: Browser
    folder: Path
    api: str
    pool: Pool
    surroundings: str = field(default="")

    async def blocks(self, path: str) -> Sequence[Block]:
        """Open a page and look for pieces of programs."""
        answer = await self.browser.get(path)
        assert 200 == answer.status_code, answer.text
        return Blocks(answer.text).found

    async def get_credentials(self) -> None:
        """Make credentials, and copy the lines that hold them."""
        await self.browser.get(SANDBOX)
        shown = Blocks((await self.browser.post(SANDBOX)).text).found
        (lines,) = [block.text for block in shown if block.runs == "bash"]
        assert f"export SKRANKE_URL='{HERE}'\n" in lines
        self.surroundings = lines.replace(HERE, self.api)

    async def run(self, *lines: str) -> str:
        """Paste lines into the terminal window, one block after the other; what they say."""
        script = "\n".join(["set -euo pipefail", self.surroundings, *lines])
        run = await asyncio.create_subprocess_exec(
            "/bin/bash", "-c", script, cwd=self.folder, env={"PATH": os.environ["PATH"]}, stdout=-1, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await asyncio.wait_for(run.communicate(), PATIENCE)
        assert 0 == run.returncode, said.decode()
        return said.decode()

    async def run_file(self, block: Block) -> str:
        """Save a program under its name and run it."""
        (self.folder / block.file).write_text(block.text, "utf-8")
        return await self.run(f"{INTERPRETERS[Path(block.file).suffix]} {block.file}")


@pytest.fixture
async def developer(portal: Portal, browser: Browser, fresh_database: str, tmp_path: Path) -> AsyncIterator[Developer]:
    """A developer in front of pages and an API with one database behind them."""
    await browser.log_in()
    await company_of(portal, await onboard(portal, browser))
    issuer = SigningKey.generate("issuer-1")
    async with issuing(issuer) as issuer_site, counter_at(fresh_database, SystemClock(), issuer_site) as counter:
        await open_shop(counter.pool, Merchant(), PURPOSES, sandbox=True)
        async with served(lambda _: build_api(counter)) as url:
            yield Developer(browser, tmp_path, url, counter.pool)


def of(blocks: Sequence[Block], runs: str) -> list[str]:
    """The texts of those blocks."""
    return [block.text for block in blocks if block.runs == runs]


@pytest.mark.parametrize("language", Language)
async def test_from_nothing_to_the_first_check_with_curl(developer: Developer, language: Language) -> None:
    """Credentials, token, code, check, picture, keys: every line for a shell on the page, in its order, in both languages."""
    developer.browser.http.headers["Accept-Language"] = language.value
    await developer.get_credentials()
    said = await developer.run(*of(await developer.blocks("/developers"), "bash"))
    answer = json.loads((developer.folder / "answer.json").read_text("utf-8"))

    assert re.search(r"^IDK1[0-9A-V]{56}$", said, re.MULTILINE)
    assert answer["claims"]["age_over_18"] is True
    assert '"data":"..."' in said
    assert (developer.folder / "code.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((developer.folder / "receipt-keys.json").read_text("utf-8"))["keys"]


@pytest.mark.parametrize("suffix", INTERPRETERS)
async def test_the_first_check_and_its_receipt_in_a_language(developer: Developer, suffix: str) -> None:
    """With nothing but what the page shows; the receipt is checked when nobody answers any more."""
    await developer.get_credentials()
    blocks = await developer.blocks("/developers")
    check, receipt = [block for block in blocks if block.file.endswith(suffix)]
    checked = await developer.run_file(check)
    (keys,) = [text for text in of(blocks, "bash") if "receipt-keys" in text]
    await developer.run(keys)
    developer.surroundings = ""
    told = await developer.run_file(receipt)
    (developer.folder / "receipt.txt").write_text(tampered((developer.folder / "receipt.txt").read_text()), "utf-8")

    assert re.search(r"^age_over_18 = true$", checked, re.MULTILINE | re.IGNORECASE), checked
    assert "portrait = a picture" in checked
    assert "alcohol_18" in told
    with pytest.raises(AssertionError):
        await developer.run_file(receipt)


def tampered(receipt: str) -> str:
    """Change one sign of what is signed."""
    head, payload, signature = receipt.split(".")
    return ".".join((head, payload[:-3] + ("A" if payload[-3] != "A" else "B") + payload[-2:], signature))


@pytest.mark.parametrize("suffix", INTERPRETERS)
async def test_a_refusal_is_shown_as_not_verified(developer: Developer, suffix: str) -> None:
    """The programs that people copy go on in their tills: they must not fail into a yes."""
    await developer.get_credentials()
    (check, _) = [block for block in await developer.blocks("/developers") if block.file.endswith(suffix)]
    check.text = check.text.replace("/persons/1/", "/persons/12/")
    said = await developer.run_file(check)

    assert said.startswith("NOT VERIFIED: card_blocked")
    assert not (developer.folder / "receipt.txt").exists()


@pytest.mark.parametrize("tills", [1, 3])
async def test_a_till_that_speaks_the_published_contract_goes_on_as_it_is(developer: Developer, tills: int) -> None:
    """The page's own lines: token with a scope, a test code as a picture, a session. However many tills the company has."""
    for nth in range(1, tills):
        await open_shop(developer.pool, Merchant(till=f"kasse-0{nth}", gln=None), PURPOSES, sandbox=True)
    await developer.get_credentials()
    said = await developer.run(*of(await developer.blocks("/developers/visleg"), "bash"))
    told = json.loads((developer.folder / "session.json").read_text("utf-8"))

    assert '"documentPhoto":"..."' in said
    assert {"firstName": "", "lastName": "", "age": 29} == {name: told[name] for name in ("firstName", "lastName", "age")}
    assert (developer.folder / "code.png").read_bytes().startswith(b"\x89PNG")


async def test_every_piece_of_a_program_is_run_or_named_here(developer: Developer) -> None:
    """A new one cannot stand in the guide unproved."""
    pages = [*await developer.blocks("/developers"), *await developer.blocks("/developers/visleg")]
    files = {block.file for block in pages if block.file}

    assert set(PROGRAMS) == files
    assert {"FirstCheck.cs"} == {name for name in files if Path(name).suffix not in INTERPRETERS}
    assert {"bash"} | READ_ONLY - {"powershell"} == {block.runs for block in pages if not block.file}
    shown = {block.text for block in pages}
    assert [] == [path.name for path in SNIPPETS.iterdir() if snippet(path.name.removesuffix(".txt")) not in shown]


def test_the_program_in_csharp_has_the_shape_of_the_others() -> None:
    """The same addresses, names and headers, and brackets that match."""
    told = snippet("FirstCheck.cs")
    wanted = ["/oauth2/token", "/v1/sandbox/persons/1/presentations", "/v1/checks", "Idempotency-Key", "NOT VERIFIED", "receipt.txt"]
    names = set(re.findall(r"SKRANKE_\w+", snippet("first_check.py")))
    bare = re.sub(r'"[^"]*"', "", told)

    assert [] == [word for word in [*wanted, *names] if word not in told]
    assert all(bare.count(one) == bare.count(other) for one, other in ("{}", "()", "[]"))


async def test_the_lines_for_other_shells_say_the_same(developer: Developer) -> None:
    """The guide's lines are to be filled in, the company's are filled in, and PowerShell writes them in its own way."""
    await developer.browser.get(SANDBOX)
    made = Blocks((await developer.browser.post(SANDBOX)).text).found
    (bash,), (powershell,) = of(made, "bash"), of(made, "powershell")
    (to_fill_in,) = of(await developer.blocks("/developers"), "surroundings")
    as_bash = re.sub(r"^\$env:(\w+) = ", r"export \1=", powershell, flags=re.MULTILINE)

    assert bash == as_bash
    assert re.findall(r"export (\w+)=", bash) == re.findall(r"export (\w+)=", to_fill_in)
    assert "export SKRANKE_TERMINAL='kasse-1'" in bash
    assert "…" not in bash


async def test_the_answer_that_is_shown_and_explained_is_the_answer(developer: Developer) -> None:
    """No field more and none less."""
    (shown,) = of(await developer.blocks("/developers"), "json")
    example: Mapping[str, Any] = CHECK_DOCUMENT["responses"][200]["content"]["application/json"]["example"]
    explained = list(names_in(json.loads(shown)))

    assert list(example) == list(json.loads(shown))
    assert list(FIELDS) == explained


def names_in(answer: Mapping[str, Any]) -> Iterator[str]:
    """Every field, those within claims too."""
    for name, value in answer.items():
        yield name
        yield from (f"claims.{claim}" for claim in value) if name == "claims" else ()


def test_test_persons_and_refusals_are_those_that_there_are() -> None:
    """The API does not know the pages, so the pages say again what they need."""
    assert {number: person.about for number, person in PERSONS.items()} == TEST_PERSONS
    assert {refusal.wire_code for refusal in CheckRefusal.__subclasses__()} == {told.code for told in refusals_of_a_check()}


@pytest.mark.parametrize("name", PROGRAMS)
async def test_programs_can_be_fetched_as_files(browser: Browser, name: str) -> None:
    """By those who would rather not copy from a page."""
    answer = await browser.get(f"/developers/files/{name}")

    assert (200, snippet(name) + "\n") == (answer.status_code, answer.text)
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("name", ["token.sh", "..%2Fapp.py", "first_check.py.txt", "x"])
async def test_nothing_else_can_be_fetched(browser: Browser, name: str) -> None:
    """No name leads out of the folder."""
    assert 404 == (await browser.get(f"/developers/files/{name}")).status_code


@pytest.mark.parametrize("path", ["/", "/developers"])
async def test_the_guide_is_found_by_who_has_not_logged_in(browser: Browser, path: str) -> None:
    """A developer at a supplier of tills has no company here."""
    shown = (await browser.get(path)).text

    assert 'href="/developers"' in shown
    assert path == "/" or 'href="/v1/openapi.json"' in shown


async def test_the_scanner_page_says_what_came(browser: Browser) -> None:
    """And repeats nothing that could be a customer's."""
    real = "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7"
    for typed, finding in ((TEST_TEXT, "clean"), (real, "real-code"), (f"<b>{TEST_TEXT}", "more-around"), ("x" * 9000, "something-else")):
        await browser.get("/developers/scanner")
        shown = (await browser.post("/developers/scanner", typed=typed)).text

        assert f'data-finding="{finding}"' in shown
        assert real not in shown
        assert "<b>" not in shown


async def test_the_secret_is_shown_once_and_its_successor_replaces_it(developer: Developer) -> None:
    """With every token that was got with it."""
    await developer.get_credentials()
    token = of(await developer.blocks("/developers"), "bash")[0]
    asked = f'{token}\ncurl -sS "$SKRANKE_URL/v1/sandbox/persons" -H "Authorization: Bearer $TOKEN" -o told.json -w "%{{http_code}} $TOKEN"'
    status, _, first_token = (await developer.run(asked)).partition(" ")
    first = developer.surroundings
    page = unescape((await developer.browser.get(SANDBOX)).text)
    await developer.get_credentials()
    renewed, _, _ = (await developer.run(asked)).partition(" ")
    stale = await developer.run(
        f'curl -sS "$SKRANKE_URL/v1/sandbox/persons" -H "Authorization: Bearer {first_token}" -o told.json -w "%{{http_code}}"'
    )
    developer.surroundings = first

    assert ("200", "200", "401") == (status, renewed, stale)
    assert "skranke_secret_" not in page
    assert "sandbox-310279323" in page
    assert (await developer.run(asked)).startswith("401")


async def test_a_form_that_is_sent_twice_shows_the_secret_that_counts(developer: Developer) -> None:
    """A double click must not leave somebody with a secret that was replaced meanwhile."""
    click = "5a0c3c76-4f56-4f6e-9d9f-0d6d8f0f7a10"
    await developer.browser.get(SANDBOX)
    first, second = [(await developer.browser.post(SANDBOX, click_id=click)).text for _ in range(2)]

    assert re.findall(r"skranke_secret_[\w-]{43}", first) == re.findall(r"skranke_secret_[\w-]{43}", second) != []


async def test_a_company_without_an_agreement_is_told_so(portal: Portal, browser: Browser) -> None:
    """There is nothing that its program could be allowed."""
    await browser.log_in()
    await company_of(portal, await onboard(portal, browser))
    shown = await browser.get(SANDBOX)
    refused = await browser.post(SANDBOX)

    assert (200, 409) == (shown.status_code, refused.status_code)
    assert "no agreement yet" in shown.text
    assert "skranke_secret_" not in refused.text


async def test_the_default_terminal_is_one_of_the_companys(developer: Developer, fresh_database: str) -> None:
    """Another company's has the same name, perhaps, and is not theirs."""
    await developer.get_credentials()
    async with counter_at(fresh_database, SystemClock()) as counter:
        await open_shop(counter.pool, Merchant(number="310279331", gln=None, till="dora"), PURPOSES)
        foreign = await developer.browser.post(f"{SANDBOX}/terminal", terminal="dora")
        own = await developer.browser.post(f"{SANDBOX}/terminal", terminal="kasse-1")
        chosen = await all_of(
            counter.pool, "select terminal.code from api_client join terminal on terminal.id = default_terminal_id where sandbox"
        )

    assert (409, 303) == (foreign.status_code, own.status_code)
    assert [("kasse-1",)] == chosen
