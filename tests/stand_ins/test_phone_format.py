"""The phone was written from the format's description alone; it and the portal understand each other, both ways."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.cards.claims import Claim, Mode, issue, verify
from domain.cards.codes import Prefix, new_code, read_code
from domain.cards.holder_log import LogEntry, open_entry, seal_entry
from domain.cards.ids import CardId
from domain.cards.jose import SigningKey, public_key_of, thumbprint, to_base64url
from domain.cards.keys import claim_key, grant, open_claim, seal_claim, unwrap, wrap
from stand_ins.card_issuer import signing
from stand_ins.openid_provider.tokens import new_key
from stand_ins.phone import idk1
from stand_ins.phone.wallet import Wallet

CARD = CardId(UUID("6f1c7a52-0b1e-4c57-9a3f-0d9f3f1a2b3c"))
CEK = bytes(range(32))
MODES = list(zip(Mode, idk1.Mode, strict=True))


@pytest.mark.parametrize(("ours", "theirs"), MODES)
@pytest.mark.parametrize("prefix", list(Prefix))
def test_the_phones_code_is_read_and_opened_by_the_portal(ours: Mode, theirs: idk1.Mode, prefix: Prefix) -> None:
    """In every mode and with every prefix: the same keys, for the same claims."""
    made = idk1.make_code(CEK, CARD, theirs, prefix)
    code = read_code(made.text)
    granted = unwrap(code, made.wrapped, CARD)

    assert made.ref_hash == code.reference_hash
    assert {claim: claim_key(CEK, claim) for claim in ours.claims} == granted.keys


@pytest.mark.parametrize(("ours", "theirs"), MODES)
def test_the_portals_code_is_what_the_phone_would_have_made(ours: Mode, theirs: idk1.Mode) -> None:
    """The phone's own derivations open what the portal's domain has wrapped."""
    code = new_code()
    wrapped = wrap(code, grant(CEK, ours), CARD)
    kek = idk1.wrapping_key(code.reference, code.key)
    opened = AESGCM(kek).decrypt(wrapped[:12], wrapped[12:], b"IDK1 wrap" + code.reference_hash + CARD.bytes)
    expected = [bytes([idk1.CLAIM_IDS[name]]) + idk1.claim_key(CEK, name) for name in theirs.value]

    assert idk1.code_text(code.reference, code.key) == code.text()
    assert set(expected) == {opened[at : at + 33] for at in range(0, len(opened), 33)}


def test_the_published_vector() -> None:
    """The same for everybody who writes an app."""
    reference, key = bytes(range(16)), bytes(range(16, 32))

    assert idk1.code_text(reference, key) == "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7"
    assert idk1.wrapping_key(reference, key).hex() == "d7c2e46226170c2933145a0ce48e4565aceb64559e4050187ec44a6fb871fa98"


def test_what_the_phone_seals_the_portal_opens_with_the_claims_key() -> None:
    """And the issuer's signature vouches for it."""
    key, device = new_key(), Wallet.new()
    issued = signing.sign(str(CARD), {"given_name": "Kåre", "birthdate": "2008-02-29"}, device.public_jwk, date(2030, 5, 17), ("x", 1, key))
    statement = verify(issued.jws, {str(key.kid): public_key_of(key.as_dict(private=False))})
    sealed = dict(idk1.seal(CEK, CARD, idk1.version_of(issued.jws), disclosure) for disclosure in issued.disclosures)
    opened = {name: open_claim(claim_key(CEK, Claim(name)), sealed[name], Claim(name), CARD, statement.version) for name in sealed}

    assert {"given_name", "birthdate"} == set(opened)
    assert all(map(statement.vouches_for, opened.values()))
    assert (CARD, date(2030, 5, 17), device.thumbprint) == (statement.card_id, statement.expires_on, thumbprint(statement.device_key))


def test_what_the_portals_domain_seals_the_phone_could_have_sealed() -> None:
    """The same key and the same binding, to the byte."""
    issuer = SigningKey.generate()
    card = issue(
        {Claim.NATIONAL_ID: "1"}, issuer=issuer, issuer_name="x", device_key=issuer.public, card_id=CARD, expires_on=date.max, version=3
    )
    disclosure = card.disclosures[Claim.NATIONAL_ID]
    sealed = seal_claim(claim_key(CEK, Claim.NATIONAL_ID), disclosure, Claim.NATIONAL_ID, CARD, 3)
    opened = AESGCM(idk1.claim_key(CEK, "national_id")).decrypt(sealed[:12], sealed[12:], idk1.claim_aad(CARD, 3, "national_id"))

    assert (3, disclosure) == (idk1.version_of(card.jws), opened)
    assert "national_id" == idk1.seal(CEK, CARD, 3, to_base64url(disclosure))[0]


def test_an_entry_of_the_log_is_opened_by_both_with_the_holders_key_alone() -> None:
    """Names of claims, never their values."""
    key = X25519PrivateKey.generate()
    entry = LogEntry("Ølutsalget på Ørje", "alcohol_20", ("age_over_20", "portrait"), "07", datetime(2026, 11, 22, 12, tzinfo=UTC))
    sealed = seal_entry(entry, key.public_key().public_bytes_raw())
    read = idk1.open_entry(key, sealed)

    assert ("Ølutsalget på Ørje", "07", ["age_over_20", "portrait"]) == (read["shop"], read["match_code"], read["released"])
    assert entry == open_entry(sealed, key.private_bytes_raw())
    with pytest.raises(InvalidTag):
        idk1.open_entry(X25519PrivateKey.generate(), sealed)


def test_a_wallet_survives_being_put_away() -> None:
    """With the same keys and the same card."""
    wallet = Wallet.new().holding(CARD)
    restored = Wallet.restored(wallet.kept())

    assert wallet.kept() == restored.kept()
    assert wallet.thumbprint == restored.thumbprint
    assert base64.urlsafe_b64encode(CEK).decode() not in repr(wallet)
