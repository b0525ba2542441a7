"""The provider stand-in misbehaves when asked to, once, so that clients can be seen to notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.stand_ins.conftest import unverified

if TYPE_CHECKING:
    from tests.stand_ins.conftest import Visitor


@pytest.mark.parametrize(
    ("how", "claim"),
    [
        ("wrong_nonce", "nonce"),
        ("wrong_token_iss", "iss"),
        ("wrong_aud", "aud"),
        ("low_acr", "acr"),
        ("wrong_eid", "identityscheme"),
        ("foreign_azp", "azp"),
        ("no_birthdate", "birthdate"),
    ],
)
async def test_the_next_login_can_be_spoilt_in_one_claim(visitor: Visitor, how: str, claim: str) -> None:
    """And the one after it is right again."""
    await visitor.site.post("/_control/misbehave", json={"how": how})
    spoilt, right = await visitor.claims(), await visitor.claims()

    assert spoilt.get(claim) != right[claim]
    assert right["nonce"] == "nonce-1"


@pytest.mark.parametrize("how", ["alg_none", "hs256_with_public_key", "unknown_kid", "wrong_signature"])
async def test_the_next_login_can_be_signed_by_the_wrong_hand(visitor: Visitor, how: str) -> None:
    """A verifier that takes any of them is broken."""
    await visitor.site.post("/_control/misbehave", json={"how": how})
    token = await visitor.id_token()
    published = KeySet.import_key_set((await visitor.site.get("/jwks")).json())

    with pytest.raises((JoseError, ValueError)):
        jwt.decode(token, published, algorithms=["ES256"])


async def test_the_next_login_can_be_out_of_time(visitor: Visitor) -> None:
    """Past or still to come."""
    await visitor.site.post("/_control/misbehave", json={"how": "expired"})
    _, expired = unverified(await visitor.id_token())
    await visitor.site.post("/_control/misbehave", json={"how": "issued_in_the_future"})
    _, early = unverified(await visitor.id_token())

    assert expired["exp"] < visitor.now() < early["iat"]


@pytest.mark.parametrize(
    ("how", "iss"), [("wrong_redirect_iss", "another-issuer"), ("no_redirect_iss", None), ("wrong_state", "localhost")]
)
async def test_the_redirect_itself_can_be_forged(visitor: Visitor, how: str, iss: str | None) -> None:
    """Mixed-up issuers and foreign states are caught before any code is exchanged."""
    await visitor.site.post("/_control/misbehave", json={"how": how})
    location = (await visitor.arrive(await visitor.push())).headers["location"]

    assert (iss is None) == ("iss=" not in location)
    assert (how == "wrong_state") == ("state=state-1" not in location)
    assert iss is None or iss in location


async def test_a_login_can_end_without_an_id_token(visitor: Visitor) -> None:
    """Some libraries take that for success."""
    await visitor.site.post("/_control/misbehave", json={"how": "no_id_token"})
    answer = await visitor.exchange(await visitor.code())

    assert answer.status_code == 200
    assert "id_token" not in answer.json()


async def test_a_replayed_code_can_be_allowed(visitor: Visitor) -> None:
    """So that the client's own defence is seen to work."""
    await visitor.site.post("/_control/misbehave", json={"how": "replayed_code_allowed"})
    code = await visitor.code()
    first, second = await visitor.exchange(code), await visitor.exchange(code)

    assert [200, 200] == [first.status_code, second.status_code]
