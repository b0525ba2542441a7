"""How a process listens: a handler hands in what somebody said and waits, `run()` alone takes it up, writes and answers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Generic, TypeVar

from temporalio import workflow

from domain.conversations import NobodyIsListening
from domain.refusals import Refusal

# So long do two processes that have just missed each other wait before they look again; twice as long each time.
LOOK_AGAIN = timedelta(seconds=1)
DOUBLINGS = 12

Said = TypeVar("Said")
Answer = TypeVar("Answer")


class Turn(Generic[Said, Answer]):
    """One thing somebody said, and the answer they wait for."""

    def __init__(self, said: Said) -> None:
        """Begin unanswered."""
        self.said = said
        self._answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    async def answer(self, find: Callable[[Said], Awaitable[Answer]]) -> Answer | None:
        """Find the answer and give it; a refusal is an answer too, and then there is nothing to go on with."""
        try:
            answer = await find(self.said)
        except Refusal as refusal:
            self._answer.set_exception(refusal)
            return None
        self._answer.set_result(answer)
        return answer

    async def wait(self) -> Answer:
        """Wait for the answer. Raises the Refusal when the answer is no."""
        return await self._answer


class Conversation(Generic[Said, Answer]):
    """Everything said to a process, taken up one at a time and in order, so that exactly one of two opposing words counts."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._turns: deque[Turn[Said, Answer]] = deque()
        self._over = False

    async def say(self, said: Said) -> Answer:
        """Hand something in (from a handler) and wait until it has been written down and answered.

        Raises NobodyIsListening when the process is already leaving.
        """
        if self._over:
            raise NobodyIsListening
        turn: Turn[Said, Answer] = Turn(said)
        self._turns.append(turn)
        return await turn.wait()

    async def listen(self, patience: timedelta | None = None, *, unless: Callable[[], bool] = lambda: False) -> Turn[Said, Answer] | None:
        """Take up the next thing said (from `run()`), or None when nobody has said anything for that long.

        What is said stays untaken, and the answer is None, as soon as `unless` holds: something else comes first.
        """
        try:
            await workflow.wait_condition(lambda: unless() or bool(self._turns), timeout=patience)
        except TimeoutError:
            return None
        return None if unless() else self._turns.popleft()

    async def listen_beside(self, alarm: asyncio.Task[Any] | None) -> Turn[Said, Answer] | None:
        """Take up the next thing said (from `run()`), or None when the alarm goes off, however much was said while it ran."""
        await workflow.wait_condition(lambda: bool(self._turns) or (alarm is not None and alarm.done()))
        return self._turns.popleft() if self._turns else None

    async def leave(self, find: Callable[[Said], Awaitable[Answer]]) -> None:
        """Answer what has been said already, hear nothing new, and return when everybody has their answer."""
        self._over = True
        while self._turns:
            await self._turns.popleft().answer(find)
        await workflow.wait_condition(workflow.all_handlers_finished)


def next_look(tries: int) -> timedelta:
    """Tell how long to wait before looking again at what another process should have settled by now."""
    return LOOK_AGAIN * (1 << min(tries, DOUBLINGS))
