"""The support desk's pages, as far as no process is needed behind them: the inbox, who is at what, margins, and what leads see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import insert

from database.desk_ties import interests_of
from database.tables import SalesRep
from domain.desk.calendar import OSLO
from domain.staff import StaffRole
from tests.database.desk_examples import company, task
from tests.web.browser import Browser, led_to, title
from tests.web.operator import at_the_staff_door
from tests.web.test_access import address, methods, named, rules
from web import saved_replies, support, support_deciding, support_reversal, support_statistics, support_task
from web.access import support as for_support
from web.access import support_lead
from web.plots import HEIGHT, plot
from web.portal import Portal
from web.visitor import hashed

SIRI, LIV, GUNNAR = "Siri Dahl", "Liv Myhre", "Gunnar Tveit"
DESK = (support, support_task, support_deciding, support_reversal, saved_replies, support_statistics)
ROUTES = [route for pages in DESK for route in pages.router.routes if isinstance(route, APIRoute)]
Door = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def door(app: FastAPI, portal: Portal) -> AsyncIterator[Door]:
    """Lets somebody in at the staff's door, in support if nothing else is said."""
    opened: list[Browser] = []

    async def let_in(name: str = SIRI, *roles: StaffRole) -> Browser:
        browser, _ = await at_the_staff_door(app, portal, *(roles or {StaffRole.SUPPORT}), name=name)
        opened.append(browser)
        await browser.get("/staff")
        return browser

    yield let_in
    for browser in opened:
        await browser.http.aclose()


@pytest.fixture
async def lead(door: Door) -> Browser:
    """Somebody who leads support."""
    return await door(GUNNAR, StaffRole.SUPPORT, StaffRole.SUPPORT_LEAD)


@pytest.fixture
async def waiting(portal: Portal) -> UUID:
    """A task that somebody has to look at."""
    await company(portal.engine)
    return await task(portal.engine, portal.clock.now())


def place(waiting: UUID, end: str = "") -> str:
    return f"/support/tasks/{waiting}{end}"


async def test_each_route_of_the_desk_has_its_role(door: Door) -> None:
    """Sales and operators have nothing to do at the desk, and what leads do others in support do not."""
    odd, siri = await door("Odd", StaffRole.SALES, StaffRole.OPERATOR), await door(SIRI)
    got_in = []
    for route in ROUTES:
        outsiders = [odd, siri] if rules(route)[0] is support_lead else [odd]
        answers = [await (one.get if "GET" in methods(route) else one.post)(address(route)) for one in outsiders]
        got_in += [named(route)] if {403} != {answer.status_code for answer in answers} else []

    assert {for_support, support_lead} == {rules(route)[0] for route in ROUTES}
    assert [] == got_in


async def test_the_inbox_says_what_waits_how_urgent_it_is_and_why_it_comes_first(door: Door, waiting: UUID) -> None:
    """In words, not in colours alone."""
    shown = await (await door()).get("/support")

    assert (200, "What waits for a person") == (shown.status_code, title(shown))
    for words in (str(waiting), "FJELLBRYGG AS", "In time, due", "Priority", "hours, not due yet", "Take next"):
        assert words in shown.text


@pytest.mark.parametrize(("query", "found"), [("q=fjell", 1), ("q=310+279+323", 1), ("q=havre", 0), ("kind=appeal", 0), ("shelf=mine", 0)])
@pytest.mark.usefixtures("waiting")
async def test_the_inbox_is_searched_and_filtered(door: Door, query: str, found: int) -> None:
    """By the company's name or number, by kind and by who has it."""
    shown = await (await door()).get(f"/support?{query}")

    assert found == shown.text.count('class="hit"')


@pytest.mark.parametrize(("kind", "count"), [("", 1), ("employment", 1), ("appeal", 0), ("join-request", 0)])
@pytest.mark.usefixtures("waiting")
async def test_a_shelf_counts_what_is_found_on_it(door: Door, kind: str, count: int) -> None:
    """Where one kind is chosen, the others are not behind the link."""
    shown = await (await door()).get(f"/support?kind={kind}")

    assert f'Unclaimed <span class="shelf-count">{count}</span>' in shown.text


@pytest.mark.parametrize("query", ["shelf=x&kind=y&after=z", "q=%00", "q=%27%3B--", "after=%FF", "q=" + "æ" * 200])
@pytest.mark.usefixtures("waiting")
async def test_nonsense_in_the_address_of_the_inbox_hurts_nobody(door: Door, query: str) -> None:
    """A link may be old, or cut, or somebody's game."""
    assert 200 == (await (await door()).get(f"/support?{query}")).status_code


