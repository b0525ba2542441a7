"""One task per process listens for all phones that wait, and rests when none does."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest
from psycopg import OperationalError

from api.ears import Ears, TooManyListen
from database.cards import Cards, CodeNews
from tests.api.counting import SetClock

PATIENCE = timedelta(seconds=2)
REFS = [bytes([number]) * 32 for number in range(50)]


@dataclass
class Codes:
    """Codes in memory that count how often they are asked for."""

    clock: SetClock
    scanned: set[bytes] = field(default_factory=set)
    begun: set[bytes] = field(default_factory=set)
    gone: bool = False
    asked: list[int] = field(default_factory=list)

    async def news(self, refs: Collection[bytes]) -> Mapping[bytes, CodeNews]:
        """Say how they are."""
        self.asked.append(len(refs))
        if self.gone:
            raise OperationalError
        at = self.clock.at
        return {
            ref: CodeNews(
                ref,
                uuid4(),
                at + timedelta(seconds=30),
                at if ref in self.scanned | self.begun else None,
                b"e" if ref in self.scanned else None,
            )
            for ref in refs
        }


@pytest.fixture
def codes() -> Codes:
    """Codes that nobody has scanned."""
    return Codes(SetClock())


@pytest.fixture
def ears(codes: Codes) -> Ears:
    """Ears for those codes."""
    return Ears(cast("Cards", codes), codes.clock)


async def test_fifty_phones_are_one_question(codes: Codes, ears: Ears) -> None:
    """However many wait, the database is asked five times a second by each process, and not at all when nobody waits."""
    waiting = [asyncio.create_task(ears.news(ref, PATIENCE)) for ref in REFS]
    await asyncio.sleep(0.5)
    codes.scanned |= set(REFS)
    heard = await asyncio.gather(*waiting)
    await asyncio.sleep(0.3)
    asked = len(codes.asked)
    await asyncio.sleep(0.5)

    assert all(news and news.sealed_entry == b"e" for news in heard)
    assert asked == len(codes.asked) <= 6
    assert max(codes.asked) == len(REFS)


async def test_patience_ends(ears: Ears) -> None:
    """A connection is not held for ever; the phone asks again."""
    with pytest.raises(TimeoutError):
        await ears.news(REFS[0], timedelta(seconds=0.3))


async def test_too_many_for_one_code_are_refused(ears: Ears) -> None:
    """One phone cannot keep a thousand connections busy."""
    waiting = [asyncio.create_task(ears.news(REFS[0], timedelta(seconds=0.5))) for _ in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyListen):
        await ears.news(REFS[0], PATIENCE)

    assert [TimeoutError] * 4 == [type(error) for error in await asyncio.gather(*waiting, return_exceptions=True)]


async def test_an_outage_is_told_and_the_next_phone_is_heard_again(codes: Codes, ears: Ears) -> None:
    """Whoever waits during an outage learns of it; afterwards everything goes on by itself."""
    codes.gone = True
    with pytest.raises(OperationalError):
        await ears.news(REFS[0], PATIENCE)
    codes.gone, codes.scanned = False, {REFS[0]}

    assert await ears.news(REFS[0], PATIENCE)


async def test_a_check_that_was_never_written_down_is_given_up(codes: Codes, ears: Ears) -> None:
    """The server that did it may have died; the phone is not kept waiting for ever."""
    codes.begun = {REFS[0]}
    waiting = asyncio.create_task(ears.news(REFS[0], PATIENCE))
    await asyncio.sleep(0.3)
    still_waiting = not waiting.done()
    began = codes.clock.at

    @dataclass
    class Later:
        """A clock that runs ahead of the check."""

        def now(self) -> object:
            """Tell the time sixteen seconds later."""
            return began + timedelta(seconds=16)

    ears.clock = cast("SetClock", Later())
    news = await waiting

    assert still_waiting
    assert news is not None
    assert news.sealed_entry is None
