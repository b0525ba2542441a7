"""Logging in those who work here, and hearing that they have left, against the provider over HTTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from domain.languages import Language
from domain.staff import StaffIdentity, StaffRole
from gateways.http import AsyncClient, outbound_client
from gateways.id_token import Expected, NotBelieved, believed
from gateways.openid import ProviderUnavailable
from gateways.openid_client import LoginFailed, Reason
from gateways.staff_login import LOGOUT_EVENT, StaffLogin, StaffToken
from stand_ins.openid_provider import Misbehaviour
from tests.gateways.eid_over_http import STAFF_CLIENT_ID, Broker, at_the_provider, broker, brought_back


@pytest.fixture(scope="module")
async def work() -> AsyncIterator[Broker]:
    """The provider."""
    async with broker() as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[AsyncClient]:
    """The client that calls out."""
    async with outbound_client("test@skranke.example") as client:
        yield client


async def log_in(login: StaffLogin, **decision: str) -> StaffIdentity:
    """A whole login, as the browser and we see it."""
    departure = await login.depart(Language.EN)
    state, came = brought_back(await at_the_provider(departure.url, **decision))
    assert state == departure.state
    return await login.arrive(came, nonce=departure.nonce, code_verifier=departure.code_verifier)


async def test_the_provider_tells_who_works_here_and_as_what(work: Broker, http: AsyncClient) -> None:
    """Roles in other systems are passed over."""
    selma = await log_in(work.staff_client(http), persona="selma")

    assert ("Selma Dahl", "selma.dahl@skranke.example") == (selma.name, selma.email)
    assert {StaffRole.SUPPORT, StaffRole.OPERATOR} == selma.roles
    assert work.provider.issuer == selma.issuer
    assert selma.provider_session


async def test_whoever_has_left_comes_without_roles(work: Broker, http: AsyncClient) -> None:
    """Their account may live on for a while."""
    assert set() == (await log_in(work.staff_client(http), persona="frode")).roles


async def test_the_same_person_has_the_same_subject_and_another_session_each_time(work: Broker, http: AsyncClient) -> None:
    """The one is whom we know, the other what ends."""
    first, second = [await log_in(work.staff_client(http), persona="liv") for _ in range(2)]

    assert first.subject == second.subject
    assert first.provider_session != second.provider_session


async def test_a_customer_cannot_log_in_as_staff(work: Broker, http: AsyncClient) -> None:
    """The provider knows which client asks, and does not send them back."""
    departure = await work.staff_client(http).depart(Language.EN, hint="persona:ingrid")

    with pytest.raises(KeyError, match="location"):
        await at_the_provider(departure.url, persona="ingrid")


# Those about eIDs mean nothing here; the other two are for the one who keeps the login's state to refuse.
NOT_SEEN_HERE = {
    Misbehaviour.LOW_ACR,
    Misbehaviour.WRONG_EID,
    Misbehaviour.NO_BIRTHDATE,
    Misbehaviour.WRONG_STATE,
    Misbehaviour.REPLAYED_CODE_ALLOWED,
}


@pytest.mark.parametrize("how", [how for how in Misbehaviour if how not in NOT_SEEN_HERE])
async def test_every_hostile_staff_login_is_refused(work: Broker, http: AsyncClient, how: Misbehaviour) -> None:
    """Here the prize is every customer's page."""
    work.provider.next_misbehaviour = how
    with pytest.raises(LoginFailed) as raised:
        await log_in(work.staff_client(http), persona="liv")

    assert Reason.FORGED == raised.value.reason


@pytest.mark.parametrize(
    "bent", [{"roles": "support"}, {"roles": {"support": True}}, {"roles": [1]}, {"roles": True}, {"sid": ""}, {"sid": 7}]
)
def test_roles_in_another_shape_are_not_believed(bent: dict[str, object]) -> None:
    """A provider that was set up wrongly lets nobody in, rather than somebody as something."""
    now = datetime.now(UTC)
    moment = now.timestamp()
    claims = {"iss": "i", "sub": "s", "aud": "c", "exp": moment + 60, "iat": moment, "nonce": "n", "roles": ["support"]}
    expected = Expected("i", "c", "n", None, now)
    assert ("support",) == believed(StaffToken, claims, expected).roles

    with pytest.raises(NotBelieved):
        believed(StaffToken, claims | bent, expected)


def claims_of(work: Broker, **changes: object) -> dict[str, object]:
    """A logout token's claims that are in order but for the changes; None takes one out."""
    now = int(time.time())
    proper = {
        "iss": work.provider.issuer,
        "aud": STAFF_CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_hex(8),
        "events": {LOGOUT_EVENT: {}},
        "sub": "{liv}",
        "sid": "session-1",
    }
    return {name: value for name, value in (proper | changes).items() if value is not None}


