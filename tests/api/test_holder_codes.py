"""A phone registers a code: who may, for how long it is good, and what happens when the issuer is ill."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from stand_ins.phone.app import Phone, Refused
from stand_ins.phone.idk1 import Mode, b64, make_code
from stand_ins.phone.wallet import Wallet
from tests.api.holding import World, world

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
async def here(fresh_database: str) -> AsyncIterator[World]:
    """Everybody whom a phone has to do with."""
    async with world(fresh_database) as here:
        yield here


@pytest.fixture
async def phone(here: World) -> Phone:
    """Ingrid's, with her card."""
    return await here.phone_of("ingrid")


def a_code(phone: Phone, mode: Mode = Mode.STANDARD) -> dict[str, object]:
    """What a phone says of a code, as it should be."""
    code = make_code(phone.wallet.cek, phone.card_id, mode)
    return {"ref_hash": code.ref_hash.hex(), "wrapped": b64(code.wrapped), "mode": mode.name.lower()}


async def said(here: World, phone: Phone, body: dict[str, object], authorization: str, path: str = "/v1/presentations") -> tuple[int, str]:
    """Post a body under some signature, and tell status and code of the answer."""
    headers = {"Authorization": authorization}
    answer = await here.http.post(phone.portal + path, json=body, headers=headers)
    return answer.status_code, str(answer.json().get("code"))


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_code_is_good_for_thirty_seconds_of_the_servers_clock(here: World, mode: Mode) -> None:
    """Whatever the phone thinks the time is; it is told how long it has."""
    here.clock.ahead = timedelta(seconds=20)
    phone = await here.phone_of("ingrid")
    before = here.clock.now()
    shown = await phone.show(mode)
    [(expires_at, kept_mode, wrapped)] = await here.rows("select expires_at, mode, wrapped from presentation")

    assert before + HALF_A_MINUTE <= expires_at <= here.clock.now() + HALF_A_MINUTE
    assert (expires_at, 30) == (shown.expires_at, shown.valid_for_s)
    assert (mode.name.lower(), {"age": 94, "standard": 160, "full": 259}[kept_mode]) == (kept_mode, len(wrapped))


async def test_neither_the_code_nor_its_key_reaches_the_portal(here: World, phone: Phone) -> None:
    """What is stored finds the code when it is scanned, and cannot be turned into it."""
    shown = await phone.show()
    rows = await here.rows("select presentation::text from presentation")

    assert 1 == len(rows)
    assert shown.text[4:] not in rows[0][0]


@pytest.mark.parametrize(
    ("state", "code", "status"), [("blocked", "card_blocked", 422), ("unknown", "card_blocked", 422), ("expired", "card_expired", 422)]
)
async def test_a_card_that_is_dead_at_its_issuer_shows_no_code(here: World, phone: Phone, state: str, code: str, status: int) -> None:
    """The issuer is asked each time; a code that is on the screen already dies too."""
    await phone.show()
    await here.control(f"cards/{phone.card_id}", {"status": state}, "PUT")
    with pytest.raises(Refused) as refused:
        await phone.show()

    assert (code, status) == (refused.value.code, refused.value.status)
    assert [] == await here.rows("select 1 from presentation")


async def test_a_card_lives_again_when_its_issuer_says_so(here: World, phone: Phone) -> None:
    """The issuer is the judge; what it takes back is taken back here."""
    await here.control(f"cards/{phone.card_id}", {"status": "blocked"}, "PUT")
    with pytest.raises(Refused):
        await phone.show()
    await here.control(f"cards/{phone.card_id}", {"status": "alive"}, "PUT")

    assert (await phone.show()).valid_for_s == 30


@pytest.mark.parametrize("day", [{"kind": "unavailable"}, {"kind": "drop"}, {"kind": "not_json"}, {"kind": "slow", "seconds": 4}])
async def test_without_the_issuer_there_is_no_code(here: World, phone: Phone, day: dict[str, object]) -> None:
    """Nothing is known of the person, so nothing may be assumed; the phone is told soon, and when to try again."""
    await here.control("behaviours", day)
    began = time.monotonic()
    answer = await phone.call("POST", "/v1/presentations", a_code(phone))

    assert (503, "unavailable") == (answer.status_code, answer.json()["code"])
    assert int(answer.headers["Retry-After"]) > 0
    assert time.monotonic() - began < 3
    assert [] == await here.rows("select 1 from presentation")


async def test_an_issuer_that_keeps_failing_is_left_alone_for_a_while(here: World, phone: Phone) -> None:
    """Nobody else is made to wait for what will not come; then it is asked anew."""
    await here.control("behaviours", {"kind": "unavailable"})
    for _ in range(5):
        with pytest.raises(Refused, match="unavailable"):
            await phone.show()
    calls = (await here.http.get(f"{here.issuer.url}/_control/calls")).json()
    await here.http.delete(f"{here.issuer.url}/_control/behaviours")
    with pytest.raises(Refused, match="unavailable"):
        await phone.show()
    here.clock.pass_by(timedelta(seconds=6))

    assert 3 == calls[f"/cards/{phone.card_id}/status"]
    assert (await phone.show()).valid_for_s == 30


