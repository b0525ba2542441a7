"""One letter finds its way."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.letters import LetterSending
from domain.post import LetterOrder
from workflows.options import KEEP_RECORD, SEND_LETTER, ask


@workflow.defn
class Letter:
    """Sends one letter, for days if need be. It has a process of its own so that a dead mail server holds nobody else up."""

    @workflow.run
    async def run(self, order: LetterOrder) -> None:
        """Try until the mail server takes it; give up after days, and say so in the book of letters."""
        try:
            await ask(LetterSending.send_letter, order, f"Send the letter {order.kind.value}", SEND_LETTER)
        except ActivityError:
            await ask(LetterSending.give_letter_up, order, "Give the letter up", KEEP_RECORD)
