"""Finding which processes are missing, and beginning them again under the ids they had."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from domain.operations import OpenSignup, UnconfirmedAddress, WaitingLetter
from workflows.company_signup import CompanySignup
from workflows.front_desk.confirmations import ConfirmationDesk
from workflows.front_desk.desk import Answer, NotBegun, NotRecorded
from workflows.front_desk.letters import LetterDesk
from workflows.front_desk.processes import AT_A_TIME, ProcessDesk
from workflows.front_desk.signups import SignupDesk
from workflows.names import company_signup_id, email_confirmation_id, letter_id

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Compares rows with processes, and begins again what a row says there should be.

    Beginning something that is under way after all changes nothing, and whatever a process writes again it writes only once.
    Every method raises TemporalIsAway when there is no answer.
    """

    processes: ProcessDesk

    async def signups_without_process(self, signups: Sequence[OpenSignup]) -> Sequence[OpenSignup]:
        """Pick the signups that nobody works on."""
        return await self._without(signups, lambda signup: company_signup_id(signup.id))

    async def addresses_without_process(self, addresses: Sequence[UnconfirmedAddress]) -> Sequence[UnconfirmedAddress]:
        """Pick the addresses whose code nobody listens for."""
        return await self._without(addresses, lambda address: email_confirmation_id(address.user))

    async def letters_without_process(self, letters: Sequence[WaitingLetter]) -> Sequence[WaitingLetter]:
        """Pick the letters that nobody tries to send."""
        return await self._without(letters, lambda letter: letter_id(letter.order.key))

    async def running_signups(self, begun_before: datetime) -> Mapping[UUID, str]:
        """List the signups that are worked on and were begun before a moment, with what their processes are called."""
        processes = await self.processes.running_of(CompanySignup.__name__, begun_before)
        return {UUID(process.rpartition("/")[2]): process for process in processes}

    async def begin_signup(self, signup: OpenSignup) -> bool:
        """Begin a signup again; its register is asked anew. False when Temporal did not take it."""
        return _taken(await SignupDesk(self.processes.client).begin(signup.id, signup.user, signup.company))

    async def begin_confirmation(self, address: UnconfirmedAddress) -> bool:
        """Begin a confirmation again, with a new letter. False when Temporal did not take it."""
        return _taken(await ConfirmationDesk(self.processes.client).begin_again(address.user, address.id))

    async def begin_letter(self, letter: WaitingLetter) -> bool:
        """Try a letter again. False when Temporal did not take it."""
        try:
            await LetterDesk(self.processes.client).set_going(letter.order)
        except NotBegun:
            return False
        return True

    async def hurry_letter(self, letter: WaitingLetter) -> bool:
        """Have a letter that is being tried tried at once; False when it was not waiting."""
        return await self.processes.try_all_now(letter_id(letter.order.key))

    async def _without(self, rows: Sequence[Row], process_of: Callable[[Row], str]) -> Sequence[Row]:
        return await without_process(self.processes, rows, process_of)


async def without_process(processes: ProcessDesk, rows: Sequence[Row], process_of: Callable[[Row], str]) -> Sequence[Row]:
    """Pick the rows whose process is not under way, a few at a time. Raises TemporalIsAway when there is no answer."""
    one_of_few = asyncio.Semaphore(AT_A_TIME)

    async def runs(row: Row) -> bool:
        async with one_of_few:
            return await processes.is_running(process_of(row))

    answers = await asyncio.gather(*map(runs, rows))
    return [row for row, answer in zip(rows, answers, strict=True) if not answer]


def _taken(answer: Answer[None] | None) -> bool:
    return not isinstance(answer, NotRecorded)
