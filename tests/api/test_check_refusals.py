"""Every way in which a check is refused, with the exact answer, and whether the customer's code is spent by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import httpx2
import pytest

from domain.api_access import new_token
from domain.cards.claims import Claim, Mode
from domain.cards.codes import new_code
from domain.cards.jose import SigningKey
from domain.cards.keys import Grant
from tests.api.cardholders import KARI, Holder
from tests.api.counting import PUBLIC_URL
from tests.api.merchants import NUMBERS, Merchant, all_of, open_shop
from tests.api.tills import Till


def refused(answer: httpx2.Response, code: str, status: int, **facts: object) -> None:
    """Assert that an answer is this refusal in its one form."""
    said = answer.json()

    assert (status, code) == (answer.status_code, said["code"])
    assert "application/problem+json" == answer.headers["Content-Type"]
    assert "no-store" == answer.headers["Cache-Control"]
    assert {"type", "title", "status", "code", "detail", "till_text", *facts} == set(said)
    assert (f"{PUBLIC_URL}/problems/{code}", status) == (said["type"], said["status"])
    assert {"nb", "en"} == set(said["till_text"])
    assert facts == {name: said[name] for name in facts}


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        (lambda text: text.replace("IDK1", "JDK1"), {"reason": "prefix"}),
        (lambda text: text.replace("IDK1", "IDK&"), {"reason": "prefix", "hint": "layout"}),
        (lambda text: text[:30] + "Z" + text[31:], {"reason": "alphabet"}),
        (lambda text: text[:30] + "+" + text[31:], {"reason": "alphabet", "hint": "layout"}),
        (lambda text: text[:-1], {"reason": "length"}),
        (lambda text: text[:30] + ("0" if text[30] != "0" else "1") + text[31:], {"reason": "checksum"}),
    ],
)
async def test_a_misread_code_says_what_is_wrong_with_it(till: Till, change: object, facts: dict[str, str]) -> None:
    """So that a till can tell its owner to look at the keyboard's layout; the code itself is still good."""
    assert callable(change)
    code = await till.show()

    refused(await till.ask(change(code.text())), "qr_malformed", 422, **facts)
    assert await till.is_unspent(code)


@pytest.mark.parametrize("text", ["VisLeg-9fa4c7d2-6f5e-4f8e-9a86-ce68a1a0c0de", "BANKIDF.0A1B2C", "mdoc:owBjMS4w", "7038010055690"])
async def test_a_code_of_somebody_else_is_told_apart(till: Till, text: str) -> None:
    """The customer has opened another app, or the cashier has scanned the milk."""
    refused(await till.ask(text), "qr_other_scheme", 422)


async def test_a_code_that_nobody_has_registered_is_unknown(till: Till) -> None:
    """Whoever invents codes learns nothing."""
    refused(await till.ask(new_code()), "qr_unknown", 404)


async def test_a_code_is_good_for_half_a_minute(till: Till) -> None:
    """By our clock, to the moment."""
    early, late = await till.show(), await till.show()
    till.clock.pass_by(timedelta(seconds=29.999))
    in_time = await till.ask(early)
    till.clock.pass_by(timedelta(seconds=0.001))

    assert 200 == in_time.status_code
    refused(await till.ask(late), "qr_expired", 410)
    assert await till.is_unspent(late)


async def test_a_code_is_good_for_one_check(till: Till) -> None:
    """A second till, and the same till without a key or with another one, come too late."""
    code = await till.show()
    assert 200 == (await till.ask(code, key="a")).status_code

    for key in (None, "b"):
        refused(await till.ask(code, key=key), "qr_used", 409)
    assert 1 == len(await till.logged())


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"expires_on": date(2026, 11, 21)}, "card_expired"),
        ({"status": "blocked"}, "card_blocked"),
        ({"status": "replaced"}, "card_blocked"),
    ],
)
async def test_a_card_that_holds_no_longer_is_refused_and_the_check_is_logged(
    till: Till, issuer: SigningKey, columns: dict[str, object], code: str
) -> None:
    """Both the company and the holder can see that somebody tried."""
    holder = Holder(till.counter.pool)
    await holder.get_card(issuer, **columns)  # type: ignore[arg-type]  # whatever somebody has put there
    shown = await holder.show(till.clock.now())

    refused(await till.ask(shown), code, 422)
    refused(await till.ask(shown), "qr_used", 409)
    assert [("alcohol_20", code, [])] == await till.logged()
    heard = await holder.heard(shown)
    assert heard is not None
    assert [] == list(heard.released)


async def test_a_card_signed_by_somebody_else_is_refused(till: Till) -> None:
    """Whoever can write to our database cannot make a card."""
    forger, holder = SigningKey.generate("issuer-1"), Holder(till.counter.pool)
    await holder.get_card(forger)

    refused(await till.ask(await holder.show(till.clock.now())), "card_blocked", 422)


@pytest.mark.parametrize("column", ["sealed", "portrait", "version"])
async def test_a_card_that_somebody_has_changed_is_refused(till: Till, column: str) -> None:
    """One bit is enough, and nothing is told of the rest."""
    # The first small claim is the given name.
    change = "version + 1" if column == "version" else f"set_byte({column}, 20, get_byte({column}, 20) # 1)"
    await all_of(till.counter.pool, f"update card set {column} = {change} returning card_id")  # noqa: S608 - the words are ours

    refused(await till.ask(await till.show(), "parcel_pickup"), "card_blocked", 422)


async def test_a_code_wrapped_for_another_card_opens_nothing(till: Till, issuer: SigningKey) -> None:
    """Somebody else's keys under one's own reference."""
    other = Holder(till.counter.pool)
    await other.get_card(issuer)
    code = await other.show(till.clock.now())
    await all_of(till.counter.pool, "update presentation set card_id = %s returning card_id", till.holder.card_id)

    refused(await till.ask(code), "card_blocked", 422)


