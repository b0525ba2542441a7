"""A phone enrols a card: what it needs for that, and everything that does not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.holders import holder_pseudonym
from stand_ins.openid_provider.tokens import Keys, subject
from stand_ins.people import personas
from stand_ins.phone.app import Refused
from stand_ins.phone.eid import Login
from stand_ins.phone.idk1 import Mode, b64
from stand_ins.phone.wallet import Wallet
from tests.api.holding import APP, BACK, World, world

YEAR = timedelta(days=365)


@pytest.fixture
async def here(fresh_database: str) -> AsyncIterator[World]:
    """Everybody whom a phone has to do with."""
    async with world(fresh_database) as here:
        yield here


async def test_a_card_is_enrolled_and_only_what_cannot_be_read_is_kept(here: World) -> None:
    """The portal never has anything else of the holder than a pseudonym, an expiry date and ciphertext."""
    phone = here.phone()
    card_id = await phone.enrol("ingrid")
    [(kept, pseudonym, expires_on, status, sandbox)] = await here.rows(
        "select card_id, holder_pseudonym, expires_on, status, sandbox from card"
    )
    person = subject(APP, personas()["ingrid"])

    assert (card_id, "active", False) == (kept, status, sandbox)
    assert holder_pseudonym(here.counter.pseudonym_key, here.provider.issuer, person) == pseudonym
    assert datetime.now(UTC).date() + 9 * YEAR < expires_on


async def test_enrolling_anew_replaces_the_old_card(here: World) -> None:
    """Whoever gets a new phone has one card, and the old phone's is good for nothing."""
    old = await here.phone_of("ingrid")
    new = await here.phone_of("ingrid")
    with pytest.raises(Refused) as refused:
        await old.show()
    shown = await new.show()

    assert ("card_blocked", 422) == (refused.value.code, refused.value.status)
    assert shown.valid_for_s == 30
    assert ["active", "replaced"] == [status for (status,) in await here.rows("select status from card order by 1")]


async def test_a_lost_phone_is_blocked_with_eid_from_another_one(here: World) -> None:
    """The card's key is gone with the phone, so the person proves who they are instead."""
    lost, somebody_elses = await here.phone_of("ingrid"), await here.phone_of("jonas")
    shown = await lost.show()
    blocked = await here.phone().block("ingrid")
    with pytest.raises(Refused) as refused:
        await lost.show()
    with pytest.raises(Refused, match="card_blocked"):
        await lost.log()

    assert 1 == blocked
    assert "card_blocked" == refused.value.code
    assert [] == await here.rows("select 1 from presentation where ref_hash = %s", shown.ref_hash)
    assert 0 == await here.phone().block("ingrid")
    assert (await somebody_elses.show()).valid_for_s == 30


async def test_a_block_needs_a_login_for_the_phone_that_asks(here: World) -> None:
    """An ID token that somebody has overheard blocks nobody's card."""
    victim = await here.phone_of("ingrid")
    id_token = await here.login.id_token(here.http, "ingrid", victim.wallet.thumbprint)
    answer = await here.phone().call("POST", "/v1/holder/blocks", {"id_token": id_token}, signer=Wallet.new())

    assert "login_not_believed" == answer.json()["code"]
    assert (await victim.show()).valid_for_s == 30


async def refused_code(here: World, wallet: Wallet, id_token: str, issued_with: str | None = None, **changes: object) -> str:
    """Have a proper card issued, hand it in with that token and some changes, and say how the portal refuses it."""
    issued = await here.phone(wallet).issued(issued_with or id_token)
    return await refused_after(here, wallet, id_token, {**issued, **changes})


async def refused_after(here: World, wallet: Wallet, id_token: str, issued: Mapping[str, Any]) -> str:
    """Hand a card in, and say how the portal refuses it."""
    with pytest.raises(Refused) as refused:
        await here.phone(wallet).hand_in(id_token, issued)
    assert 0 == (await here.rows("select count(*) from card"))[0][0]
    return refused.value.code


async def test_an_id_token_that_is_not_the_answer_is_refused(here: World) -> None:
    """A login for somebody else, for another app, or none at all."""
    misbehaviours = [
        *("wrong_nonce", "wrong_aud", "wrong_token_iss", "foreign_azp", "low_acr", "alg_none", "hs256_with_public_key"),
        *("wrong_signature", "expired", "issued_in_the_future", "unknown_kid"),
    ]
    wallet, codes = Wallet.new(), []
    for misbehaviour in misbehaviours:
        proper = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
        await here.http.post(f"{here.provider.issuer}/_control/misbehave", json={"how": misbehaviour})
        id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
        codes.append(await refused_code(here, wallet, id_token, issued_with=proper))

    assert ["login_not_believed"] * len(misbehaviours) == codes


