"""Hears for all waiting phones at once whether somebody has scanned their codes, whichever process the scan came to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout

from database.cards import Cards, CodeNews
from domain.clock import Clock

EVERY = timedelta(milliseconds=200)
# A check that used the code up and has not been written down by then never will be.
TIME_TO_WRITE = timedelta(seconds=15)
# A phone that has lost its connection asks anew; more than that is no phone.
WAITING_FOR_ONE_CODE = 4

Waiting = asyncio.Future[CodeNews | None]


class TooManyListen(Exception):
    """More wait for one code than there can be phones."""


@dataclass(slots=True)
class Ears:
    """One task asks the database for every code that somebody waits for; it sleeps when nobody does."""

    cards: Cards
    clock: Clock
    _waiting: dict[bytes, set[Waiting]] = field(default_factory=dict)
    _listening: asyncio.Task[None] | None = None

    async def news(self, ref_hash: bytes, patience: timedelta) -> CodeNews | None:
        """Wait until a code has been scanned or its time is over, or patience ends. None when it was swept meanwhile.

        Raises TimeoutError when patience ends, TooManyListen, and psycopg's errors when the database does not answer.
        """
        waiting = self._waiting.setdefault(ref_hash, set())
        if len(waiting) >= WAITING_FOR_ONE_CODE:
            raise TooManyListen
        mine: Waiting = asyncio.get_running_loop().create_future()
        waiting.add(mine)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        try:
            return await asyncio.wait_for(mine, patience.total_seconds())
        finally:
            waiting.discard(mine)
            if not waiting:
                self._waiting.pop(ref_hash, None)

    async def _listen(self) -> None:
        while self._waiting:
            try:
                self._tell(await self.cards.news(self._waiting))
            except (DatabaseError, PoolTimeout) as error:
                self._give_up(error)
            await asyncio.sleep(EVERY.total_seconds())

    def _tell(self, heard: Mapping[bytes, CodeNews]) -> None:
        now = self.clock.now()
        for ref_hash, waiting in list(self._waiting.items()):
            news = heard.get(ref_hash)
            if news and not news.sealed_entry and now < (news.used_at + TIME_TO_WRITE if news.used_at else news.expires_at):
                continue
            for one in waiting:
                if not one.done():
                    one.set_result(news)

    def _give_up(self, error: Exception) -> None:
        for waiting in self._waiting.values():
            for one in waiting:
                if not one.done():
                    one.set_exception(error)
