"""What the holder's side keeps between requests: who is asked about cards, and who listens for phones."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from api.counter import Counter
from api.ears import Ears
from database.cards import Cards
from gateways.cards import CardIssuer
from gateways.holder_login import HolderLogin


@dataclass(frozen=True, slots=True)
class HolderDesk:
    """The holder's side of one process."""

    cards: Cards
    issuer: CardIssuer
    login: HolderLogin
    ears: Ears

    @classmethod
    def at(cls, counter: Counter, issuer: CardIssuer) -> HolderDesk:
        """Set it up with the counter's parts."""
        cards = Cards(counter.pool)
        return cls(
            cards,
            issuer,
            HolderLogin(counter.http, counter.eid_issuer, counter.app_client_id, counter.wall_clock),
            Ears(cards, counter.wall_clock),
        )


def desk_of(request: Request) -> HolderDesk:
    """The desk that a request came to."""
    desk = request.app.state.holder_desk
    if not isinstance(desk, HolderDesk):
        raise TypeError("the application was built without a holder's desk")
    return desk
