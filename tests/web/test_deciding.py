"""Across the desk and back, with a process behind it: asking, answering, deciding, appealing, and turning round."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from domain.staff import StaffRole
from domain.stages import Stage
from tests.web.browser import Browser, led_to
from tests.web.conftest import RegisterAt
from tests.web.house import Customer, House
from tests.web.operator import at_the_staff_door

# A company in which Vidar holds no role.
ELSEWHERE = "315006198"
PDF = b"%PDF-1.7\ntrailer <<>>\n%%EOF\n"
SIRI, ODD, GUNNAR = "Siri Dahl", "Odd Odden", "Gunnar Tveit"
YES = {"decision": "approve", "approved": "document"}
NO = {"decision": "reject", "rejected": "not-confirmed"}
WHO = {"decision": "ask", "question": "document", "text": "Har du <b>en avtale</b>?", "wants_document": "1"}


def as_a_browser_sends(fields: dict[str, str]) -> bytes:
    """Write a form whose field for documents was left empty, as browsers do."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    empty = '--x\r\nContent-Disposition: form-data; name="documents"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n'
    return ("".join(parts) + empty + "--x--\r\n").encode()


@pytest.fixture
def register(register_site: httpx2.AsyncClient) -> RegisterAt:
    """The stand-in; nobody waits longer than two seconds for it."""
    return RegisterAt(str(register_site.base_url).rstrip("/"), timedelta(seconds=2))


@dataclass(slots=True)
class Case:
    """A customer whom the register does not know, their task, and those who may look at it."""

    customer: Customer
    siri: Browser
    odd: Browser
    lead: Browser
    task: str = ""

    async def comes_in(self) -> None:
        """Let the customer sign up, and take the task."""
        await self.customer.signs_up(ELSEWHERE)
        await self.customer.waits_for("A person here will look at it")
        self.task = led_to(await self.siri.post("/support/next"))

    async def send(self, end: str, *documents: tuple[str, bytes], **fields: str) -> httpx2.Response:
        """Send a form of the status page, with documents or without."""
        await self.customer.sees(self.customer.place)
        data = {"csrf_token": self.customer.browser.token, **fields}
        place, http = self.customer.place + end, self.customer.browser.http
        if documents:
            return await http.post(place, data=data, files=[("documents", document) for document in documents])
        return await http.post(place, content=as_a_browser_sends(data), headers={"Content-Type": "multipart/form-data; boundary=x"})

    async def question(self) -> str:
        """Find the question on the status page."""
        shown = await self.customer.sees(self.customer.place)
        found = re.search(r'name="question" value="([^"]+)"', shown)
        assert found, shown
        return found[1]


@pytest.fixture
def standing_still(temporal: WorkflowEnvironment) -> Iterator[None]:
    """Processes that are begun now wait as long as they would in life."""
    with temporal.with_time_skipping_disabled():
        yield


@pytest.fixture
async def case(standing_still: None, app: FastAPI, house: House) -> AsyncIterator[Case]:  # noqa: ARG001 - before it begins
    """Vidar says that he works where the register does not know him."""
    lead_roles = (StaffRole.SUPPORT, StaffRole.SUPPORT_LEAD)
    people = [(await at_the_staff_door(app, house.portal, StaffRole.SUPPORT, name=name))[0] for name in (SIRI, ODD)]
    people.append((await at_the_staff_door(app, house.portal, *lead_roles, name=GUNNAR))[0])
    for one in people:
        await one.get("/staff")
    siri, odd, lead = people
    found = Case(await house.customer("vidar"), siri, odd, lead)
    await found.comes_in()
    yield found
    for one in people:
        await one.http.aclose()


async def test_evidence_is_fetched_fresh_and_said_in_words(case: Case) -> None:
    """What the register has now, each check with its mark; a person's own place in the queue stands on their page."""
    shown = (await case.siri.get(case.task)).text

    for words in ("Vidar", "What the register says of this person", "Look closer", "The company is active.", "Pass", "I have looked at it"):
        assert words in shown
    await case.customer.sees(case.customer.place, "number 1 in the queue", "we have decided too few like this lately to say")


