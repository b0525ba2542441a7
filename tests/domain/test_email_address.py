"""Reading e-mail addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.email_address import (
    AddressTooLong,
    EmailAddress,
    HiddenCharacters,
    NoAtSign,
    NotAnEmailAddress,
    OtherThanEnglishLetters,
)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("kari@fjordbrus.example", "kari@fjordbrus.example", "kari@fjordbrus.example"),
        ("  kari@fjordbrus.example\u00a0", "kari@fjordbrus.example", "kari@fjordbrus.example"),
        ("Kari.Moe+skranke@Fjordbrus.EXAMPLE", "Kari.Moe+skranke@fjordbrus.example", "Kari.Moe+skranke@fjordbrus.example"),
        ("kari@blåbær.example", "kari@xn--blbr-roah.example", "kari@blåbær.example"),
        ("kari@BLÅBÆR.example", "kari@xn--blbr-roah.example", "kari@blåbær.example"),
        ("kari@xn--blbr-roah.example", "kari@xn--blbr-roah.example", "kari@blåbær.example"),
        ("o'brien@fjordbrus.example", "o'brien@fjordbrus.example", "o'brien@fjordbrus.example"),
    ],
)
def test_an_address_is_read_for_servers_and_for_people(text: str, value: str, shown: str) -> None:
    """Mail servers need punycode, and people their own letters."""
    address = EmailAddress.parse(text)

    assert (value, shown) == (address.value, address.shown)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NoAtSign),
        ("kari", NoAtSign),
        ("<script>alert(1)</script>", NoAtSign),
        ("kari@fjordbrus.example\n", HiddenCharacters),
        ("kari@fjordbrus.example\r\nBcc: all@fjordbrus.example", HiddenCharacters),
        ("kari\x00@fjordbrus.example", HiddenCharacters),
        ("kari@fjord\u202ebrus.example", HiddenCharacters),
        ("kari@fjord\u2028brus.example", HiddenCharacters),
        ("kari@fjord\u2029brus.example", HiddenCharacters),
        ("x" * 40_000, AddressTooLong),
        ("😀" * 40_000, AddressTooLong),
        ("x" * 65 + "@fjordbrus.example", AddressTooLong),
        ("kåre@fjordbrus.example", OtherThanEnglishLetters),
        ("😀@fjordbrus.example", OtherThanEnglishLetters),
        ("=?utf-8?q?=0D=0ABcc=3Aall=40v.example?=@fjordbrus.example", NotAnEmailAddress),
        ("@fjordbrus.example", NotAnEmailAddress),
        ("kari@", NotAnEmailAddress),
        ("kari@fjordbrus", NotAnEmailAddress),
        ("kari@fjordbrus..example", NotAnEmailAddress),
        ("kari@fjordbrus.example.", NotAnEmailAddress),
        ("ka..ri@fjordbrus.example", NotAnEmailAddress),
        ("kari moe@fjordbrus.example", NotAnEmailAddress),
        ("kari@fjord brus.example", NotAnEmailAddress),
        ("Kari <kari@fjordbrus.example>", NotAnEmailAddress),
        ("kari@fjordbrus.example, ola@fjordbrus.example", NotAnEmailAddress),
        ('"kari moe"@fjordbrus.example', NotAnEmailAddress),
        ("kari@[127.0.0.1]", NotAnEmailAddress),
        ("kari@localhost", NotAnEmailAddress),
        ("kari@-fjordbrus.example", NotAnEmailAddress),
        ("kari@😀.example", NotAnEmailAddress),
        ("kari@" + "å" * 62 + ".example", NotAnEmailAddress),
        ("\ud800@fjordbrus.example", OtherThanEnglishLetters),
        ("kari@\ud800.example", NotAnEmailAddress),
    ],
)
def test_what_is_wrong_with_an_address_is_said(text: str, refusal: type[NotAnEmailAddress]) -> None:
    """Each in its own words, with what to do about it."""
    with pytest.raises(NotAnEmailAddress) as refused:
        EmailAddress.parse(text)

    assert type(refused.value) is refusal


@given(st.text() | st.emails() | st.text(alphabet="ab@.-å \n<>\"'", max_size=40))
def test_whatever_is_taken_is_safe_in_a_letters_head(text: str) -> None:
    """An address is written into headers and handed to mail servers, and can be read again as itself."""
    try:
        address = EmailAddress.parse(text)
    except NotAnEmailAddress:
        return

    assert address.value.isascii()
    assert address.value.isprintable()
    assert not set(address.value) & set(' ,;<>"')
    assert EmailAddress.parse(address.value) == address == EmailAddress.parse(address.shown)


def test_an_address_does_not_show_in_logs() -> None:
    """Whoever logs a value by accident logs no person."""
    assert repr(EmailAddress.parse("kari@fjordbrus.example")) == "EmailAddress()"
