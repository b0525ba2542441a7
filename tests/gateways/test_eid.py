"""Logging in with an eID, against the broker over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import ASGITransport
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from domain.eid import EidIdentity, EidScheme
from domain.languages import Language
from domain.names import PersonName
from gateways.clock import SystemClock
from gateways.eid import Eid
from gateways.http import AsyncClient, outbound_client
from gateways.openid import LARGEST_ANSWER
from gateways.openid_client import LoginFailed, Reason, Return
from stand_ins.openid_provider import Misbehaviour
from tests.gateways.eid_over_http import REDIRECT_URI, Broker, at_the_provider, broker, brought_back


@pytest.fixture(scope="module")
async def eids() -> AsyncIterator[Broker]:
    """The broker."""
    async with broker() as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[AsyncClient]:
    """The client that calls out."""
    async with outbound_client("test@skranke.example") as client:
        yield client


async def log_in(eid: Eid, scheme: EidScheme, **decision: str) -> EidIdentity:
    """A whole login, as the browser and we see it."""
    departure = await eid.depart(scheme, Language.EN)
    state, came = brought_back(await at_the_provider(departure.url, **decision))
    assert state == departure.state
    return await eid.arrive(scheme, came, nonce=departure.nonce, code_verifier=departure.code_verifier)


async def failed(eid: Eid, scheme: EidScheme = EidScheme.NO_BANKID, **decision: str) -> Reason:
    """Why a login came to nothing."""
    with pytest.raises(LoginFailed) as raised:
        await log_in(eid, scheme, **decision)
    return raised.value.reason


async def test_norwegian_bankid_tells_everything_in_fields_of_its_own(eids: Broker, http: AsyncClient) -> None:
    """The middle name comes with the given one; the subject is BankID's own name for a person, not the unstable `sub`."""
    person = await log_in(eids.client(http), EidScheme.NO_BANKID, persona="jonas")

    assert PersonName("Jonas Bakke", "Lunde") == person.name
    assert date(1985, 11, 2) == person.birth_date
    assert ("NO", eids.provider.issuer) == (person.country, person.issuer)
    assert person.subject.startswith("9578-")


async def test_a_swede_is_born_on_the_day_in_their_number_which_is_then_forgotten(eids: Broker, http: AsyncClient) -> None:
    """Swedish BankID tells no birth date, and no national identity number is kept."""
    person = await log_in(eids.client(http), EidScheme.SE_BANKID, persona="astrid")

    assert date(1980, 9, 18) == person.birth_date
    assert "SE" == person.country
    assert "19800918" not in person.subject


async def test_a_dane_has_one_name_that_is_split(eids: Broker, http: AsyncClient) -> None:
    """MitID tells the whole name in one piece."""
    person = await log_in(eids.client(http), EidScheme.DK_MITID, persona="soeren")

    assert PersonName("Søren Kjærgaard", "Holm") == person.name
    assert ("DK", date(1976, 11, 28)) == (person.country, person.birth_date)


async def test_the_same_person_has_the_same_subject_at_every_login(eids: Broker, http: AsyncClient) -> None:
    """Otherwise everybody would get a new account each time."""
    eid = eids.client(http)
    first = await log_in(eid, EidScheme.SE_BANKID, persona="astrid")

    assert first == await log_in(eid, EidScheme.SE_BANKID, persona="astrid")


async def test_the_browser_carries_nothing_but_a_reference(eids: Broker, http: AsyncClient) -> None:
    """What was asked for was pushed beforehand and cannot be bent in the browser."""
    departure = await eids.client(http).depart(EidScheme.NO_BANKID, Language.NB)

    assert {"client_id", "request_uri"} == parse_qs(urlsplit(departure.url).query).keys()


async def test_a_secret_of_a_login_does_not_show_when_it_is_printed(eids: Broker, http: AsyncClient) -> None:
    """What is printed ends in a log one day."""
    departure = await eids.client(http).depart(EidScheme.NO_BANKID, Language.NB)

    assert "Departure()" == repr(departure)


HOSTILE = {
    Misbehaviour.WRONG_NONCE: Reason.FORGED,
    Misbehaviour.WRONG_TOKEN_ISS: Reason.FORGED,
    Misbehaviour.WRONG_REDIRECT_ISS: Reason.FORGED,
    Misbehaviour.NO_REDIRECT_ISS: Reason.FORGED,
    Misbehaviour.WRONG_AUD: Reason.FORGED,
    Misbehaviour.LOW_ACR: Reason.ASSURANCE_TOO_LOW,
    Misbehaviour.WRONG_EID: Reason.ASSURANCE_TOO_LOW,
    Misbehaviour.ALG_NONE: Reason.FORGED,
    Misbehaviour.HS256_WITH_PUBLIC_KEY: Reason.FORGED,
    Misbehaviour.WRONG_SIGNATURE: Reason.FORGED,
    Misbehaviour.EXPIRED: Reason.FORGED,
    Misbehaviour.ISSUED_IN_THE_FUTURE: Reason.FORGED,
    Misbehaviour.UNKNOWN_KID: Reason.FORGED,
    Misbehaviour.NO_ID_TOKEN: Reason.FORGED,
    Misbehaviour.FOREIGN_AZP: Reason.FORGED,
    Misbehaviour.NO_BIRTHDATE: Reason.BIRTH_DATE_MISSING,
}
# Both are for the one who keeps the login's state to refuse.
NOT_SEEN_HERE = {Misbehaviour.WRONG_STATE, Misbehaviour.REPLAYED_CODE_ALLOWED}


