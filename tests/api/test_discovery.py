"""What a program finds without having been told anything but our address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import pytest

from api.counter import Counter
from api.receipt_keys import ReceiptKeys
from domain.cards.ids import CheckId
from domain.cards.jose import SigningKey, from_jwks
from domain.cards.receipts import ReceiptClaims, read_receipt, sign_receipt
from domain.cards.untrustworthy import NotSigned
from gateways.meters import Meters
from tests.api.counting import PUBLIC_URL, calling

RECEIPT = ReceiptClaims(CheckId(uuid4()), "310279323", "Torggata", "kasse-1", "alcohol_18", "ok", datetime(2026, 11, 22, tzinfo=UTC))
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_the_issuer_says_where_tokens_come_from_and_how(http: httpx2.AsyncClient) -> None:
    """Everything named is there, and the issuer is where this was found (RFC 8414, section 3.3)."""
    told = (await http.get("/.well-known/oauth-authorization-server")).json()

    assert PUBLIC_URL == told["issuer"]
    assert 401 == (await http.post(told["token_endpoint"], data={"grant_type": "client_credentials"})).status_code
    assert ["client_secret_basic", "client_secret_post", "private_key_jwt"] == told["token_endpoint_auth_methods_supported"]
    assert ["ES256", "EdDSA", "Ed25519"] == told["token_endpoint_auth_signing_alg_values_supported"]
    assert 200 == (await http.get(told["service_documentation"])).status_code


async def test_receipts_of_every_published_key_can_be_checked_and_no_private_half_is(counter: Counter, http: httpx2.AsyncClient) -> None:
    """Yesterday's receipts are checked today, with yesterday's key."""
    answer = await http.get("/.well-known/receipt-keys.json")
    keys = from_jwks(answer.json())

    assert ["new", "old"] == list(keys)
    assert [RECEIPT, RECEIPT] == [read_receipt(sign_receipt(RECEIPT, key), keys) for key in counter.receipt_keys.keys]
    assert '"d"' not in answer.text


async def test_a_key_goes_when_its_receipts_do_not_count_any_more(counter: Counter) -> None:
    """First the new key is published beside the old one, then signs, then the old one goes."""
    old, new = counter.receipt_keys.keys
    alone = replace(counter, receipt_keys=ReceiptKeys((new,)))
    async with calling(alone) as http:
        keys = from_jwks((await http.get("/.well-known/receipt-keys.json")).json())

    assert new == counter.receipt_keys.signing
    with pytest.raises(NotSigned):
        read_receipt(sign_receipt(RECEIPT, old), keys)


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1]", '[{"kty": "EC"}]', '[{"kty": "oct", "k": "c2VjcmV0"}]'])
def test_receipt_keys_that_cannot_sign_are_refused(text: str) -> None:
    """When the server starts, and without repeating what may be a secret."""
    with pytest.raises(ValueError, match=r"^(?!.*c2Vj)"):
        ReceiptKeys.parse(text)


def test_two_receipt_keys_of_one_name_are_refused() -> None:
    """Nobody could tell whose signature it is."""
    with pytest.raises(ValueError, match="two of one name"):
        ReceiptKeys((SigningKey.generate("a"), SigningKey.generate("a")))


async def test_a_callers_trace_is_gone_on_with_and_answered(http: httpx2.AsyncClient) -> None:
    """So that two companies' operators talk about the same request."""
    theirs = await http.get("/v1/openapi.json", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    ours = [await http.get("/v1/openapi.json", headers={"traceparent": text}) for text in ("", "x", f"00-{'0' * 32}-00f067aa0ba902b7-01")]

    assert re.fullmatch(rf"00-{TRACE}-(?!00f067aa0ba902b7)[0-9a-f]{{16}}-01", theirs.headers["traceparent"])
    assert all(re.fullmatch(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]", answer.headers["traceparent"]) for answer in ours)


async def test_requests_are_counted_by_route_and_tokens_by_outcome(counter: Counter) -> None:
    """For operators; nothing in the labels is anybody's."""
    meters = Meters()
    async with calling(replace(counter, meters=meters)) as http:
        await http.get("/v1/openapi.json?secret=a-secret")
        await http.post("/oauth2/token", data={"grant_type": "client_credentials", "client_id": "a-secret", "client_secret": "a-secret"})
        await http.get("/v1/a-secret")
    counted = {(sample.name, *sample.labels.values()) for metric in meters.registry.collect() for sample in metric.samples if sample.value}

    assert {
        ("skranke_http_request_seconds_count", "GET", "/v1/openapi.json", "2xx"),
        ("skranke_http_request_seconds_count", "POST", "/oauth2/token", "4xx"),
        ("skranke_http_request_seconds_count", "GET", "none", "4xx"),
        ("skranke_tokens_total", "invalid_client"),
    } <= counted
    assert "a-secret" not in str(counted)