async def test_a_login_at_another_app_or_for_another_phone_is_refused(here: World) -> None:
    """Both are genuine, and neither is ours."""
    wallet = Wallet.new()
    proper = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    elsewhere = await Login(here.provider.issuer, "another-app", BACK).id_token(here.http, "ingrid", wallet.thumbprint)
    for_another_phone = await here.login.id_token(here.http, "ingrid", Wallet.new().thumbprint)

    assert "login_not_believed" == await refused_code(here, wallet, elsewhere, issued_with=proper)
    assert "login_not_believed" == await refused_code(here, wallet, for_another_phone, issued_with=proper)


async def test_a_foreigner_gets_no_card(here: World) -> None:
    """Cards are made from Norwegian documents; the portal asks the broker for nobody else either."""
    wallet = Wallet.new()
    proper = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    swede = next(who.id for who in personas().values() if who.eid == "se-bankid")
    login = replace(here.login, acr="urn:grn:authn:se:bankid")
    id_token = await login.id_token(here.http, swede, wallet.thumbprint)
    with pytest.raises(Refused, match="no_norwegian_document"):
        await here.phone(wallet).issued(id_token)

    assert "login_not_believed" == await refused_code(here, wallet, id_token, issued_with=proper)


async def test_a_card_of_another_issuer_is_refused(here: World) -> None:
    """Signed as it should be, by somebody whom we do not trust; its keys are asked for once more, since they may be new."""
    wallet, trusted = Wallet.new(), here.issuer.book.keys
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    here.issuer.book.keys = Keys()
    forged = await here.phone(wallet).issued(id_token)
    here.issuer.book.keys = trusted

    assert "card_not_believed" == await refused_code(here, wallet, id_token, **forged)


async def test_a_new_key_of_the_issuer_is_found_at_once(here: World) -> None:
    """Keys change, and nobody should have to wait for it."""
    await here.phone_of("ingrid")
    await here.control("rotate-keys", {"keep_old": True})
    here.clock.pass_by(timedelta(seconds=2))

    assert await here.phone().enrol("jonas")


async def test_a_card_made_for_another_phone_is_refused(here: World) -> None:
    """Its `cnf` is another key: whoever steals a card on the way cannot enrol it."""
    theirs, mine = Wallet.new(), Wallet.new()
    stolen = await here.phone(theirs).issued(await here.login.id_token(here.http, "jonas", theirs.thumbprint))
    id_token = await here.login.id_token(here.http, "ingrid", mine.thumbprint)

    assert "device_unauthorized" == await refused_code(here, mine, id_token, **stolen)


async def test_an_expired_card_is_refused(here: World) -> None:
    """The document behind it is worth nothing any more."""
    wallet = Wallet.new()
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    await here.control("next", {"expires_on": (datetime.now(UTC).date() - timedelta(days=2)).isoformat()})

    assert "card_expired" == await refused_code(here, wallet, id_token)


async def test_a_card_holds_on_its_last_day(here: World) -> None:
    """The date on a passport is the last one on which it is good, in Norway."""
    await here.control("next", {"expires_on": "2030-05-17"})
    here.clock.ahead = datetime(2030, 5, 17, 21, 0, tzinfo=UTC) - datetime.now(UTC)
    phone = here.phone()
    here.provider.clock = lambda: here.clock.now().timestamp()
    here.issuer.clock = phone.clock = here.provider.clock
    await phone.enrol("ingrid")
    [(expires_on,)] = await here.rows("select expires_on from card")
    here.clock.pass_by(timedelta(hours=2))
    with pytest.raises(Refused, match="card_expired"):
        await phone.show()

    assert date(2030, 5, 17) == expires_on


async def test_another_cards_id_is_refused(here: World) -> None:
    """The signature of the phone and that of the issuer must speak of the same card."""
    wallet = Wallet.new()
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)

    assert "card_not_believed" == await refused_code(here, wallet, id_token, card_id=str(uuid4()))


async def test_a_card_without_one_of_its_claims_is_refused(here: World) -> None:
    """Half a card would only be noticed at a till."""
    wallet = Wallet.new()
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    disclosures = (await here.phone(wallet).issued(id_token))["disclosures"]

    assert "card_not_believed" == await refused_code(here, wallet, id_token, disclosures=disclosures[:-1])


