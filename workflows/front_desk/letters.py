"""How a letter is set going."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio.client import Client

from domain.post import LetterOrder
from workflows.attributes import ProcessKind, WaitingFor, attributes
from workflows.front_desk.desk import begin
from workflows.letter import Letter
from workflows.names import letter_id


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """Starts the process that sends a letter."""

    client: Client

    async def set_going(self, order: LetterOrder) -> None:
        """Start it; a letter that is on its way or has arrived is not started again."""
        await begin(
            self.client,
            Letter.run,
            order,
            process_id=letter_id(order.key),
            summary=f"Letter {order.kind.value}",
            attributes=attributes(ProcessKind.LETTER, WaitingFor.MAIL_SERVER),
            details=f"To user {order.to}, about {order.about}",
        )
