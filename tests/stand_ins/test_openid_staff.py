"""The provider's second client: work accounts, and telling that a session is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from demo.seeds import sales_reps
from stand_ins.openid_provider import Provider, Registration, provider_app, provider_for
from stand_ins.openid_provider.logout import EVENT
from stand_ins.people import EIDS, STAFF, personas
from stand_ins.serving import served
from tests.stand_ins.conftest import REDIRECT_URI, Visitor, redirected

WORK = {"acr_values": "", "login_hint": "persona:liv"}


@dataclass(slots=True)
class Listener:
    """A client's machine that hears of logouts."""

    heard: list[str] = field(default_factory=list)

    def app(self, _: str) -> ASGIApp:
        """Listen at any address."""
        return Starlette(routes=[Route("/{path:path}", self._hear, methods=["POST"])])

    async def _hear(self, request: Request) -> Response:
        self.heard.append(str((await request.form())["logout_token"]))
        return Response(status_code=200)


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    """A listener and its address."""
    listening = Listener()
    async with served(listening.app) as url:
        yield listening, f"{url}/logout"


@pytest.fixture
async def work(listener: tuple[Listener, str]) -> AsyncIterator[Visitor]:
    """A client for staff beside one for customers, at a provider of its own."""
    key = ECKey.generate_key("P-256", parameters={"kid": "portal-1"})
    jwks = {"keys": [key.as_dict(private=False)]}
    made: list[Provider] = []

    def build(issuer: str) -> ASGIApp:
        staff = Registration("portal", jwks, (REDIRECT_URI,), schemes=(STAFF,), logout_uri=listener[1])
        made.append(provider_for(issuer, Registration("customers", jwks, (REDIRECT_URI,)), staff))
        return provider_app(made[0])

    async with served(build, host="localhost") as url, httpx2.AsyncClient(base_url=url) as client:
        yield Visitor(client, made[0], key)


async def test_a_work_account_tells_name_address_and_roles(work: Visitor) -> None:
    """And nothing that an eID would."""
    claims = await work.claims(**WORK)

    assert ("Liv Myhre", "liv.myhre@skranke.example", ["support"]) == (claims["name"], claims["email"], claims["roles"])
    assert not {"birthdate", "ssn"} & claims.keys()


async def test_only_those_with_a_work_account_are_on_the_page(work: Visitor) -> None:
    """Customers have a client of their own."""
    redirect = await work.arrive(await work.push(acr_values="", login_hint="persona:ingrid"))
    page = await work.site.get(redirect.headers["location"])

    assert "Gunnar Tveit" in page.text
    assert "Ingrid Nordheim" not in page.text
    assert 400 == (await work.push(acr_values="urn:grn:authn:no:bankid")).status_code


async def test_a_code_is_worth_nothing_to_another_client(work: Visitor) -> None:
    """Though its key is the same."""
    code = await work.code(**WORK)
    proof = work.assertion(iss="customers", sub="customers")

    assert "invalid_grant" == (await work.exchange(code, proof)).json()["error"]


async def test_the_end_of_a_session_is_told_to_the_client(work: Visitor, listener: tuple[Listener, str]) -> None:
    """One word for each session, by its name, signed, and never twice."""
    sids = [(await work.claims(**WORK))["sid"] for _ in range(2)]
    await work.claims(**WORK | {"login_hint": "persona:amina"})
    first = await work.site.post("/_control/end-session", json={"persona": "liv"})
    again = await work.site.post("/_control/end-session", json={"persona": "liv"})
    tokens = [jwt.decode(token, work.provider.keys.current, algorithms=["ES256"]) for token in listener[0].heard]

    assert ({"answers": [200, 200]}, {"answers": []}) == (first.json(), again.json())
    assert sids == [token.claims["sid"] for token in tokens]
    assert {"logout+jwt"} == {token.header["typ"] for token in tokens}
    assert all(token.claims["events"] == {EVENT: {}} and "nonce" not in token.claims for token in tokens)
    assert 2 == len({token.claims["jti"] for token in tokens})


async def test_the_end_of_everything_is_one_word(work: Visitor, listener: tuple[Listener, str]) -> None:
    """It names the person and no session."""
    claims = [await work.claims(**WORK) for _ in range(2)]
    await work.site.post("/_control/end-session", json={"persona": "liv", "at_once": True})
    (told,) = [jwt.decode(token, work.provider.keys.current, algorithms=["ES256"]).claims for token in listener[0].heard]

    assert claims[0]["sub"] == told["sub"]
    assert "sid" not in told


async def test_nobody_can_be_ended_who_is_not_there(work: Visitor) -> None:
    """The door says so."""
    assert 400 == (await work.site.post("/_control/end-session", json={"persona": "nobody"})).status_code


async def test_a_login_goes_back_to_whoever_asked(work: Visitor) -> None:
    """With that client's own id on the way in."""
    pushed = (await work.push(**WORK)).json()["request_uri"]
    foreign = await work.site.get("/authorize", params={"client_id": "customers", "request_uri": pushed})
    redirect = await work.arrive(await work.push(**WORK))

    assert 400 == foreign.status_code
    assert "code" in redirected(redirect)


def test_everybody_has_either_an_eid_or_a_work_account() -> None:
    """Roles belong to the latter."""
    for who in personas().values():
        assert (who.eid in EIDS) == bool(who.birthdate or who.ssn)
        assert (who.eid == STAFF) == bool(who.email)
        assert who.eid == STAFF or not who.roles


def test_whoever_sells_is_a_sales_rep() -> None:
    """They meet the companies that are theirs."""
    sellers = {who.email for who in personas().values() if "sales" in who.roles}

    assert 2 == len(sellers)
    assert sellers <= {str(rep["email"]) for rep in sales_reps()}