def signed(work: Broker, claims: Mapping[str, Any], key: ECKey | None = None, **header: str) -> str:
    """The logout token, signed by the provider unless by somebody else."""
    signing = key or work.provider.keys.current
    head = {"alg": "ES256", "typ": "logout+jwt", "kid": str(work.provider.keys.current.kid)} | header
    return jwt.encode(head, dict(claims), signing, algorithms=["ES256"])


async def test_a_proper_word_of_logout_is_understood(work: Broker, http: AsyncClient) -> None:
    """Whose session it was, which one, and under which id this was said."""
    claims = claims_of(work)
    heard = await work.staff_client(http).read_logout(signed(work, claims))

    said = (claims["iss"], claims["sub"], claims["sid"], claims["jti"])
    assert said == (heard.issuer, heard.subject, heard.provider_session, heard.token_id)
    assert "{liv}" not in repr(heard)


@pytest.mark.parametrize("changes", [{"sid": None}, {"sub": None}, {"aud": [STAFF_CLIENT_ID]}, {"events": {LOGOUT_EVENT: {}, "other": {}}}])
async def test_a_word_of_logout_may_differ_in_these(work: Broker, http: AsyncClient, changes: dict[str, object]) -> None:
    """Either a session or a person is enough."""
    assert await work.staff_client(http).read_logout(signed(work, claims_of(work, **changes)))


NOW = int(time.time())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://another.example"},
        {"iss": None},
        {"aud": "skranke"},
        {"aud": [STAFF_CLIENT_ID, "skranke"]},
        {"aud": None},
        {"iat": NOW - 3600},
        {"iat": NOW + 3600},
        {"iat": None},
        {"exp": NOW - 3600},
        {"exp": None},
        {"jti": None},
        {"jti": ""},
        {"events": None},
        {"events": {}},
        {"events": {"http://schemas.openid.net/event/something-else": {}}},
        {"events": [LOGOUT_EVENT]},
        {"nonce": "any"},
        {"nonce": ""},
        {"sub": None, "sid": None},
        {"sid": ""},
        {"sid": 7},
    ],
    # Every process that shares the tests calls them alike, whatever the time.
    ids=lambda changes: ", ".join(
        f"{name}: {'later' if value == NOW + 3600 else 'earlier' if value == NOW - 3600 else value}" for name, value in changes.items()
    ),
)
async def test_a_word_of_logout_that_is_not_in_order_is_not_believed(work: Broker, http: AsyncClient, changes: dict[str, object]) -> None:
    """Else anybody could throw anybody out."""
    with pytest.raises(NotBelieved):
        await work.staff_client(http).read_logout(signed(work, claims_of(work, **changes)))


async def test_a_word_of_logout_by_somebody_else_is_not_believed(work: Broker, http: AsyncClient) -> None:
    """Another key, under the provider's key id and under its own; no signature; no token."""
    stranger, login = ECKey.generate_key("P-256", parameters={"kid": "stranger"}), work.staff_client(http)
    proper = signed(work, claims_of(work))
    unsigned = f"eyJhbGciOiJub25lIn0.{proper.split('.')[1]}."
    forged = [signed(work, claims_of(work), stranger), signed(work, claims_of(work), stranger, kid="stranger")]
    for token in [*forged, unsigned, proper[:-4], "x", ""]:
        with pytest.raises(NotBelieved):
            await login.read_logout(token)


async def test_made_up_keys_do_not_make_us_ask_the_provider_each_time(work: Broker) -> None:
    """Whoever floods us would flood it."""
    asked: list[str] = []

    async def remember(request: Any) -> None:  # noqa: ANN401 - the hook's own type
        asked.append(request.url.path)

    stranger = ECKey.generate_key("P-256", parameters={"kid": "stranger"})
    async with outbound_client("test@skranke.example") as http:
        http.event_hooks = {"request": [remember]}
        login = work.staff_client(http)
        for _ in range(20):
            with pytest.raises(NotBelieved):
                await login.read_logout(signed(work, claims_of(work), stranger, kid="stranger"))

    assert asked.count("/jwks") <= 3


async def test_without_the_provider_nothing_can_be_checked() -> None:
    """Which is another thing than not being believed: it may be said again."""
    async with broker() as gone, outbound_client("test@skranke.example") as http:
        login = gone.staff_client(http)
        token = signed(gone, claims_of(gone))

    async with outbound_client("test@skranke.example") as http:
        login = gone.staff_client(http)
        with pytest.raises(ProviderUnavailable):
            await login.read_logout(token)