async def test_a_request_counts_once(here: World, phone: Phone) -> None:
    """Whoever repeats it is told so, even with the right signature."""
    body = a_code(phone)
    first = await phone.call("POST", "/v1/presentations", body)
    again = await here.http.post(
        f"{phone.portal}/v1/presentations",
        content=first.request.content,
        headers={"Authorization": first.request.headers["Authorization"], "Content-Type": "application/json"},
    )

    assert (201, 409) == (first.status_code, again.status_code)
    assert "request_repeated" == again.json()["code"]


async def test_a_signature_of_something_else_is_refused(here: World, phone: Phone) -> None:
    """Old, for another request, another body or another card: the phone has not asked for this now."""
    now = int(time.time())
    wrong: dict[str, list[object]] = {
        "iat": [1_000_000_000, 4_000_000_000, now - 62, now + 62, "now", True, 1e30, None],
        "jti": ["short", "x" * 200, 5, None],
        "method": ["GET", "post", None],
        "path": ["/v1/holder/cards", "/v1/presentations?x", "", None],
        "body": [b64(bytes(32)), "", None],
        "card": [str(uuid4()), 7, None],
    }
    bent = [{name: value} for name, values in wrong.items() for value in values]
    answers = [await phone.call("POST", "/v1/presentations", a_code(phone), bent=claims) for claims in bent]

    assert [(401, "device_unauthorized")] * len(bent) == [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert [] == await here.rows("select 1 from presentation")


async def test_another_cards_key_is_refused(here: World, phone: Phone) -> None:
    """A genuine phone of somebody else speaks for its own card alone."""
    other = await here.phone_of("jonas")
    answer = await other.call("POST", "/v1/presentations", a_code(other), bent={"card": str(phone.card_id)})

    assert 401 == answer.status_code


async def test_what_is_no_signature_is_refused(here: World, phone: Phone) -> None:
    """Nothing, a password, a till's token, unsigned, with a key of one's own, or two at once."""
    body = a_code(phone)
    header, payload, signature = phone.signature("POST", "/v1/presentations", b"").split(".")
    none = b64(b'{"alg":"none","typ":"idk1-request+jwt"}')
    attempts = ["", "Basic YTpi", "Bearer skranke_token_x", "Card", "Card x", "Card ..", f"Card {none}.{payload}.", "Card " + "a" * 5000]
    attempts += [f"Card {header}.{payload}.{signature[:-4]}AAAA", f"Card {header}.{b64(b'[]')}.{signature}"]

    assert {(401, "device_unauthorized")} == {await said(here, phone, body, attempt) for attempt in attempts}


async def test_a_body_that_was_changed_on_the_way_is_refused(here: World, phone: Phone) -> None:
    """The signature is of the bytes that were sent."""
    body = a_code(phone)
    first = await phone.call("POST", "/v1/presentations", {**body, "mode": "nonsense"})

    assert 422 == first.status_code
    assert (401, "device_unauthorized") == await said(here, phone, body, first.request.headers["Authorization"])


async def test_a_code_that_is_none_is_refused(here: World, phone: Phone) -> None:
    """A till would only find out in front of the customer."""
    changes: list[tuple[dict[str, object], int, str]] = [
        ({"mode": "everything"}, 422, "field_invalid"),
        ({"mode": "age"}, 422, "field_invalid"),
        ({"wrapped": b64(bytes(161))}, 422, "field_invalid"),
        ({"wrapped": 5}, 422, "field_invalid"),
        ({"wrapped": "?"}, 422, "field_invalid"),
        ({"ref_hash": "00"}, 422, "field_invalid"),
        ({"ref_hash": "Z" * 64}, 422, "field_invalid"),
        ({"qr": "IDK1"}, 422, "field_invalid"),
        ({"wrapped": "A" * 20_000}, 413, "body_too_large"),
    ]
    answers = [await phone.call("POST", "/v1/presentations", {**a_code(phone), **change}) for change, _, _ in changes]

    assert [(status, code) for _, status, code in changes] == [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert [] == await here.rows("select 1 from presentation")


async def test_a_reference_that_is_taken_is_refused(here: World, phone: Phone) -> None:
    """Somebody else's code must not be overwritten, whoever has seen its hash."""
    body, other = a_code(phone), await here.phone_of("jonas")
    await phone.call("POST", "/v1/presentations", body)
    answer = await other.call("POST", "/v1/presentations", body)

    assert (429, "code_refused") == (answer.status_code, answer.json()["code"])


async def test_twenty_codes_at_a_time_are_enough(here: World, phone: Phone) -> None:
    """A phone that has gone mad fills no table; half a minute later it may go on."""
    answers = [(await phone.call("POST", "/v1/presentations", a_code(phone))).status_code for _ in range(21)]
    here.clock.pass_by(HALF_A_MINUTE)

    assert [201] * 20 + [429] == answers
    assert (await phone.show()).valid_for_s == 30


async def test_a_wallet_is_the_same_after_it_was_put_away(here: World, phone: Phone) -> None:
    """The app is closed and opened again."""
    restored = here.phone(Wallet.restored(phone.wallet.kept()))

    assert (await restored.show()).expires_at > datetime.now(UTC)


async def test_a_database_that_is_gone_is_an_outage(here: World, phone: Phone) -> None:
    """Never an answer that could be taken for a yes, and nothing personal in it."""
    await here.counter.pool.close()
    answer = await phone.call("POST", "/v1/presentations", a_code(phone))

    assert (503, "unavailable") == (answer.status_code, answer.json()["code"])