async def test_asked_answered_approved(case: Case) -> None:
    """The question cannot be overlooked, the answer comes back to whoever asked, the document is only ever handed out."""
    assert "/support?said=asked" == led_to(await case.siri.post(case.task + "/decide", **WHO))
    shown = await case.customer.waits_for("We have a question for you", "Har du <b>en avtale</b>?", "Answer the question")
    assert "Withdraw the signup" in shown
    question, click = await case.question(), str(uuid4())
    sent = [await case.send("/answer", ("../avtale.pdf", PDF), question=question, text="Ja, her.", click_id=click) for _ in range(2)]
    assert {f"{case.customer.place}?said=answered"} == {led_to(answer) for answer in sent}
    await case.customer.waits_for("A person here looks at your answer")

    file = (await case.siri.get(case.task)).text
    assert ("You have this task" in file, "Ja, her." in file) == (True, True)
    found = re.search(rf'href="({case.task}/documents/[^"]+)"', file)
    assert found
    document = await case.siri.get(found[1])
    assert (PDF, "application/pdf") == (document.content, document.headers["content-type"])
    assert ("attachment; filename*=UTF-8''avtale.pdf", "nosniff") == (
        document.headers["content-disposition"],
        document.headers["x-content-type-options"],
    )
    decided = await case.siri.post(case.task + "/decide", go_on="1", **YES)

    assert "/support?said=decided" == led_to(decided)
    await case.customer.waits_for("The company's profile is open")
    assert [Stage.CUSTOMER_ASKED, Stage.CUSTOMER_ANSWERED] == (await case.customer.stages())[2:4]


async def test_an_answer_that_cannot_be_taken_is_said_so(case: Case) -> None:
    """By what is in a document, whatever it is called; and what was typed stands there still."""
    await case.siri.post(case.task + "/decide", **WHO)
    await case.customer.waits_for("We have a question for you")
    question = await case.question()

    for documents, words in (
        ([("a.pdf", b"MZ\x90\x00")], "We take PDF, PNG and JPEG"),
        ([("a.pdf", b"%PDF-1.7\n<< /JavaScript >>\n%%EOF\n")], "without scripts"),
        ([("a.pdf", b"%PDF-1.7\n" + b"0" * 10_000_000)], "at most 10 MB"),
        ([("a.pdf", PDF), ("b.png", b"")], "is empty"),
        ([("a.pdf", PDF)] * 6, "At most five documents"),
    ):
        refused = await case.send("/answer", *documents, question=question, text="Ja da.")
        assert (422, True, True) == (refused.status_code, words in refused.text, "Ja da.</textarea>" in refused.text)
    assert 422 == (await case.send("/answer", question=question, text=" ")).status_code
    assert 409 == (await case.send("/answer", question=str(uuid4()), text="Ja da.")).status_code
    assert 400 == (await case.send("/answer", question="x", text="Ja da.")).status_code
    assert 413 == (await case.send("/answer", ("a.pdf", b"0" * 52_000_000), question=question, text="Ja da.")).status_code
    await case.customer.sees(case.customer.place, "We have a question for you")


async def test_the_second_decision_is_told_who_decided_what_and_when(case: Case) -> None:
    """Also where the first was lost sight of: the task was given away while its letter was being read."""
    assert 200 == (await case.siri.post(case.task + "/preview", **NO)).status_code
    await case.lead.post(case.task + "/release")
    click = str(uuid4())
    first = [await case.odd.post(case.task + "/decide", click_id=click, **YES) for _ in range(2)]
    second = await case.siri.post(case.task + "/decide", **NO)

    assert ["/support?said=decided"] * 2 == [led_to(answer) for answer in first]
    assert 409 == second.status_code
    for words in ("This was not carried out", "Approved", ODD, "has been decided already"):
        assert words in second.text
    assert 409 == (await case.siri.post(case.task + "/decide", **WHO)).status_code


async def test_of_two_who_decide_at_once_one_wins(case: Case) -> None:
    """Whoever of them is first."""
    await case.siri.post(case.task + "/release")
    answers = await asyncio.gather(case.siri.post(case.task + "/decide", **NO), case.odd.post(case.task + "/decide", **YES))

    assert [303, 409] == sorted(answer.status_code for answer in answers)


