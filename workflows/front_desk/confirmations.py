"""What pages do with the confirmation of an e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from temporalio.client import Client

from domain.confirmations import AddressGiven, CodeTyped, ConfirmationStart, LetterWanted, LinkPressed
from domain.conversations import Inquiry, NobodyIsListening
from domain.ids import AddressId, UserId
from workflows.attributes import ProcessKind, WaitingFor, attributes
from workflows.email_confirmation import EmailConfirmation
from workflows.front_desk.desk import Answer, Done, NotBegun, NotRecorded, Refused, ask, begin, first_answer
from workflows.names import email_confirmation_id


@dataclass(frozen=True, slots=True)
class ConfirmationDesk:
    """Begins confirmations and speaks with them."""

    client: Client

    async def begin(self, user: UserId, address: AddressId, click: UUID, instead_of: AddressId | None = None) -> Answer[None]:
        """Have an address confirmed, in place of the one that was being confirmed if there was one.

        `instead_of` is the user's last confirmed address, which is told of it.
        """
        begun = await self._begin(user, address, click, instead_of)
        if begun is not None:
            return begun
        return await ask(
            self.client,
            EmailConfirmation.change_address,
            AddressGiven(user, address, str(click), instead_of),
            process_id=email_confirmation_id(user),
            update_id=f"change-address-{click}-{address}",
        )

    async def begin_again(self, user: UserId, address: AddressId) -> Answer[None]:
        """Begin a confirmation whose process was lost, with a new letter. One that is under way is left alone."""
        return await self._begin(user, address) or Done(None)

    async def send_again(self, user: UserId, address: AddressId, click: UUID) -> Answer[None]:
        """Send a new letter; when the process has gone quiet meanwhile it begins anew."""
        answer = await ask(
            self.client,
            EmailConfirmation.send_again,
            LetterWanted(user),
            process_id=email_confirmation_id(user),
            update_id=f"send-again-{click}",
        )
        if isinstance(answer, Refused) and isinstance(answer.refusal, NobodyIsListening):
            return await self._begin(user, address, click) or answer
        return answer

    async def type_code(self, user: UserId, code: str, click: UUID) -> Answer[None]:
        """Try a code of six digits."""
        return await ask(
            self.client,
            EmailConfirmation.type_code,
            CodeTyped(user, code, str(click)),
            process_id=email_confirmation_id(user),
            update_id=f"code-{click}",
        )

    async def press_link(self, user: UserId, token: str, click: UUID) -> Answer[None]:
        """Confirm by the token of a letter's link."""
        return await ask(
            self.client,
            EmailConfirmation.press_link,
            LinkPressed(user, token),
            process_id=email_confirmation_id(user),
            update_id=f"link-{click}",
        )

    async def _begin(
        self, user: UserId, address: AddressId, click: UUID | None = None, instead_of: AddressId | None = None
    ) -> Answer[None] | None:
        """Begin the process and wait for its first letter; None when it is under way already."""
        process, start = email_confirmation_id(user), ConfirmationStart(user, address, str(click) if click else None, instead_of)
        try:
            begun = await begin(
                self.client,
                EmailConfirmation.run,
                start,
                process_id=process,
                summary="Confirm an e-mail address",
                attributes=attributes(ProcessKind.CONFIRMATION, WaitingFor.CUSTOMER),
                details=f"Address {address} of user {user}",
            )
            if not begun:
                return None
        except NotBegun:
            return NotRecorded()
        return await first_answer(self.client, EmailConfirmation.wait_until_written, Inquiry(user), process_id=process)
