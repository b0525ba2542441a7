"""A register that is ill, for a while or in every way that an answer can be bad: it is waited for, and it approves nobody."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from itertools import chain, pairwise

import httpx2
import pytest
from sqlalchemy import update

from database.tables import UserAccount
from domain.stages import Stage
from tests.gateways.brreg_bad_answers import DRIFTED_HITS, DRIFTED_ROLES, DRIFTED_UNITS, GOOD, NO_JSON, OTHER_JSON
from tests.web.browser import led_to
from tests.web.conftest import RegisterAt
from tests.web.house import ROLES_PATH, UNIT_PATH, Customer, House

FJORDBRUS = "315001013"
# The company that the bad answers are about.
TRYGG_HAVN = "315014700"
LONGEST_PAUSE = timedelta(minutes=5)
# What a try itself takes.
SLACK = timedelta(seconds=3)
AWAY = "The register in Brønnøysund does not answer just now"


@pytest.fixture
def register(register_site: httpx2.AsyncClient) -> RegisterAt:
    """The stand-in; nobody waits longer than a second for it."""
    return RegisterAt(str(register_site.base_url).rstrip("/"), timedelta(seconds=1))


def written(body: object) -> str:
    """A body as the register's door takes it."""
    return base64.b64encode(body if isinstance(body, bytes) else json.dumps(body).encode()).decode()


async def kari(house: House) -> Customer:
    """The one whom the good answer would confirm, so that a bad one that was believed would show."""
    customer = await house.customer("mari")
    async with house.portal.engine.begin() as connection:
        who = {"given_name": "Kari", "family_name": "Moe", "birth_date": date(1980, 1, 2)}
        await connection.execute(update(UserAccount).where(UserAccount.id == customer.user).values(who))
    return customer


async def test_pauses_grow_and_end_growing(house: House) -> None:
    """Somebody who is ill is not helped by being asked every second, nor the customer by being forgotten."""
    customer = await house.customer("ingrid")
    await house.misbehave("unavailable", path=ROLES_PATH.format(FJORDBRUS), times=14)
    await customer.signs_up(FJORDBRUS)
    await customer.waits_for("Open the company's page")
    pauses = house.attempts.pauses("check_employment")

    assert 14 == len(pauses)
    assert all(later > earlier for earlier, later in pairwise(pauses[:9])), pauses
    assert all(LONGEST_PAUSE <= pause <= LONGEST_PAUSE + SLACK for pause in pauses[9:]), pauses
    assert 1 == (await customer.stages()).count(Stage.REGISTER_SILENT)


@pytest.mark.parametrize("kind", ["busy", "unavailable"])
async def test_the_pause_that_the_register_asks_for_is_kept(house: House, kind: str) -> None:
    """It knows best when it can answer again; what it asks for is the next pause, and after that we go on as before."""
    customer = await house.customer("ingrid")
    await house.misbehave(kind, path=ROLES_PATH.format(FJORDBRUS), times=1, retry_after=1800)
    await customer.signs_up(FJORDBRUS)
    await customer.waits_for("Open the company's page")
    (pause,) = house.attempts.pauses("check_employment")

    assert timedelta(minutes=30) <= pause <= timedelta(minutes=30) + SLACK


async def test_a_register_that_asks_for_no_pause_gets_ours(house: House) -> None:
    """A `Retry-After: 0` with every refusal must not make us ask without end."""
    customer = await house.customer("ingrid")
    await house.misbehave("busy", path=ROLES_PATH.format(FJORDBRUS), times=7, retry_after=0)
    await customer.signs_up(FJORDBRUS)
    await customer.waits_for("Open the company's page")
    pauses = house.attempts.pauses("check_employment")

    assert 7 == len(pauses)
    assert all(later > earlier for earlier, later in pairwise(pauses)), pauses


BAD_ROLES = dict(chain(NO_JSON.items(), OTHER_JSON.items(), DRIFTED_ROLES.items()))
BAD_UNITS = dict(chain(NO_JSON.items(), OTHER_JSON.items(), DRIFTED_UNITS.items()))
BAD_HITS = dict(chain(NO_JSON.items(), OTHER_JSON.items(), DRIFTED_HITS.items()))


async def test_the_good_answer_confirms_the_one_who_is_asked_about(house: House) -> None:
    """Otherwise the tests below would prove nothing."""
    customer = await kari(house)
    await house.misbehave("say", path=ROLES_PATH.format(TRYGG_HAVN), body=written(GOOD))
    await customer.signs_up(TRYGG_HAVN)

    await customer.waits_for("Open the company's page")