async def test_a_long_inbox_comes_in_pages(door: Door, portal: Portal) -> None:
    """And the list alone is enough for whoever has the page already."""
    await company(portal.engine)
    now = portal.clock.now()
    for minute in range(51):
        await task(portal.engine, now - timedelta(minutes=minute))
    browser = await door()
    first = await browser.get("/support")
    (further,) = re.findall(r'href="(/support\?[^"]*after=[^"]+)"', first.text)
    second = await browser.get(further.replace("&amp;", "&"), **{"HX-Request": "true"})

    assert (50, 1) == (first.text.count('class="hit"'), second.text.count('class="hit"'))
    assert [["51"], ["51"]] == [re.findall(r'Unclaimed <span class="shelf-count">(\d+)', shown.text) for shown in (first, second)]
    assert "<html" not in second.text


async def test_take_next_gives_each_task_to_one_person(door: Door, portal: Portal) -> None:
    """However many press the button at once; and whoever comes to an empty queue is told."""
    await company(portal.engine)
    for _ in range(3):
        await task(portal.engine, portal.clock.now())
    people = [await door(f"Nummer {number}") for number in range(4)]
    places = [led_to(answer) for answer in await asyncio.gather(*(one.post("/support/next", kind="employment") for one in people))]

    assert 4 == len(set(places))
    assert 1 == places.count("/support?said=empty")
    assert "Nothing waits for you right now." in (await people[0].get("/support?said=empty")).text


async def test_a_task_says_what_is_known_though_the_register_is_away(door: Door, waiting: UUID) -> None:
    """Each check in words; what the register would say is said to be unknown, and can be asked for again."""
    shown = await (await door()).get(place(waiting))

    assert 200 == shown.status_code
    for words in ("Kari Nordmann", "Look closer", "does not answer just now", "Run the register check again", "Nobody has this task"):
        assert words in shown.text


async def test_a_task_is_one_persons_while_they_are_at_it(door: Door, waiting: UUID, lead: Browser) -> None:
    """A colleague is told whose it is; its holder keeps it, lets it go, and a lead gives it to somebody."""
    siri, liv = await door(SIRI), await door(LIV)
    assert place(waiting) == led_to(await siri.post(place(waiting, "/claim")))
    refused = await liv.post(place(waiting, "/claim"))
    assert (409, True) == (refused.status_code, f"{SIRI} has this task" in refused.text)
    assert f"{SIRI} has this task" in (await liv.post(place(waiting, "/lease"))).text
    assert "You have this task until" in (await siri.post(place(waiting, "/lease"))).text
    assert 409 == (await liv.post(place(waiting, "/release"))).status_code

    to = re.search(rf'<option value="([^"]+)">{LIV}', (await lead.get(place(waiting))).text)
    assert to
    assert "/support?said=given" == led_to(await lead.post(place(waiting, "/give"), to=to[1]))

    assert "You have this task until" in (await liv.get(place(waiting))).text
    assert "/support?said=released" == led_to(await liv.post(place(waiting, "/release")))
    shown = await siri.get(place(waiting))
    for words in (f"Taken by {SIRI}", f"Given to {LIV}", f"Released by {LIV}"):
        assert words in shown.text


async def test_a_task_is_given_to_somebody_in_support_only(door: Door, waiting: UUID) -> None:
    """Nobody else could open it."""
    siri = await door()
    await siri.post(place(waiting, "/claim"))

    assert 409 == (await siri.post(place(waiting, "/give"), to=str(uuid4()))).status_code
    assert 400 == (await siri.post(place(waiting, "/give"), to="x")).status_code


async def test_a_task_is_put_on_hold_until_a_time_and_taken_up_again(door: Door, portal: Portal, waiting: UUID) -> None:
    """With a reason, and not for ever."""
    siri, now = await door(), portal.clock.now().astimezone(OSLO)
    await siri.post(place(waiting, "/claim"))
    for until in ("", "tomorrow", f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M}", f"{now + timedelta(days=15):%Y-%m-%dT%H:%M}"):
        refused = await siri.post(place(waiting, "/hold"), until=until, reason="company")
        assert (422, True) == (refused.status_code, "Say until when" in refused.text)
        assert '<details class="ds-details" open>' in refused.text
        assert f'value="{until}"' in refused.text
        assert re.search(r'<option value="company"\s+selected>', refused.text)

    held = await siri.post(place(waiting, "/hold"), until=f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}", reason="company")
    assert "/support?said=held" == led_to(held)
    assert "On hold until" in (await siri.get("/support?shelf=held")).text
    assert "The company calls back" in (await siri.get(place(waiting))).text
    await siri.post(place(waiting, "/resume"))
    assert "The company calls back" in (await siri.get(place(waiting))).text.partition("What has happened")[2]

    assert str(waiting) in (await siri.get("/support?shelf=queue")).text