async def test_a_card_without_a_portrait_is_enrolled(here: World) -> None:
    """Some chips hold none that can be read."""
    await here.control("next", {"without": ["portrait"]})
    await here.phone_of("ingrid")

    assert [(None,)] == await here.rows("select portrait from card")


async def test_a_card_is_enrolled_once(here: World) -> None:
    """The second time it would have other keys, and its old codes would open nothing."""
    wallet = Wallet.new()
    phone = here.phone(wallet)
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    issued = await phone.issued(id_token)
    await phone.hand_in(id_token, issued)
    with pytest.raises(Refused) as refused:
        await phone.hand_in(id_token, issued)

    assert ("card_known", 409) == (refused.value.code, refused.value.status)


async def test_a_body_that_is_no_card_is_refused(here: World) -> None:
    """Told by its code, and never with what was sent."""
    wallet = Wallet.new()
    phone = here.phone(wallet)
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    issued = await phone.issued(id_token)
    holding = wallet.holding(UUID(issued["card_id"]))
    sealed = {name: b64(bytes(60)) for name in Mode.FULL.value}
    body = {
        "id_token": id_token,
        "issuer_jws": issued["issuer_jws"],
        "sealed_claims": sealed,
        "holder_public_key": b64(wallet.log_key.public_key().public_bytes_raw()),
        "mailbox_id": str(wallet.mailbox_id),
    }
    changes: list[tuple[dict[str, object], str]] = [
        ({"holder_public_key": b64(bytes(32))}, "card_not_believed"),
        ({"holder_public_key": b64(bytes(31))}, "card_not_believed"),
        ({"holder_public_key": "unheard-of!"}, "field_invalid"),
        ({"mailbox_id": "unheard-of"}, "field_invalid"),
        ({"sealed_claims": sealed | {"unheard-of": "AAAA"}}, "field_invalid"),
        ({"sealed_claims": sealed | {"birthdate": b64(bytes(28))}}, "card_not_believed"),
        ({"sealed_claims": sealed | {"birthdate": b64(bytes(3000))}}, "card_not_believed"),
        ({"sealed_claims": sealed | {"portrait": b64(bytes(97 * 1024))}}, "card_not_believed"),
        ({"sealed_claims": {}}, "card_not_believed"),
        ({"issuer_jws": "un.heard.of"}, "card_not_believed"),
        ({"unheard-of": 1}, "field_invalid"),
        ({"id_token": "unheard-of" * 17_000}, "body_too_large"),
    ]
    answers = [await phone.call("POST", "/v1/holder/cards", body | change, signer=holding) for change, _ in changes]

    assert [code for _, code in changes] == [answer.json()["code"] for answer in answers]
    assert not any("unheard-of" in answer.text for answer in answers)
    assert [] == await here.rows("select 1 from card")


async def test_two_phones_of_one_person_at_once_leave_one_card(here: World) -> None:
    """However the two meet, one replaces the other."""
    for _ in range(5):
        phones = [here.phone(), here.phone()]
        tokens = [await here.login.id_token(here.http, "ingrid", phone.wallet.thumbprint) for phone in phones]
        issued = [await phone.issued(token) for phone, token in zip(phones, tokens, strict=True)]
        async with asyncio.TaskGroup() as both:
            for phone, token, card in zip(phones, tokens, issued, strict=True):
                both.create_task(phone.hand_in(token, card))

    assert [(1,)] == await here.rows("select count(*) from card where status = 'active'")
    assert [(9,)] == await here.rows("select count(*) from card where status = 'replaced'")


async def test_without_the_eids_broker_nobody_is_enrolled(here: World) -> None:
    """We do not know who it is, and say so."""
    wallet = Wallet.new()
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    issued = await here.phone(wallet).issued(id_token)
    await here.http.post(f"{here.provider.issuer}/_control/behaviours", json={"kind": "unavailable"})

    assert "unavailable" == await refused_after(here, wallet, id_token, issued)


async def test_without_the_issuer_nobody_is_enrolled(here: World) -> None:
    """Its keys are the only ones that we trust."""
    wallet = Wallet.new()
    id_token = await here.login.id_token(here.http, "ingrid", wallet.thumbprint)
    issued = await here.phone(wallet).issued(id_token)
    await here.control("behaviours", {"kind": "unavailable"})

    assert "unavailable" == await refused_after(here, wallet, id_token, issued)