async def test_roles_in_every_bad_shape_are_waited_out(house: House) -> None:
    """Half a hundred answers, one after the other: each is asked again, none confirms anybody and none sends them to a person."""
    customer, path = await kari(house), ROLES_PATH.format(TRYGG_HAVN)
    for body in BAD_ROLES.values():
        await house.misbehave("say", path=path, times=1, body=written(body))
    await house.misbehave("unavailable", path=path)
    await customer.signs_up(TRYGG_HAVN)
    await customer.waits_for("The register does not answer right now", "You need do nothing")
    while await house.calls(path) <= len(BAD_ROLES):
        await customer.waits_for("The register does not answer right now")

    assert len(BAD_ROLES) >= 40
    assert [Stage.COMPANY_NAMED, Stage.REGISTER_SILENT] == await customer.stages()
    assert 0 == await house.profiles()
    await house.recover()
    await customer.waits_for("A person here will look at it")


async def test_a_company_in_every_bad_shape_is_waited_out(house: House) -> None:
    """Between the page and the process the register begins to speak another language."""
    customer, path = await kari(house), UNIT_PATH.format(TRYGG_HAVN)
    # The page that is looked at and the form that is sent are answered well.
    for body in BAD_UNITS.values():
        await house.misbehave("say", path=path, times=1, after=2, body=written(body))
    await house.misbehave("say", path=ROLES_PATH.format(TRYGG_HAVN), body=written(GOOD))
    await customer.signs_up(TRYGG_HAVN)
    await customer.waits_for("Open the company's page")

    assert len(BAD_UNITS) == len(house.attempts.pauses("look_company_up"))
    assert Stage.REGISTER_SILENT in await customer.stages()


@pytest.mark.parametrize("body", BAD_HITS.values(), ids=BAD_HITS)
async def test_a_search_in_every_bad_shape_says_that_the_register_is_ill(house: House, body: object) -> None:
    """Nobody is told that their company does not exist; what they typed is kept."""
    customer = await house.customer("mari")
    await house.misbehave("say", path="/enhetsregisteret/api/enheter", body=written(body))
    shown = await customer.sees("/workplace?q=Fjordbrus", AWAY, status=503)

    assert 'value="Fjordbrus"' in shown
    assert "No company matches" not in shown


async def test_a_search_that_is_ill_leaves_the_way_by_number(house: House) -> None:
    """The list of hits says what is wrong as one types, and a whole number is looked up all the same."""
    customer = await house.customer("mari", language="nb")
    await house.misbehave("unavailable", path="/enhetsregisteret/api/enheter")
    customer.browser.http.headers["HX-Request"] = "true"
    piece = await customer.sees("/workplace/search?q=Fjordbrus", "Registeret i Brønnøysund svarer ikke")
    del customer.browser.http.headers["HX-Request"]

    assert "<h1" not in piece
    await customer.sees(f"/workplace?q={FJORDBRUS}", "FJORDBRUS BRYGGERI AS")


async def test_a_number_needs_the_register_too_and_the_page_says_so(house: House) -> None:
    """When nothing answers, the number stays in the field for the next try."""
    customer = await house.customer("mari")
    await house.misbehave("unavailable")
    shown = await customer.sees(f"/workplace/{FJORDBRUS}", AWAY, status=503)
    assert f'value="{FJORDBRUS}"' in shown
    await house.recover()

    await customer.sees(f"/workplace?q={FJORDBRUS}", "FJORDBRUS BRYGGERI AS")


async def test_a_signup_begins_though_the_register_has_just_fallen_ill(house: House) -> None:
    """The customer has said all that is needed, so it is the process that waits and not they."""
    customer = await house.customer("ingrid")
    await customer.sees(f"/workplace/{FJORDBRUS}", "Yes, I work here")
    await house.misbehave("drop")
    customer.place = led_to(await customer.browser.post(f"/workplace/{FJORDBRUS}"))
    await customer.waits_for("The register does not answer right now", "You need do nothing")
    await house.recover()
    await customer.waits_for("Open the company's page")


async def test_a_shops_number_begins_nothing_that_goes_on(house: House) -> None:
    """Pages lead from a shop to its company; a form that was made by hand while the register was ill does not get round that."""
    customer = await house.customer("ingrid")
    await customer.sees("/workplace")
    await house.misbehave("unavailable")
    customer.place = led_to(await customer.browser.post("/workplace/317002114"))
    await house.recover()
    await customer.waits_for("This is the number of a shop or department. Use the organisation number of the company itself.")

    assert Stage.COMPANY_REFUSED is (await customer.stages())[-1]
