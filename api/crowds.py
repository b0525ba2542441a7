"""What happens when more tills ask than one server process can answer: a few wait in line, and all others are told so at once.

Whoever would wait too long for an answer has gone by the time it comes, and its work was done for nobody. So it is refused while
that still costs next to nothing, before anything is read, looked up or written.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem
from domain.cards.refusals import CheckUnavailable
from gateways.meters import Meters

# Checks that are done at the same time in one process: somewhat more than there are connections to the database.
AT_ONCE = 16
# As many as are checked while the first of them waits, on a fast machine; on a slow one the line is shorter by itself.
IN_LINE = 400
LONGEST_LINE = timedelta(milliseconds=300)
# Nobody waits longer, should the database stand still while there is a line.
PATIENCE = timedelta(seconds=3)
COME_BACK_IN = {"Retry-After": "1"}
CROWDED = ("/v1/checks", "/api/merchant/session", "/api/merchant/session/")


class Turnstile:
    """Lets so many in at once and lets others wait in line, first come first served, but none that would wait too long.

    Whoever comes while the first in line has waited for `longest`, or while the line is full, is turned away. So when three times as
    many come as can be answered, the last in line waits for three times that, and whoever is turned away does not wait at all.
    """

    def __init__(self, at_once: int, in_line: int, longest: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        """The clock tells seconds and never goes back."""
        self._places = at_once
        self._in_line = in_line
        self._longest = longest.total_seconds()
        self._clock = clock
        self._line: deque[tuple[float, asyncio.Future[None]]] = deque()

    @property
    def is_free(self) -> bool:
        """Whether somebody may come in without waiting."""
        return self._places > 0

    @property
    def is_closed(self) -> bool:
        """Whether whoever comes now is turned away."""
        if self._places or not self._line:
            return False
        return len(self._line) >= self._in_line or self._clock() - self._line[0][0] >= self._longest

    def enter(self) -> None:
        """Take one of the free places."""
        if not self._places:
            raise ValueError("there is no free place")
        self._places -= 1

    def line_up(self, turn: asyncio.Future[None]) -> None:
        """Stand in line. The turn comes with a place; whoever does not wait for it any more cancels it."""
        self._line.append((self._clock(), turn))

    def leave(self) -> None:
        """Give one's place to the first in line who still waits."""
        while self._line:
            _, turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._places += 1


class Place:
    """One that somebody has behind a turnstile, until they leave it, once."""

    def __init__(self, turnstile: Turnstile) -> None:
        self._turnstile: Turnstile | None = turnstile

    def leave(self) -> None:
        """Let the next one in."""
        turnstile, self._turnstile = self._turnstile, None
        if turnstile:
            turnstile.leave()


_place: ContextVar[Place | None] = ContextVar("place", default=None)


def step_aside() -> None:
    """Let the next one in before this request has been answered: who is slow on purpose keeps nobody waiting."""
    place = _place.get()
    if place:
        place.leave()


class Crowds:
    """Lets checks in through a turnstile, and answers 503 with a time to come back to those who are turned away."""

    def __init__(
        self, app: ASGIApp, *, public_url: str, meters: Meters, turnstile: Turnstile | None = None, patience: timedelta = PATIENCE
    ) -> None:
        """Whoever is in line for all of `patience` is told that it was for nothing."""
        self._app = app
        self._patience = patience.total_seconds()
        self._meters = meters
        self._turnstile = turnstile or Turnstile(AT_ONCE, IN_LINE, LONGEST_LINE)
        # Made once: while it is needed there is no time.
        self._busy = problem(public_url, CheckUnavailable(), COME_BACK_IN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, in its turn, or not."""
        if scope["type"] != "http" or scope["path"] not in CROWDED:
            await self._app(scope, receive, send)
        elif self._turnstile.is_closed or not await self._comes_in():
            self._meters.turned_away()
            await self._busy(scope, receive, send)
        else:
            await self._inside(scope, receive, send)

    async def _comes_in(self) -> bool:
        if self._turnstile.is_free:
            self._turnstile.enter()
            return True
        turn = asyncio.get_running_loop().create_future()
        self._turnstile.line_up(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        # The turn may come in the very moment in which it is not waited for any more.
        except TimeoutError:
            return not turn.cancelled()
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._turnstile.leave()
            raise
        return True

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = Place(self._turnstile)
        remembered = _place.set(place)
        try:
            await self._app(scope, receive, send)
        finally:
            _place.reset(remembered)
            place.leave()
