"""The issuer's signature, with another implementation of SD-JWT as the judge."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from domain.cards.claims import Claim, Disclosure, IssuedCard, digest_of, issue, verify
from domain.cards.jose import SigningKey, from_base64url, jwk_of, sign, to_base64url
from domain.cards.untrustworthy import NotInStatement, NotSigned
from tests.domain.cards.examples import CARD, DEVICE, EXPIRES_ON, HOLDER, ISSUER

KEYS = {ISSUER.kid: ISSUER.public}
PAYLOAD: dict[str, object] = {
    "vct": "urn:idk1:card",
    "card_id": str(CARD),
    "card_version": 1,
    "date_of_expiry": "2031-05-01",
    "cnf": {"jwk": jwk_of(DEVICE.public)},
    "_sd_alg": "sha-256",
    "_sd": [],
}
values = st.text() | st.integers() | st.dictionaries(st.sampled_from(["type", "data"]), st.text())


def issued(claims: Mapping[Claim, object] = HOLDER) -> IssuedCard:
    """Issue the example."""
    return issue(claims, issuer=ISSUER, issuer_name="https://issuer.example", device_key=DEVICE.public, card_id=CARD, expires_on=EXPIRES_ON)


def as_others_write_it(card: IssuedCard, *shown: Claim) -> str:
    """Put a card and some of its disclosures together as SD-JWT does on the wire."""
    return "~".join([card.jws, *(to_base64url(card.disclosures[claim]) for claim in shown), ""])


def as_others_read_it(text: str) -> Mapping[str, object]:
    """Have the other implementation verify a card."""
    key = JWK(**jwk_of(ISSUER.public))
    read: Mapping[str, object] = SDJWTVerifier(text, lambda *_: key).get_verified_payload()
    return read


@given(st.lists(st.sampled_from(Claim), unique=True))
def test_others_read_our_cards(shown: list[Claim]) -> None:
    """Every claim that is disclosed, and none of the others."""
    read = as_others_read_it(as_others_write_it(issued(), *shown))

    assert {claim.value: HOLDER[claim] for claim in shown} == {name: read[name] for name in read.keys() & {claim.value for claim in Claim}}
    assert {"jwk": jwk_of(DEVICE.public)} == read["cnf"]


@given(st.dictionaries(st.sampled_from(Claim), values))
def test_others_read_whatever_a_claim_holds(claims: dict[Claim, object]) -> None:
    """Names have signs of every kind."""
    read = as_others_read_it(as_others_write_it(issued(claims), *claims))

    assert {claim.value: value for claim, value in claims.items()} == {name: read[name] for name in claims}


@given(st.dictionaries(st.sampled_from(Claim), values, min_size=1))
def test_we_read_what_others_issue(claims: dict[Claim, object]) -> None:
    """Their spaces and salts differ from ours; the digests are over what they wrote."""
    said = {name: value for name, value in PAYLOAD.items() if not name.startswith("_sd")}
    hidden = {SDObj(claim.value): value for claim, value in claims.items()}
    private = JWK(**ISSUER.private_jwk())
    theirs = SDJWTIssuer({**said, **hidden}, private, extra_header_parameters={"kid": ISSUER.kid, "typ": "dc+sd-jwt"})
    jws, *disclosures, _ = theirs.sd_jwt_issuance.split("~")
    contents = [from_base64url(disclosure) for disclosure in disclosures]
    statement = verify(jws, KEYS)
    read = [Disclosure.from_bytes(content) for content in contents]

    assert all(statement.vouches_for(content) for content in contents)
    assert claims == {disclosure.claim: disclosure.value for disclosure in read}


def test_a_statement_says_whose_card_it_is_and_nothing_of_the_person() -> None:
    """The server keeps it in the clear."""
    card = issued()
    statement = verify(card.jws, KEYS)
    said = from_base64url(card.jws.split(".")[1]).decode()

    assert (CARD, 1, EXPIRES_ON) == (statement.card_id, statement.version, statement.expires_on)
    assert jwk_of(DEVICE.public) == jwk_of(statement.device_key)
    assert all(statement.vouches_for(disclosure) for disclosure in card.disclosures.values())
    assert len(Claim) == len(statement.digests)
    assert not any(str(value) in said for claim, value in HOLDER.items() if claim is not Claim.DOCUMENT_TYPE)


def test_two_cards_of_one_person_have_no_digest_in_common() -> None:
    """Salts hide that the names are the same."""
    assert not verify(issued().jws, KEYS).digests & verify(issued().jws, KEYS).digests


JWS = issued().jws


@given(st.integers(0, len(JWS) - 1), st.sampled_from([chr(number) for number in range(32, 127)]))
def test_a_changed_character_spoils_the_signature(place: int, wrong: str) -> None:
    """Wherever in the text, even where base64url has bits to spare."""
    assume(JWS[place] != wrong)

    with pytest.raises(NotSigned):
        verify(JWS[:place] + wrong + JWS[place + 1 :], KEYS)


@pytest.mark.parametrize("kid", [ISSUER.kid, "unknown"])
def test_another_issuer_vouches_for_nothing(kid: str) -> None:
    """Neither under its own name nor under the name of one whom we trust."""
    card = issue(HOLDER, issuer=SigningKey.generate(kid), issuer_name="", device_key=DEVICE.public, card_id=CARD, expires_on=EXPIRES_ON)

    with pytest.raises(NotSigned):
        verify(card.jws, KEYS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"vct": "urn:somebody:else"},
        {"_sd_alg": "md5"},
        {"card_id": "seven"},
        {"card_version": "1"},
        {"card_version": 0},
        {"card_version": 2**32},
        {"date_of_expiry": "31.05.2031"},
        {"cnf": {}},
        {"cnf": {"jwk": "a key"}},
        {"_sd": "digest"},
    ],
)
def test_a_statement_of_another_form_is_none(wrong: dict[str, object]) -> None:
    """The issuer may sign other things with the same key."""
    assert verify(sign(PAYLOAD, ISSUER, "dc+sd-jwt"), KEYS)
    with pytest.raises(NotSigned):
        verify(sign({**PAYLOAD, **wrong}, ISSUER, "dc+sd-jwt"), KEYS)


@pytest.mark.parametrize("wrong", [{}, {**jwk_of(DEVICE.public), "x": to_base64url(bytes(32))}])
def test_a_statement_with_a_key_that_is_none_names_no_device(wrong: dict[str, object]) -> None:
    """Nobody could ever sign with it."""
    statement = verify(sign({**PAYLOAD, "cnf": {"jwk": wrong}}, ISSUER, "dc+sd-jwt"), KEYS)

    with pytest.raises(NotSigned):
        _ = statement.device_key


@given(st.text(), st.sampled_from(Claim), values)
def test_a_disclosure_is_read_as_it_was_written(salt: str, claim: Claim, value: object) -> None:
    """Byte for byte, since the digest is over the bytes."""
    disclosure = Disclosure(salt, claim, value)

    assert disclosure == Disclosure.from_bytes(disclosure.to_bytes())
    assert 43 == len(digest_of(disclosure.to_bytes()))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'["salt","given_name"]',
        b'["salt","shoe_size",43]',
        b'[1,"given_name","Kari"]',
        b'["s",["given_name"],1]',
        b"\xff",
        b"[" * 9999,
    ],
)
def test_what_is_no_disclosure_is_refused(content: bytes) -> None:
    """The app that sealed it may be anybody's."""
    with pytest.raises(NotInStatement):
        Disclosure.from_bytes(content)