async def test_rejected_and_looked_at_again_by_somebody_else(case: Case) -> None:
    """Once, and never by whoever rejected it; whoever looks again sees what the customer answered and showed the first time."""
    await case.siri.post(case.task + "/notes", text="Sentralbordet kjente navnet.")
    await case.siri.post(case.task + "/decide", **WHO)
    await case.customer.waits_for("We have a question for you")
    await case.send("/answer", ("avtale.pdf", PDF), question=await case.question(), text="Ja, her.")
    await case.customer.waits_for("A person here looks at your answer")
    assert "/support?said=decided" == led_to(await case.siri.post(case.task + "/decide", **NO))
    shown = await case.customer.waits_for("We could not let you in", "What should we look at again?")
    assert f'href="{case.customer.place}?appeal=1#appeal"' in shown
    assert 422 == (await case.send("/appeal", text="!")).status_code
    appealed = await case.send("/appeal", text="Jeg jobber der!")
    assert f"{case.customer.place}?said=appealed" == led_to(appealed)
    await case.customer.waits_for("Somebody else here looks at it again")

    assert "/support?said=empty" == led_to(await case.siri.post("/support/next"))
    again = led_to(await case.odd.post("/support/next", kind="appeal"))
    file = (await case.odd.get(again)).text
    assert all(words in file for words in ("Jeg jobber der!", "Ja, her.", "Sentralbordet kjente navnet."))
    document = re.search(rf'href="({again}/documents/[^"]+)"', file)
    assert document
    assert PDF == (await case.odd.get(document[1])).content
    assert 409 == (await case.siri.post(again + "/decide", **NO)).status_code
    assert "/support?said=decided" == led_to(await case.odd.post(again + "/decide", **NO))
    shown = await case.customer.waits_for("We could not let you in")

    assert ("What should we look at again?" in shown, "#appeal" in shown) == (False, False)
    assert 409 == (await case.send("/appeal", text="Jeg jobber der!")).status_code


async def test_a_lead_turns_a_decision_round(case: Case) -> None:
    """With the letter shown first; the profile is suspended, and can come back."""
    await case.siri.post(case.task + "/decide", **YES)
    await case.customer.waits_for("The company's profile is open")
    assert "Go on to turn it round" not in (await case.siri.get(case.task)).text
    assert "Go on to turn it round" in (await case.lead.get(case.task)).text
    assert 422 == (await case.lead.post(case.task + "/reverse/preview", stands="profile-opened")).status_code
    preview = await case.lead.post(case.task + "/reverse/preview", reason="mistake", stands="profile-opened")
    assert (200, True) == (preview.status_code, "We made a mistake" in preview.text)

    done = await case.lead.post(case.task + "/reverse", reason="mistake", stands="profile-opened")
    assert f"{case.task}?said=reversed" == led_to(done)
    await case.customer.waits_for("The company's profile is suspended")
    company = await _company(case)
    assert "Nobody can act through it for now" in await case.customer.sees(company)
    assert company == led_to(await case.customer.browser.post(f"{company}/sandbox/terminal"))
    assert 409 == (await case.lead.post(case.task + "/reverse", reason="mistake", stands="profile-opened")).status_code
    await case.lead.post(case.task + "/reverse", reason="new-facts", stands="profile-suspended")

    await case.customer.waits_for("The company's profile is open")
    assert "Nobody can act through it for now" not in await case.customer.sees(company)


async def _company(case: Case) -> str:
    """Find the company's page."""
    found = re.search(r"/company/[0-9a-f-]{36}", await case.customer.sees("/account"))
    assert found
    return found[0]


async def test_a_stranger_neither_answers_nor_appeals(case: Case, house: House) -> None:
    """For whoever it is not, the signup does not exist."""
    other = await house.customer("ingrid")
    await other.sees("/account")

    for end in ("/answer", "/appeal"):
        assert 404 == (await other.browser.post(case.customer.place + end, question=str(uuid4()), text="Ja da.")).status_code
