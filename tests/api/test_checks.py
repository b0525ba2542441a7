"""A till asks for checks of cards, over HTTP and on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain.api_access import new_token
from domain.cards.claims import Claim
from domain.cards.ids import CheckId
from domain.cards.jose import SigningKey, from_jwks
from domain.cards.match import match_code
from domain.cards.receipts import read_receipt
from domain.cards.sandbox_issuer import sandbox_issuer
from tests.api.cardholders import KARI, OLA_AGED_16, PORTRAIT, Holder
from tests.api.merchants import all_of, open_shop
from tests.api.tills import PURPOSES, Till


async def test_a_check_tells_what_the_purpose_needs_and_nothing_else(till: Till) -> None:
    """Whoever buys wine shows that they are old enough and that the face is theirs."""
    answer = await till.ask(await till.show())

    assert 200 == answer.status_code
    assert {"age_over_20": True, "portrait": {"type": "image/jpeg", "data": PORTRAIT}} == answer.json()["claims"]
    assert ("alcohol_20", "ok", 20) == tuple(answer.json()[name] for name in ("purpose", "result", "display_for_s"))
    assert {"check_id", "purpose", "result", "claims", "display_for_s", "match_code", "receipt"} == set(answer.json())
    assert "no-store" == answer.headers["Cache-Control"]


async def test_names_are_told_where_the_purpose_is_to_know_them(till: Till) -> None:
    """A parcel is for somebody."""
    answer = await till.ask(await till.show(), "parcel_pickup")

    assert ["given_name", "family_name", "portrait"] == list(answer.json()["claims"])
    assert "Kari Synnøve" == answer.json()["claims"]["given_name"]


async def test_too_young_is_an_answer_and_no_error(till: Till, issuer: SigningKey) -> None:
    """The till decides what to do with it; the portal only tells."""
    young = Holder(till.counter.pool, OLA_AGED_16)
    await young.get_card(issuer)

    answer = await till.ask(await young.show(till.clock.now()))

    assert (200, False) == (answer.status_code, answer.json()["claims"]["age_over_20"])
    assert [("alcohol_20", "ok", ["age_over_20", "portrait"])] == await till.logged()


async def test_a_birthday_begins_at_midnight_in_norway(till: Till, issuer: SigningKey) -> None:
    """In UTC it is still the day before."""
    turning = Holder(till.counter.pool, {**KARI, Claim.BIRTHDATE: "2006-11-23"})
    await turning.get_card(issuer)
    told = []
    for at in (datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 23, 0, tzinfo=UTC)):
        till.clock.at = at
        told.append((await till.ask(await turning.show(at))).json()["claims"]["age_over_20"])

    assert [False, True] == told


async def test_a_card_holds_until_the_end_of_its_last_day(till: Till, issuer: SigningKey) -> None:
    """And not an hour longer, in Norway's time."""
    old = Holder(till.counter.pool)
    await old.get_card(issuer, expires_on=date(2026, 11, 22))
    told = []
    for at in (datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 23, 0, tzinfo=UTC)):
        till.clock.at = at
        told.append((await till.ask(await old.show(at))).status_code)

    assert [200, 422] == told


@pytest.mark.parametrize("written", [str.lower, lambda text: f"]Q1{text}\r\n", lambda text: text.replace("IDK1", "VisLeg-")])
async def test_a_code_is_read_as_scanners_write_it(till: Till, written: object) -> None:
    """Caps Lock, an identifier, a trailing newline, and the prefix that other tills want."""
    assert callable(written)

    answer = await till.ask(written((await till.show()).text()))

    assert 200 == answer.status_code


async def test_a_receipt_can_be_checked_by_anybody_and_says_nothing_of_the_customer(till: Till) -> None:
    """The company's evidence that it has asked."""
    answer = (await till.ask(await till.show())).json()
    keys = from_jwks((await till.http.get("/.well-known/receipt-keys.json")).json())

    receipt = read_receipt(answer["receipt"], keys)

    assert (till.merchant.number, till.merchant.shop, till.merchant.till) == (receipt.orgnr, receipt.shop, receipt.terminal)
    assert ("alcohol_20", "ok", till.clock.now()) == (receipt.purpose, receipt.result, receipt.at)
    assert answer["check_id"] == str(receipt.check_id)


async def test_a_receipt_can_be_fetched_again(till: Till) -> None:
    """It is the very same, and it is all that there is."""
    answer = (await till.ask(await till.show())).json()

    fetched = await till.http.get(f"/v1/checks/{answer['check_id']}", headers=till.merchant.headers)

    assert {"check_id": answer["check_id"], "receipt": answer["receipt"]} == fetched.json()


async def test_the_phone_hears_who_scanned_its_code_and_what_they_were_told(till: Till) -> None:
    """With the same two digits as the till."""
    code = await till.show()

    answer = (await till.ask(code)).json()
    heard = await till.holder.heard(code)

    assert heard is not None
    assert (till.merchant.shop, "alcohol_20", ["age_over_20", "portrait"]) == (heard.shop, heard.purpose, list(heard.released))
    assert answer["match_code"] == heard.match_code == match_code(CheckId(UUID(answer["check_id"])))
    assert [(till.holder.mailbox_id,)] == await all_of(till.counter.pool, "select mailbox_id from holder_log_inbox")


async def test_a_chain_may_name_its_shop(till: Till) -> None:
    """If its agreement says so; from others the name is not taken."""
    names = []
    for may in (False, True):
        await all_of(till.counter.pool, "update agreement set names_shops = %s returning id", may)
        code = await till.show()
        await till.ask(code, terminal={"shop_name": "Bryggeriutsalget Oslo S"})
        heard = await till.holder.heard(code)
        names.append(heard.shop if heard else None)

    assert [till.merchant.shop, "Bryggeriutsalget Oslo S"] == names


async def test_a_sandbox_meets_test_persons_only(till: Till) -> None:
    """And nobody else's client meets them: not even their existence is told."""
    sandbox = replace(till.merchant, client="sandbox", token=new_token())
    await open_shop(till.counter.pool, sandbox, PURPOSES, sandbox=True)
    real = await till.show()
    tester = Holder(till.counter.pool)
    await tester.get_card(sandbox_issuer(till.counter.sandbox_key), sandbox=True)
    invented = await tester.show(till.clock.now())

    answers = [await till.ask(real, merchant=sandbox), await till.ask(invented), await till.ask(invented, merchant=sandbox)]

    assert [404, 404, 200] == [answer.status_code for answer in answers]
    assert await till.is_unspent(real)
