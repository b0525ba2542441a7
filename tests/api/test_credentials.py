"""Token requests that are not as they should be, each with its answer."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx2
import pytest

from api.bodies import FORM
from api.counter import Counter
from demo.postgres import Postgres
from tests.api.clients import GRANT, Integrator, by_signature, register
from tests.api.counting import calling, counter_for_all

US = Integrator(client_id="till-17")
PAIR = {"client_id": US.client_id, "client_secret": US.secret}
URLENCODED = "&".join(f"{name}={value}" for name, value in (GRANT | PAIR).items())


def basic(text: str | bytes) -> dict[str, str]:
    """A header with this as its pair."""
    raw = text if isinstance(text, bytes) else text.encode()
    return {"Authorization": f"Basic {base64.b64encode(raw).decode()}"}


GOOD = basic(f"{US.client_id}:{US.secret}")


@dataclass(frozen=True)
class Attempt:
    """A token request and what is said to it."""

    error: str
    body: str | bytes | Mapping[str, str] = field(default_factory=lambda: GRANT)
    status: int = 400
    query: str = ""
    headers: Mapping[str, str] | list[tuple[str, str]] = field(default_factory=dict)


def unauthorized(**more: object) -> Attempt:
    """A request that proves nothing."""
    return Attempt("invalid_client", status=401, **more)  # type: ignore[arg-type]  # whatever an attempt has


ATTEMPTS: Mapping[str, Attempt] = {
    "nothing": Attempt("invalid_request", ""),
    "no grant type": Attempt("invalid_request", PAIR),
    "another grant type": Attempt("unsupported_grant_type", PAIR | {"grant_type": "password"}),
    "another grant type from nobody": unauthorized(body={"grant_type": "password"}),
    "no credentials": unauthorized(),
    "a name without a secret": unauthorized(body=GRANT | {"client_id": US.client_id}),
    "a secret without a name": unauthorized(body=GRANT | {"client_secret": US.secret}),
    "an empty secret": unauthorized(body=GRANT | PAIR | {"client_secret": ""}),
    "zero bytes in the name": unauthorized(body=GRANT | PAIR | {"client_id": "till-17\0"}),
    "basic and post": Attempt("invalid_request", GRANT | PAIR, headers=GOOD),
    "post and signature": Attempt("invalid_request", by_signature(US.assertion(), client_secret=US.secret)),
    "basic and signature": Attempt("invalid_request", by_signature(US.assertion()), headers=GOOD),
    "two headers": Attempt("invalid_request", headers=[("Authorization", GOOD["Authorization"])] * 2),
    "basic for one and the form for another": Attempt("invalid_request", GRANT | {"client_id": "till-18"}, headers=GOOD),
    "signed by one and the form for another": Attempt("invalid_request", by_signature(US.assertion(), client_id="till-18")),
    "the secret in the address": Attempt("invalid_request", query=f"?client_id={US.client_id}&client_secret={US.secret}"),
    "the grant in the address": Attempt("invalid_request", PAIR, query="?grant_type=client_credentials"),
    "a bearer token": unauthorized(headers={"Authorization": f"Bearer {US.secret}"}),
    "basic that is no base64": unauthorized(headers={"Authorization": "Basic till-17:secret!"}),
    "basic with something behind": unauthorized(headers={"Authorization": GOOD["Authorization"] + " x"}),
    "basic without a colon": unauthorized(headers=basic(US.client_id)),
    "basic that is no UTF-8": unauthorized(headers=basic(b"\xff:\xff")),
    "basic whose percent signs hide no UTF-8": unauthorized(headers=basic("till-17:%ff")),
    "basic without anything": unauthorized(headers={"Authorization": "Basic"}),
    "a field twice": Attempt("invalid_request", URLENCODED + f"&client_id={US.client_id}"),
    "scope twice": Attempt("invalid_request", URLENCODED + "&scope=a&scope=b"),
    "no UTF-8": Attempt("invalid_request", URLENCODED.encode() + b"&scope=%ff"),
    "raw bytes": Attempt("invalid_request", b"\xff\xfe"),
    "a field without a value": Attempt("invalid_request", URLENCODED + "&scope"),
    "very many fields": Attempt("invalid_request", URLENCODED + "".join(f"&f{n}=1" for n in range(50))),
    "very long": Attempt("invalid_request", URLENCODED + "&x=" + "x" * 20_000, 413),
    "as JSON": Attempt("invalid_request", '{"grant_type": "client_credentials"}', 415, headers={"Content-Type": "application/json"}),
    "as a file": Attempt("invalid_request", URLENCODED, 415, headers={"Content-Type": "multipart/form-data; boundary=x"}),
    "in Latin": Attempt("invalid_request", URLENCODED, 415, headers={"Content-Type": FORM + "; charset=iso-8859-1"}),
    "packed": Attempt("invalid_request", URLENCODED, 415, headers={"Content-Encoding": "gzip"}),
    "another type of assertion": unauthorized(body=by_signature(US.assertion()) | {"client_assertion_type": "urn:saml2-bearer"}),
    "an assertion without its type": unauthorized(body=GRANT | {"client_assertion": US.assertion()}),
    "a type without an assertion": unauthorized(body=GRANT | {"client_assertion_type": by_signature("")["client_assertion_type"]}),
}


@pytest.fixture(scope="module")
async def counter(postgres: Postgres, migrated_template: str) -> AsyncIterator[Counter]:
    """One counter for all of them."""
    async with counter_for_all(postgres, migrated_template, "credentials") as counter:
        await register(counter.pool, US.registered())
        yield counter


@pytest.mark.parametrize("name", ATTEMPTS)
async def test_a_bad_token_request_is_told_what_rfc_6749_has_for_it(counter: Counter, name: str) -> None:
    """And nothing of what it sent."""
    attempt = ATTEMPTS[name]
    given = attempt.headers if isinstance(attempt.headers, list) else list(attempt.headers.items())
    typed = [] if any(header == "Content-Type" for header, _ in given) else [("Content-Type", FORM)]
    body = str(httpx2.QueryParams(attempt.body)) if isinstance(attempt.body, Mapping) else attempt.body
    async with calling(counter) as http:
        answer = await http.post(f"/oauth2/token{attempt.query}", content=body, headers=[*given, *typed])
    told = answer.json()

    assert (attempt.status, attempt.error) == (answer.status_code, told["error"])
    assert {"error", "error_description", "error_uri"} == told.keys()
    assert f"https://skranke.example/problems/{attempt.error}" == told["error_uri"]
    assert "no-store" == answer.headers["cache-control"]
    assert (attempt.status == 401) == ("www-authenticate" in answer.headers)
    assert US.secret not in answer.text
    assert "till" not in answer.text


async def test_what_has_to_be_encoded_in_a_header_is_decoded(counter: Counter) -> None:
    """RFC 6749 has both halves form-encoded before base64, and a secret of somebody's own may hold anything visible."""
    odd = Integrator(client_id="till:17 %+", secret="se:cret %+&=")  # noqa: S106 - an example
    await register(counter.pool, odd.registered())
    async with calling(counter) as http:
        answer = await http.post("/oauth2/token", data=GRANT, headers=basic("till%3A17+%25%2B:se%3Acret%20%25%2B%26%3D"))

    assert 200 == answer.status_code, answer.text
