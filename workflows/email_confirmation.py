"""A user confirms the e-mail address they gave."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from temporalio import workflow

from activities.confirming import Confirming
from activities.letters import LetterOrders
from domain.confirmations import (
    AddressGiven,
    CodeTry,
    CodeTyped,
    ConfirmationStart,
    Issue,
    LetterWanted,
    LinkPressed,
    LinkTry,
    NotYourConfirmation,
)
from domain.conversations import Inquiry
from domain.ids import ChallengeId, UserId, derived
from domain.post import LetterKind, LetterOrder
from domain.refusals import Refusal
from workflows.conversation import Conversation
from workflows.options import KEEP_RECORD, ask

# Counted from the last thing anybody said.
UNTIL_REMINDER = timedelta(days=1)
UNTIL_FORGOTTEN = timedelta(days=13)

Said: TypeAlias = CodeTyped | LinkPressed | LetterWanted | AddressGiven


@workflow.defn
class EmailConfirmation:
    """Writes to an address with a code and a link, and listens until one of them comes back.

    Wrong codes, new letters and a change of address are answered as they come, one at a time. Somebody who goes quiet is
    reminded once; after that the process ends quietly, and the next letter they ask for begins it again. When the address takes
    the place of one that was confirmed, that one is written to as well.
    """

    @workflow.init
    def __init__(self, start: ConfirmationStart) -> None:
        """Begin with nothing sent."""
        self._user = start.user
        self._address = start.address
        self._begun_by = AddressGiven(start.user, start.address, start.click, start.instead_of)
        self._run_id = workflow.info().first_execution_run_id
        self._conversation: Conversation[Said, None] = Conversation()
        self._letters = 0
        self._challenge: ChallengeId | None = None
        self._first_letter: Refusal | bool = False
        self._confirmed = False

    @workflow.run
    async def run(self, start: ConfirmationStart) -> bool:  # noqa: ARG002 - read when the process was made
        """Send the first letter, then listen; True when the address was confirmed."""
        try:
            await self._send_letter()
            await self._tell_the_old_address(self._begun_by)
            self._first_letter = True
        except Refusal as refusal:
            self._first_letter = refusal
        reminded = False
        while not self._confirmed:
            turn = await self._conversation.listen(UNTIL_FORGOTTEN if reminded else UNTIL_REMINDER)
            if turn is not None:
                await turn.answer(self._take_up)
            elif reminded:
                break
            else:
                await self._order(LetterKind.EMAIL_REMINDER, self._address)
                reminded = True
        await self._conversation.leave(self._take_up)
        return self._confirmed

    @workflow.update
    async def wait_until_written(self, inquiry: Inquiry) -> None:  # noqa: ARG002 - the validator has looked at it
        """Return when the first letter is ordered. Raises the Refusal when there have been too many."""
        await workflow.wait_condition(lambda: self._first_letter is not False)
        self._refuse_unless_written()

    @workflow.update
    async def type_code(self, typed: CodeTyped) -> None:
        """Try a code; returns when the address is confirmed. Raises the Refusal for a wrong or an old one."""
        await self._conversation.say(typed)

    @workflow.update
    async def press_link(self, pressed: LinkPressed) -> None:
        """Confirm by the link in the letter; returns when the address is confirmed. Raises the Refusal for an old one."""
        await self._conversation.say(pressed)

    @workflow.update
    async def send_again(self, wanted: LetterWanted) -> None:
        """Send a new letter, which takes the place of the last. Raises the Refusal when there have been too many."""
        await self._conversation.say(wanted)

    @workflow.update
    async def change_address(self, given: AddressGiven) -> None:
        """Start over with another address. Raises the Refusal when there have been too many letters."""
        await self._conversation.say(given)

    @wait_until_written.validator
    def check_inquiry(self, inquiry: Inquiry) -> None:
        """Hear nobody but the user."""
        self._check(inquiry.by)

    @type_code.validator
    def check_code(self, typed: CodeTyped) -> None:
        """Hear nobody but the user."""
        self._check(typed.by)

    @press_link.validator
    def check_link(self, pressed: LinkPressed) -> None:
        """Hear nobody but the user."""
        self._check(pressed.by)

    @send_again.validator
    def check_wanted(self, wanted: LetterWanted) -> None:
        """Hear nobody but the user."""
        self._check(wanted.by)

    @change_address.validator
    def check_address(self, given: AddressGiven) -> None:
        """Hear nobody but the user."""
        self._check(given.by)

    def _check(self, by: UserId) -> None:
        if by != self._user:
            raise NotYourConfirmation

    def _refuse_unless_written(self) -> None:
        if isinstance(self._first_letter, Refusal):
            raise self._first_letter

    async def _take_up(self, said: Said) -> None:
        match said:
            case CodeTyped():
                code = CodeTry(said.click, self._challenge, said.code, self._address)
                await ask(Confirming.try_code, code, "Try the code", KEEP_RECORD)
                self._confirmed = True
            case LinkPressed():
                link = LinkTry(self._challenge, said.token, self._address)
                await ask(Confirming.try_link, link, "Follow the link", KEEP_RECORD)
                self._confirmed = True
            case AddressGiven() if said.click and said == self._begun_by:
                # The form that began this was sent twice: its letter is on its way.
                self._refuse_unless_written()
            case AddressGiven():
                self._address = said.address
                self._confirmed = False
                await self._send_letter()
                await self._tell_the_old_address(said)
            case LetterWanted():
                await self._send_letter()

    async def _send_letter(self) -> None:
        challenge = ChallengeId(derived(self._run_id, "challenge", self._letters))
        self._letters += 1
        issue = Issue(challenge, self._address, self._user)
        await ask(Confirming.issue, issue, "Allow a letter and remember it", KEEP_RECORD)
        self._challenge = challenge
        await self._order(LetterKind.CONFIRM_EMAIL, challenge)

    async def _tell_the_old_address(self, given: AddressGiven) -> None:
        """Whoever has taken over somebody's account is not to move its letters away in silence."""
        if given.instead_of is not None:
            await self._order(LetterKind.ADDRESS_REPLACED, given.instead_of)

    async def _order(self, kind: LetterKind, about: UUID) -> None:
        order = LetterOrder(derived(self._run_id, f"letter {kind.value}", self._letters), kind, self._user, about)
        await ask(LetterOrders.order_letter, order, f"Order the letter {kind.value}", KEEP_RECORD)
