"""What operators have: pages that everybody can use, figures beside them, and a log in which nobody is found."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import httpx2
import pytest
from playwright.async_api import Browser

from .conftest import Demo, Visit, code_in, link_in, visiting

pytestmark = pytest.mark.browser

LOGS = ("server", "worker")
SEARCH = "havbris sjømat"
# What the settings of Temporal's pages write down when "include cross-origin credentials" is ticked there.
WANTS_CREDENTIALS = """codec => Object.entries({endpoint: codec, includeCredentials: true, overrideRemoteCodecConfiguration: true})
    .forEach(([name, value]) => localStorage.setItem(name, JSON.stringify(value)))"""


def written(demo: Demo) -> str:
    """Everything that our own processes have written."""
    return "\n".join((demo.folder / "logs" / f"{name}.log").read_text("utf-8") for name in LOGS)


async def test_nobody_is_found_in_the_logs(demo: Demo, visit: Visit) -> None:
    """A whole signup leaves ids, codes and times behind: no name, no address, no code, no link, nothing searched for."""
    address = await visit.onboard("jonas")
    letter = (await demo.letters_to(address))[0]
    await visit.go(f"/workplace?q={quote_plus(SEARCH)}")
    await visit.go("/email/link/" + link_in(letter, "/email/link/").rpartition("/")[2])
    await visit.sign_up("315006198")
    cookies = [cookie.get("value", "") for cookie in await visit.context.cookies()]
    personal = [address, code_in(letter), link_in(letter, "/email/link/").rpartition("/")[2], SEARCH, quote(SEARCH), quote_plus(SEARCH)]
    personas = json.loads((demo.folder / "tour.json").read_text("utf-8"))["personas"]
    names = [part for persona in personas for part in persona["name"].split() if len(part) > len("Ola")]
    said = written(demo)

    assert '"route": "/workplace"' in said
    assert '"route": "/signup/{signup}"' in said
    assert [] == [word for word in [*personal, *names, *filter(None, cookies)] if word.casefold() in said.casefold()]
    assert all(json.loads(line)["event"] for line in said.splitlines() if line)


async def test_prometheus_finds_figures_of_both_doors(demo: Demo) -> None:
    """At addresses of their own; the portal itself shows none."""
    urls = json.loads((demo.folder / "tour.json").read_text("utf-8"))["metrics_urls"]
    async with httpx2.AsyncClient() as http:
        server, worker = [(await http.get(url)).text for url in urls]
        public = await http.get(f"{demo.portal}/metrics")

    assert "skranke_http_request_seconds_count" in server
    assert "skranke_upstream_up" in server
    assert "temporal_worker_task_slots_available" in worker
    assert 404 == public.status_code


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_an_operator_looks_after_the_house(demo: Demo, chromium: Browser, width: int) -> None:
    """Also on the phone on which the alarm came."""
    async with visiting(demo, chromium, width=width) as operator:
        await operator.go("/staff/login?persona=oda")
        await operator.go("/ops")
        sticks_out = await operator.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert "Drift" == await operator.heading()
        assert [] == await operator.accessibility_faults()
        assert 0 >= sticks_out
        assert 7 == await operator.page.locator("#upstreams + ul li").count()
        assert 7 == await operator.page.locator("#upstreams + ul li strong", has_text="svarer").count()


async def test_temporals_own_pages_open_what_a_process_carries_for_an_operator_alone(demo: Demo, visit: Visit, chromium: Browser) -> None:
    """The pages run in the operator's browser and send the operator's session along; without it they see what is sealed."""
    await visit.onboard("elin")
    await visit.sign_up("315017297")
    tour = json.loads((demo.folder / "tour.json").read_text("utf-8"))
    codec = f"{demo.portal}/ops/codec"
    process = quote(f"company-signup/{visit.page.url.rpartition('/')[2]}", safe="")
    shown = []
    for log_in in ("/", "/staff/login?persona=oda"):
        context = await chromium.new_context()
        page = await context.new_page()
        await page.goto(demo.portal + log_in)
        await page.goto(f"{tour['temporal_url']}/namespaces/default/workflows")
        await page.evaluate(WANTS_CREDENTIALS, codec)
        async with page.expect_response(lambda answer: answer.url.startswith(f"{codec}/decode")) as decoded:
            await page.goto(f"{tour['temporal_url']}/namespaces/default/workflows/{process}")
        shown.append((await decoded.value).status)
        if shown[-1] == httpx2.codes.OK:
            await page.get_by_text("organisation_number").first.wait_for()
        await context.close()

    assert [401, 200] == shown
