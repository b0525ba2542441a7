"""Getting one letter to one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from temporalio import activity

from domain.clock import Clock
from domain.ids import AddressId
from domain.post import AddressedLetter, LetterOrder, NotDeliverable


class LetterBook(Protocol):
    """Where it is written down which letters were ordered and sent."""

    async def order(self, order: LetterOrder, at: datetime) -> None:
        """Write an order down; a second time changes nothing."""

    async def letter_for(self, order: LetterOrder) -> AddressedLetter | None:
        """Compose the letter, or None when it has been sent or nobody is there to read it any more."""

    async def sent(self, key: UUID, to: AddressId, at: datetime) -> None:
        """Write down that the mail server took it for this address, which thereby loses an older mark."""

    async def refused(self, key: UUID, to: AddressId, at: datetime) -> None:
        """Write down that the receiving side will never take it, and mark the address."""

    async def given_up(self, key: UUID, at: datetime) -> None:
        """Write down that we have stopped trying, and mark the address that the reader has now."""


class Mailer(Protocol):
    """How a letter gets to a mail server."""

    async def send(self, key: UUID, addressed: AddressedLetter) -> None:
        """Hand the letter over. The same key gives the same Message-ID. Raises NotDeliverable when it is refused for good."""


class Dispatch(Protocol):
    """How the process that sends a letter is set going."""

    async def set_going(self, order: LetterOrder) -> None:
        """Start it; a second time starts nothing."""


@dataclass(frozen=True, slots=True)
class LetterOrders:
    """Orders letters for the other processes. A letter has a process of its own, so a dead mail server holds nobody up."""

    book: LetterBook
    dispatch: Dispatch
    clock: Clock

    @activity.defn
    async def order_letter(self, order: LetterOrder) -> None:
        """Write the order down, then set the letter going."""
        await self.book.order(order, self.clock.now())
        await self.dispatch.set_going(order)


@dataclass(frozen=True, slots=True)
class LetterSending:
    """Sends one letter."""

    book: LetterBook
    mailer: Mailer
    clock: Clock

    @activity.defn
    async def send_letter(self, order: LetterOrder) -> None:
        """Compose and send; sending is written down only after the mail server took it, so a crash between sends again."""
        addressed = await self.book.letter_for(order)
        if addressed is None:
            return
        try:
            await self.mailer.send(order.key, addressed)
        except NotDeliverable:
            await self.book.refused(order.key, addressed.address_id, self.clock.now())
        else:
            await self.book.sent(order.key, addressed.address_id, self.clock.now())

    @activity.defn
    async def give_letter_up(self, order: LetterOrder) -> None:
        """Write down that the letter could not be sent in days."""
        await self.book.given_up(order.key, self.clock.now())
