"""Looking for secrets in heaps of bytes, however they may have been written there."""

from __future__ import annotations

import base64
import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

# Words of so many bytes, and how long something must be to hold a whole one wherever it begins.
LONG, SHORT = 8, 4
FORMS = {LONG: "Q", SHORT: "I"}
LONG_ENOUGH, SHORT_ENOUGH = 2 * LONG - 1, 2 * SHORT - 1
# Three bytes are four signs of base64, so there are three ways in which something may lie in it.
ALIGNMENTS = 3


@dataclass(frozen=True)
class Place:
    """One heap of bytes, such as a file or a table."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Search:
    """What is looked for, by its words, so that a heap is gone through once, however much is looked for in it."""

    long: Mapping[int, Sequence[tuple[str, bytes]]]
    short: Mapping[int, Sequence[tuple[str, bytes]]]
    tiny: Sequence[tuple[str, bytes]]

    @classmethod
    def of(cls, secrets: Mapping[str, Sequence[bytes]]) -> Search:
        """Prepare to look for secrets, in all the ways in which each may be written."""
        long: dict[int, list[tuple[str, bytes]]] = defaultdict(list)
        short: dict[int, list[tuple[str, bytes]]] = defaultdict(list)
        tiny: list[tuple[str, bytes]] = []
        for name, form in ((name, form) for name, forms in secrets.items() for form in forms):
            size, index = (LONG, long) if len(form) >= LONG_ENOUGH else (SHORT, short)
            if len(form) < SHORT_ENOUGH:
                tiny.append((name, form))
                continue
            for word in windows(form, size):
                index[word].append((name, form))
        return cls(long, short, tiny)

    def within(self, content: bytes) -> set[str]:
        """Say what stands there."""
        likely = list(self.tiny)
        for index, size in ((self.long, LONG), (self.short, SHORT)):
            for word in index.keys() & set(words(content, size)):
                likely += index[word]
        return {name for name, sought in likely if sought in content}


def found(places: Iterable[Place], secrets: Mapping[str, Sequence[bytes]]) -> list[tuple[str, str]]:
    """Say which secrets stand in which places, in whatever form."""
    search = Search.of(secrets)
    return [(place.name, name) for place in places for name in sorted(search.within(place.content))]


def words(content: bytes, size: int) -> Sequence[int]:
    """Cut bytes into words, the last one filled up."""
    cut = array(FORMS[size])
    cut.frombytes(content + bytes(-len(content) % size))
    return cut


def windows(sought: bytes, size: int) -> Iterator[int]:
    """The word that comes first wherever something begins: one of as many as a word has bytes."""
    yield from (words(sought[start : start + size], size)[0] for start in range(size))


def text(value: str) -> list[bytes]:
    """Every way in which a text may have been written down."""
    escaped = json.dumps(value)[1:-1].encode()
    old = value.encode("latin-1", "ignore")
    ways = {value.encode(), escaped, quote(value).encode(), value.encode("utf-16-le"), *coded(value.encode())}
    return sorted(ways | ({old} if len(old) == len(value) else set()))


def data(value: bytes) -> list[bytes]:
    """Every way in which bytes may have been written down."""
    return sorted({value, str(value)[2:-1].encode(), quote(value).encode(), *coded(value)})


def coded(value: bytes) -> Iterator[bytes]:
    """In hexadecimal digits, and in both base64s, wherever in them it lies."""
    yield value.hex().encode()
    yield value.hex().upper().encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(ALIGNMENTS):
            signs = encode(bytes(before) + value)
            # The first and last signs also say what stands beside.
            yield signs[(before * 8 + 5) // 6 : (before + len(value)) * 8 // 6]


def day(value: date) -> list[bytes]:
    """Every usual way to write a date."""
    forms = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d", "%d%m%Y")
    return [way for form in forms for way in text(f"{value:{form}}")]
