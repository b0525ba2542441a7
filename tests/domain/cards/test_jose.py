"""Signed texts: made once, read by others, and spoilt by the smallest change."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from domain.cards.jose import (
    SigningKey,
    from_base64url,
    from_json,
    from_jwks,
    jwk_of,
    public_key_of,
    read_signed,
    sign,
    thumbprint,
    to_base64url,
    to_json,
    to_jwks,
)
from domain.cards.untrustworthy import NotSigned

KEY = SigningKey.generate("2026-11")
KEYS = {KEY.kid: KEY.public}
TYP = "example+jwt"
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
payloads = st.dictionaries(st.text(max_size=5), scalars | st.lists(scalars, max_size=3), max_size=5)


def signed_with(header: dict[str, object], payload: bytes = b"{}") -> str:
    """Sign any header and any payload, as whoever has the key may do."""
    signed = f"{to_base64url(to_json({'alg': 'ES256', **header}))}.{to_base64url(payload)}"
    r, s = decode_dss_signature(KEY.private.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{to_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def theirs(jwk: Mapping[str, str]) -> ECKey:
    """Have another library read a key."""
    key: dict[str, str | list[str]] = {**jwk}
    return ECKey.import_key(key)


@given(payloads)
def test_what_was_signed_is_read_and_always_signed_alike(payload: dict[str, object]) -> None:
    """An answer that is given again must be the very same."""
    text = sign(payload, KEY, TYP)

    assert payload == read_signed(text, KEYS, TYP)
    assert text == sign(dict(reversed(payload.items())), SigningKey.from_jwk(KEY.private_jwk()), TYP)


@given(payloads)
def test_others_read_what_we_sign(payload: dict[str, object]) -> None:
    """Companies verify receipts with whatever their language has."""
    read = jws.deserialize_compact(sign(payload, KEY, TYP), theirs(to_jwks([KEY])["keys"][0]))

    assert payload == json.loads(read.payload)


def test_we_read_what_others_sign() -> None:
    """Phones and issuers have libraries of their own."""
    text = jws.serialize_compact({"alg": "ES256", "kid": KEY.kid, "typ": TYP}, b'{ "a" : 1 }', theirs(KEY.private_jwk()))

    assert {"a": 1} == read_signed(text, KEYS, TYP)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b.c",
        sign({}, KEY, TYP) + ".",
        sign({}, KEY, "another+jwt"),
        sign({}, SigningKey.generate("2026-11"), TYP),
        sign({}, SigningKey.generate("2026-10"), TYP),
        sign({}, KEY, TYP)[:-2],
        sign({}, KEY, TYP) + "AA",
        sign({}, KEY, TYP) + "=",
        signed_with({"kid": KEY.kid}),
        signed_with({"typ": TYP}),
        signed_with({"kid": KEY.kid, "typ": TYP, "crit": ["b64"], "b64": True}),
        signed_with({"kid": KEY.kid, "typ": TYP, "alg": "none"}),
        signed_with({"kid": KEY.kid, "typ": TYP, "alg": "HS256"}),
        signed_with({"kid": KEY.kid, "typ": TYP}, b"[]"),
        signed_with({"kid": KEY.kid, "typ": TYP}, b"not JSON"),
        signed_with({"kid": KEY.kid, "typ": TYP}, b"\xff"),
        signed_with({"kid": KEY.kid, "typ": TYP}, b'{"a":1,"a":2}'),
        signed_with({"kid": KEY.kid, "typ": TYP}, b'{"a":' * 9999 + b"1" + b"}" * 9999),
        to_base64url(to_json({"alg": "none", "kid": KEY.kid, "typ": TYP})) + "." + to_base64url(b"{}") + ".",
        to_base64url(b"[]") + "." + to_base64url(b"{}") + "." + to_base64url(bytes(64)),
        to_base64url(to_json({"alg": "ES256", "kid": KEY.kid, "typ": TYP})) + "." + to_base64url(b"{}") + "." + to_base64url(bytes(64)),
        "æ.ø.å",
        "\ud800.\ud800.\ud800",
    ],
)
def test_what_nobody_signed_like_this_is_refused(text: str) -> None:
    """No algorithm but ours, no kind but the one that is asked for, no key but the one that is named."""
    with pytest.raises(NotSigned):
        read_signed(text, KEYS, TYP)


@given(st.text() | st.text(alphabet="abc_-.=", max_size=40))
def test_whatever_text_comes_is_refused_quietly(text: str) -> None:
    """Nothing but the one failure comes out, whatever goes in."""
    with pytest.raises(NotSigned):
        read_signed(text, KEYS, TYP)


@given(st.binary())
def test_base64url_has_one_form(content: bytes) -> None:
    """Two texts for one content would let a signed text be changed without it being seen."""
    text = to_base64url(content)

    assert content == from_base64url(text)
    assert not set(text) & set("+/=")


@pytest.mark.parametrize("text", ["A", "AB", "AA=", "A A", "A\nAA", "+/+/", "AAæA", "AAA\n"])
def test_other_forms_of_base64url_are_refused(text: str) -> None:
    """Spare bits, padding, spaces and the other alphabet."""
    with pytest.raises(ValueError, match=r"base64url|canonical|ASCII"):
        from_base64url(text)


@pytest.mark.parametrize("content", ['{"a":1,"a":1}', '{"b":{"a":1,"a":2}}', "[" * 99_999, "", "{", "\ud800"])
def test_ambiguous_json_is_refused(content: str) -> None:
    """Two programs would read it differently."""
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own errors among them
        from_json(content)


def test_a_key_comes_back_from_its_jwk() -> None:
    """Settings hold it as text; without an id it goes by its thumbprint, as other libraries compute it."""
    jwk = KEY.private_jwk()
    nameless = SigningKey.from_jwk({name: value for name, value in jwk.items() if name != "kid"})

    assert jwk == SigningKey.from_jwk(jwk).private_jwk()
    assert theirs(jwk_of(KEY.public)).thumbprint() == thumbprint(KEY.public) == nameless.kid
    assert "private" not in repr(KEY)


def test_a_published_set_holds_no_secret_and_is_read_again() -> None:
    """Keys that we do not know the use of are passed over, so that others may publish theirs beside."""
    published = to_jwks([KEY, SigningKey.generate("2026-12")])
    others = [{"kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB"}, {**jwk_of(KEY.public)}, "no key"]
    read = from_jwks({"keys": [*published["keys"], *others]})

    assert not any("d" in key for key in published["keys"])
    assert ["2026-11", "2026-12"] == list(read)
    assert jwk_of(KEY.public) == jwk_of(read["2026-11"])


@pytest.mark.parametrize("document", [None, [], {}, {"keys": {}}, "keys"])
def test_what_is_no_key_set_is_refused(document: object) -> None:
    """An issuer whose address answers with something else has no keys, and that must be noticed."""
    with pytest.raises(ValueError, match="not a JWK set"):
        from_jwks(document)


OTHER_CURVE = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {**jwk_of(KEY.public), "crv": "P-384", "x": to_base64url(OTHER_CURVE.x.to_bytes(48, "big"))},
        {**jwk_of(KEY.public), "kty": "OKP"},
        {**jwk_of(KEY.public), "x": 7},
        {**jwk_of(KEY.public), "x": to_base64url(bytes(31))},
        {**jwk_of(KEY.public), "y": to_base64url(bytes(32))},
    ],
)
def test_a_key_of_another_kind_or_off_the_curve_is_refused(jwk: dict[str, object]) -> None:
    """A point beside the curve gives secrets away."""
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own errors among them
        public_key_of(jwk)