async def test_notes_and_ticks_stand_in_the_margin(door: Door, waiting: UUID) -> None:
    """With who wrote them; an empty note is none, and the same click writes it once."""
    siri, click = await door(), str(uuid4())
    for _ in range(2):
        assert place(waiting, "#notes") == led_to(await siri.post(place(waiting, "/notes"), text="<b>Ringte</b>", click_id=click))
    assert 422 == (await siri.post(place(waiting, "/notes"), text=" ")).status_code
    assert place(waiting, "#check-company") == led_to(await siri.post(place(waiting, "/ticks"), check="company"))
    assert 404 == (await siri.post(place(waiting, "/ticks"), check="x")).status_code

    shown = (await siri.get(place(waiting))).text
    assert (1, True) == (shown.count("&lt;b&gt;Ringte&lt;/b&gt;"), f"Looked at by {SIRI}" in shown)
    await siri.post(place(waiting, "/ticks"), check="company", off="1")
    assert "Looked at by" not in (await siri.get(place(waiting))).text


async def test_nobody_decides_about_their_own_company(door: Door, portal: Portal, waiting: UUID) -> None:
    """Who bears the customer's name is not shown the way; who says they belong there gets nothing more of that company."""
    kari, siri = await door("Kari Nordmann"), await door()
    shown = await kari.get(place(waiting))
    assert ("This is not for you to decide" in shown.text, "Go on to approve" in shown.text) == (True, False)
    assert 409 == (await kari.post(place(waiting, "/preview"), decision="approve", approved="document")).status_code
    assert 409 == (await kari.post(place(waiting, "/decide"), decision="approve", approved="document")).status_code

    await siri.post(place(waiting, "/claim"))
    assert "/support?said=handed-back" == led_to(await siri.post(place(waiting, "/hand-back")))

    assert "/support?said=empty" == led_to(await siri.post("/support/next"))
    staff = await portal.staff_sessions.find(_hash_of(siri), portal.wall_clock.now())
    assert staff
    assert ["310279323"] == [company.value for company in await interests_of(portal.engine, staff.staff.id)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"decision": "approve"}, "Choose what the approval rests on"),
        ({"decision": "reject", "rejected": "x"}, "Choose the reason for the rejection"),
        ({"decision": "ask", "text": "Hvem?"}, "Choose what you ask for"),
        ({"decision": "ask", "question": "name", "text": " "}, "Write between 3 and 4000 characters"),
        ({}, "Choose the reason for the rejection"),
    ],
)
@pytest.mark.parametrize("step", ["/preview", "/decide"])
async def test_nothing_is_decided_without_a_reason(door: Door, waiting: UUID, typed: dict[str, str], words: str, step: str) -> None:
    """And what was typed stands there still."""
    answer = await (await door()).post(place(waiting, step), **typed)

    assert (422, True) == (answer.status_code, words in answer.text)
    assert typed.get("text", "").strip() in answer.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"decision": "approve", "approved": "document"}, "A document shows it"),
        ({"decision": "reject", "rejected": "other-company"}, "Det ser ut som du jobber i et annet selskap"),
        ({"decision": "ask", "question": "name", "text": "Hvem er du?"}, "Hvem er du?"),
    ],
)
async def test_the_letter_is_shown_before_it_goes(door: Door, waiting: UUID, typed: dict[str, str], words: str) -> None:
    """In the customer's language; and whoever reads it has the task meanwhile."""
    siri = await door()
    shown = await siri.post(place(waiting, "/preview"), **typed)

    assert 200 == shown.status_code
    assert words in shown.text
    assert "Hei" in shown.text or "FJELLBRYGG AS" in shown.text
    assert f"Taken by {SIRI}" in (await siri.get(place(waiting))).text


