"""Somebody deletes their account."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.leaving import LettingGo
from activities.letters import LetterSending
from domain.conversations import Inquiry
from domain.ids import derived
from domain.own import Farewell, FarewellLetter, NotYourAccount
from domain.refusals import Refusal
from workflows.options import KEEP_RECORD, SEND_LETTER, ask


@workflow.defn
class AccountDeletion:
    """Lets somebody go: what they have begun is taken back, their memberships and sessions end, and what is personal is forgotten.

    The address is kept until the letter of farewell has reached it, or nobody has taken it for days; nothing else is.
    """

    @workflow.init
    def __init__(self, farewell: Farewell) -> None:
        """Begin with nothing done."""
        self._user = farewell.user
        self._left = False
        self._refusal: Refusal | None = None

    @workflow.run
    async def run(self, farewell: Farewell) -> bool:
        """Let them go; False when a company would have been left without an administrator."""
        try:
            await ask(LettingGo.refuse_last_administrator, farewell, "Look for companies they administer alone", KEEP_RECORD)
            await ask(LettingGo.withdraw_processes, farewell, "Take back what is not decided", KEEP_RECORD)
            await ask(LettingGo.leave_companies, farewell, "End the memberships", KEEP_RECORD)
        except Refusal as refusal:
            self._refusal = refusal
            await workflow.wait_condition(workflow.all_handlers_finished)
            return False
        await ask(LettingGo.lock_out, farewell, "End the sessions", KEEP_RECORD)
        self._left = True
        # What was begun in another browser in the meantime.
        await ask(LettingGo.withdraw_processes, farewell, "Take back what is not decided", KEEP_RECORD)
        await self._write_farewell()
        await ask(LettingGo.forget, farewell, "Forget what is personal", KEEP_RECORD)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return True

    @workflow.update
    async def wait_until_left(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the account opens to nobody any more. Raises the Refusal when it may not be deleted."""
        await workflow.wait_condition(lambda: self._left or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

    @wait_until_left.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Answer nobody but the one whose account it is."""
        if inquiry.by != self._user:
            raise NotYourAccount

    async def _write_farewell(self) -> None:
        letter = FarewellLetter(self._user, derived(workflow.info().first_execution_run_id, "farewell"))
        order = await ask(LettingGo.order_farewell, letter, "Order the letter of farewell", KEEP_RECORD)
        try:
            await ask(LetterSending.send_letter, order, "Send the letter of farewell", SEND_LETTER)
        except ActivityError:
            await ask(LetterSending.give_letter_up, order, "Give the letter up", KEEP_RECORD)
