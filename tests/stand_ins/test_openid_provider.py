"""The provider stand-in refuses what a real one refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from joserfc.jwk import ECKey

from tests.stand_ins.conftest import unverified

if TYPE_CHECKING:
    from tests.stand_ins.conftest import Visitor

REDIRECT_URI = "http://127.0.0.1:8000/login/callback"


async def test_discovery_asks_for_the_strict_profile(visitor: Visitor) -> None:
    """What a client reads there decides how it behaves."""
    told = (await visitor.site.get("/.well-known/openid-configuration")).json()

    assert told["issuer"] == visitor.provider.issuer
    assert told["issuer"].startswith("http://localhost:")
    assert told["require_pushed_authorization_requests"] is True
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["code_challenge_methods_supported"] == ["S256"]


async def test_norwegian_bankid_puts_the_middle_name_into_the_given_name(visitor: Visitor) -> None:
    """The register keeps it in a field of its own."""
    claims = await visitor.claims(login_hint="persona:jonas")

    assert ("Jonas Bakke", "Lunde", "1985-11-02") == (claims["given_name"], claims["family_name"], claims["birthdate"])
    assert ("nobankid-oidc", "urn:grn:authn:no:bankid", ["bid"]) == (claims["identityscheme"], claims["acr"], claims["amr"])
    assert ("nonce-1", "portal", "portal", 300) == (claims["nonce"], claims["aud"], claims["azp"], claims["exp"] - claims["iat"])
    assert claims["uniqueuserid"].startswith("9578-")


async def test_swedish_bankid_tells_the_birth_date_only_by_its_number(visitor: Visitor) -> None:
    """Twelve digits, of which the first eight are the date."""
    claims = await visitor.claims(login_hint="persona:astrid", acr_values="urn:grn:authn:se:bankid")

    assert "birthdate" not in claims
    assert claims["ssn"].startswith("19800918")
    assert len(claims["ssn"]) == 12


async def test_mitid_tells_the_name_in_one_piece(visitor: Visitor) -> None:
    """Where the given name ends is anybody's guess."""
    claims = await visitor.claims(login_hint="persona:soeren", acr_values="urn:grn:authn:dk:mitid:substantial")

    assert not {"given_name", "family_name"} & claims.keys()
    assert ("Søren Kjærgaard Holm", "1976-11-28") == (claims["name"], claims["birthdate"])


async def test_a_persona_can_log_in_too_weakly(visitor: Visitor) -> None:
    """The answer's acr is not one of those asked for, and the client has to notice."""
    claims = await visitor.claims(login_hint="persona:laerke", acr_values="urn:grn:authn:dk:mitid:substantial")

    assert claims["acr"] == "urn:grn:authn:dk:mitid:low"


async def test_the_subject_is_the_same_at_every_login(visitor: Visitor) -> None:
    """Accounts hang on it."""
    first, second, other = [await visitor.claims(login_hint=f"persona:{who}") for who in ("ingrid", "ingrid", "nora")]

    assert first["sub"] == second["sub"] != other["sub"]
    assert first["sid"] != second["sid"]


async def test_without_a_hint_a_page_lets_one_choose(visitor: Visitor) -> None:
    """Only people with the eID that was asked for; scripts and other sites are shut out."""
    redirect = await visitor.arrive(await visitor.push(login_hint="", acr_values="urn:grn:authn:se:bankid"))
    page = await visitor.site.get(redirect.headers["location"])
    english = await visitor.site.get(f"{redirect.headers['location']}?lang=en")
    answer = await visitor.site.post(redirect.headers["location"], data={"persona": "astrid"})

    assert "Astrid Lindqvist" in page.text
    assert "Ingrid Nordheim" not in page.text
    assert "Who would you like to be?" in english.text
    assert "form-action 'self' http://127.0.0.1:8000" in page.headers["content-security-policy"]
    assert "code=" in answer.headers["location"]


@pytest.mark.parametrize(("outcome", "error"), [("cancel", "access_denied"), ("expire", "login_required")])
async def test_a_login_can_be_given_up(visitor: Visitor, outcome: str, error: str) -> None:
    """The client hears of it, with its state and the issuer, and the page cannot be used again."""
    redirect = await visitor.arrive(await visitor.push(login_hint=""))
    answer = await visitor.site.post(redirect.headers["location"], data={"outcome": outcome})
    again = await visitor.site.post(redirect.headers["location"], data={"persona": "ingrid"})

    assert f"error={error}" in answer.headers["location"]
    assert "state=state-1" in answer.headers["location"]
    assert "iss=http%3A%2F%2Flocalhost" in answer.headers["location"]
    assert again.status_code == 400


async def test_a_pushed_request_is_worth_one_visit(visitor: Visitor) -> None:
    """A second visit with the same request_uri may be somebody else's."""
    pushed = await visitor.push()
    first, second = await visitor.arrive(pushed), await visitor.arrive(pushed)

    assert (201, 303, 400) == (pushed.status_code, first.status_code, second.status_code)


