"""The staff's own door, with the provider over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse, Response

from database.sessions import ATTEMPT_LIVES
from domain.staff import StaffIdentity, StaffRole
from stand_ins.openid_provider import Misbehaviour
from stand_ins.openid_provider.logout import Session, logout_claims, signed
from stand_ins.people import personas
from tests.gateways.eid_over_http import STAFF_CLIENT_ID, Broker, at_the_provider
from tests.web.browser import Browser, led_to, title
from tests.web.conftest import Watch
from tests.web.test_access import ROUTES, address, methods, named, rules
from web.access import (
    STAFF_RULES,
    AnyStaff,
    Operator,
    Sales,
    Support,
    SupportLead,
    any_staff,
    operator,
    operators_tool,
    sales,
    staff_door,
    support,
    support_lead,
)
from web.portal import Portal
from web.visitor import Colleague


async def test_the_door_for_staff_has_one_button(browser: Browser) -> None:
    """And leads back to the page that was wanted."""
    assert "/staff/login?return_to=%2Fstaff%3Fx%3D1" == led_to(await browser.get("/staff?x=1"))
    shown = await browser.get("/staff/login?return_to=/staff?x=1")

    assert "Log in as staff" == title(shown)
    assert 'action="/staff/login"' in shown.text
    assert "/staff?x=1" == led_to(await browser.come_to_work("liv", "/staff?x=1"))


async def test_a_page_for_staff_says_who_is_there_and_as_what(browser: Browser) -> None:
    """On every page, with the way out."""
    assert "/staff" == led_to(await browser.come_to_work("gunnar"))
    desk = await browser.get("/staff")

    assert (200, "What you can do here") == (desk.status_code, title(desk))
    assert "Gunnar Tveit" in desk.text
    assert "Head of support" in desk.text
    assert 'action="/staff/logout"' in desk.text


async def test_whoever_is_in_already_is_led_on(browser: Browser) -> None:
    """A bookmark of the login is no dead end."""
    await browser.come_to_work()

    assert "/staff" == led_to(await browser.get("/staff/login"))


async def test_one_browser_may_be_customer_and_staff_at_once(browser: Browser) -> None:
    """Each door has its own cookie; logging out of one leaves the other."""
    await browser.log_in("ingrid")
    await browser.come_to_work("liv")
    assert "Ingrid Nordheim" in (await browser.get("/account")).text
    assert "Liv Myhre" in (await browser.get("/staff")).text
    await browser.post("/staff/logout")

    assert 200 == (await browser.get("/account")).status_code
    assert 303 == (await browser.get("/staff")).status_code


async def test_a_form_token_of_one_door_opens_nothing_at_the_other(browser: Browser) -> None:
    """Not even in the same browser."""
    await browser.come_to_work("liv")
    await browser.get("/staff")
    of_staff = browser.token
    await browser.log_in("ingrid")
    await browser.get("/account")

    assert 403 == (await browser.post("/language", language="nb", csrf_token=of_staff)).status_code
    assert 403 == (await browser.post("/staff/language", language="nb")).status_code


async def test_a_customer_is_a_stranger_at_the_staffs_door(browser: Browser) -> None:
    """Whatever their own cookie says, under whatever name."""
    await browser.log_in("ingrid")
    assert "/staff/login?return_to=%2Fstaff" == led_to(await browser.get("/staff"))
    assert browser.cookie
    browser.staff_cookie = browser.cookie

    assert 303 == (await browser.get("/staff")).status_code


async def test_a_login_begun_at_one_door_does_not_end_at_the_other(browser: Browser) -> None:
    """Even where both doors know the browser by the same cookie."""
    await browser.get("/")
    assert browser.cookie
    browser.staff_cookie, same = browser.cookie, browser.cookie
    browser.http.cookies.set("session", same, domain="127.0.0.1", path="/")
    back = await at_the_provider(await browser.leave_for_work(), persona="liv")
    other = await browser.get(back.replace("/staff/callback", "/login/callback"))

    assert (400, "We could not trust the answer") == (other.status_code, title(other))


async def test_whoever_has_no_role_any_more_is_told_so(browser: Browser) -> None:
    """And gets no session."""
    refused = await browser.come_to_work("frode")

    assert (403, "You have no role here") == (refused.status_code, title(refused))
    assert 303 == (await browser.get("/staff")).status_code


@pytest.mark.parametrize(
    ("decision", "status", "heading"),
    [({"outcome": "cancel"}, 200, "You stopped before you were logged in"), ({"outcome": "expire"}, 400, "The login took too long")],
)
async def test_a_login_that_was_given_up_says_so(browser: Browser, decision: dict[str, str], status: int, heading: str) -> None:
    """And offers another try."""
    answer = await browser.get(await at_the_provider(await browser.leave_for_work(), **decision))

    assert (status, heading) == (answer.status_code, title(answer))
    assert 'action="/staff/login"' in answer.text


async def test_a_staff_login_is_good_once_in_its_own_browser_and_in_time(new_browser: Callable[[], Browser], watch: Watch) -> None:
    """As a customer's is."""
    mine, theirs = new_browser(), new_browser()
    back, late = [await at_the_provider(await mine.leave_for_work(), persona="liv") for _ in range(2)]

    assert "The login began in another browser" == title(await theirs.get(back))
    assert "/staff" == led_to(await mine.get(back))
    assert "This login has been used already" == title(await mine.get(back))
    watch.ahead = ATTEMPT_LIVES
    assert "This login has been used already" != title(await mine.get(late))
    assert "We could not trust the answer" == title(await mine.get("/staff/callback?state=made-up&code=x"))


