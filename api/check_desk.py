"""What the till's side of the API keeps between requests."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from api.counter import Counter
from api.sandbox_cards import SandboxCards
from database.check_log import CheckLogs
from database.checks import Checks
from domain.cards.claims import CardStatement, verify
from domain.cards.jose import SigningKey
from domain.cards.refusals import CheckUnavailable
from domain.cards.untrustworthy import NotSigned
from gateways.cards import CardIssuer, IssuerUnavailable


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """The till's side of one process."""

    checks: Checks
    log: CheckLogs
    issuer: CardIssuer
    sandbox: SandboxCards
    receipt_key: SigningKey = field(repr=False)

    @classmethod
    def at(cls, counter: Counter, issuer: CardIssuer) -> CheckDesk:
        """Set it up with the counter's parts."""
        sandbox = SandboxCards(counter.sandbox_key)
        return cls(Checks(counter.pool), CheckLogs(counter.pool), issuer, sandbox, counter.receipt_keys.signing)

    async def ready(self) -> None:
        """Make sure that cards can be verified, before a code is used up for nothing. Raises CheckUnavailable."""
        try:
            await self.issuer.keys()
        except IssuerUnavailable:
            raise CheckUnavailable from None

    async def statement(self, jws: str, *, sandbox: bool) -> CardStatement:
        """Read what the issuer has signed about a card. Raises NotSigned; a key that we do not know yet may be new.

        The sandbox's cards are signed by a key of ours, and some of them are slow or raise CheckUnavailable.
        """
        if sandbox:
            return await self.sandbox.statement(jws)
        try:
            return verify(jws, await self.issuer.keys())
        except NotSigned:
            return verify(jws, await self.issuer.keys(fresh=True))


def check_desk_of(request: Request) -> CheckDesk:
    """The desk that a request came to."""
    desk = request.app.state.check_desk
    if not isinstance(desk, CheckDesk):
        raise TypeError("the application was built without a desk for checks")
    return desk