async def test_a_pushed_request_lives_for_a_minute(visitor: Visitor) -> None:
    """As it says in `expires_in`."""
    pushed = await visitor.push()
    visitor.offset = 61

    assert pushed.json()["expires_in"] == 60
    assert (await visitor.arrive(pushed)).status_code == 400


@pytest.mark.parametrize(
    "bent",
    [
        {"redirect_uri": "http://127.0.0.1:8000/elsewhere"},
        {"client_id": "another"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"nonce": ""},
        {"state": ""},
        {"acr_values": "urn:grn:authn:fi:all"},
    ],
)
async def test_a_request_that_is_not_in_order_is_refused(visitor: Visitor, bent: dict[str, str]) -> None:
    """At once, and not in front of the user."""
    answer = await visitor.push(**bent)

    assert answer.status_code in {400, 401}
    assert answer.json()["error"] in {"invalid_request", "invalid_scope", "invalid_client"}


async def test_an_unpushed_request_is_refused(visitor: Visitor) -> None:
    """Parameters in the address bar count for nothing."""
    answer = await visitor.site.get("/authorize", params={"client_id": "portal", "response_type": "code", "redirect_uri": REDIRECT_URI})

    assert answer.status_code == 400


async def test_an_assertion_is_used_once(visitor: Visitor) -> None:
    """Its jti is remembered, at whichever endpoint it was used."""
    assertion = visitor.assertion()
    first = await visitor.push(assertion)
    replayed = await visitor.push(assertion)
    elsewhere = await visitor.exchange("whatever", assertion)

    assert [201, 401, 401] == [answer.status_code for answer in (first, replayed, elsewhere)]
    assert replayed.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "bent",
    [
        {"aud": "https://another-issuer.example"},
        {"iss": "another"},
        {"sub": "another"},
        {"exp": 1},
        {"exp": None},
        {"exp": 9_999_999_999},
        {"jti": ""},
        {"jti": None},
    ],
)
async def test_an_assertion_that_is_not_in_order_is_refused(visitor: Visitor, bent: dict[str, Any]) -> None:
    """private_key_jwt is the client's only proof."""
    answer = await visitor.push(visitor.assertion(**bent))

    assert answer.status_code == 401


async def test_an_assertion_with_another_key_is_refused(visitor: Visitor) -> None:
    """Even under the registered key's name."""
    visitor.key = ECKey.generate_key("P-256", parameters={"kid": "portal-1"})

    assert (await visitor.push()).status_code == 401


async def test_a_secret_is_not_enough(visitor: Visitor) -> None:
    """There is no second way in."""
    answer = await visitor.push({"client_secret": "portal"})

    assert answer.status_code == 401


async def test_a_code_is_used_once(visitor: Visitor) -> None:
    """Whoever comes second gets nothing."""
    code = await visitor.code()
    first, second = await visitor.exchange(code), await visitor.exchange(code)

    assert (200, 400, "invalid_grant") == (first.status_code, second.status_code, second.json()["error"])


async def test_a_wrong_code_verifier_is_refused_and_burns_the_code(visitor: Visitor) -> None:
    """A stolen code is worthless without the verifier, and there is no second guess."""
    code = await visitor.code()
    stolen = await visitor.exchange(code, code_verifier="x" * 43)
    late = await visitor.exchange(code)

    assert [400, 400] == [stolen.status_code, late.status_code]
    assert stolen.json()["error"] == "invalid_grant"


async def test_a_code_lives_for_a_minute_and_for_one_redirect_uri(visitor: Visitor) -> None:
    """Both were settled when the login began."""
    elsewhere = await visitor.exchange(await visitor.code(), redirect_uri="http://127.0.0.1:8000/elsewhere")
    code = await visitor.code()
    visitor.offset = 61
    late = await visitor.exchange(code)

    assert [400, 400] == [elsewhere.status_code, late.status_code]


async def test_keys_can_be_rotated(visitor: Visitor) -> None:
    """A client must fetch the keys again when it meets one it does not know."""
    before = {key["kid"] for key in (await visitor.site.get("/jwks")).json()["keys"]}
    kid = (await visitor.site.post("/_control/rotate-keys")).json()["kid"]
    header, _ = unverified(await visitor.id_token())
    both = {key["kid"] for key in (await visitor.site.get("/jwks")).json()["keys"]}
    await visitor.site.post("/_control/rotate-keys", json={"keep_old": False})
    only_one = (await visitor.site.get("/jwks")).json()["keys"]

    assert header["kid"] == kid
    assert both == before | {kid}
    assert len(only_one) == 1


async def test_private_keys_stay_private(visitor: Visitor) -> None:
    """The published keys verify, they do not sign."""
    keys = (await visitor.site.get("/jwks")).json()["keys"]

    assert not any("d" in key for key in keys)


async def test_everybody_can_be_listed_for_the_tour(visitor: Visitor) -> None:
    """With a line in both languages; their numbers are nobody's business."""
    people = (await visitor.site.get("/personas")).json()

    assert {"id", "name", "eid", "about", "works_for"} == people[0].keys()
    assert {"no-bankid", "se-bankid", "dk-mitid", "staff"} == {who["eid"] for who in people}
