"""The code on the phone, and everything that scanners, keyboards and hands do to it."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.cards.codes import CardCode, Prefix, new_code, read_code
from domain.cards.refusals import Malformation, QrMalformed, QrOtherScheme
from tests.domain.cards.keyboards import FRENCH, KEYBOARDS

ALPHABET = string.digits + string.ascii_uppercase[:22]
OTHER_CHARACTERS = string.ascii_uppercase + string.digits + string.punctuation + "ÆØÅß¤¨"
PUBLISHED = CardCode(bytes(range(16)), bytes(range(16, 32)))
PUBLISHED_TEXT = "IDK1000G40O40K30E209185GO38E1S8124GJ2GAHC5OO34D1M70T3OFJVLC7"

codes = st.builds(CardCode, st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
prefixes = st.sampled_from(Prefix)

SCANNERS: dict[str, Callable[[str], str]] = {
    "nothing added": lambda text: text,
    "Enter after it": lambda text: text + "\r\n",
    "a tab after it": lambda text: text + "\t",
    "an AIM identifier before it": lambda text: "]Q1" + text,
    "control characters around it": lambda text: "\x02" + text + "\x03\x1d\x00",
    "a byte order mark and spaces": lambda text: "\ufeff  " + text + " ",
}


def refusal_of(text: str) -> tuple[Malformation, str | None] | None:
    """Read what must not be readable; nothing for a code of another kind."""
    with pytest.raises((QrMalformed, QrOtherScheme)) as refused:
        read_code(text)
    return (refused.value.reason, refused.value.hint) if isinstance(refused.value, QrMalformed) else None


def with_caps_lock(typed: str) -> str:
    """Turn the case of the letters around; what becomes of an ß differs, so it is left as it is."""
    return "".join(sign.swapcase() if sign.isascii() else sign for sign in typed)


def test_the_published_example_comes_out_as_published() -> None:
    """Whoever writes an app in another language compares with these values."""
    assert PUBLISHED_TEXT == PUBLISHED.text()
    assert PUBLISHED == read_code(PUBLISHED_TEXT)
    assert "a84d1ea5080760c4cf72e8b22378f6571f0fc5d72d92d293f5fef2e0077ca6ba" == PUBLISHED.reference_hash.hex()
    assert "d7c2e46226170c2933145a0ce48e4565aceb64559e4050187ec44a6fb871fa98" == PUBLISHED.wrapping_key.hex()


@given(codes)
def test_a_code_has_sixty_characters_that_a_small_qr_code_holds(code: CardCode) -> None:
    """Alphanumeric mode, version 3: what a cheap imager reads from afar."""
    assert 60 == len(code.text())
    assert set(code.text()) <= set(ALPHABET) | set("K")


def test_two_codes_are_never_the_same_and_hide_in_logs() -> None:
    """Both parts come from the source of randomness, and neither stands in a traceback."""
    first, second = new_code(), new_code()

    assert 4 == len({first.reference, first.key, second.reference, second.key})
    assert "CardCode()" == repr(first)


@pytest.mark.parametrize("parts", [(b"", bytes(16)), (bytes(16), bytes(15)), (bytes(17), bytes(16))])
def test_a_code_of_another_size_cannot_exist(parts: tuple[bytes, bytes]) -> None:
    """A short key would be a weak one."""
    with pytest.raises(ValueError, match="16 bytes"):
        CardCode(*parts)


@pytest.mark.parametrize("keyboard", KEYBOARDS)
@settings(max_examples=10)
@given(code=codes, prefix=prefixes)
def test_a_code_survives_scanners_keyboards_and_caps_lock(keyboard: str, code: CardCode, prefix: Prefix) -> None:
    """Scanners are sold set to a US keyboard, and few shops ever change that."""
    for scanner in SCANNERS.values():
        typed = scanner(code.text(prefix)).translate(KEYBOARDS[keyboard])

        assert code == read_code(typed)
        assert code == read_code(with_caps_lock(typed))


@given(codes)
def test_a_french_keyboard_is_named_as_the_reason(code: CardCode) -> None:
    """It moves the digits, so nothing can be saved, but the shop can be told what to change."""
    assert (Malformation.PREFIX, "layout") == refusal_of(code.text().translate(FRENCH))


@settings(max_examples=5)
@given(codes)
def test_every_wrong_character_is_seen(code: CardCode) -> None:
    """At each of the sixty places, whatever letter, digit or sign stands there instead."""
    text = code.text()
    for position, right in enumerate(text):
        for wrong in OTHER_CHARACTERS.replace(right, ""):
            refusal_of(text[:position] + wrong + text[position + 1 :])


@given(codes, prefixes, st.integers(0, 61), st.sampled_from(ALPHABET))
def test_a_character_lost_or_doubled_is_seen(code: CardCode, prefix: Prefix, position: int, extra: str) -> None:
    """Slow tills drop keystrokes, and bouncing keys repeat them."""
    text, place = code.text(prefix), min(position, 59)
    lost = text[:place] + text[place + 1 :]
    if lost != code.text(Prefix.VISLEG):
        assert refusal_of(lost) is not None
    refusal_of(text[:place] + extra + text[place:])


@given(codes, st.integers(4, 58))
def test_two_neighbours_that_changed_places_are_seen(code: CardCode, position: int) -> None:
    """Hands do that, and so do buffers."""
    text = code.text()
    swapped = text[:position] + text[position + 1] + text[position] + text[position + 2 :]
    if swapped != text:
        assert (Malformation.CHECKSUM, None) == refusal_of(swapped)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", (Malformation.LENGTH, None)),
        (" \r\n", (Malformation.LENGTH, None)),
        ("IDK1", (Malformation.LENGTH, None)),
        (PUBLISHED_TEXT[:-1], (Malformation.LENGTH, None)),
        (PUBLISHED_TEXT * 2, (Malformation.LENGTH, None)),
        (PUBLISHED_TEXT * 1000, (Malformation.LENGTH, None)),
        (PUBLISHED_TEXT[:-1] + "8", (Malformation.CHECKSUM, None)),
        (PUBLISHED_TEXT[:-1] + "W", (Malformation.ALPHABET, None)),
        (PUBLISHED_TEXT[:-1] + "\N{LATIN SMALL LETTER DOTLESS I}", (Malformation.ALPHABET, "layout")),
        (PUBLISHED_TEXT[:-1] + "&", (Malformation.ALPHABET, "layout")),
        (PUBLISHED_TEXT[:-1] + "\N{FULLWIDTH DIGIT SEVEN}", (Malformation.ALPHABET, "layout")),
        (PUBLISHED_TEXT[2:], (Malformation.PREFIX, None)),
        ("IDX1" + PUBLISHED_TEXT[4:], (Malformation.PREFIX, None)),
        ("IDK2" + PUBLISHED_TEXT[4:], (Malformation.PREFIX, None)),
        ("VisLeg-4a1f0c9e", (Malformation.LENGTH, None)),
    ],
)
def test_a_damaged_code_says_what_is_wrong(text: str, refusal: tuple[Malformation, str | None]) -> None:
    """Whoever sets up a till learns where to look."""
    assert refusal == refusal_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "VisLeg-9fa4b2c1-7d3e-4f5a-8b6c-1234567890ab",
        "VisLeg+9fa4b2c1+7d3e+4f5a+8b6c+1234567890ab",
        "BANKIDF." + "0123456789ABCDEF" * 3,
        "mdoc:owBjMS4wAYIB2BhYS6QBAiABIVggWojRgrzl9C76WZ5rVeWO3gFxhzMZKlYzbB3vMRaAJ1g",
        "openid4vp://?client_id=verifier.example",
        "https://shop.example/products/0123456789ABCDEFGHIJKLMNOPQRSTUVABCDEFGHIJKLMNOP",
        "7038010000010",
        "Melk 1 l",
        "IDK0" + ALPHABET,
        "🂡",
        "\ud800",
    ],
)
def test_a_code_of_another_kind_is_called_that(text: str) -> None:
    """The cashier has scanned a bottle, or another country's card, and nothing is wrong with the scanner."""
    assert refusal_of(text) is None


@settings(max_examples=500)
@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")) | st.binary().map(lambda raw: raw.decode("latin-1")))
@example("IDK1" + "V" * 56)
@example("]Q1IDK1")
@example("VisLeg" + "ß" * 57)
def test_whatever_is_scanned_is_a_code_or_is_refused(text: str) -> None:
    """Tills send everything that comes over their counter."""
    refusal_of(text)


@settings(max_examples=500)
@given(st.sampled_from(["IDK1", "VisLeg", "VisLeg-", "]Q1IDK1", "IDK", "vISlEG+"]), st.text(alphabet=ALPHABET + "wxyz-+ß¨\n", max_size=64))
def test_whatever_looks_like_a_code_is_refused_unless_it_is_one(prefix: str, body: str) -> None:
    """Three bytes of checksum let one in sixteen million through, and the database the rest of them not."""
    refusal_of(prefix + body)