async def test_a_card_without_a_photo_answers_no_purpose_that_needs_one(till: Till, issuer: SigningKey) -> None:
    """Its holder may choose any mode; the photo was never there."""
    faceless = Holder(till.counter.pool, {claim: value for claim, value in KARI.items() if claim is not Claim.PORTRAIT})
    await faceless.get_card(issuer)

    refused(await till.ask(await faceless.show(till.clock.now())), "card_incomplete", 422)


@pytest.mark.parametrize(("mode", "purpose"), [(Mode.AGE, "parcel_pickup"), (Mode.STANDARD, "pharmacy_pickup")])
async def test_what_the_holder_does_not_grant_cannot_be_opened(till: Till, mode: Mode, purpose: str) -> None:
    """The keys are not in the code, so it is not a matter of what anybody allows."""
    code = await till.show(mode=mode)

    refused(await till.ask(code, purpose), "holder_limited", 403)
    assert [(purpose, "holder_limited", [])] == await till.logged()
    refused(await till.ask(code, purpose), "qr_used", 409)


async def test_the_national_identity_number_is_told_where_the_holder_grants_it(till: Till) -> None:
    """The counterpart: full mode, and a purpose that is approved for it."""
    answer = await till.ask(await till.show(mode=Mode.FULL), "pharmacy_pickup")

    assert "17848312345" == answer.json()["claims"]["national_id"]


async def test_a_grant_of_nothing_is_no_fault_of_ours(till: Till) -> None:
    """An app may send what it likes."""
    refused(await till.ask(await till.show(granted=Grant({}))), "holder_limited", 403)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("update agreement set status = 'ended' returning id", "agreement_inactive"),
        ("update agreement set status = 'testing' returning id", "agreement_inactive"),
        ("update agreement set active_from = '2026-11-23' returning id", "agreement_inactive"),
        ("update agreement set active_until = '2026-11-22 12:00Z' returning id", "agreement_inactive"),
        ("delete from agreement_purpose where purpose = 'alcohol_20' returning purpose", "purpose_not_in_agreement"),
        ("update terminal set active = false returning id", "terminal_unknown"),
    ],
)
async def test_a_merchants_own_mistake_does_not_spend_the_customers_code(till: Till, change: str, code: str) -> None:
    """The customer has done nothing wrong, and shows the same code at the next till."""
    shown = await till.show()
    await all_of(till.counter.pool, change)

    refused(await till.ask(shown), code, 403)
    assert await till.is_unspent(shown)
    assert [] == await till.logged()


@pytest.mark.parametrize(
    ("purpose", "terminal", "code"),
    [
        ("sim_registration", {}, "purpose_not_in_agreement"),
        ("no_such_purpose", {}, "purpose_not_in_agreement"),
        ("alcohol_20", {"id": "kasse-99"}, "terminal_unknown"),
        ("alcohol_20", {"gln": "7080000000026"}, "terminal_unknown"),
    ],
)
async def test_what_the_company_has_not_agreed_to_or_registered_is_refused(
    till: Till, purpose: str, terminal: dict[str, str], code: str
) -> None:
    """A till that says that it stands in another shop is not the till that we know."""
    shown = await till.show()

    refused(await till.ask(shown, purpose, terminal=terminal), code, 403)
    assert await till.is_unspent(shown)


async def test_an_agreement_purpose_that_no_longer_exists_spends_nothing(till: Till) -> None:
    """An agreement may be older than the list of purposes."""
    await all_of(till.counter.pool, "update agreement_purpose set purpose = 'abolished' where purpose = 'alcohol_20' returning purpose")
    shown = await till.show()

    refused(await till.ask(shown, "abolished"), "purpose_not_in_agreement", 403)
    assert await till.is_unspent(shown)


def unauthorised() -> Sequence[str]:
    """What is done to a token so that it does not count."""
    return (
        "update access_token set expires_at = '2026-11-22 12:00Z' returning client_id",
        "update api_client set active = false returning client_id",
        "delete from access_token returning client_id",
    )


@pytest.mark.parametrize("change", unauthorised())
async def test_without_a_token_that_counts_nothing_is_told(till: Till, change: str) -> None:
    """Not even whether the text was a code."""
    shown = await till.show()
    await all_of(till.counter.pool, change)

    for text in (shown.text(), "nonsense"):
        answer = await till.ask(text)
        refused(answer, "unauthorized", 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert await till.is_unspent(shown)


async def test_another_companys_receipt_is_not_there(till: Till) -> None:
    """An id that somebody has seen opens nothing; neither does the sandbox of the same company."""
    check_id = UUID((await till.ask(await till.show())).json()["check_id"])
    others = (Merchant(number=NUMBERS[1]), replace(till.merchant, client="sandbox", token=new_token()))
    await open_shop(till.counter.pool, others[0], ["alcohol_20"])
    await open_shop(till.counter.pool, others[1], ["alcohol_20"], sandbox=True)

    answers = [await till.http.get(f"/v1/checks/{check_id}", headers=other.headers) for other in others]

    assert [404, 404] == [answer.status_code for answer in answers]
    assert ["not_found", "not_found"] == [answer.json()["code"] for answer in answers]


async def test_a_company_cannot_use_another_companys_terminal(till: Till) -> None:
    """Two companies may each have a till of the same name; each is its own."""
    other = Merchant(number=NUMBERS[1], till="kasse-2")
    await open_shop(till.counter.pool, other, ["alcohol_20"])

    refused(await till.ask(await till.show(), terminal={"id": other.till}), "terminal_unknown", 403)