async def test_a_hostile_staff_login_ends_on_a_page(browser: Browser, eids: Broker) -> None:
    """Every way to be hostile is tried at the gateway."""
    eids.provider.next_misbehaviour = Misbehaviour.WRONG_NONCE
    answer = await browser.come_to_work("liv")

    assert (400, "We could not trust the answer") == (answer.status_code, title(answer))
    assert 303 == (await browser.get("/staff")).status_code


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/staff/logout", "/staff/login?persona=liv", "/logout", "evil"]
)
async def test_a_staff_login_never_leads_elsewhere(browser: Browser, elsewhere: str) -> None:
    """Nor back into a login or out of it."""
    assert "/staff" == led_to(await browser.come_to_work("liv", elsewhere))


async def test_personas_are_for_the_demo(browser: Browser) -> None:
    """Logging in begins with a button on our own page."""
    assert 404 == (await browser.get("/staff/login?persona=liv")).status_code


async def test_logging_in_and_out_changes_the_staff_cookie(browser: Browser) -> None:
    """Whoever knew the one before knows nothing."""
    await browser.get("/staff/login")
    before = browser.staff_cookie
    await browser.come_to_work()
    during = browser.staff_cookie
    await browser.get("/staff")
    assert "/staff/login?logged_out=1" == led_to(await browser.post("/staff/logout"))
    after = browser.staff_cookie

    assert 3 == len({before, during, after})
    assert during
    browser.staff_cookie = during
    assert 303 == (await browser.get("/staff")).status_code


async def test_staff_are_logged_out_after_an_hour_alone(browser: Browser, watch: Watch) -> None:
    """A form sent then is answered with the way back in."""
    await browser.come_to_work()
    await browser.get("/staff")
    watch.ahead = timedelta(minutes=59)
    assert 200 == (await browser.get("/staff")).status_code
    watch.ahead += timedelta(minutes=60)

    assert 303 == (await browser.get("/staff")).status_code


async def test_staff_choose_their_language(browser: Browser) -> None:
    """And come back to where they were."""
    await browser.come_to_work()
    await browser.get("/staff")

    assert "/staff" == led_to(await browser.post("/staff/language", language="nb", return_to="/staff"))
    assert "Det du kan gjøre her" == title(await browser.get("/staff"))
    assert 400 == (await browser.post("/staff/language", language="tlh")).status_code


def word_of_logout(eids: Broker, persona: str, sid: str | None, **changes: object) -> str:
    """A logout token as the provider makes it, with some claims changed."""
    claims = logout_claims(eids.provider.issuer, Session(STAFF_CLIENT_ID, personas()[persona], sid), eids.provider.clock())
    return signed(claims | changes, eids.provider.keys)


async def test_the_provider_ends_sessions_behind_the_browsers_back(new_browser: Callable[[], Browser], eids: Broker) -> None:
    """All of this person's, and nobody else's; the same word a second time is refused."""
    liv, amina, provider = new_browser(), new_browser(), new_browser()
    await liv.come_to_work("liv")
    await amina.come_to_work("amina")
    token = word_of_logout(eids, "liv", None)
    answers = [await provider.http.post("/staff/backchannel-logout", data={"logout_token": token}) for _ in range(2)]

    assert [200, 400] == [answer.status_code for answer in answers]
    assert "no-store" == answers[0].headers["cache-control"]
    assert [303, 200] == [(await browser.get("/staff")).status_code for browser in (liv, amina)]


async def test_a_logout_of_somebody_who_is_not_here_is_done(browser: Browser, eids: Broker) -> None:
    """They have logged out by themselves."""
    token = word_of_logout(eids, "oda", "a-session-of-hers")

    assert 200 == (await browser.http.post("/staff/backchannel-logout", data={"logout_token": token})).status_code


@pytest.mark.parametrize("form", [{}, {"logout_token": ""}, {"logout_token": "x.y.z"}, {"id_token": "x"}])
async def test_what_is_no_word_of_logout_is_refused(browser: Browser, form: dict[str, str]) -> None:
    """Every way in which one can be wrong is tried at the gateway."""
    assert 400 == (await browser.http.post("/staff/backchannel-logout", data=form)).status_code


async def test_another_site_cannot_say_that_somebody_is_logged_out(browser: Browser, eids: Broker) -> None:
    """Only the provider's own machine calls here, and it is no browser."""
    token = word_of_logout(eids, "liv", None)
    answer = await browser.http.post("/staff/backchannel-logout", data={"logout_token": token}, headers={"Sec-Fetch-Site": "cross-site"})

    assert 403 == answer.status_code