@pytest.mark.parametrize("how", HOSTILE)
async def test_every_hostile_login_is_refused(eids: Broker, http: AsyncClient, how: Misbehaviour) -> None:
    """Most of these would get through a client that is used as it comes."""
    eids.provider.next_misbehaviour = how

    assert HOSTILE[how] == await failed(eids.client(http), persona="ingrid")


def test_no_misbehaviour_is_left_out() -> None:
    """A new one asks for a new line above."""
    assert set(Misbehaviour) == HOSTILE.keys() | NOT_SEEN_HERE


@pytest.mark.parametrize(("outcome", "reason"), [("cancel", Reason.CANCELLED), ("expire", Reason.EXPIRED)])
async def test_a_login_left_half_way_says_how(eids: Broker, http: AsyncClient, outcome: str, reason: Reason) -> None:
    """Stopping on purpose and falling asleep are told apart."""
    assert reason == await failed(eids.client(http), outcome=outcome)


async def test_a_code_is_good_for_one_exchange(eids: Broker, http: AsyncClient) -> None:
    """The provider refuses the second one, and its refusal is understood."""
    eid = eids.client(http)
    departure = await eid.depart(EidScheme.NO_BANKID, Language.EN, hint="persona:ingrid")
    _, came = brought_back(await at_the_provider(departure.url))
    secrets = {"nonce": departure.nonce, "code_verifier": departure.code_verifier}
    await eid.arrive(EidScheme.NO_BANKID, came, **secrets)
    with pytest.raises(LoginFailed) as raised:
        await eid.arrive(EidScheme.NO_BANKID, came, **secrets)

    assert Reason.EXPIRED == raised.value.reason


async def test_a_code_of_another_login_is_refused(eids: Broker, http: AsyncClient) -> None:
    """PKCE: who has stolen a code has not stolen the verifier."""
    eid = eids.client(http)
    one, other = [await eid.depart(EidScheme.NO_BANKID, Language.EN, hint="persona:ingrid") for _ in range(2)]
    _, came = brought_back(await at_the_provider(one.url))
    with pytest.raises(LoginFailed) as raised:
        await eid.arrive(EidScheme.NO_BANKID, came, nonce=one.nonce, code_verifier=other.code_verifier)

    assert Reason.EXPIRED == raised.value.reason


async def test_a_new_key_is_looked_for_once(eids: Broker, http: AsyncClient) -> None:
    """Providers change their keys without asking anybody."""
    eid = eids.client(http)
    await log_in(eid, EidScheme.NO_BANKID, persona="ingrid")
    eids.provider.keys.rotate(keep_old=False)
    person = await log_in(eid, EidScheme.NO_BANKID, persona="ingrid")

    assert "Ingrid Nordheim" == person.name.full


class Answering:
    """A provider that answers everything with one thing."""

    def __init__(self, answer: Response) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await self._answer(scope, receive, send)


async def departing(answer: Response) -> Reason:
    """Why nobody can set out towards a provider that answers so."""
    async with outbound_client("test@skranke.example", ASGITransport(Answering(answer))) as http:
        key = '{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}'  # noqa: E501 - the example key of RFC 7517
        eid = Eid(http, SystemClock(), issuer="https://eid.example", client_id="skranke", key=key, redirect_uri=REDIRECT_URI)
        with pytest.raises(LoginFailed) as raised:
            await eid.depart(EidScheme.NO_BANKID, Language.NB)
        return raised.value.reason


METADATA = {
    "issuer": "https://eid.example",
    "authorization_endpoint": "https://eid.example/authorize",
    "token_endpoint": "https://eid.example/token",
    "pushed_authorization_request_endpoint": "https://eid.example/par",
    "jwks_uri": "https://eid.example/jwks",
    "id_token_signing_alg_values_supported": ["ES256"],
}


@pytest.mark.parametrize(
    "answer",
    [
        Response("<!doctype html>", media_type="text/html"),
        Response(b"x" * (LARGEST_ANSWER + 1)),
        Response(status_code=503),
        Response(status_code=302, headers={"location": "https://elsewhere.example"}),
        JSONResponse(METADATA | {"issuer": "https://another.example"}),
        JSONResponse(METADATA | {"token_endpoint": "http://eid.example/token"}),
        JSONResponse({key: METADATA[key] for key in METADATA if key != "pushed_authorization_request_endpoint"}),
        # In order, but it answers the pushed request with the same.
        JSONResponse(METADATA),
    ],
    ids=["page", "flood", "down", "redirect", "another issuer", "in the clear", "no PAR", "no request_uri"],
)
async def test_a_provider_that_cannot_be_relied_on_is_unavailable(answer: Response) -> None:
    """Nobody is sent to an address that a stranger has named."""
    assert Reason.UNAVAILABLE == await departing(answer)


async def test_a_provider_that_is_away_is_unavailable(http: AsyncClient) -> None:
    """And nothing is asked of the browser's user but to wait."""
    async with broker() as gone:
        eid = gone.client(http)

    with pytest.raises(LoginFailed, match="unavailable: the provider did not answer"):
        await eid.depart(EidScheme.NO_BANKID, Language.NB)


async def test_an_answer_from_elsewhere_is_not_even_exchanged(eids: Broker, http: AsyncClient) -> None:
    """A code of another provider must not be shown to ours (mix-up, RFC 9207)."""
    came = Return("a code", None, "https://another.example")
    with pytest.raises(LoginFailed, match="forged"):
        await eids.client(http).arrive(EidScheme.NO_BANKID, came, nonce="n", code_verifier="v")
