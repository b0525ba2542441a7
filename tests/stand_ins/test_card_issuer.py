"""The issuer of cards: whom it signs for, and what it knows about a card afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp

from domain.cards.claims import Claim, Disclosure, digest_of, verify
from domain.cards.jose import from_jwks
from stand_ins.card_issuer import Book, Issuer, State, card_issuer_app
from stand_ins.card_issuer.people import claims, national_id
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.people import personas
from stand_ins.phone.eid import Login, LoginFailed
from stand_ins.phone.idk1 import unb64
from stand_ins.phone.wallet import Wallet
from stand_ins.serving import served

BACK = "example.idcard:/login"


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """The eIDs' broker, who knows the app as a client without a secret."""
    made: list[Provider] = []

    def build(url: str) -> ASGIApp:
        made.append(provider_for(url, Registration("skranke-app", None, (BACK,))))
        return provider_app(made[0])

    async with served(build, host="localhost"):
        yield made[0]


@pytest.fixture
async def issuer(provider: Provider) -> AsyncIterator[httpx2.AsyncClient]:
    """The issuer, with nothing written yet."""
    async with (
        served(lambda url: card_issuer_app(Issuer(url, provider.issuer, "skranke-app"))) as url,
        httpx2.AsyncClient(base_url=url) as http,
    ):
        yield http


async def a_card(issuer: httpx2.AsyncClient, provider: Provider, persona: str = "ingrid") -> httpx2.Response:
    """Somebody's card for a new phone."""
    wallet = Wallet.new()
    id_token = await Login(provider.issuer).id_token(issuer, persona, wallet.thumbprint)
    return await issuer.post("/cards", json={"id_token": id_token, "device_key": wallet.public_jwk})


async def test_it_signs_digests_of_what_stands_in_the_passport(issuer: httpx2.AsyncClient, provider: Provider) -> None:
    """And says none of it in what it signs."""
    answer = await a_card(issuer, provider)
    issued = answer.json()
    statement = verify(issued["issuer_jws"], from_jwks((await issuer.get("/jwks")).json()))
    disclosures = [unb64(disclosure) for disclosure in issued["disclosures"]]

    assert 201 == answer.status_code
    assert {digest_of(disclosure) for disclosure in disclosures} == statement.digests
    assert {Disclosure.from_bytes(disclosure).claim for disclosure in disclosures} == set(Claim)
    assert "Ingrid" not in issued["issuer_jws"]
    assert "alive" == (await issuer.get(f"/cards/{issued['card_id']}/status")).json()["status"]


async def test_a_login_for_another_key_or_of_a_foreigner_makes_no_card(issuer: httpx2.AsyncClient, provider: Provider) -> None:
    """What the portal relies on."""
    id_token = await Login(provider.issuer).id_token(issuer, "ingrid", Wallet.new().thumbprint)
    other_key = await issuer.post("/cards", json={"id_token": id_token, "device_key": Wallet.new().public_jwk})
    swede = next(who.id for who in personas().values() if who.eid == "se-bankid")
    foreign = Login(provider.issuer, acr="urn:grn:authn:se:bankid")
    wallet = Wallet.new()
    id_token = await foreign.id_token(issuer, swede, wallet.thumbprint)
    foreigner = await issuer.post("/cards", json={"id_token": id_token, "device_key": wallet.public_jwk})

    assert (400, {"error": "not_the_key_of_this_login"}) == (other_key.status_code, other_key.json())
    assert (400, {"error": "no_norwegian_document"}) == (foreigner.status_code, foreigner.json())
    assert 400 == (await issuer.post("/cards", json={})).status_code


async def test_an_app_that_claims_to_have_a_secret_is_refused(provider: Provider) -> None:
    """A client without keys proves nothing by pretending."""
    form = {"client_id": "skranke-app", "client_secret": "x", "response_type": "code"}
    async with httpx2.AsyncClient(base_url=provider.issuer) as http:
        answer = await http.post("/par", data=form)
        with pytest.raises(LoginFailed, match="redirect_uri"):
            await Login(provider.issuer, redirect_uri="https://elsewhere.example").id_token(http, "ingrid", "nonce")

    assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])


async def test_the_control_door_changes_how_a_card_is(issuer: httpx2.AsyncClient, provider: Provider) -> None:
    """Blocked, expired, unheard of, alive again, and the next card without a face."""
    card_id = (await a_card(issuer, provider)).json()["card_id"]
    seen = []
    for state in State:
        await issuer.put(f"/_control/cards/{card_id}", json={"status": state})
        seen.append((await issuer.get(f"/cards/{card_id}/status")).json()["status"])
    await issuer.post("/_control/next", json={"without": ["portrait"], "expires_on": "2020-01-01"})
    special, usual = (await a_card(issuer, provider)).json(), (await a_card(issuer, provider)).json()

    assert list(State) == seen
    assert 400 == (await issuer.put(f"/_control/cards/{card_id}", json={"status": "dizzy"})).status_code
    assert "unknown" == (await issuer.get("/cards/nobodys/status")).json()["status"]
    assert ("2020-01-01", 6, 7) == (special["expires_on"], len(special["disclosures"]), len(usual["disclosures"]))


def test_a_book_goes_on_where_it_ended(tmp_path: Path) -> None:
    """Cards outlive a restart of the demo, and with them the keys that signed them."""
    file = tmp_path / "book.json"
    book = Book.opened(file)
    book.cards["one"] = State.BLOCKED
    book.keep()
    again = Book.opened(file)

    assert {"one": State.BLOCKED} == again.cards
    assert book.keys.jwks() == again.keys.jwks()
    assert 0o600 == file.stat().st_mode & 0o777
    assert "Ingrid" not in json.dumps(json.loads(file.read_text()))


def test_every_norwegian_has_a_number_that_is_nobodys() -> None:
    """With valid check digits and a month that does not exist, so that none of them is anybody's."""
    for who in personas().values():
        if who.eid == "no-bankid" and who.birthdate:
            number, born = str(claims(who)["national_id"]), date.fromisoformat(who.birthdate)
            weighed = [sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11 for weights in WEIGHTS]

            assert [0, 0] == weighed
            assert born.month + 80 == int(number[2:4])
    assert national_id(date(2008, 2, 29), 1) != national_id(date(2008, 2, 29), 2)


WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