async def test_the_letter_names_the_contact_whose_turn_it_is(door: Door, portal: Portal, waiting: UUID) -> None:
    """As the letter of welcome that goes will: what is read before is what is sent."""
    reps = [{"id": uuid4(), "name": name, "email": f"{name}@skranke.example", "phone": "+47", "active": True} for name in ("Rolf", "Rita")]
    turns = [portal.clock.now(), portal.clock.now() - timedelta(days=1)]
    async with portal.engine.begin() as connection:
        await connection.execute(insert(SalesRep), [rep | {"last_assigned_at": at} for rep, at in zip(reps, turns, strict=True)])
    shown = await (await door()).post(place(waiting, "/preview"), decision="approve", approved="document")

    assert ("Rita@skranke.example" in shown.text, "Rolf" in shown.text) == (True, False)


async def test_leads_write_replies_and_others_use_them(door: Door, waiting: UUID, lead: Browser) -> None:
    """In every language or not at all; a colleague gets the text in the customer's."""
    siri = await door()
    await lead.get("/support/replies")
    wrong = await lead.post("/support/replies", title="Avtale", nb="Har du en avtale?", en="")
    assert (422, True) == (wrong.status_code, "Har du en avtale?" in wrong.text)
    await lead.post("/support/replies", title="Avtale", nb="Har du en avtale?", en="Do you have a contract?")
    found = re.search(r'<option value="([^"]+)">Avtale', (await siri.get(place(waiting))).text)
    assert found

    assert "Har du en avtale?</textarea>" in (await siri.get(place(waiting, f"?reply={found[1]}"))).text
    await lead.post(f"/support/replies/{found[1]}", title="Kontrakt", nb="Har du en kontrakt?", en="Do you have a contract?")
    assert "Har du en kontrakt?</textarea>" in (await siri.get(place(waiting, f"?reply={found[1]}"))).text
    await lead.post(f"/support/replies/{found[1]}/remove")
    assert "Kontrakt" not in (await siri.get(place(waiting, f"?reply={found[1]}"))).text


async def test_leads_see_how_the_desk_does(lead: Browser, waiting: UUID) -> None:
    """As plots, as a table, and as a file; a task just opened is counted."""
    assert waiting
    shown = await lead.get("/support/statistics?weeks=4")
    file = await lead.get("/support/statistics.csv")

    assert (200, True) == (shown.status_code, "<svg" in shown.text)
    assert "week,kind,opened,decided" in file.text
    assert ",employment,1,0,0,0,,,0,0" in file.text
    assert "approved:document" in file.text.splitlines()[0]
    assert "rejected:other-company" in file.text.splitlines()[0]
    assert "attachment" in file.headers["content-disposition"]
    assert 400 == (await lead.get("/support/statistics?weeks=x")).status_code


async def test_the_keys_are_told(door: Door) -> None:
    """A quick hand needs to know them; what they stand for is on the pages themselves."""
    siri = await door()
    shown, inbox = await siri.get("/support/keys"), await siri.get("/support")

    assert "<kbd>n</kbd>" in shown.text
    assert ('accesskey="n"' in inbox.text, 'accesskey="?"' in inbox.text) == (True, True)


async def test_what_is_not_there_is_not_found(door: Door, lead: Browser) -> None:
    """Neither tasks nor documents nor decisions about them."""
    siri, nowhere = await door(), uuid4()
    ends = ("/claim", "/release", "/resume", "/lease", "/preview", "/decide", "/notes", "/hand-back")

    assert {404} == {(await siri.post(place(nowhere, end))).status_code for end in ends}
    assert 404 == (await siri.get(place(nowhere))).status_code
    assert 404 == (await siri.get(place(nowhere, f"/documents/{nowhere}"))).status_code
    assert 404 == (await lead.post(place(nowhere, "/reverse"), reason="mistake", stands="rejected")).status_code


def test_bars_are_as_high_as_they_are_many() -> None:
    """The highest takes the whole height, and what is not known has no bar."""
    drawn = plot(["uke 1", "uke 2"], [4, None], [1, 2])

    assert [(0, HEIGHT), (1, 30), (1, 60)] == [(bar.series, bar.height) for bar in drawn.bars]
    assert (["uke 1", "uke 2"], 4) == ([label for _, label in drawn.labels], drawn.highest)
    assert [0, 0] == [bar.height for bar in plot(["a", "b"], [0, 0]).bars]


def _hash_of(browser: Browser) -> str:
    return hashed(browser.staff_cookie or "")
