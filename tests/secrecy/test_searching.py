"""The search finds what is there, or all that it does not find would prove nothing."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from datetime import date
from random import Random
from urllib.parse import quote

import pytest

from tests.secrecy.searching import Place, data, day, found, text

NAME = "Čáhppes-Bjørnåsæter"
KEY = bytes(range(120, 136))
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda value: value,
    "hex": lambda value: value.hex().encode(),
    "HEX": lambda value: value.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "url": lambda value: quote(value).encode(),
    "repr": lambda value: repr(value).encode(),
}


@pytest.mark.parametrize("before", range(9))
@pytest.mark.parametrize("way", WRITTEN)
def test_a_secret_is_found_wherever_it_begins(way: str, before: int) -> None:
    """In whatever form, at whatever alignment, among random bytes."""
    around = Random(before).randbytes(1000)  # noqa: S311 - nothing here is secret
    for secret, forms in ((NAME.encode(), text(NAME)), (KEY, data(KEY)), (b"1983-01-01", day(date(1983, 1, 1))), (b"Leo N", text("Leo N"))):
        if way == "repr" and secret != KEY:
            continue
        place = Place("heap", around[: 500 + before] + WRITTEN[way](around[:before] + secret + around[-7:]) + around)

        assert [("heap", "secret")] == found([place], {"secret": forms}), secret


def test_a_date_is_found_in_every_usual_form() -> None:
    """Norwegian, American, and as computers write it."""
    for written in (b"1983-04-17", b"17.04.1983", b"17/04/1983", b"04/17/1983", b"19830417", b"17041983"):
        assert [("heap", "born")] == found([Place("heap", b"x" + written + b"y")], {"born": day(date(1983, 4, 17))})


def test_nothing_is_found_where_nothing_is() -> None:
    """A search that always finds something is as useless as one that never does."""
    assert [] == found([Place("heap", os.urandom(100_000))], {"name": text(NAME), "key": data(KEY), "born": day(date(1983, 4, 17))})
