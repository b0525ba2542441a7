"""What the customer sees of everything that the register can do, numbered as the behaviours of its stand-in are."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2
import pytest

from domain.stages import Stage
from tests.web.browser import led_to
from tests.web.conftest import RegisterAt
from tests.web.house import ROLES_PATH, UNIT_PATH, House

API, FULLMAKT = "/enhetsregisteret/api", "/fullmakt/enheter"
FJORDBRUS, SHOP, HAVBRIS = "315001013", "317002114", "315012856"
OPENED = [Stage.COMPANY_NAMED, Stage.EMPLOYMENT_CONFIRMED, Stage.PROFILE_OPENED]
BY_HAND = [Stage.COMPANY_NAMED, Stage.NEEDS_A_PERSON]
SILENT = [Stage.COMPANY_NAMED, Stage.REGISTER_SILENT]
V1 = "application/vnd.brreg.enhetsregisteret.enhet.v1+json"

Behaviour = Callable[[House], Awaitable[None]]
BEHAVIOURS: dict[int, tuple[str, Behaviour]] = {}


def behaviour(number: int, what: str) -> Callable[[Behaviour], Behaviour]:
    """Enter the test of a behaviour under its number."""

    def enter(test: Behaviour) -> Behaviour:
        assert number not in BEHAVIOURS
        BEHAVIOURS[number] = what, test
        return test

    return enter


@pytest.fixture
def register(register_site: httpx2.AsyncClient) -> RegisterAt:
    """The stand-in; nobody waits longer than a second for it."""
    return RegisterAt(str(register_site.base_url).rstrip("/"), timedelta(seconds=1))


async def opens(house: House, persona: str, number: str, eid: str = "no-bankid") -> None:
    """Somebody whom the register vouches for gets the profile at once."""
    customer = await house.customer(persona, eid)
    await customer.signs_up(number)
    await customer.waits_for("The company's profile is open", "Open the company's page")

    assert OPENED == await customer.stages()


async def waits_for_a_person(house: House, persona: str, number: str) -> None:
    """Somebody whom the register does not vouch for is told that it is usual, and that a person looks at it."""
    customer = await house.customer(persona)
    await customer.signs_up(number)
    shown = await customer.waits_for("A person here will look at it")

    assert BY_HAND == await customer.stages()
    assert "That is quite usual" in shown
    assert 0 == await house.profiles()


async def cannot_sign_up(house: House, number: str, *words: str) -> None:
    """The page says why in plain words, and has no button to go on with."""
    customer = await house.customer("vidar")
    shown = await customer.sees(f"/workplace/{number}", *words, status=422)

    assert "Yes, I work here" not in shown
    assert 0 == await house.profiles()


async def is_waited_for(house: House, kind: str, **how: object) -> None:
    """The register is ill while it is asked for roles: the page says that nothing need be done, and it goes on by itself."""
    customer = await house.customer("ingrid")
    await house.misbehave(kind, path=ROLES_PATH.format(FJORDBRUS), **how)
    await customer.signs_up(FJORDBRUS)
    await customer.waits_for("The register does not answer right now", "You need do nothing")

    assert SILENT == await customer.stages()
    assert 0 == await house.profiles()
    await house.recover()
    await customer.waits_for("Open the company's page")
    assert [*SILENT, *OPENED[1:]] == await customer.stages()


async def says_who_may_sign(house: House, number: str, kind: str = "signatur") -> dict[str, str]:
    """The codes in which the register answers who may sign, and how many people the smallest way takes."""
    told = (await house.register.get(f"{FULLMAKT}/{number}/{kind}")).json()
    ways = told.get("signeringsKombinasjon", {}).get("kombinasjon", [])
    status = {name: code["kode"] for name, code in told["status"].items()}
    return status | {"people": str(min((len(way["personRolleKombinasjon"]) for way in ways), default=0))}


async def opens_though_nobody_can_be_asked_who_signs(house: House, persona: str, number: str) -> None:
    """Who may sign is a question for later: a signup never asks it."""
    await house.misbehave("unavailable", path_prefix=FULLMAKT)
    before = await house.calls(f"{FULLMAKT}/{number}/signatur")
    await opens(house, persona, number)

    assert before == await house.calls(f"{FULLMAKT}/{number}/signatur")


@behaviour(1, "a company with manager, board, and an auditor that is a company")
async def _(house: House) -> None:
    await opens(house, "ingrid", FJORDBRUS)


@behaviour(2, "a sole proprietor")
async def _(house: House) -> None:
    await opens(house, "ole", "315001382")


@behaviour(3, "a partnership with a company among the partners, and shares")
async def _(house: House) -> None:
    await opens(house, "bjorn", "315001757")


@behaviour(4, "a branch of a foreign company, with a contact person")
async def _(house: House) -> None:
    await opens(house, "mette", "315002125", "dk-mitid")


@behaviour(5, "a board member whose middle name stands by itself")
async def _(house: House) -> None:
    await opens(house, "jonas", FJORDBRUS)


@behaviour(6, "a manager who has stepped down")
async def _(house: House) -> None:
    await waits_for_a_person(house, "terje", "315002494")


@behaviour(7, "a board member who is deregistered")
async def _(house: House) -> None:
    await waits_for_a_person(house, "siv", "315002869")


@behaviour(8, "a chair who is dead according to the register")
async def _(house: House) -> None:
    await waits_for_a_person(house, "halvor", "315003237")


@behaviour(9, "a chair whom the register knows by another surname")
async def _(house: House) -> None:
    await waits_for_a_person(house, "elin", "315003601")


@behaviour(10, "a twin: the other one holds the role")
async def _(house: House) -> None:
    await waits_for_a_person(house, "nina", "315003970")
    await opens(house, "nora", "315003970")


@behaviour(11, "a company that is bankrupt, or becomes so after its page was shown")
async def _(house: House) -> None:
    await cannot_sign_up(house, "315004349", "This company cannot be signed up", "is bankrupt")
    customer = await house.customer("ingrid", language="nb")
    await customer.sees(f"/workplace/{FJORDBRUS}")
    await house.register.patch(f"/_control/enheter/{FJORDBRUS}", json={"konkurs": True, "konkursdato": "2026-11-20"})
    customer.place = led_to(await customer.browser.post(f"/workplace/{FJORDBRUS}"))
    await customer.waits_for("Selskapet kan ikke registreres", "konkurs")

    assert [Stage.COMPANY_NAMED, Stage.COMPANY_REFUSED] == await customer.stages()


@behaviour(12, "a company that is being wound up")
async def _(house: House) -> None:
    await cannot_sign_up(house, "315004713", "This company cannot be signed up", "is being wound up")


@behaviour(13, "a company that was deleted")
async def _(house: House) -> None:
    await cannot_sign_up(house, "315005450", "This company was deleted from the register on")


@behaviour(14, "a company that the register no longer shows")
async def _(house: House) -> None:
    await cannot_sign_up(house, "315005825", "The register no longer shows this company")


@behaviour(15, "a number that nobody has")
async def _(house: House) -> None:
    await cannot_sign_up(house, "315016185", "The register knows no company with this organisation number")


@behaviour(16, "the number of a shop, which leads to its company")
async def _(house: House) -> None:
    customer = await house.customer("ingrid")
    shown = await customer.sees(f"/workplace/{SHOP}", "is the number of a place of business")

    assert "FJORDBRUS BRYGGERI AS" in shown
    assert f'action="/workplace/{FJORDBRUS}"' in shown


@behaviour(17, "a company without a postal address")
async def _(house: House) -> None:
    customer = await house.customer("ole")
    assert "postadresse" not in (await house.register.get(UNIT_PATH.format("315001382"))).json()

    await customer.sees("/workplace/315001382", "SÆTRE SNEKKERI", "Is this where you work?")


@behaviour(18, "addresses abroad")
async def _(house: House) -> None:
    abroad = {"land": "Sverige", "landkode": "SE", "poststed": "111 20 STOCKHOLM", "postnummer": None, "adresse": ["Storgatan 1", "", None]}
    await house.register.patch("/_control/enheter/315015073", json={"forretningsadresse": abroad})
    customer = await house.customer("mari")

    await customer.sees("/workplace/315015073", "Storgatan 1", "111 20 STOCKHOLM", "Sverige")


@behaviour(19, "a company without roles")
async def _(house: House) -> None:
    await waits_for_a_person(house, "mari", "315009154")


@behaviour(20, "who may sign: one alone")
async def _(house: House) -> None:
    told = await says_who_may_sign(house, "315013593")
    assert {"rutineStatus": "OK", "kombinasjonStatus": "OK", "regelStatus": "RF", "people": "1"} == told
    await opens_though_nobody_can_be_asked_who_signs(house, "maret", "315013593")


@behaviour(21, "who may sign: two together")
async def _(house: House) -> None:
    told = await says_who_may_sign(house, "315006198")
    assert {"rutineStatus": "OK", "kombinasjonStatus": "OK", "regelStatus": "RF", "people": "2"} == told
    await opens_though_nobody_can_be_asked_who_signs(house, "per", "315006198")


@behaviour(22, "who may sign: a text that no machine reads")
async def _(house: House) -> None:
    told = await says_who_may_sign(house, "315001757")
    assert ("RT", "0") == (told["regelStatus"], told["people"])
    await opens_though_nobody_can_be_asked_who_signs(house, "bjorn", "315001757")


@behaviour(23, "who may sign: not to be asked for this kind of organisation")
async def _(house: House) -> None:
    told = await says_who_may_sign(house, "315007674")
    assert ("NA", "IK") == (told["rutineStatus"], told["kombinasjonStatus"])
    await opens_though_nobody_can_be_asked_who_signs(house, "torbjorn", "315007674")


@behaviour(24, "who may sign: procuration beside it")
async def _(house: House) -> None:
    told = await says_who_may_sign(house, "315007305", "prokura")
    assert ("RF", "1") == (told["regelStatus"], told["people"])
    await opens_though_nobody_can_be_asked_who_signs(house, "synnove", "315007305")


@behaviour(25, "a search without hits, with more than a page of them, and beyond the ceiling")
async def _(house: House) -> None:
    customer = await house.customer("mari")
    ceiling = await house.register.get(f"{API}/enheter", params={"navn": "as", "size": 20, "page": 500})

    await customer.sees("/workplace?q=finnesikke", "No company matches “finnesikke”")
    await customer.sees("/workplace?q=granvik", "More companies match")
    assert httpx2.codes.BAD_REQUEST == ceiling.status_code


@behaviour(26, "a request that the register calls invalid: nothing of its echo is shown")
async def _(house: House) -> None:
    body = (await house.register.get(f"{API}/enheter/12345678x")).content
    customer = await house.customer("mari")
    for path in (f"{API}/enheter", UNIT_PATH.format(HAVBRIS)):
        await house.misbehave("say", path=path, status=400, body=base64.b64encode(body).decode())
    found = await customer.sees("/workplace?q=havbris", "No company matches")
    named = await customer.sees(f"/workplace/{HAVBRIS}", "does not answer just now", status=503)

    assert "12345678x" in json.dumps(json.loads(body))
    assert "12345678x" not in found + named


@behaviour(27, "too many requests, come back later")
async def _(house: House) -> None:
    await is_waited_for(house, "busy", retry_after=7)


@behaviour(28, "a burst of 503")
async def _(house: House) -> None:
    await is_waited_for(house, "unavailable")


@behaviour(29, "an answer that takes too long")
async def _(house: House) -> None:
    await is_waited_for(house, "slow", seconds=2)


@behaviour(30, "a version of an answer that is no longer given")
async def _(house: House) -> None:
    old = await house.register.get(UNIT_PATH.format(FJORDBRUS), headers={"Accept": V1})
    assert httpx2.codes.NOT_ACCEPTABLE == old.status_code
    await is_waited_for(house, "say", status=406, body=base64.b64encode(old.content).decode())


@behaviour(31, "the feeds of changes")
async def _(house: House) -> None:
    await house.register.post("/_control/oppdateringer/enheter", json={"organisasjonsnummer": FJORDBRUS, "endringstype": "Ukjent"})
    await house.register.patch(f"/_control/enheter/{FJORDBRUS}", json={"telefon": "55 00 02 00"})
    units = (await house.register.get(f"{API}/oppdateringer/enheter", params={"size": 1000, "includeChanges": "true"})).json()
    told = units["_embedded"]["oppdaterteEnheter"]
    await opens(house, "ingrid", FJORDBRUS)
    await house.register.post(f"/_control/enheter/{FJORDBRUS}/fratre", json={"etternavn": "Nordheim", "fodselsdato": "1978-03-14"})
    roles = (await house.register.get(f"{API}/oppdateringer/roller", params={"size": 1000})).json()

    assert {"Ny", "Endring", "Sletting", "Fjernet", "Ukjent"} == {update["endringstype"] for update in told}
    assert [{"op": "replace", "path": "/telefon", "value": "55 00 02 00"}] == told[-1]["endringer"]
    assert {"organisasjonsnummer": FJORDBRUS} == roles[-1]["data"]


@behaviour(32, "a page of HTML in place of an answer")
async def _(house: House) -> None:
    await is_waited_for(house, "not_json")


@pytest.mark.parametrize("number", range(1, 33), ids=lambda number: f"{number}: {BEHAVIOURS[number][0]}")
async def test_the_customer_sees_what_the_register_does(house: House, number: int) -> None:
    """Whatever it does, the page says what it means for the one who reads it, and nobody is approved by an illness of the register."""
    _what, test = BEHAVIOURS[number]
    await test(house)