async def test_whoever_comes_without_a_role_is_out_everywhere(browser: Browser, portal: Portal, eids: Broker) -> None:
    """Also where the provider forgot to say that a session is over."""
    now, frode = portal.wall_clock.now(), personas()["frode"]
    subject = logout_claims(eids.provider.issuer, Session(STAFF_CLIENT_ID, frode, None), 0)["sub"]
    earlier = StaffIdentity(eids.provider.issuer, subject, frode.name, "frode@skranke.example", frozenset({StaffRole.SALES}), None, now)
    await portal.staff_sessions.begin("the desk he left", earlier, now, instead_of="")
    assert await portal.staff_sessions.find("the desk he left", now)
    await browser.come_to_work("frode")

    assert None is await portal.staff_sessions.find("the desk he left", now)


# A page behind each rule, for as long as there are few of them.
TRIES = APIRouter()


def _page(colleague: Colleague) -> Response:
    return PlainTextResponse(colleague.staff.name)


@TRIES.get("/try/any_staff")
async def _any(colleague: AnyStaff) -> Response:
    return _page(colleague)


@TRIES.get("/try/support")
async def _support(colleague: Support) -> Response:
    return _page(colleague)


@TRIES.get("/try/support_lead")
async def _support_lead(colleague: SupportLead) -> Response:
    return _page(colleague)


@TRIES.get("/try/sales")
async def _sales(colleague: Sales) -> Response:
    return _page(colleague)


@TRIES.get("/try/operator")
async def _operator(colleague: Operator) -> Response:
    return _page(colleague)


MAY = {
    "liv": {"any_staff", "support"},
    "gunnar": {"any_staff", "support", "support_lead"},
    "solheim": {"any_staff", "sales"},
    "oda": {"any_staff", "operator"},
    "selma": {"any_staff", "support", "operator"},
    "frode": set[str](),
}


@pytest.fixture
def tries(app: FastAPI) -> None:
    """The pages, and one more behind each rule."""
    app.include_router(TRIES)


@pytest.mark.usefixtures("tries")
@pytest.mark.parametrize("persona", MAY)
async def test_everybody_may_do_what_their_role_says_and_nothing_else(browser: Browser, persona: str) -> None:
    """Whoever leads support is support; roles add up; whoever has none is a stranger."""
    await browser.come_to_work(persona)
    answers = {route.name.removeprefix("_"): await browser.get(route.path) for route in TRIES.routes if isinstance(route, APIRoute)}
    allowed = {answer.request.url.path.removeprefix("/try/") for answer in answers.values() if answer.status_code == 200}

    assert MAY[persona] == allowed
    refused = {answer.status_code for answer in answers.values()} - {200}
    assert refused <= ({403} if MAY[persona] else {303})


@pytest.mark.usefixtures("tries")
async def test_a_page_for_another_role_is_refused_in_the_staffs_own_frame(browser: Browser) -> None:
    """With their name, and the way to what they may do."""
    await browser.come_to_work("solheim")
    refused = await browser.get("/try/support")

    assert (403, "You have no access to this page") == (refused.status_code, title(refused))
    assert "Astrid Solheim" in refused.text
    assert 'href="/staff"' in refused.text


FOR_STAFF = [route for route in ROUTES if rules(route)[0] in STAFF_RULES - {staff_door}]
# Somebody without the role that a rule asks for.
OUTSIDERS: dict[object, str] = {support: "solheim", support_lead: "liv", sales: "liv", operator: "liv", operators_tool: "liv"}


async def test_a_customer_is_asked_to_log_in_as_staff(browser: Browser) -> None:
    """Their own login is worth nothing here."""
    await browser.log_in("ingrid")
    await browser.get("/account")
    got_in = []
    for route in FOR_STAFF:
        if methods(route) & {"GET", "HEAD"}:
            refused = led_to(await browser.get(address(route))).startswith("/staff/login?return_to=")
        else:
            answer = await browser.post(address(route))
            refused = 401 == answer.status_code and 'action="/staff/login"' in answer.text
        got_in += [] if refused else [named(route)]

    assert [] == got_in


@pytest.mark.parametrize("who", sorted(set(OUTSIDERS.values())))
async def test_staff_in_another_role_are_refused(browser: Browser, who: str) -> None:
    """Whatever they open, and whatever they send."""
    await browser.come_to_work(who)
    await browser.get("/staff")
    closed = [route for route in FOR_STAFF if OUTSIDERS.get(rules(route)[0]) == who]
    answers = {named(route): await (browser.get if methods(route) & {"GET", "HEAD"} else browser.post)(address(route)) for route in closed}

    assert {rules(route)[0] for route in FOR_STAFF} - {any_staff} <= OUTSIDERS.keys()
    assert [] == [route for route, answer in answers.items() if 403 != answer.status_code]
